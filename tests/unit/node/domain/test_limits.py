"""What a limit lets pass, field by field (domain.md §5.i, written out by hand)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.fields import known_fields
from services.node.domain.functions import Function
from services.node.domain.limits import check_within, cut
from services.node.domain.need_to_know import Necessity, Need
from services.node.domain.policy import Policy, parse_policy
from services.node.domain.records import Answer, CategoryRecord
from tests.expect.limits import PASSES

DAY = date(2018, 3, 5)
FIRST_DAY = date(2014, 3, 25)


def full(category: str) -> CategoryRecord:
    """A record that holds every known field of its category, and one more."""
    fields = [name for name, of in known_fields().items() if of == category]
    return CategoryRecord(
        category, tuple(Answer(name, ("x",)) for name in (*fields, "local_note"))
    )


def need(policy: Policy, function, category, purpose=Purpose.RECEPTION_SHELTER) -> Need:
    return policy.need_to_know.allowed({function}, Category(category), purpose, DAY)


@pytest.mark.parametrize(("limit", "category", "fields"), PASSES)
def test_a_limit_lets_these_fields_pass_and_no_other(
    policy, limit, category, fields
) -> None:
    (row, *_) = [
        row
        for row in policy.need_to_know.rows
        if (row.limit, row.category) == (limit, category)
    ]
    within = Need(row.need, row)
    kept = cut(policy.limits, within, full(category), DAY)
    assert {each.field for each in kept.answers} == set(fields.split())
    check_within(policy.limits, within, kept, DAY)
    beyond = len(full(category).answers) - len(kept.answers)
    assert beyond
    with pytest.raises(NotLawfulError) as caught:
        check_within(policy.limits, within, full(category), DAY)
    assert (caught.value.code, caught.value.where) == (
        "disclosure.beyond_limit",
        category,
    )


def test_no_limit_of_the_policy_is_missing_above(policy) -> None:
    listed = {(limit, category) for limit, category, _ in PASSES}
    stated = {(row.limit, row.category.value) for row in policy.limits.rows}
    assert stated == listed
    assert all(row.rule.valid_from == FIRST_DAY for row in policy.limits.rows)
    assert not any(row.rule.verified for row in policy.limits.rows)


@pytest.mark.parametrize(
    ("function", "category", "never"),
    [
        (Function.FOREIGN_LIAISON, "D2", "prs_IdentityNumber local_parents_names"),
        (Function.FOREIGN_LIAISON, "D8", "local_relative_name local_relative_phone"),
        (Function.FOREIGN_LIAISON, "D11", "local_goal next_action"),
        (Function.VICTIM_SUPPORT_EST, "D2", "prs_SecondName prs_Birthdate"),
        (Function.VICTIM_SUPPORT_EST, "D4", "vic_TypeOfExploitation hte_Description"),
        (Function.COMMUNE_PC, "D3", "prs_MailingStreet prs_MobilePhone"),
        (Function.MISSION, "D5", "local_pregnancy local_disability"),
        (Function.PROVINCE_SOCIAL, "D4", "vic_MethodsOfControl cco_CaseComment"),
        (Function.FOCAL_MINISTRY, "D7", "local_no_go_persons local_escort"),
    ],
)
def test_what_a_function_never_gets_is_cut(policy, function, category, never) -> None:
    kept = cut(policy.limits, need(policy, function, category), full(category), DAY)
    assert not {each.field for each in kept.answers} & set(never.split())
    assert set(never.split()) < {each.field for each in full(category).answers}


def test_without_a_limit_the_whole_category_passes(policy) -> None:
    for category in ("D2", "D5", "D7", "D11", "D13"):
        whole = need(policy, Function.PROVINCE_SOCIAL, category)
        assert cut(policy.limits, whole, full(category), DAY) == full(category)


def test_no_identity_rides_under_another_category(policy) -> None:
    """A name in the minimal profile is cut at the sender, refused at the receiver."""
    smuggled = CategoryRecord(
        "D1", (Answer("prs_Gender", ("1",)), Answer("prs_FirstName", ("Mây",)))
    )
    profile = need(policy, Function.PROVINCE_SOCIAL, "D1")
    (kept,) = cut(policy.limits, profile, smuggled, DAY).answers
    assert kept.field == "prs_Gender"
    with pytest.raises(NotLawfulError) as caught:
        check_within(policy.limits, profile, smuggled, DAY)
    assert "prs_FirstName" in caught.value.message
    assert "Mây" not in str(caught.value)


def test_a_name_that_a_peer_made_up_is_not_repeated(policy) -> None:
    record = CategoryRecord("D7", (Answer("Mây of Mường Khương", ("x",)),))
    with pytest.raises(NotLawfulError) as caught:
        check_within(
            policy.limits, need(policy, Function.FOCAL_MINISTRY, "D7"), record, DAY
        )
    assert "1 unknown field(s)" in caught.value.message
    assert "Mây" not in str(caught.value)


def test_a_category_of_which_nothing_may_go_is_refused(policy) -> None:
    health = CategoryRecord("D5", (Answer("local_pregnancy", ("yes",)),))
    with pytest.raises(NotLawfulError) as caught:
        cut(policy.limits, need(policy, Function.MISSION, "D5"), health, DAY)
    assert (caught.value.code, caught.value.where) == (
        "disclosure.nothing_left",
        "D5",
    )
    assert "local_fit_to_travel" in caught.value.remedy


def test_consent_to_an_interview_is_nobodys_category(policy) -> None:
    record = CategoryRecord("D4", (Answer("con_Consent", ("true",)),))
    with pytest.raises(NotLawfulError):
        cut(policy.limits, need(policy, Function.LEGAL_AID, "D4"), record, DAY)


def test_a_refused_category_passes_no_field(policy) -> None:
    refused = need(policy, Function.FOREIGN_LIAISON, "D3")
    assert refused.necessity is Necessity.REFUSED
    for field in known_fields():
        assert not policy.limits.passes(refused, Category.D3, field, DAY)


@given(
    function=st.sampled_from(list(Function)),
    purpose=st.sampled_from(list(Purpose)),
    category=st.sampled_from(list(Category)),
    fields=st.lists(st.sampled_from([*known_fields(), "local_note"]), unique=True),
)
def test_what_is_sent_is_what_may_be_received(
    policy, function, purpose, category, fields
) -> None:
    """Whatever a record holds, the cut one passes the receiver's check."""
    record = CategoryRecord(category, tuple(Answer(name, ("x",)) for name in fields))
    within = need(policy, function, category, purpose)
    try:
        sent = cut(policy.limits, within, record, DAY)
    except NotLawfulError:
        sent = CategoryRecord(category, ())
    check_within(policy.limits, within, sent, DAY)
    assert set(sent.answers) <= set(record.answers)
    if len(sent.answers) < len(record.answers):
        with pytest.raises(NotLawfulError):
            check_within(policy.limits, within, record, DAY)


# --- a table that says nothing, or too much, is no policy


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            b"escort_alert,D7,local_escort,",
            b"escort_alert,D7,local_escorts,",
            "column field: local_escorts is not known",
        ),
        (
            b"escort_alert,D7,local_escort,",
            b"escort_alert,D7,prs_FirstName,",
            "column field: prs_FirstName belongs to D2",
        ),
        (
            b"escort_alert,D7,local_escort,",
            b"escort_alarm,D7,local_escort,",
            "column limit: the table limits has no field of D7 for escort_alert",
        ),
        (
            b"escort_alert,D7,local_escort,",
            b"escort_alarm,D7,local_escort,",
            "column limit: no row of need_to_know has it for D7",
        ),
        (b"place_only,D3,local_place,", b"place_only,D33,local_place,", "category"),
    ],
)
def test_limits_that_do_not_fit_are_named(seed, old, new, problem) -> None:
    assert seed["limits"].count(old) == 1
    with pytest.raises(InvalidInputError) as caught:
        parse_policy("x", {**seed, "limits": seed["limits"].replace(old, new)})
    assert caught.value.code == "policy.invalid"
    assert problem in caught.value.message


def test_a_limit_must_hold_as_long_as_the_row_that_names_it(seed) -> None:
    line = next(
        each for each in seed["limits"].split(b"\n") if each.startswith(b"escort_alert")
    )
    ended = line.replace(b"2014-03-25,,", b"2014-03-25,2025-06-30,")
    assert ended != line
    with pytest.raises(InvalidInputError) as caught:
        parse_policy("x", {**seed, "limits": seed["limits"].replace(line, ended)})
    assert "has no field of D7 for escort_alert" in caught.value.message
