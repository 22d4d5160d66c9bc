"""What a case can be in, and what can be done within a member.

Promises the states of domain.md §6.1 to §6.3, told apart by track: what a case is
in (its *course*) goes on beside the identification of the person, the
verification of identity, the tracing of relatives, and what is open about a child.
Support moves along the course only, so it never waits for a status.

Leaves to others: which act leads where (``case_steps``), and what an officer has
to say with it (``case_details``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The part of the mechanism in which a case is."""

    RECEPTION = "reception"
    """From the first word to a safe place."""
    RETURN = "return"
    """On the way home, by the person's own wish."""
    REINTEGRATION = "reintegration"
    """A new life at the place of their choice."""


class Track(StrEnum):
    """What goes on side by side in one case."""

    COURSE = "course"
    """Where the person is on the way; every case has one."""
    IDENTIFICATION = "identification"
    """Whether the law calls the person a victim."""
    IDENTITY = "identity"
    """Who the person is and of which country."""
    TRACING = "tracing"
    """Whether relatives are looked for; optional, refusable."""
    GUARDIAN = "guardian"
    """Whether a child has somebody to speak for it."""
    AGE = "age"
    """Whether the person is under 18."""
    PAPER = "paper"
    """The passport that a mission was asked for (Law 49/2019/QH14 Art 18)."""


class CaseState(StrEnum):
    """A state of one track."""

    NONE = "none"
    """The track has not begun; on the course: no case yet."""

    NOTIFIED = "notified"
    """Somebody told of the person, who is not safe with a body yet."""
    AT_COMMUNE = "at_commune"
    """With the commune's People's Committee."""
    RECEIVED = "received"
    """Received by the social agency or an establishment."""
    PLACED = "placed"
    """At home, with relatives or at an establishment."""
    LEFT_WITHOUT_NOTICE = "left_without_notice"
    """Gone without a word; the safety procedure runs."""
    PERSON_DECLINES_SUPPORT = "person_declines_support"
    """The person wants no support now; the door stays open."""
    PASSED_ON = "passed_on"
    """A first responder handed the person on (local addition)."""
    HELPING = "helping"
    """This member has a share of the task only (local addition)."""

    MOVED_TO_RETURN = "moved_to_return"
    """The way home may begin."""
    WISH_EXPRESSED = "wish_expressed"
    """The person said that they want to go home."""
    INFORMED = "informed"
    """The person knows the alternatives."""
    CONSENTED = "consented"
    """The person said yes, with a guardian where there is one."""
    RISK_ASSESSED = "risk_assessed"
    """Both sides signed, and it is no go."""
    DECIDED_GO = "decided_go"
    """Both sides signed a go."""
    DOCUMENT_READY = "document_ready"
    """The travel document is ready."""
    PLANNED = "planned"
    """The plan stands (of the return, or of the reintegration)."""
    PRE_DEPARTURE_OK = "pre_departure_ok"
    """The person confirmed the wish shortly before."""
    IN_TRANSIT = "in_transit"
    """On the way, accompanied."""
    AT_GATE = "at_gate"
    """At the gate."""
    DISPUTED = "disputed"
    """The two sides found different things; the giver goes on caring."""
    HANDED_OVER = "handed_over"
    """The other side countersigned."""
    ARRIVED_CONFIRMED = "arrived_confirmed"
    """Arrived."""
    RETURN_CLOSED = "return_closed"
    """The return is done."""
    WITHDRAWN = "withdrawn"
    """The person does not want to return after all; no penalty."""
    SUSPENDED = "suspended"
    """Put off."""
    NO_RETURN = "no_return"
    """Both sides signed that the person should not return."""

    MOVED_TO_REINTEGRATION = "moved_to_reintegration"
    """The first plan is due."""
    ACTIVE_CRISIS = "active_crisis"
    """The plan is under way, in the stage of crisis."""
    ACTIVE_TRANSITION = "active_transition"
    """The plan is under way, in the stage of transition."""
    ACTIVE_INCLUSION = "active_inclusion"
    """The plan is under way, in the stage of inclusion."""
    SETBACK = "setback"
    """Something went wrong; it is part of the way."""
    REVIEW = "review"
    """The plan is looked at again with the person."""
    COMPLETED = "completed"
    """The goals are reached."""
    FOLLOW_UP = "follow_up"
    """Only visits and calls go on, as the person agreed."""
    MOVED_PROVINCE = "moved_province"
    """Another province accompanies the person now."""
    SUSPENDED_BY_PERSON = "suspended_by_person"
    """The person wants a rest from the plan."""
    LOST_CONTACT = "lost_contact"
    """Nobody could reach the person for long."""
    RETRAFFICKING_ALERT = "retrafficking_alert"
    """There are signs that the person is in danger again."""
    CLOSED = "closed"
    """Closed by two people."""

    INITIAL_VERIFICATION = "initial_verification"
    """Social agency and police check the first information."""
    IDENTIFICATION_PENDING = "identification_pending"
    """The police were asked for a decision."""
    STATUS_VICTIM = "status_victim"
    """Decided: a victim by law."""
    STATUS_NOT_VICTIM = "status_not_victim"
    """Decided: not a victim by law; support goes on until somebody else helps."""

    IDENTITY_VERIFICATION = "identity_verification"
    """Somebody was asked who the person is."""
    IDENTITY_VERIFIED = "identity_verified"
    """Verified, wholly or in part."""
    IDENTITY_NOT_FOUND = "identity_not_found"
    """Not found; the search widens, only with consent."""
    IDENTITY_NOT_NATIONAL = "identity_not_national"
    """Not a national: the way of the stateless begins."""

    FAMILY_TRACING = "family_tracing"
    """Relatives are looked for, as far as the person allowed."""
    FAMILY_TRACED = "family_traced"
    """The assessment of the family is here."""
    FAMILY_TRACING_REFUSED = "family_tracing_refused"
    """The person does not want it; nothing waits for it."""

    CHILD_NO_GUARDIAN = "child_no_guardian"
    """A child has nobody to speak for it."""
    GUARDIAN_NAMED = "guardian_named"
    """Somebody speaks for the child."""

    MINOR_AGE_DOUBT = "minor_age_doubt"
    """Perhaps under 18: treated as a child."""
    MINOR_CONFIRMED = "minor_confirmed"
    """Under 18."""
    ADULT_CONFIRMED = "adult_confirmed"
    """Not under 18."""

    PASSPORT_APPLIED = "passport_applied"
    """The mission was asked for a passport by the shortened procedure."""
    PASSPORT_APPLIED_NO_STAY = "passport_applied_no_stay"
    """The same for somebody who is not allowed to stay abroad."""
    PASSPORT_AT_MINISTRY = "passport_at_ministry"
    """The mission asked the ministry who the person is."""
    PASSPORT_AT_MINISTRY_NO_STAY = "passport_at_ministry_no_stay"
    """The same for somebody who is not allowed to stay abroad."""
    PASSPORT_ANSWERED = "passport_answered"
    """The ministry answered; the mission issues the paper."""
    PASSPORT_ANSWERED_NO_STAY = "passport_answered_no_stay"
    """The same for somebody who is not allowed to stay abroad."""
    PASSPORT_ISSUED = "passport_issued"
    """The paper is there."""
    PASSPORT_NOT_ISSUED = "passport_not_issued"
    """No paper was issued; it may be asked for again."""


def _states(first: CaseState, last: CaseState) -> tuple[CaseState, ...]:
    every = list(CaseState)
    return tuple(every[every.index(first) : every.index(last) + 1])


_BESIDE: dict[CaseState, Track] = {
    **dict.fromkeys(
        _states(CaseState.INITIAL_VERIFICATION, CaseState.STATUS_NOT_VICTIM),
        Track.IDENTIFICATION,
    ),
    **dict.fromkeys(
        _states(CaseState.IDENTITY_VERIFICATION, CaseState.IDENTITY_NOT_NATIONAL),
        Track.IDENTITY,
    ),
    **dict.fromkeys(
        _states(CaseState.FAMILY_TRACING, CaseState.FAMILY_TRACING_REFUSED),
        Track.TRACING,
    ),
    **dict.fromkeys(
        _states(CaseState.CHILD_NO_GUARDIAN, CaseState.GUARDIAN_NAMED), Track.GUARDIAN
    ),
    **dict.fromkeys(
        _states(CaseState.MINOR_AGE_DOUBT, CaseState.ADULT_CONFIRMED), Track.AGE
    ),
    **dict.fromkeys(
        _states(CaseState.PASSPORT_APPLIED, CaseState.PASSPORT_NOT_ISSUED),
        Track.PAPER,
    ),
}


def track_of(state: CaseState) -> Track:
    """The track of a state; that of ``none`` is told by its row."""
    return _BESIDE.get(state, Track.COURSE)


_RETURNING = _states(CaseState.MOVED_TO_RETURN, CaseState.NO_RETURN)
_REINTEGRATING = _states(CaseState.MOVED_TO_REINTEGRATION, CaseState.CLOSED)

COURSE_OF: dict[Phase, tuple[CaseState, ...]] = {
    Phase.RECEPTION: (
        *_states(CaseState.NOTIFIED, CaseState.HELPING),
        CaseState.LOST_CONTACT,
        CaseState.CLOSED,
    ),
    Phase.RETURN: (
        *_RETURNING,
        CaseState.RECEIVED,
        CaseState.HELPING,
        CaseState.CLOSED,
    ),
    Phase.REINTEGRATION: (*_REINTEGRATING, CaseState.PLANNED, CaseState.HELPING),
}
"""The states of the course in each phase."""

FIRST_STATE: dict[Phase, CaseState] = {
    Phase.RECEPTION: CaseState.NOTIFIED,
    Phase.RETURN: CaseState.MOVED_TO_RETURN,
    Phase.REINTEGRATION: CaseState.MOVED_TO_REINTEGRATION,
}
"""In what a case of a phase is of which nothing else was recorded."""


class PersonStatus(StrEnum):
    """What the law calls a person (domain.md §5.b)."""

    IN_IDENTIFICATION = "in_identification"
    """Being identified; entitled to support meanwhile."""
    VICTIM = "victim"
    """A victim by decision."""
    NOT_VICTIM = "not_victim"
    """No victim by decision."""
    WITHDRAWN = "withdrawn"
    """Wants no support now."""
    ACCOMPANYING_MINOR = "accompanying_minor"
    """Under 18 and with such a person."""


class Minority(StrEnum):
    """Whether somebody is under 18; a doubt counts as a yes."""

    YES = "yes"
    NO = "no"
    PRESUMED = "presumed"


class LegalRegime(StrEnum):
    """The law of an event."""

    LAW_2011 = "law_2011"
    """Law 66/2011/QH12, to 30 June 2025."""
    LAW_2024 = "law_2024"
    """Law 53/2024/QH15, from 1 July 2025."""


@dataclass(frozen=True, slots=True)
class Standing:
    """In what a case is: the phase, the course, and every other track begun."""

    phase: Phase
    state: CaseState
    beside: frozenset[CaseState] = frozenset()

    def on(self, track: Track) -> CaseState:
        """The state on one track; ``none`` where it has not begun."""
        if track is Track.COURSE:
            return self.state
        found = [each for each in self.beside if track_of(each) is track]
        return found[0] if found else CaseState.NONE

    def moved(self, track: Track, state: CaseState, phase: Phase) -> Standing:
        """The standing with one track moved on."""
        if track is Track.COURSE:
            return Standing(phase, state, self.beside)
        others = {each for each in self.beside if track_of(each) is not track}
        return Standing(phase, self.state, frozenset(others | {state}))

    @property
    def person_status(self) -> PersonStatus:
        """What the law calls the person now."""
        decided = self.on(Track.IDENTIFICATION)
        if self.state is CaseState.PERSON_DECLINES_SUPPORT:
            return PersonStatus.WITHDRAWN
        if decided is CaseState.STATUS_VICTIM:
            return PersonStatus.VICTIM
        if decided is CaseState.STATUS_NOT_VICTIM:
            return PersonStatus.NOT_VICTIM
        return PersonStatus.IN_IDENTIFICATION

    def is_minor(self, *, known: bool | None) -> Minority:
        """Whether the person is under 18; ``known`` by what was recorded, if it was."""
        age = self.on(Track.AGE)
        if age is CaseState.MINOR_AGE_DOUBT:
            return Minority.PRESUMED
        if age is CaseState.NONE:
            return Minority.YES if known else Minority.NO
        confirmed = age is CaseState.MINOR_CONFIRMED
        return Minority.YES if confirmed else Minority.NO
