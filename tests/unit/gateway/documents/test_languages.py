"""Days and minutes as each language writes them, in the time of Viet Nam."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gateway.documents.languages import Language, day_in, instant_in, pair_for
from tests.unit.gateway.documents.sample_documents import EN, FR, VI, ZH

EVENING = datetime(2026, 2, 28, 17, 5, tzinfo=UTC)


def test_a_day_is_written_out():
    day = date(2026, 3, 1)
    assert day_in(day, VI) == "ngày 1 tháng 3 năm 2026"
    assert day_in(day, EN) == "1 March 2026"
    assert day_in(day, FR) == "1 mars 2026"
    assert day_in(day, ZH) == "2026年3月1日"


def test_an_instant_is_told_in_the_time_of_viet_nam():
    assert instant_in(EVENING, VI) == "ngày 1 tháng 3 năm 2026, 00:05"
    assert instant_in(EVENING, EN) == "1 March 2026, 00:05"
    assert instant_in(EVENING, FR) == "1 mars 2026 à 00:05"
    assert instant_in(EVENING, ZH) == "2026年3月1日 00:05"


def test_vietnamese_stands_first_unless_somebody_chooses():
    assert [pair_for(each) for each in Language] == [
        (VI, EN),
        (VI, EN),
        (VI, FR),
        (VI, ZH),
    ]
