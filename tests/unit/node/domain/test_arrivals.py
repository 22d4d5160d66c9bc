"""The day on which somebody is expected is that of the place where they arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.arrivals import day_there


@pytest.mark.parametrize(
    ("zone", "known", "begins"),
    [
        # 16:30 UTC is 23:30 in Viet Nam and half past midnight in China.
        ("Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", "2026-03-01T17:00"),
        ("Asia/Shanghai", "Asia/Shanghai", "2026-03-02T16:00"),
        ("", "Asia/Ho_Chi_Minh", "2026-03-01T17:00"),
        ("Moon/Base", "Asia/Ho_Chi_Minh", "2026-03-01T17:00"),
    ],
)
def test_today_is_the_day_of_the_place(zone, known, begins):
    now = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    name, begin, end = day_there(now, zone)
    assert name == known
    assert begin == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert end - begin == timedelta(days=1)
