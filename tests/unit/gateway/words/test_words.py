"""What a reader is told: coded answers, days, waits, numbers, in four languages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.words.words import load

LANGUAGES = load()
VI, EN, FR, ZH = (LANGUAGES.all[tag] for tag in ("vi", "en", "fr", "zh-Hans"))
NIGHT = datetime(2019, 3, 6, 20, 5, tzinfo=UTC)
"""In Viet Nam it is the next day already: 03:05 on 7 March."""


def test_the_four_languages_are_offered_by_their_own_names():
    assert [(tag, each.language.own_name) for tag, each in LANGUAGES.all.items()] == [
        ("vi", "Tiếng Việt"),
        ("en", "English"),
        ("fr", "Français"),
        ("zh-Hans", "中文"),
    ]
    assert all(each.lang == tag for tag, each in LANGUAGES.all.items())


def test_the_line_of_a_timeline_names_the_member_and_says_what_it_did():
    assert VI.step_done("accept", "Lào Cai") == "Lào Cai đã chấp nhận"
    assert EN.step_done("accept", "Lào Cai") == "Lào Cai accepted"
    assert FR.step_done("accept", "Lào Cai") == "Lào Cai a accepté"
    assert ZH.step_done("accept", "Lào Cai") == "Lào Cai已接受"


def test_the_words_of_the_law_are_its_words():
    assert VI.function("VICTIM_SUPPORT_EST") == "Cơ sở hỗ trợ nạn nhân"
    assert VI.function("SOCIAL_ASSIST_EST") == "Cơ sở trợ giúp xã hội"
    assert VI.function("MISSION") == "Cơ quan đại diện Việt Nam ở nước ngoài"
    assert VI.step("minutes") == "Biên bản giao nhận"
    assert FR.step("minutes") == "Procès-verbal de remise"
    assert ZH.step("minutes") == "交接笔录"


def test_a_code_of_a_newer_policy_is_shown_as_it_is():
    assert VI.decline_reason("of_tomorrow") == "of_tomorrow"
    assert VI.decline_reason("") == ""


def test_days_and_hours_are_those_of_viet_nam_in_local_habit():
    assert VI.day(NIGHT) == "07/03/2019"
    assert EN.day(date(2019, 3, 6)) == "06/03/2019"
    assert ZH.day(NIGHT) == "2019年3月7日"
    assert VI.instant(NIGHT) == "03:05 ngày 07/03/2019"
    assert EN.instant(NIGHT) == "07/03/2019, 03:05"
    assert FR.instant(NIGHT) == "07/03/2019 à 03:05"
    assert ZH.instant(NIGHT) == "2019年3月7日 03:05"


def test_an_instant_without_a_time_zone_is_not_told():
    with pytest.raises(ValueError, match="time zone"):
        VI.hour(datetime(2019, 3, 6, 20, 5))  # noqa: DTZ001 - the point


def test_numbers_and_lists_have_the_separators_of_the_language():
    assert [each.number(12345.5) for each in (VI, EN, FR, ZH)] == [
        "12.345,5",
        "12,345.5",
        "12\u202f345,5",
        "12,345.5",
    ]
    assert [each.listed(["A", "B", "C"]) for each in (VI, EN, FR, ZH)] == [
        "A, B và C",
        "A, B and C",
        "A, B et C",
        "A、B和C",
    ]


def test_countries_and_languages_have_names():
    assert (VI.country("CN"), FR.country("LA")) == ("Trung Quốc", "Laos")
    assert (VI.tongue("hmn"), FR.tongue("vie")) == ("Tiếng H’Mông", "vietnamien")
    assert ZH.tongue("khm") == "高棉语"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=119, seconds=59), "119 minutes left"),
        (timedelta(hours=2), "2 hours left"),
        (timedelta(hours=47, minutes=59), "47 hours left"),
        (timedelta(hours=48), "2 days left"),
        (timedelta(minutes=1), "1 minute left"),
        (timedelta(seconds=59), "Less than a minute left"),
        (-timedelta(seconds=59), "Overdue since a moment ago"),
        (-timedelta(minutes=1), "1 minute overdue"),
        (-timedelta(days=3, hours=5), "3 days overdue"),
    ],
)
def test_a_wait_never_promises_more_time_than_there_is(length, said):
    assert EN.until(NIGHT + length, NIGHT) == said


def test_a_span_is_said_in_the_unit_of_its_deadline():
    assert EN.span(1, "working_days") == "1 working day"
    assert EN.span(9, "working_days") == "9 working days"
    assert EN.ago(NIGHT - timedelta(hours=3), NIGHT) == "3 hours ago"
    assert EN.ago(NIGHT, NIGHT) == "Just now"


def test_an_hour_elsewhere_is_told_only_where_a_country_has_one():
    english = EN
    noon = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    assert english.hour_in("CN", noon) == "13:00"
    assert english.hour_in("KH", noon) == "12:00"
    assert english.hour_in("RU", noon) == ""
    assert english.hour_in("??", noon) == ""


def test_what_is_in_another_language_is_marked_and_a_script_is_no_other():
    english = EN
    assert english.must_be_translated("vi")
    assert english.must_be_translated("zh-Hans")
    assert not english.must_be_translated("en-GB")
    assert not english.must_be_translated("")
