"""A node starts without what it never uses."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import sys
import services.node.lean
from datetime import date
from services.node.domain.calendars import CalendarTable
from services.node.flows.vietnam_days import VietnamDays
print("holidays" in sys.modules)
days = VietnamDays(CalendarTable(()))
print([days.works(date(2018, 2, day)) for day in (13, 16)])
print([each for each in sys.modules if each.startswith("holidays.countries.")])
print(sys.modules["rich"])
from services.node.flows.public_days import is_public_holiday
print(is_public_holiday(CalendarTable(()), "CN", date(2018, 10, 1)))
print(sorted(each for each in sys.modules if each.startswith("holidays.countries.")))
"""


def test_a_node_that_is_asked_knows_tet_and_reads_in_only_whose_days_it_is_asked():
    """An idle one reads in none; all of them are 14 MiB and a tenth of its start."""
    said = subprocess.run(
        [sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [
        "False",
        "[True, False]",
        "['holidays.countries.vietnam']",
        "None",
        "True",
        "['holidays.countries.china', 'holidays.countries.vietnam']",
    ]
