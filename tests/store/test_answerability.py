"""Who is answerable, as answers to a release come in, late, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import ConflictError, InvalidInputError
from services.node.flows.batch import write_batch
from services.node.store import cases, exchange
from services.node.store.writes import (
    begin_answerability,
    end_answerability,
    insert_envelope_sent,
    insert_referral,
    update_case,
)

DAY = timedelta(days=1)


class Story:
    """One case at one member: opened here, released to others, come back."""

    def __init__(self, database, made, signer):
        self.database = database
        self.made = made
        self.signer = signer
        self.case = made.case()
        self.wire = made.now

    async def write(self, plan):
        written = await write_batch(self.database, self.signer, [plan])
        assert written.indexes[0] is not None

    async def open(self):
        plan = self.made.case_plan(self.case)
        begun = begin_answerability(
            self.case.case_id, plan.event.event_id, self.made.now, "case_opened", ""
        )
        await self.write(replace(plan, writes=(*plan.writes, begun)))

    async def release(self):
        """Hand over by an envelope; its digest."""
        referral = self.made.referral(case_id=self.case.case_id)
        self.case = self.next(answerable="handed_unconfirmed")
        event = self.event(referral.referral_id, "release")
        ended = end_answerability(
            self.case.case_id,
            event.event_id,
            self.made.now,
            "release",
            "yen-bai",
            referral.referral_id,
        )
        sent = insert_envelope_sent(self.made.sent(event), self.made.now)
        moved = (update_case(self.case), ended, insert_referral(referral), *sent)
        await self.write(self.made.plan(*moved, event=event))
        return event.subject

    async def sign_minutes(self):
        """Minutes of a handover in person; the referral's id."""
        referral = self.made.referral(case_id=self.case.case_id, moves_on="minutes")
        self.case = self.next()
        event = self.event(referral.referral_id, "minutes")
        moved = (update_case(self.case), insert_referral(referral))
        await self.write(self.made.plan(*moved, event=event))
        return referral.referral_id

    async def countersigned(self, referral_id):
        """The receiver's signature arrives; the event's id."""
        self.case = self.next(answerable="handed")
        event = self.event(
            referral_id, "countersignature", author="yen-bai", referral_no=2
        )
        ended = end_answerability(
            self.case.case_id,
            event.event_id,
            self.made.now,
            "countersignature",
            "yen-bai",
            referral_id,
        )
        moved = (update_case(self.case), ended)
        await self.write(self.made.plan(*moved, event=event))
        return event.event_id

    async def come_back(self):
        """The person is handed back; the event's id."""
        referral = self.made.referral(case_id=self.case.case_id, side="receiver")
        self.case = self.next(answerable="answerable")
        event = self.event(referral.referral_id, "release", author="son-la")
        begun = begin_answerability(
            self.case.case_id, event.event_id, self.made.now + DAY, "release", "son-la"
        )
        moved = (begun, update_case(self.case), insert_referral(referral))
        await self.write(self.made.plan(*moved, event=event))
        return event.event_id

    def next(self, **changes):
        return replace(self.case, case_seq=self.case.case_seq + 1, **changes)

    def event(self, referral_id, step, **changes):
        usual = {
            "referral_no": 1,
            "case_id": self.case.case_id,
            "case_seq": self.case.case_seq,
            "step": step,
            "subject": self.made.digest(),
        }
        return self.made.event(referral_id=referral_id, **usual | changes)

    async def settle(self, digest, state):
        """The recipient's answer, as the relay keeps it."""
        self.wire += 2 * DAY
        async with self.database.transaction() as connection:
            due = await exchange.lease_due(
                connection, "yen-bai", self.wire, self.wire + DAY, 9
            )
            (leased,) = [row for row in due if row.digest == digest]
            await exchange.keep_receipts(
                connection, [exchange.Receipt(digest, 1, b"e")], self.made.now
            )
            await exchange.settle(connection, [exchange.Answered(leased, state, None)])
            if state == "received":
                await exchange.confirm_handed(connection, [digest])
            else:
                await exchange.keep_answerability(connection, digest)

    async def now(self):
        async with self.database.connection() as connection:
            case = await cases.case_by_pseudonym(connection, self.case.pseudonym)
            return None if case is None else case.answerable

    async def periods(self):
        async with self.database.connection() as connection:
            return await cases.answerability_of(connection, self.case.case_id)


@pytest.fixture
async def story(founded, made, signer):
    story = Story(founded, made, signer)
    await story.open()
    return story


async def test_giver_is_handed_unconfirmed_until_the_receipt(story):
    digest = await story.release()
    assert await story.now() == "handed_unconfirmed"
    (period,) = await story.periods()
    assert (period.to_member, period.confirmed) == ("yen-bai", False)
    await story.settle(digest, "received")
    assert await story.now() == "handed"
    (period,) = await story.periods()
    assert period.confirmed


async def test_giver_stays_answerable_if_the_release_is_refused(story):
    (before,) = await story.periods()
    digest = await story.release()
    await story.settle(digest, "refused")
    assert await story.now() == "answerable"
    assert await story.periods() == [before]


async def test_case_is_released_again_after_a_refusal(story):
    await story.settle(await story.release(), "refused")
    digest = await story.release()
    assert await story.now() == "handed_unconfirmed"
    await story.settle(digest, "received")
    assert await story.now() == "handed"


async def test_answer_that_the_outbox_does_not_hold_moves_nothing(story):
    """A relay with a stale fence calls these all the same."""
    digest = await story.release()
    async with story.database.transaction() as connection:
        await exchange.confirm_handed(connection, [digest])
        await exchange.keep_answerability(connection, digest)
    assert await story.now() == "handed_unconfirmed"
    await story.settle(digest, "received")
    async with story.database.transaction() as connection:
        await exchange.keep_answerability(connection, digest)
    assert await story.now() == "handed"


@pytest.mark.parametrize(
    ("state", "after"), [("received", "handed"), ("refused", "answerable")]
)
async def test_act_that_decided_before_the_answer_does_not_undo_it(story, state, after):
    digest = await story.release()
    decided = story.next()
    assert decided.answerable == "handed_unconfirmed"
    await story.settle(digest, state)
    event = story.made.event(
        case_id=decided.case_id, case_seq=decided.case_seq, step="record_added"
    )
    await story.write(story.made.plan(update_case(decided), event=event))
    assert await story.now() == after


async def test_receipt_after_the_person_came_back_changes_nothing(story):
    digest = await story.release()
    await story.come_back()
    await story.settle(digest, "received")
    assert await story.now() == "answerable"


async def test_receipt_of_an_earlier_release_does_not_confirm_a_later_one(story):
    first = await story.release()
    await story.come_back()
    second = await story.release()
    await story.settle(first, "received")
    assert await story.now() == "handed_unconfirmed"
    await story.settle(second, "received")
    assert await story.now() == "handed"


async def test_refusal_after_the_person_came_back_leaves_no_gap(story):
    """The first period went on until the second began: somebody always answered."""
    digest = await story.release()
    back = await story.come_back()
    await story.settle(digest, "refused")
    first, second = await story.periods()
    assert (first.until_event, first.until_at) == (back, second.since_at)
    assert first.to_member is None
    assert second.until_event is None
    assert await story.now() == "answerable"


async def test_refusal_after_a_later_release_does_not_take_that_back(story):
    first = await story.release()
    await story.come_back()
    second = await story.release()
    await story.settle(first, "refused")
    assert await story.now() == "handed_unconfirmed"
    await story.settle(second, "received")
    assert await story.now() == "handed"


async def test_countersignature_ends_the_period_of_its_minutes(story):
    signed = await story.countersigned(await story.sign_minutes())
    (period,) = await story.periods()
    assert (period.until_event, period.to_member) == (signed, "yen-bai")
    assert await story.now() == "handed"


async def test_countersignature_after_the_person_came_back_takes_nothing(story):
    """It ends the first period, where her way began; the second one goes on."""
    minutes = await story.sign_minutes()
    back = await story.come_back()
    signed = await story.countersigned(minutes)
    first, second = await story.periods()
    assert (first.until_event, first.to_member) == (signed, "yen-bai")
    assert (second.since_event, second.until_event) == (back, None)
    assert await story.now() == "answerable"


async def test_who_is_answerable_already_goes_on_in_a_new_period(story):
    """Else a release from a member that errs would be refused for ever."""
    back = await story.come_back()
    first, second = await story.periods()
    assert (first.until_event, first.to_member) == (back, None)
    assert (second.since_event, second.until_event) == (back, None)


async def test_table_holds_one_open_period_a_case(story):
    insert = (
        "INSERT INTO answerability "
        "(case_id, since_event, since_at, since_step, from_member) "
        "VALUES ($1, $2, $3, 'release', '')"
    )
    arguments = (story.case.case_id, story.made.id(), story.made.now)
    with pytest.raises(ConflictError) as caught:
        async with story.database.transaction() as connection:
            await connection.execute(insert, *arguments)
    assert caught.value.where == "answerability_open"
    await story.release()
    async with story.database.transaction() as connection:
        await connection.execute(insert, *arguments)


async def test_table_holds_no_unknown_word_for_who_is_answerable(story):
    unknown = story.made.plan(update_case(story.next(answerable="perhaps")))
    with pytest.raises(InvalidInputError) as caught:
        await story.write(unknown)
    assert caught.value.where == "cases_answerable_check"
