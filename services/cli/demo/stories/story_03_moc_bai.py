"""Eleven citizens come back over Moc Bai; two may have been trafficked.

Nobody is made a case who needs none: nine go home with a card. Two are screened
by the border guard and agree to be referred while the police decide (domain.md
§1.3 door D, §1.4). Support begins before the decision and does not end with it:
whoever is found not to be a victim is accompanied until somebody else takes over.
"""

from __future__ import annotations

from services.cli.demo.answers import offer, profile, record
from services.cli.demo.stories.telling import Telling
from services.node.domain.bodies import Completion

GUARD, PROVINCE, POLICE = "border-guard-an-giang", "an-giang", "police-an-giang"
HOME = "son-la"


async def play(t: Telling) -> None:
    """Two people, one door, two decisions."""
    other = t.of_somebody_else()
    t.chapter("Eleven people at Moc Bai")
    await t.on(0, "09:00")
    t.says(
        "Eleven citizens are handed over at the gate. Each is asked alone. Nine need "
        "nothing but a way home and get a card with whom to call. Two say things that "
        "somebody has to look into."
    )
    for way in (t, other):
        await _received(way)
    t.chapter("Support before any decision")
    for way in (t, other):
        await _supported(way)
    t.chapter("Two decisions")
    await t.on(15, "10:00")
    await t.completes("status", POLICE, PROVINCE, "victim")
    await other.completes("status", POLICE, PROVINCE, "not_victim")
    t.does(POLICE, "decides: the one is a victim by law, the other is not.")
    await _onward(other)


async def _received(t: Telling) -> None:
    await t.opens(GUARD, "returned_bilateral", profile(t.cast))
    await t.adds(GUARD, record("D5", local_fit_to_travel="fit"))
    await t.asks(GUARD, ("reception_shelter", PROVINCE, "D1 D5", True))
    need = offer(
        t.cast,
        "reception",
        "urgent",
        "Came back today over the gate; needs a bed, a meal and somebody to talk to.",
        "essential_needs",
        "safe_accommodation",
    )
    await t.offers("reception", GUARD, PROVINCE, need, "D1 D5")
    await t.accepts("reception", PROVINCE)


async def _supported(t: Telling) -> None:
    await t.adds(
        PROVINCE, record("D4", vic_TraffickingStatus="PossibleVictimOfTrafficking")
    )
    await t.asks(PROVINCE, ("identification_verification", POLICE, "D1 D2 D4", True))
    await t.on(1, "10:00")
    t.does(PROVINCE, "gives a bed, clothes and a doctor; nobody has decided anything.")
    await t.adds(PROVINCE, record("D2", prs_FirstName=t.cast.given_name))
    need = offer(
        t.cast, "status_decision", "normal", "Please decide on the status by law."
    )
    await t.offers("status", PROVINCE, POLICE, need, "D1 D2 D4")
    await t.accepts("status", POLICE)


async def _onward(t: Telling) -> None:
    """Not a victim by law, and not alone: until the home province takes over."""
    t.says(
        "For the one who is not, nothing stops: the bed stays until somebody at home "
        "takes over, and the way to complain is explained."
    )
    await t.asks(PROVINCE, ("reintegration_services", HOME, "D1", True))
    await t.on(16, "09:00")
    need = offer(
        t.cast, "reintegration", "normal", "Would like help to find work at home."
    )
    await t.offers("home", PROVINCE, HOME, need, "D1")
    await t.accepts("home", HOME)
    done = Completion("successful", "service_given")
    await t.takes("reception", PROVINCE, done, other=GUARD, state="done")
