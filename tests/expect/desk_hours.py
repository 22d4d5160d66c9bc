"""When somebody is at the desk (domain.md §6.0, working days; §1.5 T13)."""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)
END_OF_2011 = date(2025, 6, 30)
LAW_2024 = date(2025, 7, 1)

OFFICES = (
    "FOCAL_MINISTRY PROVINCE_SOCIAL COMMUNE_PC MISSION LEGAL_AID WOMENS_UNION"
    " NGO_PARTNER TRAINING_AND_JOBS BANK MINISTRY_STATS"
)
"""Working days, 07:30 to 17:00; a proposal."""

AROUND_THE_CLOCK = (
    "POLICE BORDER_GUARD COAST_GUARD HEALTH_FACILITY SOCIAL_ASSIST_EST"
    " VICTIM_SUPPORT_EST"
)
"""Every day from midnight to midnight; a proposal."""

Line = tuple[str, str, str, str, date, date | None, bool]

OFFICE = ("working_days", "07:30", "17:00")
ALWAYS = ("every_day", "00:00", "24:00")

LINES: list[Line] = [
    *[(name, *OFFICE, BEGINS, None, False) for name in OFFICES.split()],
    *[(name, *ALWAYS, BEGINS, None, False) for name in AROUND_THE_CLOCK.split()],
    # Abolished with the district tier.
    ("DISTRICT_SOCIAL", *OFFICE, BEGINS, END_OF_2011, False),
    # 111 answers 24/7 by law since the decree is in force.
    ("HOTLINE", *ALWAYS, BEGINS, END_OF_2011, False),
    ("HOTLINE", *ALWAYS, LAW_2024, None, True),
]
