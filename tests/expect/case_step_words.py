"""The words of the course of a case: who, which states, which laws, what follows.

By hand from domain.md §6.1 to §6.3 and §6.5, never from the policy files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.node.domain.functions import Function
from tests.expect.case_acts import ANYTIME, RUNNING

Dated = tuple[date, date | None, bool]
"""First day, last day, verified."""

FIRST_DAY = date(2014, 3, 25)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)

PROPOSED: tuple[Dated, ...] = ((FIRST_DAY, None, False),)
PROPOSED_FOR_DISTRICTS: tuple[Dated, ...] = ((FIRST_DAY, LAST_OF_2011, False),)
"""Districts end with the law of 2011."""
LAW_2011: tuple[Dated, ...] = ((FIRST_DAY, LAST_OF_2011, True),)
DECREE_162: tuple[Dated, ...] = ((FIRST_OF_2024, None, True),)
BOTH_LAWS = LAW_2011 + DECREE_162
# Of Art 29 only a draft was read; of Arts 28, 31 and 33 not the text.
NEW_ARTICLES_UNREAD: tuple[Dated, ...] = (*LAW_2011, (FIRST_OF_2024, None, False))
BOTH_UNREAD: tuple[Dated, ...] = (
    (FIRST_DAY, LAST_OF_2011, False),
    (FIRST_OF_2024, None, False),
)

ALL = "reception return reintegration"
ANYBODY = {each.value for each in Function}
HOTLINE, COMMUNE, DISTRICT = {"HOTLINE"}, {"COMMUNE_PC"}, {"DISTRICT_SOCIAL"}
SUPPORTED = f"moved_to_reintegration planned {RUNNING} setback review"
WHEREVER = f"{ANYTIME} closed"
"""A transfer is followed from wherever the case was."""
AFTER_CROSSING = "received arrived_confirmed return_closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and one more for each further law.

    ``on`` is what it follows on, an officer's act if empty; ``after`` is ``=`` where
    the state stays, ``phase`` the one after if it is another. States, clocks and
    triggers are parted by blanks.
    """

    phases: str
    act: str
    who: set[str]
    before: str
    after: str
    on: str = ""
    phase: str = ""
    starts: str = ""
    meets: str = ""
    laws: tuple[Dated, ...] = PROPOSED


def taken(step: str, *kinds: str) -> str:
    """Whoever got the offer."""
    return " ".join(f"{kind}:receiver:{step}:*" for kind in kinds)


def given(step: str, *kinds: str) -> str:
    """Whoever made the offer."""
    return " ".join(f"{kind}:giver:{step}:*" for kind in kinds)


def both(kind: str, step: str, *codes: str) -> str:
    """Either end; any code if none is named."""
    return " ".join(
        f"{kind}:{end}:{step}:{code}"
        for end in ("giver", "receiver")
        for code in codes or ("*",)
    )
