"""What a law keeps though the person withdrew, by hand from domain.md §5.j and §6.4.

Whatever is not named is deleted. No line is verified: which article says it was not
found (domain.md §10).
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

#: Function and purpose: category to ground.
KEPT = {
    ("POLICE", "criminal_justice_cooperation"): {
        "D2": "criminal_file",
        "D4": "criminal_file",
        "D9": "criminal_file",
        "D10": "criminal_file",
    },
    ("POLICE", "travel_document"): {"D2": "statutory_record"},
    ("HEALTH_FACILITY", "medical_care"): {"D5": "medical_record"},
    ("BANK", "livelihood_finance"): {"D12": "financial_record"},
    ("PROVINCE_SOCIAL", "reintegration_services"): {"D12": "financial_record"},
    ("PROVINCE_SOCIAL", "livelihood_finance"): {"D12": "financial_record"},
}
