"""One person's way through the network, chapter by chapter.

Promises: every chapter acts through the desks of the members concerned and waits
for what it expects, never for time to pass. What a later chapter needs stands in
``Journey``; what happened stands in the nodes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from services.cli.demo.cast import Cast
from services.cli.demo.stage import Stage


@dataclass(slots=True)
class Journey:
    """What the chapters hand to one another.

    ``cases`` maps a member to its own pseudonym of her case, ``referrals`` a name
    of this story to a referral id.
    """

    cast: Cast
    cases: dict[str, str] = field(default_factory=dict)
    referrals: dict[str, bytes] = field(default_factory=dict)
    declined: dict[str, int] = field(default_factory=dict)
    """Shelter without a free bed to the leaf of its decline in its own ledger."""
    overrides: dict[str, bytes] = field(default_factory=dict)
    """Member to the emergency override that it recorded."""
    brother_told: tuple[str, ...] = ()
    """Message codes that the Hanoi centre was allowed to tell the brother."""
    sheet_cases: dict[str, str] = field(default_factory=dict)
    """As ``cases``, for the person out of the case sheet."""


Chapter = Callable[[Stage, Journey], Awaitable[None]]
