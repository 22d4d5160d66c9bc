"""What an offer of each type carries and must carry (domain.md §5.a, §5.h, §5.i).

D1 to D13 from left to right: R must ride along, o may, d may by duty, - never.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)
LAST_DAY_OF_2011 = date(2025, 6, 30)

CARRIES = {
    "reception": "o o o o o o o o o o o o o",
    "tracing": "o o o - o - o o - - - - o",
    "protection_abroad": "o o o o o - o o o o - - o",
    "voluntary_return": "R o o o o o o o o o o o o",
    "border_handover": "R R - - o - o - - o - - o",
    "reintegration": "o o o o o o o o o o o o o",
    "tip": "o - o d - - o - - - - - -",
    "identity_verification": "o R - o - - o o o o - - o",
    "status_decision": "o o - o o - o - o o - - o",
    "family_tracing": "o o o - - - o o - - - - o",
    "travel_document": "R R o - o - o o o o - o o",
    "medical_care": "o o - - o o o - - - o o o",
    "psychosocial_care": "o o o o o o o o - - o - o",
    "legal_aid": "o o o o - o o - o o o o o",
    "education": "o o o - - - - - - - o o o",
    "livelihood": "o o o o - - - - - o o o o",
    "criminal_justice": "o o o o - - o - o o - - o",
    "escalation": "o - o - - - o - - - - - -",
}
"""Since ``BEGINS``, without an end; none is verified. The duty to pass a tip on is a
proposal until ``LAST_DAY_OF_2011`` and law from the next day on (Decree 162/2025
Arts 4-6), but that it covers what happened is not verified."""

LETTERS = {
    ("required", "asked"): "R",
    ("optional", "asked"): "o",
    ("optional", "duty"): "d",
}
"""Need and basis of each letter."""
