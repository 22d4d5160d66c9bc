"""To the gate with one person, and her change of mind under minutes.

Acts are those of the engine; what it refuses raises here.
"""

from __future__ import annotations

from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import Withdrawal
from services.node.flows.record_answers import RecordConsent
from tests.store.person import OFFICER, Person, Referral

HOME = "voluntary_return"


async def to_the_minutes(
    person: Person, giver: str, receiver: str, digits: str = ""
) -> Referral:
    """A return up to the minutes of the giver, which are on their way."""
    town = person.town
    await person.offer(giver, receiver, HOME, sealed=True)
    referral = person.referrals[-1]
    await town.settle_between(giver, receiver)
    await person.step(referral, "receiver", Acceptance())
    await town.settle_between(giver, receiver)
    await town.answer(giver)
    await town.settle_between(giver, receiver)
    await person.travel(referral)
    await person.minutes(referral, digits)
    return referral


async def changes_her_mind(person: Person, referral: Referral) -> None:
    """Her no, on record at the giver, and the step that stops the return."""
    town, giver = person.town, referral.giver
    no = person.answered(giver, referral.receiver, referral.kind, "withdrawn")
    (case,) = await town.rows(
        giver,
        "SELECT c.pseudonym FROM cases AS c "
        "INNER JOIN referral AS r USING (case_id) WHERE r.referral_id = $1",
        referral.referral_id,
    )
    own, moment = town.members[giver].own, town.moment(giver)
    await town.act(giver, RecordConsent(own, OFFICER, case["pseudonym"], no, moment))
    await person.step(referral, "giver", Withdrawal(no.consent_id))
