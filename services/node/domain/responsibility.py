"""Who is answerable: never nobody, never on send.

Promises the states of one case at one node, what each event makes of them, and
the chain that the views of many nodes add up to (protocol.md §4, *Who is
answerable*). Beliefs may overlap, because a giver keeps its alarms until it holds
the receipt; they never gap. What decides is the receiver's leaf for the event.

Leaves to others: which step moves responsibility (``steps``), and reading the
ledgers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.node.domain.errors import NotLawfulError


class Answerability(StrEnum):
    """What a node is for a case."""

    NOT_ANSWERABLE = "not_answerable"
    """It never was: it helps with a share, or has only an offer."""
    ANSWERABLE = "answerable"
    """It is the one answerable authority."""
    HANDED_UNCONFIRMED = "handed_unconfirmed"
    """It released and has no receipt: it keeps its alarms."""
    HANDED = "handed"
    """It was, and holds the proof that another is."""


class AnswerabilityEvent(StrEnum):
    """What changes it, as this node sees it."""

    CASE_OPENED = "case_opened"
    """Opened here, not on another member's offer."""
    RELEASE_SENT = "release_sent"
    """Logged a release that moves responsibility."""
    RELEASE_RECEIPTED = "release_receipted"
    """Holds the receiver's receipt for it."""
    RELEASE_REFUSED = "release_refused"
    """Holds the receiver's final refusal of it."""
    RELEASE_RECEIVED = "release_received"
    """Logged a release that moves responsibility here."""
    COUNTERSIGNATURE_SENT = "countersignature_sent"
    """Logged its countersignature under the giver's minutes."""
    COUNTERSIGNATURE_RECEIVED = "countersignature_received"
    """Logged the receiver's countersignature under its own minutes."""


_A = Answerability
_V = AnswerabilityEvent

_NEXT: dict[tuple[Answerability, AnswerabilityEvent], Answerability] = {
    (_A.NOT_ANSWERABLE, _V.CASE_OPENED): _A.ANSWERABLE,
    (_A.ANSWERABLE, _V.RELEASE_SENT): _A.HANDED_UNCONFIRMED,
    (_A.HANDED_UNCONFIRMED, _V.RELEASE_RECEIPTED): _A.HANDED,
    (_A.HANDED_UNCONFIRMED, _V.RELEASE_REFUSED): _A.ANSWERABLE,
    # The minutes leave the giver answerable until this very event.
    (_A.ANSWERABLE, _V.COUNTERSIGNATURE_RECEIVED): _A.HANDED,
    **{(state, _V.RELEASE_RECEIVED): _A.ANSWERABLE for state in _A},
    **{(state, _V.COUNTERSIGNATURE_SENT): _A.ANSWERABLE for state in _A},
    # A receipt that comes after the person came back changes nothing.
    (_A.ANSWERABLE, _V.RELEASE_RECEIPTED): _A.ANSWERABLE,
    (_A.HANDED, _V.RELEASE_RECEIPTED): _A.HANDED,
}


def after(state: Answerability, event: AnswerabilityEvent) -> Answerability:
    """The state after ``event``.

    Raises ``NotLawfulError("responsibility.not_answerable")``: only who is
    answerable hands over, and only once.
    """
    found = _NEXT.get((state, event))
    if found is None:
        raise NotLawfulError(
            "responsibility.not_answerable",
            f"This member is {state} for the case, so {event} cannot be.",
            remedy="Only the answerable member hands a person on, to one receiver.",
        )
    return found


@dataclass(frozen=True, slots=True)
class AnswerabilityPeriod:
    """From when to when one member was answerable for a person.

    Events are event ids, the same in both ledgers; the two ``until`` are None
    while it lasts.
    """

    member: str
    since: datetime
    since_event: bytes
    until: datetime | None
    until_event: bytes | None


class ChainFault(StrEnum):
    """What can be wrong with a chain."""

    GAP = "gap"
    """For some time nobody was answerable."""
    OVERLAP = "overlap"
    """Two members were answerable at once, and no event links them."""


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """A fault between two members, or after the last one."""

    fault: ChainFault
    at: datetime
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of responsibility for one person, and what is wrong with it."""

    periods: tuple[AnswerabilityPeriod, ...]
    problems: tuple[ChainProblem, ...]


def chain_of_responsibility(periods: Iterable[AnswerabilityPeriod]) -> Chain:
    """One chain out of what each node knows of itself, in the order of time.

    A period that ends by the event with which another begins is cut or stretched
    to that begin: there the receiver's leaf decides. A closed case ends with an
    ``until`` and an empty ``until_event``; any other end that nobody took over
    is a gap, and two periods at once that no event links are an overlap.
    """
    given = set(periods)
    ended = {each.until_event: each for each in given if each.until_event}
    ordered = sorted(
        given, key=lambda each: (each.since, _taken_at_once(each, ended), each.member)
    )
    taken = {each.since_event: each for each in reversed(ordered)}
    linked = tuple(_until_taken(each, taken) for each in ordered)
    problems = []
    for number, period in enumerate(linked):
        nobody = period.until_event and period.until_event not in taken
        if period.until is not None and nobody:
            members = (period.member,)
            problems.append(ChainProblem(ChainFault.GAP, period.until, members))
        following = linked[number + 1 :]
        problems.extend(
            ChainProblem(ChainFault.OVERLAP, later.since, (period.member, later.member))
            for later in following
            if period.until is None or later.since < period.until
        )
    return Chain(linked, tuple(sorted(problems, key=lambda each: each.at)))


def _taken_at_once(
    period: AnswerabilityPeriod, ended: Mapping[bytes, AnswerabilityPeriod]
) -> int:
    """How many periods of this very instant, each handed on at once, come before."""
    before = 0
    predecessor = ended.get(period.since_event)
    while predecessor is not None and predecessor.since == period.since:
        before += 1
        if before > len(ended):
            break
        predecessor = ended.get(predecessor.since_event)
    return before


def _until_taken(
    period: AnswerabilityPeriod, taken: dict[bytes, AnswerabilityPeriod]
) -> AnswerabilityPeriod:
    successor = taken.get(period.until_event or b"")
    if successor is None or successor is period:
        return period
    return replace(period, until=successor.since)
