"""Art 37 of Law 53/2024 as domain.md §1.7 prints it, by hand."""

from __future__ import annotations

from datetime import date

CLAIMANTS = (
    "victim",
    "accompanying_minor",
    "in_identification_abroad",
    "in_identification_in_vn",
    "foreigner",
)

LAW_OF_2024 = "Law 53/2024/QH15 Art 37"

#: Letter of the law; then one word a claimant, in that order.
ART_37 = """
a   yes yes yes yes as_case_requires
b   yes yes yes yes as_case_requires
c   yes yes yes yes as_case_requires
d   yes yes yes yes as_case_requires
dd  yes yes no  yes as_case_requires
e   yes yes no  yes no
g   yes yes no  yes as_case_requires
h   yes yes no  no  no
i   yes no  no  no  no
k   yes no  no  no  no
"""

MATRIX = {
    (line.split()[0], claimant): word
    for line in ART_37.strip().splitlines()
    for claimant, word in zip(CLAIMANTS, line.split()[1:], strict=True)
}

#: To 30 June 2025: victims; three regimes only for a poor household.
LAW_OF_2011 = {
    "a": "yes",
    "b": "yes",
    "e": "yes",
    "g": "yes",
    "dd": "yes",
    "h": "if_poor_household",
    "i": "if_poor_household",
    "k": "if_poor_household",
}

DECREE_09 = date(2013, 4, 15)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)
JOINT_CIRCULAR_01 = date(2014, 3, 25)
"""From it on, whoever is in identification in Viet Nam has essential needs."""
