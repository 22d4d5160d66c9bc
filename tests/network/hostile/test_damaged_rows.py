"""A member's own damaged row is its own trouble: no good handoff ends by it."""

from __future__ import annotations

import pytest

from services.node.domain.bodies import Acceptance
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import Talk

OFFER = "event SET sealed = {} WHERE step = 'offer' AND referral_id = {}"
KEY = """data_key SET wrapped = {} WHERE scope = 'case'
AND owner = (SELECT case_id FROM referral WHERE referral_id = {})"""
KEY_GONE = """data_key SET scope = {} || 'case' WHERE scope IN ('case', 'off:case')
AND owner = (SELECT case_id FROM referral WHERE referral_id = {})"""
FLIPPED = "set_byte({0}, 20, get_byte({0}, 20) # 1)"

#: What is changed, and how it is put back.
DAMAGE = {
    "a changed payload": (OFFER, FLIPPED.format("sealed"), FLIPPED.format("sealed")),
    "a changed key": (KEY, FLIPPED.format("wrapped"), FLIPPED.format("wrapped")),
    "a key that is away": (KEY_GONE, "'off:'", "''"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_an_acceptance_waits_while_the_givers_own_rows_cannot_be_read(
    victims, other, damage
):
    """Refused for now, without a leaf; taken and released when it is put back."""
    row, broken, mended = damage
    giver = victims["liaison-laos"]
    attack = Attack(other, giver)
    referral_id = giver.make_offer(other.name, "tracing")
    alias = giver.referral(referral_id).referral.alias
    talk = Talk(other, giver.name, referral_id=referral_id, alias=alias)
    sealed = talk.seal(Acceptance())
    logged = other.log(sealed)
    named = f"'\\x{referral_id.hex()}'"

    giver.query("UPDATE " + row.format(broken, named))
    try:
        posted = other.consign(sealed, logged)
        attack.refused(posted, "store.damaged", logged=False, again=True)
    finally:
        giver.query("UPDATE " + row.format(mended, named))

    attack.answer(other.consign(sealed, logged))
    giver.wait(referral_id, "in_service")
