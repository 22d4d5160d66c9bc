"""What leaves the country leaves by two officers: exactly what was read, and once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from services.node.domain.best_interests import BestInterests, Concern, concern_of
from services.node.domain.bodies import Offer
from services.node.domain.coming_of_age import UNKNOWN_AGE
from services.node.domain.identifiers import new_id
from services.node.domain.people import Officer, Role
from services.node.domain.records import Answer, CategoryRecord
from services.node.domain.second_person import Sending
from services.node.domain.tables import day_of
from services.node.flows.approval_views import Looking, approval_view, approvals_for
from services.node.flows.attention import count_attention
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.make_offer import MakeOffer
from services.node.flows.open_case import AddRecord
from services.node.flows.record_answers import RecordConsent
from services.node.flows.resting import Resting, approved
from services.node.flows.sending import exactly
from tests.store.office import (
    DAY,
    FIRST,
    HOME,
    NO,
    SECOND,
    THIRD,
    Office,
    opened_office,
    refusal,
)
from tests.store.person import Person

ABROAD, OTHER, NEAR = "liaison-yunnan", "son-la", "nha-hoa-ban"
FAR = Officer("desk-4", Role.OFFICER, "another", active=True)


@dataclass
class Sender:
    """The office of a person who is to be looked for on the other side."""

    office: Office

    def asked(self, recipient: str = ABROAD, kind: str = "tracing") -> Sending:
        offer = Offer(kind, "normal", (), "adult", "1", ("vi",), (), "?", "vi", ())
        return Sending(recipient, offer, ("D1", "D2"))

    async def agree(self, recipient: str, kind: str) -> None:
        """She says yes to this member, for her name too."""
        person, own = self.office.person, self.office.own
        given = person.answered(HOME, recipient, kind, "given")
        copy = replace(given, categories=("D1", "D2"))
        at = self.office.now()
        said = RecordConsent(own, FIRST, self.office.case, copy, at)
        await self.office.town.act(HOME, said)

    async def write_name(self, name: str) -> None:
        record = CategoryRecord("D2", (Answer("prs_FirstName", (name,)),))
        own, at = self.office.own, self.office.now()
        act = AddRecord(own, FIRST.actor(), new_id(), self.office.case, record, at)
        await self.office.town.act(HOME, act)

    async def send(
        self, asked: Sending, number: bytes = b"", by: Officer = FIRST, **changes: Any
    ) -> bytes:
        office, at = self.office, self.office.now()
        act = MakeOffer(
            office.own,
            by.actor(),
            new_id(),
            office.case,
            asked.recipient,
            asked.offer,
            asked.categories,
            at.case,
            at,
            approval_id=number,
        )
        made = await office.town.act(HOME, replace(act, **changes))
        return bytes(made.result.referral_id)


@pytest.fixture
async def sender(town):
    sender = Sender(await opened_office(town))
    await sender.office.hire(FAR)
    await sender.write_name("Lan")
    await sender.agree(ABROAD, "tracing")
    return sender


async def waiting(office, officer: Officer) -> int:
    """How many approvals wait for this officer."""
    return (await count_attention(office.own, officer, office.now(), ())).approvals


async def test_a_name_leaves_the_country_only_as_a_second_officer_approved(sender):
    office, asked = sender.office, sender.asked()
    assert await refusal(sender.send(asked)) == "approval.missing"
    number = await office.ask(asked)
    assert await refusal(sender.send(asked, number)) == "approval.waiting"
    assert await refusal(office.answer(number, officer=FIRST)) == "approval.own"
    assert await refusal(office.answer(number, officer=FAR)) == "approval.other_unit"
    view = await approval_view(office.own, number, THIRD, office.now())
    assert (view.changed, [each.category for each in view.leaving]) == (
        False,
        ["D1", "D2"],
    )
    assert not (await approval_view(office.own, number, FAR, office.now())).leaving
    # It waits, and is counted, for those alone who may answer it.
    clerk = replace(THIRD, pseudonym="desk-9", role=Role.OPERATOR)
    for officer, waits in ((SECOND, 1), (THIRD, 1), (FAR, 0), (FIRST, 0), (clerk, 0)):
        now = office.now()
        looking = Looking(officer, "", False, False, 9, now.case)
        assert len(await approvals_for(office.own, looking)) == waits, officer
        assert await waiting(office, officer) == waits, officer
    await office.answer(number, officer=THIRD)
    # From now on it waits for whoever asked, until it is done.
    assert [await waiting(office, each) for each in (FIRST, SECOND)] == [1, 0]
    assert await refusal(sender.send(asked, number, SECOND)) == "approval.other_asker"
    await sender.send(asked, number)
    assert await waiting(office, FIRST) == 0
    assert await refusal(sender.send(asked, number)) == "approval.used"
    rows = await office.town.rows(HOME, "SELECT step, actor FROM event")
    steps = {(each["step"], each["actor"]) for each in rows}
    assert {
        ("approval_asked", FIRST.pseudonym),
        ("approval_answered", THIRD.pseudonym),
        ("offer", FIRST.pseudonym),
    } <= steps


async def test_what_was_approved_is_what_leaves_and_to_nobody_else(sender):
    office, asked = sender.office, sender.asked()
    number = await office.approved(asked)
    for changed in (
        replace(asked, offer=replace(asked.offer, need="!")),
        replace(asked, categories=("D2",)),
    ):
        doing = sender.send(changed, number)
        assert await refusal(doing) == "approval.content_changed"
    async with office.own.database.connection() as connection:
        case = await case_named(connection, office.case)
        key = await data_key(office.own, connection, case.case_id, CASE_SCOPE)
        exact = await exactly(office.own, connection, case.case_id, asked)
        now = office.now().case
        meant = (number, new_id(), FIRST.pseudonym, exact, now, now)
        other = (*meant[:3], replace(exact, recipient=OTHER), now, now)
        await approved(connection, case, key, Resting(*meant))
        doing = approved(connection, case, key, Resting(*other))
        assert await refusal(doing) == "approval.content_changed"
    await sender.write_name("Mai")
    assert await refusal(sender.send(asked, number)) == "approval.content_changed"
    view = await approval_view(office.own, number, SECOND, office.now())
    assert view.changed
    no = await office.ask(asked)
    await office.answer(no, NO, reason="Not by this road.")
    assert await refusal(sender.send(asked, no)) == "approval.refused"
    stale = await office.approved(asked)
    office.town.pass_time(DAY + timedelta(minutes=1))
    assert await refusal(sender.send(asked, stale)) == "approval.expired"


async def test_at_home_and_without_a_name_one_officer_is_enough(sender):
    office, near = sender.office, sender.asked(NEAR, "psychosocial_care")
    assert await refusal(office.ask(near)) == "approval.not_needed"
    unnamed = replace(sender.asked(), categories=("D1",))
    assert await refusal(office.ask(unnamed)) == "approval.not_needed"
    await sender.agree(NEAR, "psychosocial_care")
    await sender.send(near)
    await sender.send(unnamed)
    nothing = sender.asked(kind="voluntary_return")
    assert await refusal(office.ask(nothing)) == "disclosure.no_basis"


async def test_a_child_is_referred_only_as_a_second_officer_approved_what_is_best(
    sender,
):
    office, asked = sender.office, sender.asked(NEAR, "psychosocial_care")
    own, act = office.own, office.town.act
    await sender.agree(NEAR, "psychosocial_care")
    best = BestInterests(("views", "care_safety"), "Em muốn ở gần mẹ.", "vi", "member")
    unneeded = sender.send(asked, best_interests=best)
    assert await refusal(unneeded) == "best_interests.not_needed"
    child = CategoryRecord("D1", (Answer("local_age_band", ("9_17",)),))
    at = office.now()
    await act(HOME, AddRecord(own, FIRST.actor(), new_id(), office.case, child, at))
    assert await refusal(sender.send(asked)) == "best_interests.missing"
    assert await refusal(office.ask(asked)) == "best_interests.missing"
    for wrong, code in (
        (replace(best, considered=()), "best_interests.incomplete"),
        (replace(best, considered=("luck",)), "best_interests.incomplete"),
        (replace(best, reasons=" "), "best_interests.incomplete"),
        (replace(best, language="?"), "best_interests.incomplete"),
        (replace(best, decided_by="guardian"), "best_interests.other_decider"),
    ):
        doing = sender.send(asked, best_interests=wrong)
        assert await refusal(doing) == code, wrong
    # Her own yes, as an adult's, is not enough for a child.
    alone = sender.send(asked, best_interests=best)
    assert await refusal(alone) == "disclosure.no_basis"
    person = office.person.answered(HOME, NEAR, "psychosocial_care", "given")
    both = replace(
        person,
        categories=("D1", "D2"),
        subject="both",
        capacity="child_assent_plus_guardian",
    )
    await act(HOME, RecordConsent(own, FIRST, office.case, both, office.now()))
    # A tip tells of nobody, and waits for nobody.
    tip = Offer("tip", "emergency", (), "", "", (), (), "?", "vi", ())
    assert await refusal(office.ask(Sending(OTHER, tip, ()))) == "approval.not_needed"
    decided = replace(asked, best_interests=best)
    by_one = sender.send(asked, best_interests=best)
    assert await refusal(by_one) == "best_interests.not_approved"
    number = await office.ask(decided)
    assert await refusal(office.answer(number, officer=FIRST)) == "approval.own"
    view = await approval_view(own, number, SECOND, office.now())
    assert isinstance(view.act, Sending)
    assert view.act.best_interests == best
    await office.answer(number)
    other = replace(best, reasons="Khác.")
    changed = sender.send(asked, number, best_interests=other)
    assert await refusal(changed) == "approval.content_changed"
    await sender.send(asked, number, best_interests=best)


async def test_who_cannot_consent_has_somebody_who_decides_and_an_adult_has_not(town):
    now = town.moment(HOME).case
    asked = Person(town).answered(HOME, NEAR, "psychosocial_care", "given")
    unable = replace(asked, subject="guardian", capacity="lacking", given_at=now)
    earlier = replace(asked, given_at=now - DAY)
    assert concern_of(UNKNOWN_AGE, (earlier,), now) is None
    assert concern_of(UNKNOWN_AGE, (earlier, unable), now) is Concern.UNABLE
    later = replace(asked, given_at=now + DAY)
    assert concern_of(UNKNOWN_AGE, (unable, later), now) is None
    table = town.members[HOME].own.adopted.policy.best_interests
    assert table.deciders(Concern.UNABLE, day_of(now)) == ("member", "guardian")
    assert table.deciders(Concern.CHILD, day_of(now)) == ("member", "child_protection")
    assert table.deciders(None, day_of(now)) == ()
