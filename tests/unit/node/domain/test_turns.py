"""Who has to act next, by hand for every state that somebody waits in."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.turns import ENDED, must_act

DAY = date(2018, 3, 5)

EVERY_OFFER = {
    "offered": "receiver",
    "opened": "receiver",
    "asked": "giver",
    "accepted": "giver",
    "declined": "",
    "misrouted": "giver",
    "rerouted": "",
    "expired": "",
    "revoked": "",
    "recalled": "",
    "void": "",
}
AFTER_ACCEPTANCE = {
    "reception": {"in_service": "receiver", "cannot_keep": "receiver", "done": ""},
    "medical_care": {
        "in_service": "receiver",
        "ended_by_recall": "",
        "returned": "",
        "done": "",
    },
    "border_handover": {
        "in_service": "receiver",
        "witnessed": "receiver",
        "withdrawn": "",
        "done": "",
    },
    "voluntary_return": {
        "in_service": "giver",
        "risk_proposed": "receiver",
        "risk_assessed": "giver",
        "no_return": "",
        "document_ready": "giver",
        "plan_proposed": "receiver",
        "planned": "giver",
        "reconsented": "giver",
        "appointment_proposed": "receiver",
        "appointed": "giver",
        "in_transit": "giver",
        "at_gate": "giver",
        "minuted": "receiver",
        "disputed": "giver",
        "received": "receiver",
        "arrived": "receiver",
        "withdrawn": "",
        "suspended": "",
        "returned": "",
        "done": "",
    },
}
EXPECTED = [
    (kind, state, side)
    for kind, later in AFTER_ACCEPTANCE.items()
    for state, side in {**EVERY_OFFER, **later}.items()
]


def turn(policy, kind, state, *, recall_open=False):
    return must_act(
        policy.steps, ReferralType(kind), State(state), DAY, recall_open=recall_open
    )


@pytest.mark.parametrize(("kind", "state", "side"), EXPECTED)
def test_one_side_has_to_act_or_nobody(policy, kind, state, side):
    assert (turn(policy, kind, state) or "") == side
    assert (State(state) in ENDED) == (not side)


@pytest.mark.parametrize("state", ["recalled", "ended_by_recall", "done"])
def test_a_recall_waits_for_its_answer_whatever_else_is_over(policy, state):
    found = turn(policy, "medical_care", state, recall_open=True)
    assert found is Side.RECEIVER
