"""Where a referral goes back to when a step of its own end was refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.node.domain.policy import TABLES, parse_policy
from services.node.flows.refused import state_without_refused
from services.node.store.rows import ReferralRow, StepRow

NOW = datetime(2018, 3, 6, 2, tzinfo=UTC)
SEEDS = Path(__file__).resolve().parents[4] / "deploy" / "policy" / "vietnam-2018"
POLICY = parse_policy(
    "test", {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
)
BY_RECEIVER = {"accept", "question", "decline", "feedback", "risk_countersignature"}


def went_back(side: str, steps: str, referral_type: str = "reception") -> str:
    """The state after these steps at one end; a refused one ends with ``!``."""
    referral = ReferralRow(
        referral_id=b"r" * 16,
        case_id=b"c" * 16,
        side=side,
        peer="receiver" if side == "giver" else "giver",
        alias="R-0000-0000",
        referral_type=referral_type,
        priority="normal",
        moves_on="release",
        state="none",
        referral_no=9,
        sent_seq=9,
        received_seq=9,
        last_event=b"p" * 16,
        offer_event=b"o" * 16,
        offered_at=NOW,
        updated_at=NOW,
    )
    rows = []
    for each in steps.split():
        step = each.removesuffix("!")
        author = "receiver" if step in BY_RECEIVER else "giver"
        rows.append(StepRow(step, author, NOW, refused=each != step))
    return state_without_refused(POLICY.steps, side, referral, rows).value


@pytest.mark.parametrize(
    ("side", "steps", "state"),
    [
        ("giver", "offer!", "none"),
        ("giver", "offer question answer!", "asked"),
        ("giver", "offer accept release!", "accepted"),
        ("giver", "offer accept release! void", "void"),
        ("receiver", "offer accept!", "offered"),
        ("receiver", "offer question answer decline!", "opened"),
        ("receiver", "offer accept! accept release", "in_service"),
    ],
)
def test_a_refused_step_never_was(side, steps, state):
    assert went_back(side, steps) == state


def test_what_rested_on_a_refused_step_moves_nothing_either():
    """The other end, which never applied the first, cannot apply the second."""
    steps = "offer accept release risk_assessment! risk_countersignature feedback"
    assert went_back("giver", steps, "voluntary_return") == "in_service"


@pytest.mark.parametrize(
    ("ending", "state"),
    [("recall!", "recalled"), ("revocation!", "revoked"), ("void!", "void")],
)
def test_what_the_giver_ended_stays_ended_whatever_the_receiver_says(ending, state):
    """Else a refused recall would let the node release after all."""
    assert went_back("giver", f"offer accept {ending}") == state
    assert went_back("giver", "offer expiry!") == "expired"
