"""Which witnesses a withdrawal has yet to reach, and how far offers came."""

from __future__ import annotations

import pytest

from services.node.flows.batch import write_batch
from services.node.store.referrals import marks_of, referrals_to_withdraw
from services.node.store.writes import insert_case, insert_referral

OPEN = ["offered", "opened", "asked", "accepted", "in_service"]


@pytest.fixture
def asked(founded, made, signer):
    """Whether a witness of a case with these returns is to be told."""

    async def told(*returns, **changes):
        case = made.case()
        witness = {
            "case_id": case.case_id,
            "referral_type": "border_handover",
            "state": "in_service",
            **changes,
        }
        rows = [made.referral(**witness)]
        rows += [
            made.referral(
                case_id=case.case_id,
                referral_type="voluntary_return",
                side="receiver",
                state=state,
            )
            for state in returns
        ]
        writes = [insert_case(case), *(insert_referral(row) for row in rows)]
        await write_batch(founded, signer, [made.plan(*writes)])
        async with founded.connection() as connection:
            found = await referrals_to_withdraw(connection, 100)
        return rows[0].referral_id in found

    return told


@pytest.mark.parametrize("state", OPEN)
async def test_a_witness_is_told_that_nobody_comes(asked, state):
    assert await asked("withdrawn", state=state)


@pytest.mark.parametrize("state", ["declined", "recalled", "witnessed", "withdrawn"])
async def test_a_witness_who_waits_no_more_is_not(asked, state):
    assert not await asked("withdrawn", state=state)


@pytest.mark.parametrize("state", ["in_service", "appointed", "disputed", "received"])
async def test_a_witness_of_another_return_still_waits(asked, state):
    assert not await asked("withdrawn", state)


async def test_a_return_that_was_only_put_off_tells_nobody(asked):
    assert not await asked("suspended")
    assert not await asked()


async def test_an_old_return_that_ended_does_not_keep_the_witness(asked):
    assert await asked("declined", "suspended", "withdrawn")


async def test_whoever_was_asked_to_witness_withdraws_nothing(asked):
    assert not await asked("withdrawn", side="receiver")


@pytest.mark.parametrize("kind", ["travel_document", "family_tracing"])
async def test_what_else_was_asked_for_is_an_officers_to_end(asked, kind):
    assert not await asked("withdrawn", referral_type=kind)


@pytest.fixture
def marks(founded, made, signer):
    """The marks of a referral with these steps."""

    async def found(steps, **changes):
        referral = made.referral(**changes)
        events = [
            made.event(referral_id=referral.referral_id, referral_no=number, step=step)
            for number, step in enumerate(steps, start=1)
        ]
        if events:
            referral = made.referral(
                referral_id=referral.referral_id,
                offer_event=events[0].event_id,
                **changes,
            )
        plans = [made.plan(event=event) for event in events]
        await write_batch(
            founded, signer, [made.plan(insert_referral(referral)), *plans]
        )
        async with founded.connection() as connection:
            marks = await marks_of(connection, [referral.referral_id])
        return marks[referral.referral_id]

    return found


async def test_an_offer_is_delivered_when_its_receipt_is_here(marks):
    assert not (await marks(["offer"])).delivered
    assert (await marks(["offer"], side="receiver")).delivered


@pytest.mark.parametrize(
    ("steps", "opened"),
    [
        (["offer"], False),
        (["offer", "revocation"], False),
        (["offer", "opened"], True),
        (["offer", "question"], True),
        (["offer", "accept", "release"], True),
        (["offer", "decline"], True),
        (["offer", "misrouted"], True),
    ],
)
async def test_an_offer_is_opened_when_a_person_dealt_with_it(marks, steps, opened):
    assert (await marks(steps)).opened is opened


@pytest.mark.parametrize(
    ("steps", "waits"),
    [
        (["offer"], False),
        (["offer", "recall"], True),
        (["offer", "recall", "recall_acknowledgement"], False),
        (["offer", "recall", "recall_acknowledgement", "recall"], True),
    ],
)
async def test_a_recall_waits_until_it_is_acknowledged(marks, steps, waits):
    assert (await marks(steps)).recall_open is waits
