from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.policy import TABLES, parse_policy
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State
from services.node.flows.effects import Happened, effect_of
from services.node.store.rows import CaseRow, ReferralRow

NOW = datetime(2018, 3, 6, 2, tzinfo=UTC)
SEEDS = Path(__file__).resolve().parents[4] / "deploy" / "policy" / "vietnam-2018"
POLICY = parse_policy(
    "test", {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
)
CASE = CaseRow(
    b"c" * 16, "R-0000-0000", "hotline", "reception", "answerable", 4, NOW, ""
)


def referral(side, referral_type="reception", state="accepted"):
    return ReferralRow(
        referral_id=b"r" * 16,
        case_id=b"c" * 16,
        side=side,
        peer="yen-bai",
        alias="R-0000-0000",
        referral_type=referral_type,
        priority="normal",
        moves_on="release",
        state=state,
        referral_no=2,
        sent_seq=1,
        received_seq=1,
        last_event=b"p" * 16,
        offer_event=b"o" * 16,
        offered_at=NOW,
        updated_at=NOW,
    )


def effect(row, case, step, author, *, here):
    transition = POLICY.steps.next(
        ReferralType(row.referral_type),
        step,
        author,
        State(row.state),
        NOW.date(),
        arrived=not here,
    )
    happened = Happened(b"e" * 16, step, NOW, NOW, here=here)
    return effect_of(row, case, transition, happened)


def names(done):
    return [write.query for write in done.writes]


def test_accepting_moves_no_responsibility():
    row = referral("giver", state="offered")
    done = effect(row, CASE, Step.ACCEPT, Side.RECEIVER, here=False)
    assert (done.referral.state, done.case) == ("accepted", CASE)
    assert names(done) == ["update_referral"]


def test_the_giver_who_releases_stays_unconfirmed_and_drops_the_keys():
    done = effect(referral("giver"), CASE, Step.RELEASE, Side.GIVER, here=True)
    assert done.case.answerable == "handed_unconfirmed"
    assert done.case_seq == 5
    assert names(done) == [
        "update_referral",
        "destroy_part_keys",
        "end_answerability",
        "update_case",
    ]


def test_the_receiver_answers_from_its_own_leaf_for_the_release():
    case = replace(CASE, answerable="not_answerable")
    done = effect(referral("receiver"), case, Step.RELEASE, Side.GIVER, here=False)
    assert done.case.answerable == "answerable"
    assert "begin_answerability" in names(done)


def test_a_share_moves_nothing():
    row = referral("giver", "tracing")
    done = effect(row, CASE, Step.RELEASE, Side.GIVER, here=True)
    assert done.case.answerable == "answerable"
    assert "end_answerability" not in names(done)


def test_minutes_move_nothing_and_the_countersignature_everything():
    at_gate = referral("giver", "voluntary_return", "at_gate")
    minutes = effect(at_gate, CASE, Step.MINUTES, Side.GIVER, here=True)
    assert minutes.referral.state == "minuted"
    assert "end_answerability" not in names(minutes)
    minuted = referral("giver", "voluntary_return", "minuted")
    signed = effect(minuted, CASE, Step.COUNTERSIGNATURE, Side.RECEIVER, here=False)
    assert signed.case.answerable == "handed"
    assert "end_answerability" in names(signed)


def test_nobody_hands_over_twice():
    handed = replace(CASE, answerable="handed")
    with pytest.raises(NotLawfulError):
        effect(referral("giver"), handed, Step.RELEASE, Side.GIVER, here=True)


def test_every_event_takes_the_next_numbers_of_its_author():
    row = referral("giver", state="offered")
    done = effect(row, CASE, Step.DECLINE, Side.RECEIVER, here=False)
    assert (done.referral.referral_no, done.referral.received_seq) == (3, 2)
    assert done.referral.sent_seq == 1
    assert done.referral.last_event == b"e" * 16
