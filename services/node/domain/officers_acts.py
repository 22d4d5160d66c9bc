"""The acts that an officer may take in a case that there is.

Promises what command lines and messages may offer without the policy at hand: an
act is left out if every row of ``case_steps`` that has it waits for a referral, and
``open``, which makes a case and moves none. Whether an act is open now is decided
by ``case_steps``.
"""

from __future__ import annotations

from services.node.domain.case_step_rows import CaseAct

FOLLOW_ON_REFERRALS = frozenset(
    {
        CaseAct.ACCEPT_OFFER,
        CaseAct.HAND_ON,
        CaseAct.ASSESS_RISK,
        CaseAct.DECIDE_GO,
        CaseAct.READY_DOCUMENT,
        CaseAct.CONFIRM_PLAN,
        CaseAct.CONFIRM_DEPARTURE,
        CaseAct.DEPART,
        CaseAct.REACH_GATE,
        CaseAct.DISPUTE,
        CaseAct.HAND_OVER,
        CaseAct.CONFIRM_ARRIVAL,
        CaseAct.MOVE_PROVINCE,
    }
)
"""What a case does by itself when a step of a referral is taken."""

OFFICERS_ACTS: tuple[CaseAct, ...] = tuple(
    act for act in CaseAct if act not in FOLLOW_ON_REFERRALS and act is not CaseAct.OPEN
)
"""In the order of ``CaseAct``."""
