"""What a case worker reads when an act of a case is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest

from services.node.domain.case_states import COURSE_OF, CaseState, Phase, Standing
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.case_words import ACT_WORDS, PHASE_WORDS, STATE_WORDS
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function

DAY = date(2018, 3, 6)
LAST_OF_2011 = date(2025, 6, 30)
LAW_OR_PROPOSAL = re.compile(r"\(.*case_steps.*(Law|Decree|Circular|proposal)")
METADATA = 2_500
"""A refusal travels twice in the metadata of a call, which holds 8 KB."""


def refused(policy, standing, act, function, on=DAY):
    with pytest.raises(NotLawfulError) as caught:
        policy.case_steps.next(standing, CaseAct(act), frozenset({function}), on)
    return caught.value


def test_every_act_state_and_part_of_a_case_has_words():
    assert set(ACT_WORDS) == set(CaseAct)
    assert set(STATE_WORDS) == set(CaseState)
    assert set(PHASE_WORDS) == set(Phase)
    told = [*ACT_WORDS.values(), *STATE_WORDS.values(), *PHASE_WORDS.values()]
    assert not any("_" in each for each in told)
    assert len(set(ACT_WORDS.values())) == len(CaseAct)


@pytest.mark.parametrize("act", list(CaseAct))
def test_every_refusal_opens_with_a_plain_sentence_and_ends_with_its_rule(policy, act):
    """In every state, for who receives people, who decides, and who does neither."""
    asked = [Function.PROVINCE_SOCIAL, Function.POLICE, Function.BANK]
    told = 0
    for phase in Phase:
        for state in (CaseState.NONE, *COURSE_OF[phase]):
            standing = Standing(phase, state)
            for function in asked:
                functions = frozenset({function})
                if act in policy.case_steps.open_acts(standing, functions, DAY):
                    continue
                error = refused(policy, standing, act, function)
                sentence, _, rule = error.message.partition(" (")
                assert sentence.endswith("."), error.message
                assert "_" not in sentence
                assert ACT_WORDS[act] in sentence[0].lower() + sentence[1:]
                assert "case_steps" in rule
                assert LAW_OR_PROPOSAL.search(error.message), error.message
                remedy = error.remedy.partition("What can be recorded now:")[0]
                assert "_" not in remedy
                assert error.where == f"the act {act}"
                assert len(str(error)) < METADATA
                told += 1
    assert told


@pytest.mark.parametrize(
    ("phase", "state", "act", "sentence", "first"),
    [
        (
            "reception",
            "notified",
            "place",
            (
                "The place where the person stays can be recorded only when the"
                " person is"
                " received or the person has a place to stay; here the person was"
                " reported"
                " and is not received yet."
            ),
            "First record the reception of the person.",
        ),
        (
            "return",
            "consented",
            "decide_go",
            (
                "The decision to go that both countries signed is not recorded in the"
                " case"
                " by hand: it follows by itself on the countersignature of the risk"
                " assessment in a referral for voluntary return."
            ),
            "Take that step in the referral.",
        ),
        (
            "return",
            "moved_to_return",
            "inform",
            (
                "The talk about the alternatives can be recorded only when the wish to"
                " return is recorded; here the return has begun."
            ),
            "First record the wish to return.",
        ),
        (
            "return",
            "handed_over",
            "plan_reintegration",
            (
                "The plan of the reintegration can be recorded only during the"
                " reintegration, when the reintegration has begun or the plan is under"
                " review; this case is in the return: the handover is countersigned."
            ),
            "First record the end of the return.",
        ),
        (
            "reintegration",
            "closed",
            "review_plan",
            (
                "The review of the plan can be recorded only when the plan is in the"
                " stage"
                " of crisis, the plan is in the stage of transition, the plan is in the"
                " stage of inclusion or there was a setback; here the case is closed."
            ),
            "First record the reopening of the case.",
        ),
        (
            "reception",
            "closed",
            "set_risk_level",
            (
                "The level of risk can be recorded only in an open case; here the"
                " case is"
                " closed."
            ),
            "First record the reopening of the case.",
        ),
        (
            "reception",
            "closed",
            "name_guardian",
            (
                "The naming of a guardian can be recorded only in an open case; here"
                " the"
                " case is closed."
            ),
            "First record the reopening of the case.",
        ),
        (
            "reception",
            "received",
            "open",
            (
                "The opening of a case can be recorded only when there is no case"
                " yet; here"
                " the person is received."
            ),
            "",
        ),
    ],
)
def test_what_where_and_what_to_do_first(policy, phase, state, act, sentence, first):
    standing = Standing(Phase(phase), CaseState(state))
    error = refused(policy, standing, act, Function.PROVINCE_SOCIAL)
    assert error.code == "case.step_not_lawful"
    assert error.message.partition(" (")[0] == sentence
    assert error.remedy.partition("What can be recorded now:")[0].strip() == first


def test_what_comes_first_is_for_whom_it_is(policy):
    standing = Standing(Phase.RECEPTION, CaseState.NOTIFIED)
    error = refused(policy, standing, "place", Function.POLICE)
    assert error.remedy.startswith(
        "First the reception of the person is for the social agency of a province, a"
        " social-assistance establishment or a victim-support establishment to record."
    )


def test_nobody_is_sent_through_a_closure_or_a_withdrawal_to_get_on(policy):
    for phase in Phase:
        for state in set(COURSE_OF[phase]) - {CaseState.CLOSED}:
            standing = Standing(phase, state)
            for act in CaseAct:
                functions = frozenset({Function.PROVINCE_SOCIAL})
                if act not in policy.case_steps.open_acts(standing, functions, DAY):
                    error = refused(policy, standing, act, Function.PROVINCE_SOCIAL)
                    first = error.remedy.partition("What can be recorded now:")[0]
                    for word in ("closing", "withdrawal", "loss of", "alert", "no to"):
                        assert word not in first, (standing, act)


def test_what_only_a_later_law_knows_says_from_when(policy):
    standing = Standing(Phase.RECEPTION, CaseState.RECEIVED)
    error = refused(
        policy,
        standing,
        "extend_essential_needs",
        Function.PROVINCE_SOCIAL,
        LAST_OF_2011,
    )
    assert error.message.startswith(
        "The extension of essential needs cannot be recorded for 30 June 2025: the law"
        " of that day does not provide for it. (case_steps row "
    )
    assert error.message.endswith("from 2025-07-01)")


def test_no_sentence_tells_how_what_goes_on_beside_the_course_stands(policy):
    """Two cases that differ in it alone are refused in the same words."""
    for act in CaseAct:
        found = set()
        for beside in ("identity_verified", "identity_not_national"):
            standing = Standing(
                Phase.RETURN, CaseState.CONSENTED, frozenset({CaseState(beside)})
            )
            functions = frozenset({Function.POLICE})
            if act not in policy.case_steps.open_acts(standing, functions, DAY):
                error = refused(policy, standing, act, Function.POLICE)
                found.add(error.message)
        assert len(found) <= 1, act
