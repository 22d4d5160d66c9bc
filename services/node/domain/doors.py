"""By which door somebody comes to the mechanism."""

from __future__ import annotations

from enum import StrEnum


class Door(StrEnum):
    """How the person came to the mechanism (domain.md §1.3)."""

    SELF_REPORT = "self_report"
    RESCUED = "rescued"
    ABROAD_MISSION = "abroad_mission"
    RETURNED_MISSION = "returned_mission"
    RETURNED_BILATERAL = "returned_bilateral"
    SELF_RETURNED = "self_returned"
    FOREIGNER_IN_VN = "foreigner_in_vn"
    HOTLINE = "hotline"
    PARTNER = "partner"
