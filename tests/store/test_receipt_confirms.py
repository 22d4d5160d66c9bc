"""The receipt of a release is what confirms the handover, through the real flows.

Where the rest of the suite waits for *handed* until its time is over, this says at
once which link is gone: the release is logged there, its receipt is kept here, and
with the receipt, in the same moment, the handover is confirmed.
"""

from __future__ import annotations

from services.node.domain.bodies import Acceptance
from tests.store.person import Person
from tests.store.town import Town

GIVER, RECEIVER = "lao-cai", "son-la"


async def released(town: Town) -> Person:
    """A transfer that was accepted; its release is the one parcel under way."""
    person = Person(town)
    await person.open(GIVER)
    await person.offer(GIVER, RECEIVER, "reception", sealed=True)
    await town.settle_between(GIVER, RECEIVER)
    await person.step(person.referrals[0], "receiver", Acceptance())
    await town.settle_between(GIVER, RECEIVER)
    assert await town.answer(GIVER) == 1, (
        "The node of the giver no longer answers an acceptance with a release."
    )
    # Its answer to the acceptance showed the receiver a newer head: greet again.
    town.members[GIVER].seen.clear()
    await town.send(GIVER)
    return person


async def says(person: Person, member: str) -> list[str]:
    """Who is answerable, as a member's own cases say."""
    return [each["answerable"] for each in await person.cases_at(member)]


async def step_received(town: Town) -> str:
    """The last step of which the giver keeps a receipt."""
    rows = await town.rows(
        GIVER,
        "SELECT e.step FROM receipt AS r INNER JOIN event AS e ON r.digest = e.subject "
        "WHERE e.author = $1 ORDER BY e.author_seq DESC LIMIT 1",
        GIVER,
    )
    return str(rows[0]["step"])


async def test_the_receipt_of_a_release_confirms_the_handover_at_once(
    town: Town,
) -> None:
    person = await released(town)
    assert await says(person, GIVER) == ["handed_unconfirmed"], (
        "A release alone must not hand over: only its receipt does."
    )
    (release,) = town.parcels
    town.parcels.clear()
    await town.bring(release)
    assert await says(person, RECEIVER) == ["answerable"], (
        "Receiving a release no longer makes the receiver answerable: see "
        "flows/receive and flows/effects."
    )
    assert await says(person, GIVER) == ["handed_unconfirmed"], (
        "The handover counts as confirmed before the receipt is here."
    )
    (receipt,) = town.parcels
    town.parcels.clear()
    await town.bring(receipt)
    assert await step_received(town) == "release", (
        "The receipt of a release is no longer kept: see flows/deliver, settle."
    )
    assert await says(person, GIVER) == ["handed"], (
        "The receipt of a release no longer confirms the handover: see "
        "flows/deliver, settle, and confirm_handed in store/sql/exchange.sql."
    )
