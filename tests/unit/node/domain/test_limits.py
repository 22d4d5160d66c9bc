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

DAY = date(2018, 3, 5)
FIRST_DAY = date(2014, 3, 25)

NAMES = "prs_FirstName prs_MiddleName prs_SecondName prs_Birthdate"
PASSES = [
    ("safe_contact_only", "D3", "local_safe_contact_rule local_safe_contact"),
    ("place_only", "D3", "local_place"),
    ("via_lawyer", "D3", "local_contact_via_lawyer"),
    ("arrival_only", "D3", "local_arrival_at local_arrival_place"),
    ("host_side_contact", "D3", "local_host_side_contact"),
    ("level_only", "D7", "local_risk_level"),
    ("escort_alert", "D7", "local_escort"),
    ("result_code", "D7", "local_risk_result"),
    ("service_status_only", "D11", "local_service_status"),
    ("placement_confirmed", "D11", "local_placement_confirmed"),
    ("own_service_only", "D11", "local_own_service"),
    ("status_only", "D4", "local_person_status vic_TraffickingStatus"),
    (
        "summary",
        "D4",
        (
            "local_person_status vic_TraffickingStatus"
            " vic_TraffickingStatusDecisionMakingOrg vic_TypeOfExploitation"
            " local_account_summary"
        ),
    ),
    ("needs_codes", "D4", "local_needs"),
    (
        "tip_minimal",
        "D4",
        (
            "vic_TypeOfExploitation local_tip_place local_tip_time_window"
            " local_persons_at_risk local_imminent_danger"
        ),
    ),
    ("urgent_only", "D5", "local_urgent_medical"),
    ("fit_or_urgent_code", "D5", "local_fit_to_travel local_urgent_medical"),
    ("fit_to_travel", "D5", "local_fit_to_travel"),
    ("identity_match", "D2", NAMES),
    ("what_host_already_holds", "D2", f"{NAMES} local_alias"),
    ("first_name_or_alias", "D2", "prs_FirstName local_alias"),
    ("names_to_verify", "D8", "local_relative local_relative_name"),
    ("who_may_visit", "D8", "local_who_may_visit"),
    ("result_code_not_names", "D8", "local_family_tracing_result"),
    ("immigration_status", "D9", "local_immigration_status"),
    ("host_case_reference", "D9", "local_host_case_reference"),
    (
        "travel_document",
        "D10",
        (
            "local_travel_document_type local_travel_document_number"
            " local_travel_document_expires"
        ),
    ),
    ("travel_document_number", "D10", "local_travel_document_number"),
    ("travel_cost", "D12", "local_travel_cost"),
    ("insurance_only", "D12", "local_insurance"),
    ("fee_only", "D12", "local_fee"),
    ("school_only", "D13", "local_school"),
]


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
