"""Who may take which step from which state, as ``tests/expect/steps.py`` says."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.referrals import ReferralType
from services.node.domain.step_words import SIDE_WORDS, STATE_WORDS, STEP_WORDS
from services.node.domain.steps import Side, State
from tests.expect.steps import OTHERS, SHARE

DAY = date(2018, 3, 5)


@pytest.mark.parametrize("referral_type", list(ReferralType))
@pytest.mark.parametrize("author", list(Side))
@pytest.mark.parametrize("step", list(Step))
def test_a_member_takes_only_the_steps_of_its_table(
    policy, referral_type, author, step
) -> None:
    for state in State:
        expected = OTHERS.get(referral_type, SHARE).get((author, step, state))
        opened = policy.steps.open_steps(referral_type, state, author, DAY)
        assert (step in opened) is (expected is not None), state
        if expected is not None:
            taken = policy.steps.next(
                referral_type, step, author, state, DAY, arrived=False
            )
            arrived = policy.steps.next(
                referral_type, step, author, state, DAY, arrived=True
            )
            assert taken.to_state == expected, state
            assert arrived == taken
            continue
        with pytest.raises(NotLawfulError) as caught:
            policy.steps.next(referral_type, step, author, state, DAY, arrived=False)
        assert caught.value.code == "step.not_lawful"


@pytest.mark.parametrize(
    ("step", "author", "state", "becomes"),
    [
        (Step.ACCEPT, Side.RECEIVER, State.RECALLED, State.RECALLED),
        (Step.ACCEPT, Side.RECEIVER, State.VOID, State.VOID),
        (Step.QUESTION, Side.RECEIVER, State.RECALLED, State.RECALLED),
        (Step.DECLINE, Side.RECEIVER, State.RECALLED, State.DECLINED),
        (Step.RECALL, Side.GIVER, State.DECLINED, State.DECLINED),
        (Step.ANSWER, Side.GIVER, State.DECLINED, State.DECLINED),
        (Step.VOID, Side.GIVER, State.DECLINED, State.DECLINED),
        (Step.RECALL, Side.GIVER, State.ACCEPTED, State.RECALLED),
        (Step.VOID, Side.GIVER, State.RECALLED, State.VOID),
        (Step.ACCEPT, Side.RECEIVER, State.REVOKED, State.REVOKED),
        (Step.ACCEPT, Side.RECEIVER, State.EXPIRED, State.EXPIRED),
        (Step.EXPIRY, Side.GIVER, State.ACCEPTED, State.EXPIRED),
        (Step.OPENED, Side.RECEIVER, State.EXPIRED, State.EXPIRED),
        (Step.MISROUTED, Side.RECEIVER, State.REVOKED, State.MISROUTED),
        (Step.REVOCATION, Side.GIVER, State.MISROUTED, State.MISROUTED),
    ],
)
@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_crossing_messages_are_settled(
    policy, referral_type, step, author, state, becomes
) -> None:
    found = policy.steps.next(referral_type, step, author, state, DAY, arrived=True)
    assert found.to_state is becomes
    assert not found.moves_responsibility
    assert not found.opens_identity


@pytest.mark.parametrize(
    ("step", "author", "state", "becomes"),
    [
        (Step.RETURN_TO_SENDER, Side.RECEIVER, State.WITHDRAWN, State.RETURNED),
        (Step.WITHDRAWAL, Side.GIVER, State.RETURNED, State.RETURNED),
        (Step.DECLINE, Side.RECEIVER, State.WITHDRAWN, State.DECLINED),
        (Step.WITHDRAWAL, Side.GIVER, State.DECLINED, State.DECLINED),
        (Step.ACCEPT, Side.RECEIVER, State.WITHDRAWN, State.WITHDRAWN),
        (Step.RISK_COUNTERSIGNATURE, Side.RECEIVER, State.WITHDRAWN, State.WITHDRAWN),
        (
            Step.APPOINTMENT_CONFIRMATION,
            Side.RECEIVER,
            State.WITHDRAWN,
            State.WITHDRAWN,
        ),
        (Step.RISK_ASSESSMENT, Side.GIVER, State.RETURNED, State.RETURNED),
        (Step.PLAN_CONFIRMATION, Side.RECEIVER, State.SUSPENDED, State.SUSPENDED),
    ],
)
def test_a_withdrawal_that_crosses_is_settled(
    policy, step, author, state, becomes
) -> None:
    found = policy.steps.next(
        ReferralType.VOLUNTARY_RETURN, step, author, state, DAY, arrived=True
    )
    assert found.to_state is becomes


@pytest.mark.parametrize(
    ("referral_type", "step", "author", "state", "moves", "opens", "guarded"),
    [
        ("reception", "release", "giver", "accepted", True, True, True),
        ("protection_abroad", "release", "giver", "accepted", True, True, True),
        ("reintegration", "release", "giver", "accepted", True, True, True),
        ("tracing", "release", "giver", "accepted", False, True, True),
        ("border_handover", "release", "giver", "accepted", False, True, True),
        ("voluntary_return", "release", "giver", "accepted", False, True, True),
        ("voluntary_return", "minutes", "giver", "at_gate", False, False, True),
        (
            "voluntary_return",
            "countersignature",
            "receiver",
            "minuted",
            True,
            False,
            True,
        ),
        ("voluntary_return", "dispute", "receiver", "minuted", False, False, False),
        ("voluntary_return", "reconsent", "giver", "appointed", False, False, True),
        ("voluntary_return", "withdrawal", "giver", "appointed", False, False, True),
        ("reception", "recall", "giver", "offered", False, False, True),
        ("reception", "void", "giver", "recalled", False, False, True),
        ("reception", "accept", "receiver", "offered", False, False, False),
        ("reception", "offer", "giver", "none", False, False, False),
    ],
)
def test_a_step_moves_and_opens_only_what_it_must(
    policy, referral_type, step, author, state, moves, opens, guarded
) -> None:
    found = policy.steps.next(
        ReferralType(referral_type),
        Step(step),
        Side(author),
        State(state),
        DAY,
        arrived=False,
    )
    assert found.moves_responsibility is moves
    assert found.opens_identity is opens
    assert found.needs_case_seq is guarded


def test_nothing_else_moves_or_opens(policy) -> None:
    for row in policy.steps.rows:
        assert not row.moves_responsibility or row.step in {
            Step.RELEASE,
            Step.COUNTERSIGNATURE,
        }
        assert row.opens_identity is (row.step is Step.RELEASE)


def test_an_unlawful_step_is_told_what_is_open(policy) -> None:
    with pytest.raises(NotLawfulError) as caught:
        policy.steps.next(
            ReferralType.RECEPTION,
            Step.ACCEPT,
            Side.RECEIVER,
            State.ASKED,
            DAY,
            arrived=True,
        )
    assert caught.value.message.startswith(
        "The acceptance can be recorded in a referral for reception only when the offer"
        " waits for an answer or somebody has read the offer; here a question waits for"
        " its answer. (reception: accept by the receiver in asked on 2018-03-05; steps"
        " row "
    )
    assert caught.value.remedy == (
        "What the member that got the offer can record now: the decline (decline); the"
        " word that the offer was meant for somebody else (misrouted)."
    )
    with pytest.raises(NotLawfulError, match=r"can record now: nothing\."):
        policy.steps.next(
            ReferralType.RECEPTION,
            Step.OFFER,
            Side.RECEIVER,
            State.NONE,
            DAY,
            arrived=True,
        )


def test_no_step_is_open_before_the_rules_hold(policy) -> None:
    day = date(2014, 3, 24)
    assert (
        policy.steps.open_steps(ReferralType.RECEPTION, State.NONE, Side.GIVER, day)
        == ()
    )


def test_every_step_state_and_end_has_words() -> None:
    assert set(STEP_WORDS) == set(Step)
    assert set(STATE_WORDS) == set(State)
    assert set(SIDE_WORDS) == set(Side)
    told = [*STEP_WORDS.values(), *STATE_WORDS.values(), *SIDE_WORDS.values()]
    assert not any("_" in each for each in told)


@pytest.mark.parametrize("step", list(Step))
def test_every_refusal_opens_with_a_plain_sentence_and_ends_with_its_rule(
    policy, step
) -> None:
    kinds = (ReferralType.RECEPTION, ReferralType.VOLUNTARY_RETURN, ReferralType.TIP)
    for kind in kinds:
        for author in Side:
            for state in State:
                if step in policy.steps.open_steps(kind, state, author, DAY):
                    continue
                with pytest.raises(NotLawfulError) as caught:
                    policy.steps.next(kind, step, author, state, DAY, arrived=False)
                sentence, _, rule = caught.value.message.partition(" (")
                assert sentence.endswith(".")
                assert "_" not in sentence
                assert STEP_WORDS[step] in sentence[0].lower() + sentence[1:]
                assert f"{step} by the {author} in {state} on 2018-03-05; " in rule
                assert "steps row" in rule or "steps has no row" in rule


@pytest.mark.parametrize(
    ("kind", "step", "author", "state", "sentence"),
    [
        (
            "reception",
            "accept",
            "giver",
            "offered",
            (
                "The acceptance is for the member that got the offer to record in a"
                " referral for reception, not for the member that made the offer."
            ),
        ),
        (
            "reception",
            "departure",
            "giver",
            "in_service",
            "The departure has no place in a referral for reception on 5 March 2018.",
        ),
        (
            "voluntary_return",
            "departure",
            "giver",
            "risk_assessed",
            (
                "The departure can be recorded in a referral for voluntary return"
                " only when"
                " both sides agreed on the appointment; here both sides signed the risk"
                " assessment."
            ),
        ),
    ],
)
def test_a_refusal_says_whose_step_it_is_and_when(
    policy, kind, step, author, state, sentence
) -> None:
    with pytest.raises(NotLawfulError) as caught:
        policy.steps.next(
            ReferralType(kind),
            Step(step),
            Side(author),
            State(state),
            DAY,
            arrived=False,
        )
    assert caught.value.message.partition(" (")[0] == sentence
