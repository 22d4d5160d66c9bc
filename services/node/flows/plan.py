"""What an act decides: one event, one leaf, and the rows that go with them.

An act reads, decides purely, and returns a :class:`Plan`; the batch writes it.
The event is the guard: if one of its numbers is taken, nothing of the plan is
written and the act decides afresh (protocol.md §5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from services.node.domain.errors import InvalidInputError
from services.node.store.events import NewEvent
from services.node.store.ledger import NewLeaf
from services.node.store.pool import Connection
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What an act was decided on: that nothing happened in it since.

    ``scope`` is ``case`` or ``referral``, and ``last_index`` where the newest event
    in it stood in this ledger.
    """

    scope: str
    last_index: int


@dataclass(frozen=True, slots=True)
class Follows:
    """Which version somebody had before them who wrote the next one.

    ``what`` is a data category or ``PLAN``; ``number`` is 0 where nothing stood.
    """

    what: str
    number: int


PLAN = "plan"
"""Beside the data categories: the reintegration plan."""


def follows_of(what: str, based_on: int | None) -> Follows | None:
    """The version that is to stand still; None where nobody said which."""
    return None if based_on is None else Follows(what, based_on)


@dataclass(frozen=True, slots=True)
class Plan:
    """One leaf with its rows; ``event`` is None where no step is applied.

    ``rests_on`` and ``follows`` are what has to be so when it is written; None asks
    for nothing.
    """

    event: NewEvent | None
    leaf: NewLeaf
    writes: tuple[Write, ...]
    result: Any = None
    rests_on: Unchanged | None = None
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing to write: the same act was done before."""

    subject: bytes
    result: Any = None


Decision = Plan | Settled


def id_reused() -> InvalidInputError:
    """The error for an act that bears the id of another one."""
    return InvalidInputError(
        "act.id_reused",
        "Another act bears this id already.",
        where="event_id",
        remedy="Give a new act a fresh id; repeat an old one unchanged.",
    )


@dataclass(frozen=True, slots=True)
class Logged:
    """An act that stands in the ledger."""

    index: int
    subject: bytes
    result: Any = None


class Act(Protocol):
    """Something that an officer, a peer or the node itself does."""

    async def decide(self, connection: Connection) -> Decision:
        """Read and decide; raises RelaisError for what may not be done."""
        ...


class Submit(Protocol):
    """How an act reaches the batch writer."""

    async def __call__(self, act: Act) -> Logged:
        """Decide and write; returns once the act is durable and logged."""
        ...
