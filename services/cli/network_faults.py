"""Whether somebody answers for every case, out of what every node says of itself.

Promises: cases of one person are linked over members by the events that both ends
have, never by a word about the person; each chain has exactly one who answers
(protocol.md §4), and what does not fit is named by member and that member's own
pseudonym of the case. What is under way is no fault before its deadline.

Leaves asking the nodes to others (network_check.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain as together

from services.node.domain.handoff import Step
from services.node.domain.responsibility import (
    Answerability,
    AnswerabilityPeriod,
    Chain,
    chain_of_responsibility,
)
from services.node.wire.answerability import CaseAnswerability, NodeNow, Period

LONGEST_SKEW = timedelta(minutes=15)
"""As far as two clocks may be apart (protocol.md §3)."""
_CLOSED = "closed"
_HANDING = {Step.RELEASE, Step.MINUTES, Step.COUNTERSIGNATURE}


class FaultKind(StrEnum):
    """What can be wrong."""

    UNREACHABLE = "unreachable"
    """The node did not answer: its part of every chain is missing."""
    CLOCK = "clock"
    """The node's clock is too far from the others'."""
    GAP = "gap"
    """For some time, or now, nobody answers."""
    OVERLAP = "overlap"
    """Two answer at once, and no handover is under way between them."""
    BELIEF = "belief"
    """What a member shows for a case is not what its periods say."""
    UNCONFIRMED = "unconfirmed"
    """A handover waits for the other end longer than the policy allows."""
    DISPUTED = "disputed"
    """The two sides of a handover differ; the giver answers."""
    UNANSWERED = "unanswered"
    """An acceptance waits for release or void longer than the policy allows."""
    UNDELIVERED = "undelivered"
    """An offer or another step has no receipt, longer than the policy allows."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """What one node says; ``now`` is None if it did not answer."""

    member: str
    now: NodeNow | None
    cases: tuple[CaseAnswerability, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case at one member."""

    member: str
    case: CaseAnswerability
    now: datetime
    """The member's case clock."""

    @property
    def label(self) -> str:
        """Member and that member's own pseudonym of the case."""
        return f"{self.member} {self.case.case_pseudonym}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; ``since`` is None where nobody knows."""

    kind: FaultKind
    where: tuple[str, ...]
    since: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class PersonChain:
    """The cases of one person at all members, and the chain that they add up to."""

    cases: tuple[HeldCase, ...]
    chain: Chain


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """What a check found."""

    members: tuple[str, ...]
    chains: tuple[PersonChain, ...]
    faults: tuple[Fault, ...]


def check_views(views: Sequence[MemberView]) -> NetworkReport:
    """Merge what the nodes say and name what does not fit."""
    answered = [view for view in views if view.now is not None]
    away = frozenset(view.member for view in views if view.now is None)
    faults = [
        Fault(FaultKind.UNREACHABLE, (member,), None, "the node does not answer")
        for member in sorted(away)
    ]
    faults += _clocks([view.now for view in answered if view.now is not None])
    chains = tuple(
        PersonChain(cases, chain_of_responsibility(_periods(cases)))
        for cases in linked(answered)
    )
    for person in chains:
        faults += [*_chain_faults(person, away), *_belief_faults(person.cases)]
        faults += together.from_iterable(_wait_faults(each) for each in person.cases)
    members = tuple(view.member for view in views)
    return NetworkReport(members, chains, tuple(faults))


def linked(views: Iterable[MemberView]) -> list[tuple[HeldCase, ...]]:
    """The cases of one person together: they share an offer or a handover."""
    held = [
        HeldCase(view.member, case, view.now.case_now)
        for view in views
        if view.now is not None
        for case in view.cases
    ]
    group = list(range(len(held)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    first: dict[bytes, int] = {}
    for number, each in enumerate(held):
        for event in _events(each.case):
            group[root(number)] = root(first.setdefault(event, number))
    people: dict[int, list[HeldCase]] = {}
    for number, each in enumerate(held):
        people.setdefault(root(number), []).append(each)
    return [tuple(cases) for cases in people.values()]


def _events(case: CaseAnswerability) -> Iterator[bytes]:
    for period in case.periods:
        yield period.since_event
        if period.until_event is not None:
            yield period.until_event
    for referral in case.referrals:
        yield referral.offer_event


def _periods(cases: Iterable[HeldCase]) -> Iterator[AnswerabilityPeriod]:
    for each in cases:
        for period in each.case.periods:
            # Ended, but not by a handover and not by coming back: the case is closed.
            begun = {other.since_event for other in each.case.periods}
            closed = not period.to_member and period.until_event not in begun
            yield AnswerabilityPeriod(
                member=each.member,
                since=period.since_at,
                since_event=period.since_event,
                until=period.until_at,
                until_event=b"" if closed and period.until_at else period.until_event,
                given_by=period.given_by,
                taker_has_it=period.taker_has_it,
                giver_has_it=period.giver_has_it,
            )


def _chain_faults(person: PersonChain, away: frozenset[str]) -> Iterator[Fault]:
    around = {
        peer
        for each in person.cases
        for peer in (
            *(referral.peer for referral in each.case.referrals),
            *(period.to_member for period in each.case.periods),
            *(period.given_by for period in each.case.periods),
        )
    }
    if around & away:
        # A part of this chain is missing; that node is named already.
        return
    for problem in person.chain.problems:
        where = tuple(
            sorted(
                each.label for each in person.cases if each.member in problem.members
            )
        )
        members = " and ".join(problem.members)
        yield Fault(
            FaultKind(problem.fault.value),
            where or problem.members,
            problem.at,
            f"nobody has what {members} handed over or took"
            if problem.fault.value == FaultKind.GAP
            else f"{members} answer at once",
        )
    closed = any(each.until_event == b"" for each in person.chain.periods)
    if not person.chain.holders and not person.chain.problems and not closed:
        where = tuple(sorted(each.label for each in person.cases))
        yield Fault(FaultKind.GAP, where, None, "nobody answers for this person now")


def _belief_faults(cases: Iterable[HeldCase]) -> Iterator[Fault]:
    """A member's word for a case against its own periods."""
    for each in cases:
        expected = _expected(each.case.periods)
        if expected not in {each.case.answerable, _CLOSED}:
            detail = f"it shows {each.case.answerable}, its periods say {expected}"
            yield Fault(FaultKind.BELIEF, (each.label,), None, detail)


def _expected(periods: Sequence[Period]) -> str:
    if not periods:
        return Answerability.NOT_ANSWERABLE
    last = periods[-1]
    if last.until_event is None:
        return Answerability.ANSWERABLE
    if not last.to_member:
        return _CLOSED
    if last.taker_has_it:
        return Answerability.HANDED
    return Answerability.HANDED_UNCONFIRMED


def _wait_faults(held: HeldCase) -> Iterator[Fault]:
    where = (held.label,)
    for referral in held.case.referrals:
        if referral.state == "disputed":
            detail = f"the handover to or from {referral.peer} is disputed"
            yield Fault(FaultKind.DISPUTED, where, None, detail)
        for wait in referral.waits:
            if wait.due >= held.now:
                continue
            kind = FaultKind.UNDELIVERED
            detail = f"{referral.peer} has not received the {wait.step}"
            if wait.deadline == "released":
                kind = FaultKind.UNANSWERED
                detail = f"the acceptance of {referral.peer} has no answer"
            elif wait.deadline == "countersigned":
                kind = FaultKind.UNCONFIRMED
                detail = f"{referral.peer} has not signed the minutes"
            elif wait.step in _HANDING:
                kind = FaultKind.UNCONFIRMED
            yield Fault(kind, where, wait.since, detail)


def _clocks(now: Sequence[NodeNow]) -> Iterator[Fault]:
    for clock in ("wire_now", "case_now"):
        shown = sorted(getattr(each, clock) for each in now)
        if not shown:
            return
        middle = shown[len(shown) // 2]
        for each in now:
            apart = abs(getattr(each, clock) - middle)
            if apart > LONGEST_SKEW:
                minutes = int(apart / timedelta(minutes=1))
                detail = f"its {clock.removesuffix('_now')} clock is {minutes} min off"
                yield Fault(FaultKind.CLOCK, (each.member,), None, detail)
