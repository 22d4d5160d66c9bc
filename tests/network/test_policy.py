"""Which row decided what, asked of a running node; and a proposal against its rules."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from pathlib import Path

import pytest

from services.cli.demo.staff import hire
from services.cli.network import Network
from services.cli.office import ADMINISTRATOR
from services.node.domain.bodies import Offer
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import EventExplained, OfficerRead
from services.node.wire.entries import Policy, decode_entry
from tests.network import command_line
from tests.network.command_line import Done
from tests.promised import promised

ROOT = Path(__file__).resolve().parents[2]
GIVER, RECEIVER = "hotline-hanoi", "dien-bien"
CALLS, CASES = "operator-81", "officer-81"
OFFER = Offer(
    "reception", "urgent", (), "18_24", "female", ("vi",), (), "a bed", "en", ()
)


def relais(network: Network, *words: str) -> Done:
    where = ("--state", str(network.state.folder))
    return command_line.relais("policy", *words, *where, columns=240)


@pytest.fixture(scope="module")
def cases(vietnam: Network) -> dict[str, str]:
    """A reception that was offered and accepted: each member's own pseudonym."""

    async def play() -> dict[str, str]:
        async with (
            DeskClient(vietnam.local_socket(GIVER), GIVER) as giver,
            DeskClient(vietnam.local_socket(RECEIVER), RECEIVER) as receiver,
        ):
            for desk, name, role in (
                (giver, CALLS, "operator"),
                (receiver, CASES, "officer"),
            ):
                await hire(desk)
                officer = OfficerRead(name, role, "cases", active=True)
                await desk.keep_officer(ADMINISTRATOR, officer)
            opened = await giver.open_case(CALLS, "hotline")
            made = await giver.make_offer(CALLS, opened.case_pseudonym, RECEIVER, OFFER)
            await receiver.await_referral(CASES, made.referral_id, "offered")
            now = (await receiver.get_status()).case_now
            await receiver.take_step(CASES, made.referral_id, promised(now))
            here = await receiver.await_referral(
                CASES, made.referral_id, "in_service", settled=True
            )
            await giver.await_referral(
                CALLS, made.referral_id, "in_service", settled=True
            )
            return {
                GIVER: opened.case_pseudonym,
                RECEIVER: here.case_pseudonym,
            }

    return asyncio.run(play())


def explained(network: Network, member: str, officer: str, case: str):
    async def ask() -> tuple[EventExplained, ...]:
        async with DeskClient(network.local_socket(member), member) as desk:
            return await desk.explain_case(officer, case)

    return asyncio.run(ask())


@pytest.mark.parametrize(("member", "officer"), [(GIVER, CALLS), (RECEIVER, CASES)])
def test_both_ends_name_the_rows_of_every_handoff(
    vietnam, cases, member, officer
) -> None:
    steps = explained(vietnam, member, officer, cases[member])
    told = {
        step.step: {(each.table, each.decided) for each in step.rulings}
        for step in steps
    }
    handoffs = [step.step for step in steps if step.recipient]
    assert handoffs == ["offer", "accept", "release"]
    assert ("steps", "the giver may take it: none -> offered") in told["offer"]
    assert (
        "may_send",
        (
            "HOTLINE may offer a reception to PROVINCE_SOCIAL;"
            " responsibility moves on release"
        ),
    ) in told["offer"]
    assert any(
        text.startswith("clock answered (24 hours) is due") for _, text in told["offer"]
    )
    assert ("escalations", "clock answered rings L1 at 100 %") in told["offer"]
    assert ("steps", "the receiver may take it: offered -> accepted") in told["accept"]
    assert all(each.row > 1 for step in steps for each in step.rulings)
    assert {step.policy_version for step in steps} == {"vietnam-2018"}
    assert {step.ruled_by for step in steps} == {"vietnam-2018"}


def test_an_officer_reads_it_on_the_command_line(vietnam, cases) -> None:
    said = relais(vietnam, "explain", cases[GIVER], "--officer", CALLS, "--node", GIVER)
    assert said.returncode == 0, said.stderr
    assert "offer, policy vietnam-2018" in said.stdout
    assert "may_send row " in said.stdout
    assert "Law 66/2011/QH12 Arts 24-26; 2014-03-25 to 2025-06-30; not" in said.stdout


def test_a_case_of_nobody_is_refused(vietnam, cases) -> None:
    said = relais(
        vietnam, "explain", cases[RECEIVER], "--officer", CALLS, "--node", GIVER
    )
    assert said.returncode == 1
    assert "[case.unknown]" in said.stderr


def test_a_proposal_is_compared_with_what_rules(vietnam, tmp_path) -> None:
    seed = ROOT / "deploy" / "policy" / "vietnam-2018"
    folder = Path(shutil.copytree(seed, tmp_path / "next"))
    table = folder / "deadlines.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace("countersigned,*,4,", "countersigned,*,3,"), "utf-8")
    out = tmp_path / "proposal.bin"
    words = ("propose", str(folder), "--version", "vn-next", "--out", str(out))
    said = relais(vietnam, *words)
    assert said.returncode == 0, said.stderr
    raw = out.read_bytes()
    assert f"SHA-256 {hashlib.sha256(raw).hexdigest()}" in said.stdout
    assert "value: 4 -> 3" in said.stdout
    assert "0 added, 0 removed, 1 changed." in said.stdout
    entry = decode_entry(raw)
    assert isinstance(entry.change, Policy)
    assert entry.change.version == "vn-next"
    assert relais(vietnam, *words).returncode == 1
