"""What is offered to officers is what the policy lets some officer do."""

from __future__ import annotations

from services.node.domain.case_step_rows import CaseAct
from services.node.domain.officers_acts import FOLLOW_ON_REFERRALS, OFFICERS_ACTS


def test_every_act_offered_has_a_row_that_waits_for_no_referral(policy):
    by_officers = {row.act for row in policy.case_steps.rows if not row.triggers}
    assert set(OFFICERS_ACTS) == by_officers - {CaseAct.OPEN}


def test_what_only_follows_on_a_referral_is_offered_to_nobody(policy):
    by_officers = {row.act for row in policy.case_steps.rows if not row.triggers}
    every = {row.act for row in policy.case_steps.rows}
    assert every - by_officers == FOLLOW_ON_REFERRALS


def test_the_acts_of_a_handover_belong_to_the_referral():
    told = ("accept_offer", "depart", "reach_gate", "hand_over", "confirm_arrival")
    assert not set(told) & set(OFFICERS_ACTS)
    assert {"receive", "place", "close", "reopen"} <= set(OFFICERS_ACTS)
