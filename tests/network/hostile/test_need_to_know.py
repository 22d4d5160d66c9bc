"""The need-to-know matrix against running nodes: a hostile sender tries every cell.

What a member may not have is refused as it is offered; what it may have only in
part is refused with its release if it holds more. Nothing of it is stored, and the
administrator finds it reported. Each row goes in batches, so that this stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from relais.desk.v1 import node_pb2
from relais.envelope.v1 import body_pb2
from services.cli.network import Network
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.domain.functions import Kind, parse_functions
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.rpc.conversions import body_to
from tests.expect.need_to_know import DISTRICT, MATRIX
from tests.expect.received_cells import (
    COORDINATOR,
    LAW_OF_2024,
    NOBODY,
    ROWS,
    UNASKED,
    WHOLE,
    Cells,
)
from tests.network.hostile.hostile_peer import HostilePeer
from tests.network.hostile.matrix import Try, deliver_all
from tests.network.hostile.matrix_network import (
    CLOCK,
    FIRST_OF_2024,
    HOSTILE,
    ROLES,
    VICTIMS,
    WITHOUT_CASES,
    matrix_network,
)
from tests.network.hostile.victim import Victim
from tests.promised import promised

ACCEPTED = body_to(promised(CLOCK)).acceptance
REFUSED = {
    "-": "disclosure.policy_refuses",
    "x": "disclosure.not_for_type",
}
REFUSED_2024 = {**REFUSED, "n": "referral.not_between"}


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """A member of every function runs; others are in hostile hands."""
    with matrix_network() as network:
        yield network


@pytest.fixture(scope="module")
def victims(network) -> Iterator[dict[str, Victim]]:
    found = {name: Victim(name, network) for name in VICTIMS}
    for name, role in ROLES.items():
        found[name].keep_officer("", "admin", "administrator")
        found[name].keep_officer("admin", f"{name}-1", role)
    yield found
    for victim in found.values():
        victim.close()


@pytest.fixture(scope="module")
def senders(network) -> dict[str, HostilePeer]:
    found = {name: HostilePeer(name, network) for name in HOSTILE}
    for peer in found.values():
        peer.case_now = datetime.fromisoformat(CLOCK)
    return found


class Attempt:
    """One row, tried by its sender at its victim."""

    def __init__(self, row: Cells, senders, victims) -> None:
        self.row = row
        self.peer = senders[row.sender]
        self.victim = victims[row.victim]
        self.required = [code for code, cell in row.letters.items() if cell in "RL"]

    def good(self, code: str) -> str:
        """A field of the category that this member may get."""
        return self.row.field_within.get(code) or WHOLE.get(code, "local_note")

    def beyond(self, code: str) -> str:
        """One that it may not: outside the limit, or of another category."""
        if self.row.letters[code] in "lL":
            return WHOLE[code]
        return "prs_FirstName" if code != "D2" else "local_pregnancy"

    def one(self, code: str, field: str) -> Try:
        """An offer of one field of one category, and of what must ride along."""
        fields = {each: self.good(each) for each in self.required} | {code: field}
        return Try(self.peer, self.row.victim, self.row.referral_type, fields)

    def deliver(self, sealed) -> list[str]:
        """Deliver in one batch; the codes of the refusals, empty where received."""
        answers = deliver_all(self.peer, self.row.victim, sealed)
        assert all(each.receipt is not None for each in answers)
        return ["" if each.refusal is None else each.refusal.code for each in answers]

    def accept(self, tries) -> None:
        """An officer of the victim accepts all of them."""

        def accepted(each: Try) -> None:
            self.victim.step(each.talk.referral_id, acceptance=ACCEPTED)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(accepted, tries))

    def holds(self, each: Try) -> dict[str, set[str]]:
        """What the victim now holds of the person of this offer."""
        found = self.victim.referral(each.talk.referral_id).referral
        fields: dict[str, set[str]] = self.victim.fields_of(found.case_pseudonym)
        return fields

    def reports(self, *tries: Try) -> list[str]:
        """What the administrator finds about these offers, in their order."""
        request = node_pb2.ListDisclosureReportsRequest(
            acting_officer="admin", limit=1000
        )
        found = self.victim.call(self.victim.node.ListDisclosureReports, request)
        now = _millis(self.peer.case_now)
        by_id = {
            each.referral_id: f"{each.step} {each.code} {','.join(each.categories)}"
            for each in found.reports
            if each.sender == self.peer.name and each.reported_at == now
        }
        return [by_id.get(each.talk.referral_id, "") for each in tries]


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


@pytest.fixture
def attempt(request, senders, victims) -> Attempt:
    return Attempt(request.param, senders, victims)


NAMED = [f"{row.victim}-{row.referral_type}" for row in ROWS]
EVERY_ROW = pytest.mark.parametrize("attempt", ROWS, ids=NAMED, indirect=True)


@EVERY_ROW
def test_each_cell_is_received_or_refused_as_it_is_offered(attempt):
    letters = attempt.row.letters
    tries = [attempt.one(code, attempt.good(code)) for code in letters]
    codes = attempt.deliver(each.offer() for each in tries)
    expected = [REFUSED.get(cell, "") for cell in letters.values()]
    assert dict(zip(letters, codes, strict=True)) == dict(
        zip(letters, expected, strict=True)
    )
    reports = [
        f"offer {code} {category}" if code else ""
        for category, code in zip(letters, expected, strict=True)
    ]
    assert attempt.reports(*tries) == reports


@EVERY_ROW
def test_each_allowed_cell_is_kept_within_its_limit_and_refused_beyond(attempt):
    allowed = [code for code, cell in attempt.row.letters.items() if cell in "RLol"]
    good = [attempt.one(code, attempt.good(code)) for code in allowed]
    bad = [attempt.one(code, attempt.beyond(code)) for code in allowed]
    assert set(attempt.deliver(each.offer() for each in (*good, *bad))) == {""}
    attempt.accept((*good, *bad))
    codes = attempt.deliver(each.release() for each in (*good, *bad))
    assert codes[: len(good)] == [""] * len(good)
    assert codes[len(good) :] == ["disclosure.beyond_limit"] * len(bad)
    for each in good:
        assert attempt.holds(each) == {c: {f} for c, f in each.fields.items()}
    for each in bad:
        assert attempt.holds(each) == {}
        state = attempt.victim.referral(each.talk.referral_id).referral.state
        assert state == "accepted"
    assert attempt.reports(*bad) == [
        f"release disclosure.beyond_limit {code}" for code in allowed
    ]
    assert not any(attempt.reports(*good))


@EVERY_ROW
def test_nothing_is_kept_without_her_yes(attempt):
    allowed = [code for code, cell in attempt.row.letters.items() if cell in "RLol"]
    fields = {code: attempt.good(code) for code in allowed}
    kind = attempt.row.referral_type
    tries = [Try(attempt.peer, attempt.row.victim, kind, fields) for _ in range(4)]
    assert set(attempt.deliver(each.offer() for each in tries)) == {""}
    attempt.accept(tries)
    answers = ("refused", "consent"), ("withdrawn", "consent"), ("refused", "duty")
    said = (*answers, ("given", "vote"))
    codes = attempt.deliver(
        each.release(*how) for each, how in zip(tries, said, strict=True)
    )
    assert codes == ["disclosure.no_basis"] * 4
    assert [attempt.holds(each) for each in tries] == [{}] * 4
    every = ",".join(allowed)
    assert attempt.reports(*tries) == [f"release disclosure.no_basis {every}"] * 4


@pytest.mark.parametrize(
    "attempt",
    [row for row in ROWS if {"R", "L"} & set(row.letters.values())],
    ids=lambda row: f"{row.victim}-{row.referral_type}",
    indirect=True,
)
def test_an_offer_without_what_must_be_there_is_refused(attempt):
    """Each missing one alone, and all of them."""
    fields = {code: attempt.good(code) for code in attempt.required}
    left = [{k: v for k, v in fields.items() if k != code} for code in fields]
    kind = attempt.row.referral_type
    tries = [Try(attempt.peer, attempt.row.victim, kind, each) for each in (*left, {})]
    codes = attempt.deliver(each.offer() for each in tries)
    assert codes == ["disclosure.required_missing"] * len(tries)


def test_the_coordinator_is_told_profile_and_level_and_nothing_else(senders, victims):
    attempt = Attempt(COORDINATOR, senders, victims)
    letters = COORDINATOR.letters
    codes = attempt.deliver(
        attempt.one(code, attempt.good(code)).offer() for code in letters
    )
    assert codes == [REFUSED.get(cell, "") for cell in letters.values()]


@pytest.mark.parametrize("victim", UNASKED)
@pytest.mark.parametrize("sender", HOSTILE)
def test_nobody_refers_anybody_to_who_takes_no_referrals(
    senders, victims, sender, victim
):
    """Each category alone, and each type with all of them."""
    offers = [("reception", {code: field}) for code, field in WHOLE.items()]
    offers += [(kind.value, WHOLE) for kind in ReferralType]
    tries = [Try(senders[sender], victim, *each) for each in offers]
    answers = deliver_all(senders[sender], victim, (each.offer() for each in tries))
    refusals = [each.refusal for each in answers]
    assert {each and each.code for each in refusals} == {"referral.not_between"}
    assert victims[victim].query("SELECT count(*) FROM referral") == "0"


@pytest.mark.parametrize("kind", Kind)
def test_no_node_can_stand_for_a_donor(kind):
    with pytest.raises(InvalidInputError) as refused:
        parse_functions(kind, [NOBODY])
    assert refused.value.code == "functions.not_of_kind"


def test_every_cell_of_the_matrix_is_tried(network):
    """By a victim that holds the line's function and no other."""
    held = {each.name: each.functions for each in network.declared.members}
    untried = {
        (function, purposes): set(WHOLE)
        for function, purposes, *_ in (*MATRIX, DISTRICT)
    }
    for row in (*ROWS, COORDINATOR):
        (function,) = held[row.victim]
        purpose = PURPOSE_OF[ReferralType(row.referral_type)].value
        for line in untried:
            if line[0] == function and {"*", purpose} & set(line[1].split()):
                untried[line] -= {c for c, cell in row.letters.items() if cell != "x"}
    closed = {*(held[each][0] for each in UNASKED), NOBODY}
    assert {line for line, cells in untried.items() if cells == set(WHOLE)} == {
        (function, "*") for function in closed
    }
    assert not any(cells for (f, _), cells in untried.items() if f not in closed)


def test_a_real_sender_cuts_before_it_seals(victims):
    """Lao Cai knows much; the guard at the gate gets what it needs to know."""
    lao_cai, guard = victims["lao-cai"], victims["border-guard-lao-cai"]
    case = lao_cai.open_case(
        D1={"prs_Gender": "Feminine", "prs_MobilePhone": "0000"},
        D2={"prs_FirstName": "Mây", "prs_IdentityNumber": "0000"},
        D5={"local_pregnancy": "yes"},
        D7={"local_escort": "needed", "local_no_go_persons": "an uncle"},
    )
    lao_cai.agree(case, "border_handover", guard.name, "D1", "D2", "D5", "D7")

    for categories, code in (
        (("D1", "D2", "D5"), "disclosure.nothing_left"),
        (("D1", "D2", "D9"), "disclosure.policy_refuses"),
        (("D1", "D7"), "disclosure.required_missing"),
    ):
        with pytest.raises(RelaisError) as refused:
            lao_cai.offer_case(case, guard.name, "border_handover", *categories)
        assert refused.value.code == code
    needed = ("D1", "D2", "D7")
    referral_id = lao_cai.offer_case(case, guard.name, "border_handover", *needed)
    guard.wait(referral_id, "offered")
    guard.step(referral_id, acceptance=body_pb2.Acceptance())
    received = guard.wait(referral_id, "in_service")
    assert guard.fields_of(received.case_pseudonym) == {
        "D1": {"prs_Gender"},
        "D2": {"prs_FirstName"},
        "D7": {"local_escort"},
    }


def test_a_release_that_was_refused_leaves_the_giver_answerable(victims):
    """Lao Cai's own policy would send it; the house knows of her no, and refuses."""
    lao_cai, house = victims["lao-cai"], victims["nha-hoa-ban"]
    case = lao_cai.open_case(D1={"prs_Gender": "Feminine"})
    lao_cai.agree(case, "reception_shelter", house.name, "D1")
    first = lao_cai.offer_case(case, house.name, "psychosocial_care")
    house.wait(first, "offered")
    house.step(first, acceptance=body_pb2.Acceptance())
    there = house.wait(first, "in_service").case_pseudonym
    house.agree(there, "reception_shelter", house.name, "D1", status="refused")
    second = lao_cai.offer_case(case, house.name, "reception", "D1")
    house.wait(second, "offered")
    house.step(second, acceptance=ACCEPTED)
    lao_cai.wait(second, "void")
    house.wait(second, "void")
    assert house.fields_of(there) == {}
    assert lao_cai.answerable(case) == "answerable"
    assert house.answerable(there) == "not_answerable"


# -- the day after: the law of 2024. No clock goes back, so these stand last. --


@pytest.fixture(scope="module")
def next_day(victims, senders) -> None:
    """Every running node is driven to the first day of the law of 2024."""
    now = _millis(FIRST_OF_2024)

    def driven(victim: Victim) -> None:
        request = node_pb2.SetCaseClockRequest(now=now, acting_officer="admin")
        victim.call(victim.node.SetCaseClock, request)

    for name in WITHOUT_CASES:
        victims[name].keep_officer("", "admin", "administrator")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(driven, victims.values()))
    for peer in senders.values():
        peer.case_now = FIRST_OF_2024


@pytest.mark.usefixtures("next_day")
@pytest.mark.parametrize(
    "attempt", LAW_OF_2024, ids=lambda row: row.victim, indirect=True
)
def test_the_next_day_each_cell_is_as_the_law_of_2024_has_it(attempt):
    """One row a function as it is offered; the district is no member of it any more."""
    letters = attempt.row.letters
    tries = [attempt.one(code, attempt.good(code)) for code in letters]
    codes = attempt.deliver(each.offer() for each in tries)
    expected = [REFUSED_2024.get(cell, "") for cell in letters.values()]
    assert dict(zip(letters, codes, strict=True)) == dict(
        zip(letters, expected, strict=True)
    )


def test_every_function_is_tried_under_both_laws(network):
    held = {each.name: each.functions for each in network.declared.members}
    functions = [
        {held[row.victim] for row in rows}
        for rows in ((*ROWS, COORDINATOR), LAW_OF_2024)
    ]
    assert functions[0] == functions[1]
