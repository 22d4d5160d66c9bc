"""Groups of functions, by the names that a row of ``case_steps`` may say instead.

Who first meets a person, who supports, who is abroad (domain.md §1.2, §1.3).
"""

from __future__ import annotations

from services.node.domain.functions import Function

_F = Function

FUNCTION_GROUPS: dict[str, frozenset[Function]] = {
    "first_responders": frozenset(
        {
            _F.HOTLINE,
            _F.COMMUNE_PC,
            _F.POLICE,
            _F.BORDER_GUARD,
            _F.COAST_GUARD,
            _F.MISSION,
            _F.NGO_PARTNER,
            _F.WOMENS_UNION,
        }
    ),
    "establishments": frozenset({_F.SOCIAL_ASSIST_EST, _F.VICTIM_SUPPORT_EST}),
    "social": frozenset(
        {_F.PROVINCE_SOCIAL, _F.SOCIAL_ASSIST_EST, _F.VICTIM_SUPPORT_EST}
    ),
    "abroad": frozenset({_F.MISSION, _F.FOREIGN_LIAISON}),
}
"""What a row may say instead of many functions."""
