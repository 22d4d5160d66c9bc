"""Which acceptances the giver's node has yet to answer by itself."""

from __future__ import annotations

import pytest

from services.node.flows.batch import write_batch
from services.node.store.referrals import referrals_to_answer
from services.node.store.writes import insert_referral


@pytest.fixture
def waiting(founded, made, signer):
    """Whether a referral with these steps waits for an answer."""

    async def waits(steps, **changes):
        referral = made.referral(**changes)
        events = [
            made.event(referral_id=referral.referral_id, referral_no=number, step=step)
            for number, step in enumerate(steps, start=1)
        ]
        plans = [made.plan(event=event) for event in events]
        await write_batch(
            founded, signer, [made.plan(insert_referral(referral)), *plans]
        )
        async with founded.connection() as connection:
            found = await referrals_to_answer(connection, 100)
        return referral.referral_id in found

    return waits


@pytest.mark.parametrize("state", ["accepted", "recalled"])
async def test_acceptance_waits_for_an_answer(waiting, state):
    assert await waiting(["offer", "accept"], state=state)


@pytest.mark.parametrize(
    ("answer", "state"), [("release", "in_service"), ("void", "void")]
)
async def test_answered_acceptance_waits_no_more(waiting, answer, state):
    assert not await waiting(["offer", "accept", answer], state=state)


async def test_acceptance_whose_release_was_refused_waits_for_its_void(waiting):
    steps = ["offer", "accept", "release", "step_refused"]
    assert await waiting(steps, state="accepted")
    assert not await waiting([*steps, "void"], state="accepted")


async def test_offer_that_was_taken_back_unaccepted_waits_for_nothing(waiting):
    assert not await waiting(["offer", "recall"], state="recalled")


async def test_withdrawal_is_itself_the_answer(waiting):
    assert not await waiting(["offer", "accept", "withdrawal"], state="withdrawn")


async def test_receiver_never_answers_its_own_acceptance(waiting):
    assert not await waiting(["offer", "accept"], state="accepted", side="receiver")
