"""Who is answerable: never nobody, never on send.

Promises the states of one case at one node, what each event makes of them, and
the chain that the views of many nodes add up to (protocol.md §4, *Who is
answerable*). Beliefs may overlap, because a giver keeps its alarms until it holds
the receipt; they never gap. What decides is the receiver's leaf for the event.

Leaves to others: which step moves responsibility (``steps``), and reading the
ledgers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.node.domain.errors import NotLawfulError
from services.node.domain.plain_words import plain


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
    CLOSED = "closed"
    """It was, and the case was closed; nobody needs to answer any more."""


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
    CASE_CLOSED = "case_closed"
    """Closed here, by two officers."""
    CASE_REOPENED = "case_reopened"
    """Opened again here, where it was closed."""


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
    (_A.ANSWERABLE, _V.CASE_CLOSED): _A.CLOSED,
    (_A.CLOSED, _V.CASE_REOPENED): _A.ANSWERABLE,
    # Where another answers, closing the file here changes nothing about that.
    (_A.NOT_ANSWERABLE, _V.CASE_CLOSED): _A.NOT_ANSWERABLE,
    (_A.HANDED, _V.CASE_CLOSED): _A.HANDED,
    (_A.CLOSED, _V.RELEASE_RECEIPTED): _A.CLOSED,
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
            f"This member is {plain(state)} for the person, so it cannot record this:"
            f" {plain(event)}.",
            remedy="Only the answerable member hands a person on, to one receiver.",
        )
    return found


@dataclass(frozen=True, slots=True)
class AnswerabilityPeriod:
    """From when to when one member was answerable for a person, as it knows itself.

    Events are event ids, the same in both ledgers; the two ``until`` are None
    while it lasts. ``given_by`` names who handed over by ``since_event``; it is
    empty for who opened the case. ``taker_has_it`` is false while the receipt for
    ``until_event`` is missing, ``giver_has_it`` while that for ``since_event`` is:
    for a countersignature, which the receiver's leaf makes true.
    """

    member: str
    since: datetime
    since_event: bytes
    until: datetime | None
    until_event: bytes | None
    given_by: str = ""
    taker_has_it: bool = True
    giver_has_it: bool = True


class ChainFault(StrEnum):
    """What can be wrong with a chain."""

    GAP = "gap"
    """For some time nobody was answerable."""
    OVERLAP = "overlap"
    """Two members were answerable at once, and no event links them."""


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """A fault between two members, or at the end or the beginning of one's time."""

    fault: ChainFault
    at: datetime
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of responsibility for one person, and what is wrong with it."""

    periods: tuple[AnswerabilityPeriod, ...]
    problems: tuple[ChainProblem, ...]

    @property
    def holders(self) -> tuple[str, ...]:
        """Who answers now: one member, if nothing is wrong and nothing is closed."""
        return tuple(each.member for each in self.periods if each.until is None)


def chain_of_responsibility(periods: Iterable[AnswerabilityPeriod]) -> Chain:
    """One chain out of what each node knows of itself, in the order of its links.

    The receiver's leaf decides. A period that ends by the event with which another
    begins is cut or stretched to that begin; one whose end nobody has taken yet
    goes on while the receipt is missing; one whose giver has yet to hear of a
    countersignature ends at it. A closed case ends with an ``until`` and an empty
    ``until_event``; any other end that nobody took over, and any begin that
    nobody gave, is a gap; two periods at once that no events link are an overlap.
    Links go before clocks, which differ from member to member.
    """
    linked = _Links(_as_receivers_decide(dict.fromkeys(periods)))
    problems = [*linked.gaps(), *linked.overlaps()]
    return Chain(linked.in_order(), tuple(sorted(problems, key=lambda each: each.at)))


def _as_receivers_decide(
    given: Iterable[AnswerabilityPeriod],
) -> list[AnswerabilityPeriod]:
    """The periods as all ledgers merged make them, where messages are under way."""
    given = list(given)
    begun = {each.since_event for each in given}
    merged = [
        each
        if each.taker_has_it or each.until_event in begun
        else replace(each, until=None, until_event=None)
        for each in given
    ]
    for taker in given:
        theirs = [each for each in merged if each.member == taker.given_by]
        known = any(each.until_event == taker.since_event for each in theirs)
        if taker.giver_has_it or known or not theirs:
            continue
        before = [each for each in theirs if each.since <= taker.since]
        giver = max(before or theirs, key=lambda each: each.since)
        merged[merged.index(giver)] = replace(
            giver, until=taker.since, until_event=taker.since_event
        )
    return merged


class _Links:
    """Periods in the order of time, and which follows which by its event."""

    def __init__(self, periods: Iterable[AnswerabilityPeriod]) -> None:
        given = sorted(periods, key=lambda each: (each.since, each.member))
        taker: dict[bytes, int] = {}
        for number, each in enumerate(given):
            taker.setdefault(each.since_event, number)
        self._before: dict[int, int] = {}
        self._periods: list[AnswerabilityPeriod] = []
        for number, each in enumerate(given):
            next_one = taker.get(each.until_event or b"", number)
            if next_one == number:
                self._periods.append(each)
                continue
            self._before.setdefault(next_one, number)
            self._periods.append(replace(each, until=given[next_one].since))
        self._begun = frozenset(taker)
        self._ended = frozenset(each.until_event for each in given)
        self._rows = [self._row(number) for number in range(len(given))]

    def _row(self, number: int) -> list[int]:
        """The period and all that come before it by their events, last first."""
        row = [number]
        while (before := self._before.get(row[-1])) is not None and before not in row:
            row.append(before)
        return row

    def in_order(self) -> tuple[AnswerabilityPeriod, ...]:
        """By an instant that never goes back along the links, then along them."""

        def place(number: int) -> tuple[datetime, int, str]:
            row = self._rows[number]
            newest = max(self._periods[each].since for each in row)
            return newest, len(row), self._periods[number].member

        return tuple(
            self._periods[number]
            for number in sorted(range(len(self._periods)), key=place)
        )

    def gaps(self) -> Iterator[ChainProblem]:
        """Ends that nobody took, begins that nobody gave, and rings."""
        for number, each in enumerate(self._periods):
            if each.until and each.until_event and each.until_event not in self._begun:
                yield ChainProblem(ChainFault.GAP, each.until, (each.member,))
            if each.given_by and each.since_event not in self._ended:
                members = (each.given_by, each.member)
                yield ChainProblem(ChainFault.GAP, each.since, members)

            if self._before.get(self._rows[number][-1]) == number and each.until:
                # It goes round: nobody opened the case, and nobody has it now.
                yield ChainProblem(ChainFault.GAP, each.until, (each.member,))

    def overlaps(self) -> Iterator[ChainProblem]:
        """Two at once in rows of links that never meet."""
        for number, each in enumerate(self._periods):
            for other in range(number + 1, len(self._periods)):
                later = self._periods[other]
                linked = self._rows[number][-1] == self._rows[other][-1]
                at_once = each.until is None or later.since < each.until
                if at_once and not linked:
                    members = (each.member, later.member)
                    yield ChainProblem(ChainFault.OVERLAP, later.since, members)
