"""What an officer notes in a case by command line: a no, an override, a visit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from services.cli.demo.run import CLOCK
from services.cli.demo.staff import hire
from services.cli.network import Network
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.consent_values import AnswersRead
from services.node.rpc.desk_client import DeskClient
from tests.network import command_line
from tests.network.command_line import Done
from tests.network.part_of_vietnam import part_of_vietnam

NODE, LAWYER = "lao-cai", "legal-aid-lao-cai"
MEMBERS = (NODE, LAWYER, "hotline-hanoi", "ministry")
OFFICER, COLLEAGUE, SUPERVISOR = "officer-11", "officer-14", "supervisor-1"
ID = re.compile(r"[0-9a-f]{32}")

NO = {
    "--recipient": LAWYER,
    "--purpose": "legal_aid",
    "--category": "D2",
    "--language": "hmn",
    "--method": "oral_witnessed",
    "--witness": "interpreter-3",
}
OVERRIDE = {
    "--recipient": LAWYER,
    "--purpose": "emergency_protection",
    "--category": "D2",
    "--law": "Law 66/2011/QH12 Art 30",
    "--reason": "Nobody can reach the person, who may be in danger.",
    "--hours": "24",
}
CLOSURE = {
    "--reason": "person_requests_closure",
    "--retain-until": "2020-01-01",
    "--anonymise-at": "2021-01-01",
    "--delete-at": "2022-01-01",
}
ASK_OVERRIDE, ASK_CLOSURE = ("ask-approval", "override"), ("ask-approval", "closure")
VISIT = {"--kind": "in_care", "--mode": "visit", "--result": "unsafe"}

T = TypeVar("T")
Relais = Callable[..., Done]


@pytest.fixture(scope="module")
def office() -> Iterator[Network]:
    with part_of_vietnam(MEMBERS, CLOCK) as network:
        at_desk(network, hire)
        yield network


@pytest.fixture(scope="module")
def case(office: Network) -> str:
    profile = CategoryRecord("D1", (Answer("age_band", ("26-30",)),))

    async def enter(desk: DeskClient) -> str:
        opened = await desk.open_case(OFFICER, "self_returned", [profile])
        return opened.case_pseudonym

    return at_desk(office, enter)


@pytest.fixture(scope="module")
def relais(office: Network) -> Relais:
    """Runs `relais case …` as an officer would."""

    def run(
        command: str | tuple[str, ...],
        *arguments: str,
        officer: str = OFFICER,
        said: dict[str, str] | None = None,
        **instead: str,
    ) -> Done:
        options = {**(said or {}), **{f"--{k}": v for k, v in instead.items()}}
        where = ("--node", NODE, "--state", str(office.state.folder))
        named = (command,) if isinstance(command, str) else command
        return command_line.relais(
            *("case", *named, *arguments, "--officer", officer, *where),
            *(part for option in options.items() for part in option),
        )

    return run


def at_desk(network: Network, act: Callable[[DeskClient], Coroutine[Any, Any, T]]) -> T:
    async def done() -> T:
        async with DeskClient(network.local_socket(NODE), NODE) as desk:
            return await act(desk)

    return asyncio.run(done())


def answers(network: Network, case: str) -> AnswersRead:
    return at_desk(network, lambda desk: desk.list_consents(OFFICER, case))


def refused(done: Done, code: str) -> None:
    assert done.returncode == 1, done.stdout
    assert code in done.stderr


def test_a_no_is_recorded_for_exactly_what_was_asked(relais, office, case):
    done = relais("refuse", case, said=NO)
    assert done.returncode == 0, done.stderr
    assert "Nothing of this is sent." in done.stdout
    assert "Services do not depend on the answer" in done.stdout
    assert "no member of the directory" not in done.stdout
    (no,) = answers(office, case).consents
    assert no.consent_id.hex() in done.stdout
    assert (no.status, no.subject, no.capacity) == ("refused", "self", "adult")
    assert (no.purpose, no.recipient, no.categories) == ("legal_aid", LAWYER, ("D2",))
    assert (no.method, no.witness, no.language) == (
        "oral_witnessed",
        "interpreter-3",
        "hmn",
    )


def test_a_no_to_a_name_that_nobody_has_is_recorded_and_said_to_be_one(
    relais, office, case
):
    done = relais("refuse", case, said=NO, recipient="legal-aid-atlantis")
    assert done.returncode == 0, done.stderr
    told = "Warning: recorded; no member of the directory has this name."
    assert told in done.stdout.splitlines()
    assert answers(office, case).consents[-1].recipient == "legal-aid-atlantis"
    # Relatives are no member, and may be named.
    family = {"recipient": "family", "purpose": "contact_family"}
    assert "Warning" not in relais("refuse", case, said=NO, **family).stdout


def test_a_spoken_no_that_nobody_heard_is_not_recorded(relais, office, case):
    before = answers(office, case).consents
    refused(relais("refuse", case, said=NO, witness=""), "consent.invalid")
    refused(relais("refuse", case, said=NO, purpose="a_bed"), "call.unknown_code")
    assert answers(office, case).consents == before


def test_a_member_says_by_command_that_it_is_closed_to_new_and_receives_again(office):
    def said(*words: str, officer: str = OFFICER) -> Done:
        where = ("--node", NODE, "--state", str(office.state.folder))
        command = ("node", "closed-to-new", *words, "--officer", officer, *where)
        return command_line.relais(*command)

    until = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d 09:00}"
    only = ("--reason", "illness", "--only", "legal_aid")
    refused(said("--until", "2018-03-05 09:00", *only), "closed.malformed")
    closed = said("--until", until, "--reason", "illness")
    assert closed.stdout.startswith(
        f"This member: closed to new until {until} (illness), for everything;"
    )
    assert said().stdout == closed.stdout
    refused(said("--end", officer="auditor"), "people.role_may_not")
    assert said("--end").stdout == "This member receives.\n"


def test_an_override_is_recorded_by_two_and_reviewed_once(relais, office, case):
    refused(relais("override", case), "approval.missing")
    asked = relais(ASK_OVERRIDE, case, said=OVERRIDE)
    assert asked.returncode == 0, asked.stderr
    (approval,) = set(ID.findall(asked.stdout))
    refused(relais("override", case, approval=approval), "approval.waiting")
    refused(relais("approve", approval, "--yes"), "approval.own")
    assert approval[:8] in relais("approvals", officer=COLLEAGUE).stdout
    assert approval[:8] not in relais("approvals").stdout
    read = relais("approval", approval[:8], officer=COLLEAGUE).stdout
    assert f"opens: D2 to {LAWYER} for emergency_protection" in read
    assert OVERRIDE["--reason"] in read
    unsure = relais("approve", approval, officer=COLLEAGUE)
    assert unsure.returncode == 1
    done = relais("approve", approval[:8], "--yes", officer=COLLEAGUE)
    assert done.returncode == 0, done.stderr
    assert f"Approval {approval} is approved by {COLLEAGUE}" in done.stdout
    made = relais("override", case, approval=approval[:8])
    assert made.returncode == 0, made.stderr
    (number,) = set(ID.findall(made.stdout))
    refused(relais("override", case, approval=approval), "approval.used")
    assert "used" in relais("approvals", case=case).stdout
    (held,) = answers(office, case).overrides
    assert held.override_id.hex() == number
    assert (held.first_officer, held.second_officer) == (OFFICER, COLLEAGUE)
    assert OVERRIDE["--reason"] not in made.stdout
    assert number[:8] in relais("answers", case).stdout
    own = relais("review", case, number, said={"--result": "confirmed"})
    refused(own, "override.own_review")
    confirmed = {"officer": SUPERVISOR, "said": {"--result": "confirmed"}}
    done = relais("review", case, number[:8], **confirmed)
    assert done.returncode == 0, done.stderr
    assert f"Override {number} is confirmed" in done.stdout
    (held,) = answers(office, case).overrides
    assert held.review == "confirmed"
    refused(relais("review", case, number, **confirmed), "override.reviewed")
    refused(relais("review", case, "zz", **confirmed), "cli.which_override")


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"hours": "25"}, "override.invalid"),
        ({"recipient": "nowhere"}, "directory.unknown_member"),
    ],
)
def test_an_override_that_may_not_be_opens_nothing(relais, office, case, instead, code):
    before = answers(office, case).overrides
    refused(relais(ASK_OVERRIDE, case, said=OVERRIDE, **instead), code)
    assert answers(office, case).overrides == before


def test_a_second_officer_who_refuses_says_why(relais, office, case):
    before = answers(office, case).overrides
    asked = relais(ASK_OVERRIDE, case, said=OVERRIDE)
    (approval,) = set(ID.findall(asked.stdout))
    why = {"refuse": "She can be asked tomorrow."}
    done = relais("approve", approval, officer=SUPERVISOR, **why)
    assert done.returncode == 0, done.stderr
    assert "is refused by supervisor-1" in done.stdout
    assert why["refuse"] in relais("approval", approval).stdout
    refused(relais("override", case, approval=approval), "approval.refused")
    assert answers(office, case).overrides == before


def test_a_case_is_closed_by_two_commands_of_two_officers(relais, office):
    async def enter(desk: DeskClient) -> str:
        opened = await desk.open_case(OFFICER, "self_returned")
        await desk.take_case_step(OFFICER, opened.case_pseudonym, "receive")
        return opened.case_pseudonym

    closing = at_desk(office, enter)
    asked = relais(ASK_CLOSURE, closing, said=CLOSURE)
    assert asked.returncode == 0, asked.stderr
    (approval,) = set(ID.findall(asked.stdout))
    refused(relais("act", closing, "close", said=CLOSURE), "approval.missing")
    led = relais("approve", approval, "--yes", officer=COLLEAGUE)
    refused(led, "approval.not_leading")
    assert SUPERVISOR in led.stderr
    relais("approve", approval, "--yes", officer=SUPERVISOR)
    other = {**CLOSURE, "--delete-at": "2022-06-01"}
    changed = relais("act", closing, "close", said=other, approval=approval)
    refused(changed, "approval.content_changed")
    done = relais("act", closing, "close", approval=approval)
    assert done.returncode == 0, done.stderr
    assert f"{closing}: reception, closed" in done.stdout


@pytest.mark.parametrize(
    ("result", "step"),
    [("stable", "none"), ("setback", "review"), ("unsafe", "emergency_referral")],
)
def test_a_follow_up_says_what_comes_next(relais, case, result, step):
    done = relais("follow-up", case, said=VISIT, result=result)
    assert done.returncode == 0, done.stderr
    assert f"Next step: {step} (" in done.stdout


def test_a_follow_up_with_an_unknown_result_is_not_noted(relais, office, case):
    async def read(desk):
        return await desk.get_plan(OFFICER, case)

    before = at_desk(office, read).done
    done = relais("follow-up", case, said=VISIT, result="fine")
    refused(done, "case.unknown_code")
    assert "stable, progress, setback" in done.stderr
    assert at_desk(office, read).done == before


def test_an_act_that_no_officer_takes_is_neither_offered_nor_taken(relais, case):
    unknown = relais("act", case, "teleport")
    refused(unknown, "case.unknown_act")
    for told in (unknown.stderr, relais("act", "--help").stdout):
        words = set(re.findall(r"[a-z_]+", told))
        assert {"receive", "assess_needs", "close"} <= words
        assert not {"accept_offer", "hand_over", "depart"} & words
    refused(relais("act", case, "depart"), "case.step_not_lawful")


def test_help_lists_the_steps_that_can_be_taken(relais):
    words = set(re.findall(r"[a-z_]+", relais("step", "--help").stdout))
    assert {"decline", "risk_assessment", "no_return"} <= words
    assert not {"offer", "release", "void"} & words
