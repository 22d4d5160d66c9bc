"""What functions put together is told, too: the real refusals, in three languages."""

import ast
import inspect
import itertools
import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.words import raised
from gateway.words.composed import COMPOSED
from gateway.words.syntax import texts_of
from gateway.words.words import load
from services.node.domain import consent, override, received
from services.node.domain.case_states import CaseState, Phase, Standing
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.disclosure import _WHY_NOT
from services.node.domain.errors import RelaisError
from services.node.domain.functions import Function
from services.node.domain.handoff import Step
from services.node.domain.outcomes import Outcome
from services.node.domain.plain_words import not_listed
from services.node.domain.policy import TABLES, parse_policy
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.tables import Rule
from services.node.flows import rules_gate, rules_return
from tests.unit.gateway.words.sources import POLICY_FOLDER

LANGUAGES = [each for tag, each in load().all.items() if tag != "en"]
POLICY = parse_policy(
    "seed", {name: (POLICY_FOLDER / f"{name}.csv").read_bytes() for name in TABLES}
)
DAYS = (date(2012, 3, 5), date(2018, 3, 5), date(2026, 3, 5))
NOW = datetime(2026, 3, 5, tzinfo=UTC)
SEED = 11
CHOICE = random.Random(SEED)


def english(errors):
    """What is not told wholly in some language, once."""
    off = set()
    for error in errors:
        for words in LANGUAGES:
            told = words.refused(error)
            off |= {each.text for each in (told.sentence, told.remedy) if each.lang}
    return sorted(off)


def refusals(asked):
    for call in asked:
        try:
            call()
        except RelaisError as error:
            yield error


def test_every_step_that_is_not_lawful_now():
    every = list(itertools.product(ReferralType, Step, Side, State, DAYS))
    found = list(
        refusals(
            lambda each=each: POLICY.steps.next(*each, arrived=False)
            for each in CHOICE.sample(every, 2_500)
        )
    )
    assert len(found) > 2_000
    assert english(found) == []


def test_every_act_that_does_not_follow_on_the_case():
    functions = [frozenset({each}) for each in Function]
    every = list(itertools.product(Phase, CaseState, CaseAct, functions, DAYS))
    found = list(
        refusals(
            lambda each=each: POLICY.case_steps.next(
                Standing(each[0], each[1]), each[2], each[3], each[4]
            )
            for each in CHOICE.sample(every, 2_500)
        )
    )
    assert {error.code for error in found} == {
        "case.step_not_lawful",
        "case.wrong_function",
    }
    assert english(found) == []


def test_every_referral_that_may_not_be_sent():
    every = itertools.product(ReferralType, Function, Function, DAYS)
    found = list(
        refusals(
            lambda each=each: POLICY.may_send.competence(
                each[0], frozenset({each[1]}), frozenset({each[2]}), each[3]
            )
            for each in CHOICE.sample(list(every), 1_500)
        )
    )
    assert {error.code for error in found} == {"referral.not_between"}
    assert english(found) == []


def test_every_pause_and_result_that_the_tables_do_not_have():
    deadlines = {row.deadline for row in POLICY.deadlines.rows}
    reasons = {row.reason for row in POLICY.pauses.rows} | {"none_of_them"}
    pauses = itertools.product(
        sorted(reasons), sorted(deadlines), (Priority.NORMAL,), DAYS
    )
    results = itertools.product(ReferralType, Outcome, ("none_of_them",), DAYS)
    found = [
        *refusals(lambda each=each: POLICY.pauses.check(*each) for each in pauses),
        *refusals(lambda each=each: POLICY.outcomes.check(*each) for each in results),
    ]
    assert {"clock.unknown_reason", "clock.not_pausable", "outcome.other_result"} <= {
        error.code for error in found
    }
    assert english(found) == []


def test_the_law_of_every_row_of_the_policy():
    rules = {
        str(each.rule) if isinstance(each.rule, Rule) else ""
        for name in TABLES
        for each in getattr(getattr(POLICY, name, None), "rows", ())
    } - {""}
    assert len(rules) > 500
    off = english(
        RelaisError("return.reconsent_stale", _stale(rule)) for rule in sorted(rules)
    )
    assert off == []


def _stale(rule):
    return (
        "The wish to return was confirmed more than 9 working days before the"
        f" handover. ({rule})"
    )


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda each: each.lang)
def test_a_law_is_named_as_the_language_names_it(words):
    rule = (
        "case_steps row 5 (Law 53/2024/QH15 Arts 27, 30; Decree 162/2025/ND-CP Art 17)"
    )
    said = words.refused(RelaisError("return.reconsent_stale", _stale(rule))).sentence
    named = {
        "vi": "bảng case_steps, dòng 5 (Luật số 53/2024/QH15, các Điều 27, 30;"
        " Nghị định 162/2025/NĐ-CP, Điều 17)",
        "fr": "table case_steps, ligne 5 (Loi 53/2024/QH15, articles 27, 30 ;"
        " Décret 162/2025/ND-CP, art. 17)",
        "zh-Hans": "case_steps表第5行（53/2024/QH15号法律第27, 30各条；"
        "162/2025/NĐ-CP号法令第17条）",
    }
    assert named[words.lang] in said.text


def test_everything_that_can_be_wrong_with_an_answer_of_the_person():
    broken = ConsentCopy(
        consent_id=b"",
        purpose="x",
        recipient="Nobody Here",
        categories=("D1", "D1", "D99"),
        status="given",
        subject="x",
        method="oral_witnessed",
        language="Vietnamese!",
        interpreter="two words",
        informed_points=("x", "x"),
        given_at=NOW,
        valid_until=NOW - timedelta(days=1),
        capacity="x",
        witness="two words",
        countries=("XX", "XX"),
        evidence_hash=b"x",
    )
    (error,) = refusals([lambda: consent.check_consent(broken)])
    assert error.message.count(";") > 12
    assert english([error]) == []


SAMPLE = {
    "field": "witness",
    "codes": "one, two",
    "count": "2",
    "id_bytes": "16",
    "hash_bytes": "32",
    "answer": "lapsed",
    "standing": "lapsed",
}


def words_of(function):
    """Every text that a function can say, its places filled."""
    nodes = list(ast.walk(ast.parse(inspect.getsource(function))))
    doc = (function.__doc__ or "").replace("\n", " ")
    inner = {
        id(piece)
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        for piece in ast.walk(node)
        if piece is not node
    }
    for node in nodes:
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in inner:
            for text in texts_of(node, {}):
                if " " in text and text != doc:
                    yield re.sub(r"\{(\w+)\}", lambda m: SAMPLE.get(m[1], "x"), text)


def test_each_problem_that_those_functions_know():
    problems = [
        *words_of(consent._problems),
        *words_of(consent._code_problems),
        *words_of(consent._name_problems),
        *words_of(consent._list_problems),
        *words_of(consent._time_problems),
        *words_of(override._problems),
        *words_of(override._problems_asked),
    ]
    assert len(problems) > 20
    assert (
        english(
            RelaisError(
                "consent.invalid",
                f"The person's answer cannot be recorded like this. ({each})",
            )
            for each in problems
        )
        == []
    )


def test_each_reason_why_a_category_may_not_go():
    said = [
        *_WHY_NOT.values(),
        *words_of(received._why_not),
        *words_of(received._consent_fails),
        *words_of(received._override_fails),
    ]
    assert len(said) > 10
    assert (
        english(
            RelaisError(
                "disclosure.no_basis",
                "Nothing allows sending to lao-cai for the purpose voluntary return:"
                f" identity (D2): {each}; family (D8): {each}.",
            )
            for each in said
        )
        == []
    )


def given_to(module, function):
    """The last argument of every call of a function in a module."""
    tree = ast.parse(inspect.getsource(module))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == function:
            last = call.args[-1]
            if isinstance(last, ast.Constant):
                yield last.value


def test_what_a_step_can_contradict_and_how_a_paper_ends():
    expected = {*given_to(rules_gate, "mismatch"), *given_to(rules_return, "mismatch")}
    assert expected == set(COMPOSED["expected"])
    assert set(given_to(rules_return, "_paper_ends")) == set(
        COMPOSED["return.paper_expired"]
    )


def asked_for():
    """The fields that a check of codes names, wherever it stands."""
    for path in (raised.ROOT / "services" / "node").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in CHECKS:
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


CHECKS = {"not_listed", "_one_of", "check_code", "check_codes"}


def test_a_field_that_is_asked_for_has_a_name_in_the_language():
    fields = sorted(set(asked_for()))
    assert len(fields) > 15
    off = []
    for field, words in itertools.product(fields, LANGUAGES):
        error = RelaisError("referral.unknown_code", not_listed(field, ("a", "b")))
        told = words.refused(error).sentence
        named = re.search(r"[“«] ?(.+?) ?[”»]", told.text)
        if told.lang or not named or named[1] in {field, field.replace("_", " ")}:
            off.append((field, words.lang, told.text))
    assert off == []
