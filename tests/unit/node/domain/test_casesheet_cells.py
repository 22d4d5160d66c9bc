"""A cell is read as its column's kind, or refused without being repeated."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.node.domain.casesheet_cells import Refusal, read_cell
from services.node.domain.htcds import Kind, choices, fields
from services.node.domain.isocodes import countries

TODAY = date(2018, 3, 5)
#: Times depend on what else the machine does, promises do not.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(sorted(fields()))


def read(field: str, text: str) -> tuple[str, ...]:
    return read_cell(fields()[field], text, TODAY)


def refused(field: str, text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(field, text)
    return caught.value


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u00a0", "\u200b", "\ufeff \t"])
def test_an_empty_cell_is_no_answer_in_any_field(text):
    assert all(read(name, text) == () for name in fields())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Follow Up", "FollowUp"),
        ("follow up", "FollowUp"),
        ("FOLLOWUP", "FollowUp"),
        (" Follow  up ", "FollowUp"),
        ("ClosedReferred", "ClosedReferred"),
    ],
)
def test_a_list_value_is_read_as_code_or_label(text, code):
    assert read("cas_Status", text) == (code,)


def test_every_listed_value_is_read_by_code_and_by_label():
    for name in fields():
        for choice in choices(name):
            assert read(name, choice.value) == (choice.value,)
            assert read(name, choice.label) == (choice.value,)


def test_a_refused_list_value_is_told_what_is_allowed():
    refusal = refused("cas_Status", "Finished")
    assert refusal.code == "casesheet.not_in_list"
    assert refusal.allowed == ("Active", "Follow Up", "Closed", "Closed Referred")


def test_a_single_value_list_does_not_take_two():
    assert refused("cas_Status", "Active; Closed").code == "casesheet.not_in_list"


def test_an_industry_is_read_although_its_name_holds_a_semicolon():
    label = "Water supply; sewerage, waste management and remediation"
    assert read("vic_ForcedLabourIndustry", label) == (
        "E_WaterSupplySewerageWasteManagement",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Debt bondage; Takes earnings",
        "TakesEarnings,DebtBondage",
        "takes earnings\r\ndebt bondage",
        ";Debt bondage ;; Takes earnings; takes earnings;",
    ],
)
def test_several_values_come_once_and_in_the_standards_order(text):
    assert read("vic_MethodsOfControl", text) == ("DebtBondage", "TakesEarnings")


def test_one_bad_value_among_several_refuses_the_cell():
    assert refused("vic_MethodsOfControl", "Debt bondage; Hmm").allowed
    assert refused("vic_MethodsOfControl", "Debt bondage; ???").allowed
    assert refused("vic_MethodsOfControl", ";").allowed


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Viet Nam; Lao People's Democratic Republic", ("LA", "VN")),
        ("VN, LAO", ("LA", "VN")),
        ("Korea, Republic of, China", ("CN", "KR")),
        ("Congo, Congo, Democratic Republic of the", ("CD", "CG")),
        ("Bonaire, Sint Eustatius and Saba", ("BQ",)),
        ("CU; BA", ("BA", "CU")),  # not Cuba
        ("PE,RU", ("PE", "RU")),  # not Peru
    ],
)
def test_citizenships_are_cut_where_no_name_goes_on(text, codes):
    assert read("prs_Citizenship", text) == codes


@unhurried
@given(st.lists(st.sampled_from(sorted(set(countries().values()))), min_size=1))
def test_any_list_of_country_codes_gives_exactly_these_countries(codes):
    assert read("prs_Citizenship", "; ".join(codes)) == tuple(sorted(set(codes)))


def test_a_country_or_language_that_is_none_is_refused():
    assert refused("prs_MailingCountry", "Atlantis").code == "casesheet.not_a_country"
    assert refused("prs_MailingCountry", "VN; LA").code == "casesheet.not_a_country"
    assert refused("prs_Citizenship", "VN; Atlantis").code == "casesheet.not_a_country"
    assert refused("prs_PrimaryLanguage", "12").code == "casesheet.not_a_language"


@pytest.mark.parametrize("text", ["TRUE", "true", "Yes", "y", "x", "X", "✓", "✔", "1"])
def test_a_ticked_box_is_true(text):
    assert read("con_Consent", text) == ("true",)


@pytest.mark.parametrize("text", ["FALSE", "no", "N", "0", "☐"])
def test_an_unticked_box_is_false(text):
    assert read("con_Consent", text) == ("false",)


@pytest.mark.parametrize("text", ["maybe", "2", "-", "☒", "yes?"])
def test_a_box_in_doubt_is_refused_and_never_taken_for_consent(text):
    assert refused("con_Consent", text).code == "casesheet.not_a_checkbox"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-03-04", "2018-03-04"),
        ("2018-3-4", "2018-03-04"),
        ("2018/03/04", "2018-03-04"),
        ("2018-03-04T00:00:00", "2018-03-04"),
        ("2018-03-04 13:05", "2018-03-04"),
        ("03/04/1990", "1990-04-03"),
        ("3-4-1990", "1990-04-03"),
        ("03.04.1990", "1990-04-03"),
        ("29/02/2016", "2016-02-29"),
        ("05/03/2018", "2018-03-05"),
    ],
)
def test_a_date_in_doubt_is_read_day_first(text, day):
    assert read("prs_Birthdate", text) == (day,)


@pytest.mark.parametrize(
    "text",
    [
        *("29/02/2018", "31/04/1990", "12/25/1990", "00/01/1990", "0000-01-01"),
        *("1990", "43164", "3/4/90", "about 1990", "03/04/1990 or so", "٠٣/٠٤/١٩٩٠"),
    ],
)
def test_a_date_that_does_not_exist_or_is_not_whole_is_refused(text):
    assert refused("prs_Birthdate", text).code == "casesheet.not_a_date"


def test_what_has_happened_cannot_be_dated_after_today():
    late = refused("cas_IncomingReferralDate", "2018-03-06")
    assert late.code == "casesheet.date_too_late"
    assert read("cas_IncomingReferralDate", "2018-03-05") == ("2018-03-05",)
    assert read("spl_PlannedEndDate", "2019-03-06") == ("2019-03-06",)
    assert refused("spl_PlannedEndDate", "2100-01-02").allowed
    early = refused("prs_Birthdate", "1899-12-31")
    assert early.code == "casesheet.date_too_early"


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [
        ("prs_NumberOfChildren", "2", "2"),
        ("prs_NumberOfChildren", "2.0", "2"),
        ("prs_NumberOfChildren", "007", "7"),
        ("vic_AgeWhenTrafficked", "17", "17"),
        ("prs_MailingLatitude", "22.50", "22.5"),
        ("prs_MailingLatitude", "22,5", "22.5"),
        ("prs_MailingLongitude", "-180", "-180"),
        ("prs_MailingLongitude", "-0.0", "0"),
        ("prs_MailingLongitude", "100", "100"),
    ],
)
def test_a_number_has_one_spelling(field, text, number):
    assert read(field, text) == (number,)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("prs_NumberOfChildren", "two"),
        ("prs_NumberOfChildren", "-1"),
        ("prs_NumberOfChildren", "31"),
        ("prs_NumberOfChildren", "1,5"),
        ("vic_AgeWhenTrafficked", "121"),
        ("vic_AgeWhenTrafficked", "9" * 5000),
        ("prs_MailingLatitude", "90.1"),
        ("prs_MailingLatitude", "NaN"),
        ("prs_MailingLatitude", "1e1"),
    ],
)
def test_a_number_out_of_range_is_refused_with_its_range(field, text):
    refusal = refused(field, text)
    assert refusal.code == "casesheet.not_a_number"
    assert " to " in refusal.allowed[0]


def test_text_keeps_its_letters_and_loses_only_stray_space():
    assert read("prs_FirstName", "  Mây \n Bạc ") == ("Mây Bạc",)
    assert read("prs_FirstName", "Ma\u0302y") == ("Mây",)
    assert read("cas_IncomingReferralDetails", "one \r\n two") == ("one\ntwo",)
    assert read("prs_MobilePhone", "+84 000 555 0101") == ("+84 000 555 0101",)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b"])
def test_text_that_no_person_typed_is_refused(text):
    assert refused("prs_FirstName", text).code == "casesheet.unreadable_text"


@pytest.mark.parametrize("text", ["#REF!", "#n/a", "#FORMULA!"])
def test_a_formulas_error_is_never_taken_for_a_name(text):
    assert refused("prs_FirstName", text).code == "casesheet.formula_error"


def test_text_without_end_is_refused():
    assert refused("prs_FirstName", "a" * 501).code == "casesheet.too_long"
    assert read("cas_IncomingReferralDetails", "a" * 501)


def answered(name: str, text: str) -> tuple[str, ...] | Refusal:
    try:
        return read(name, text)
    except Refusal as refusal:
        return refusal


@unhurried
@given(NAMES, st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_in_any_field_is_read_or_refused(name, text):
    answer = answered(name, text)
    if isinstance(answer, Refusal):
        assert answer.allowed
        assert answer.code.startswith("casesheet.")
    else:
        assert all(answer)
        assert len(set(answer)) == len(answer)


@unhurried
@given(NAMES, st.text())
def test_what_was_read_reads_the_same_again(name, text):
    answer = answered(name, text)
    if not isinstance(answer, Refusal):
        assert read(name, "; ".join(answer)) == answer


@unhurried
@given(NAMES, st.from_regex(r"Qzj[a-z]{6}", fullmatch=True))
def test_a_refusal_never_repeats_what_stood_in_the_cell(name, text):
    if fields()[name].kind in {Kind.TEXT, Kind.LONG_TEXT}:
        return
    refusal = refused(name, text)
    assert text not in " ".join((refusal.code, refusal.message, *refusal.allowed))
