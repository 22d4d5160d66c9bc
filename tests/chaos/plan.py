"""What a seed plans: which faults come in which order, and which stories are told.

The same seed gives the same faults (kind, member, variant, duration) and the same
stories with the same event ids. How they interleave is left to the machine.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HOTLINE, LAO_CAI, YEN_BAI, LIAISON, SHELTER, GUARD, MINISTRY = (
    "hotline-hanoi",
    "lao-cai",
    "yen-bai",
    "liaison-yunnan",
    "nha-hoa-ban",
    "border-guard-lao-cai",
    "ministry",
)
OFFICES = {
    HOTLINE: "operator",
    LAO_CAI: "officer",
    YEN_BAI: "officer",
    LIAISON: "liaison",
    SHELTER: "manager",
    GUARD: "agency_officer",
    MINISTRY: "officer",
}
"""The members, and what their first officer is."""
MEMBERS = tuple(OFFICES)


class Kind(StrEnum):
    """A kind of fault."""

    KILLED = "node killed (SIGKILL)"
    KILLED_AT_POINT = "node killed at a named point of its batch"
    NOT_WRITTEN = "COMMIT lost, not written"
    UNANSWERED = "COMMIT written, unanswered"
    DATABASE_KILLED = "PostgreSQL killed (SIGKILL)"
    STOPPED = "node stopped and continued (SIGSTOP)"
    LINE_CUT = "line between nodes cut"
    REPLAYED = "delivered twice and in reverse"
    CLOCK_JUMP = "case clock jumped"
    DISK_FULL = "disk of the guard full"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as planned; ``variant`` (0 or 1) chooses between its two forms."""

    number: int
    kind: Kind
    member: str
    variant: int
    size: float
    """How long or how far, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Tale:
    """One story as planned: what is told, between whom, and what chance adds."""

    number: int
    name: str
    giver: str
    receiver: str
    next_receiver: str
    seed: str


_STRUCK = MEMBERS[:-1]
"""A fault hits who is at work: the ministry only helps, now and then."""
_RECEPTIONS = (
    (HOTLINE, LAO_CAI, SHELTER),
    (HOTLINE, YEN_BAI, SHELTER),
    (HOTLINE, SHELTER, LAO_CAI),
    (GUARD, LAO_CAI, YEN_BAI),
    (GUARD, YEN_BAI, SHELTER),
    (SHELTER, LAO_CAI, YEN_BAI),
    (LAO_CAI, SHELTER, YEN_BAI),
    (YEN_BAI, LAO_CAI, SHELTER),
)
_RETURNS = ((LIAISON, LAO_CAI, ""), (LIAISON, YEN_BAI, ""))
_TRACINGS = ((LIAISON, YEN_BAI, ""), (LAO_CAI, LIAISON, ""), (YEN_BAI, LAO_CAI, ""))
_ESCALATIONS = ((HOTLINE, MINISTRY, ""), (SHELTER, MINISTRY, ""), (GUARD, MINISTRY, ""))
_WAYS = {
    "received": _RECEPTIONS,
    "asked": _RECEPTIONS,
    "declined": _RECEPTIONS,
    "recalled": _RECEPTIONS,
    "withdrawn": _RECEPTIONS,
    "passed on": _RECEPTIONS,
    "traced": _TRACINGS,
    "escalated": _ESCALATIONS,
    "returned": _RETURNS,
}
_OFTEN = {
    "received": 3,
    "asked": 2,
    "declined": 1,
    "recalled": 2,
    "withdrawn": 2,
    "passed on": 3,
    "traced": 2,
    "escalated": 1,
    "returned": 3,
}


def faults(seed: int, kinds: tuple[Kind, ...]) -> Iterator[Fault]:
    """Faults for ever, in rounds: each kind once a round, in an order of its own."""
    chance, numbers = random.Random(f"faults {seed}"), itertools.count()
    while True:
        for kind in chance.sample(kinds, len(kinds)):
            yield Fault(
                number=next(numbers),
                kind=kind,
                member=chance.choice(_STRUCK),
                variant=chance.randint(0, 1),
                size=chance.random(),
            )


def tales(seed: int) -> Iterator[Tale]:
    """Stories for ever."""
    chance = random.Random(f"tales {seed}")
    names, weights = list(_OFTEN), list(_OFTEN.values())
    for number in itertools.count():
        (name,) = chance.choices(names, weights)
        giver, receiver, following = chance.choice(_WAYS[name])
        yield Tale(number, name, giver, receiver, following, f"{seed} {number}")
