"""Rights: of which kind each step, each act in a case and each paper is.

Promises one row for every step of a referral, every act of a case and every paper:
the kinds of act of which an officer's role must allow one. Which role allows which
kind is decided by ``people``, what a member may do by ``steps`` and ``case_steps``.
The rows follow the table of screens and roles in the console's study (§7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from services.node.domain.case_step_rows import CaseAct
from services.node.domain.documents import DocumentKind
from services.node.domain.handoff import Step
from services.node.domain.people import Act

Kinds = frozenset[Act]
"""Kinds of act of which one is enough."""

Key = TypeVar("Key")

_CASE: Kinds = frozenset({Act.CASE})
_DECISION: Kinds = frozenset({Act.DECISION})
_CARE: Kinds = frozenset({Act.CARE})
_AUTOMATIC: Kinds = frozenset({Act.AUTOMATIC})
_RETURN: Kinds = frozenset({Act.CARE, Act.EXCHANGE})
"""A return is accompanied at home (S9) and exchanged with abroad (S10)."""
_ALARM: Kinds = frozenset({Act.CASE, Act.DECISION, Act.CARE, Act.EXCHANGE})
"""Whoever waits for a person says so: an alarm is nobody's privilege."""

_C, _S, _D = CaseAct, Step, DocumentKind


def _rows(*groups: tuple[Kinds, Iterable[Key]]) -> dict[Key, Kinds]:
    return {each: kinds for kinds, keys in groups for each in keys}


STEP_KINDS: Mapping[Step, Kinds] = _rows(
    # What a giver asks, answers and takes back goes with its offer (S4).
    (
        _CASE,
        (
            *(_S.OFFER, _S.ANSWER, _S.RECALL, _S.REVOCATION, _S.REROUTED, _S.EXPIRY),
            # Whoever hears that the person changed their mind records it.
            _S.WITHDRAWAL,
        ),
    ),
    (
        _DECISION,
        (
            *(_S.OPENED, _S.QUESTION, _S.ACCEPT, _S.DECLINE, _S.MISROUTED),
            *(_S.RECALL_ACKNOWLEDGEMENT, _S.RETURN_TO_SENDER, _S.CANNOT_KEEP),
            *(_S.FEEDBACK, _S.COMPLETION),
            *(_S.APPOINTMENT, _S.APPOINTMENT_CONFIRMATION, _S.DEPARTURE, _S.CHECK_IN),
            *(_S.GATE_ARRIVAL, _S.MINUTES, _S.COUNTERSIGNATURE, _S.DISPUTE),
            *(_S.WITNESS, _S.ARRIVAL),
        ),
    ),
    (
        _RETURN,
        (
            *(_S.RISK_ASSESSMENT, _S.RISK_COUNTERSIGNATURE, _S.NO_RETURN),
            *(_S.TRAVEL_DOCUMENT, _S.RETURN_PLAN, _S.PLAN_CONFIRMATION),
            *(_S.RECONSENT, _S.SUSPENSION),
        ),
    ),
    (_ALARM, (_S.NOT_ARRIVED,)),
    (_AUTOMATIC, (_S.RELEASE, _S.VOID)),
)
"""Every step, by whom at the member it is taken."""

CASE_KINDS: Mapping[CaseAct, Kinds] = _rows(
    # What is found on a first call or at a first meeting (S3, S4), and the end of it:
    # closing takes a second person whoever asks for it.
    (
        _CASE,
        (
            *(_C.OPEN, _C.TRIAGE, _C.TAKE_TIP, _C.FORWARD_TIP, _C.BRING_TO_COMMUNE),
            *(_C.INFORM_SOCIAL_AGENCY, _C.DECLINE_SUPPORT, _C.SET_RISK_LEVEL),
            *(_C.BEGIN_RECOVERY_PAUSE, _C.END_RECOVERY_PAUSE),
            *(_C.REPORT_NO_GUARDIAN, _C.DOUBT_AGE, _C.CONFIRM_MINOR, _C.CLOSE),
        ),
    ),
    (
        _DECISION,
        (
            *(_C.START_VERIFICATION, _C.REQUEST_IDENTIFICATION, _C.FIND_COMPLEX),
            *(_C.DECIDE_VICTIM, _C.DECIDE_NOT_VICTIM, _C.PRESENT_PAPER),
            *(_C.CONFIRM_ADULT, _C.ISSUE_CERTIFICATE),
            *(_C.FILE_IMPACT_DOSSIER, _C.DISPOSE_DATA),
        ),
    ),
    # What the course of a case leaves to members at home and abroad alike.
    (
        _RETURN,
        (
            *(_C.RECEIVE, _C.ASSESS_NEEDS, _C.PLACE, _C.REPORT_LEFT, _C.LOSE_CONTACT),
            *(_C.NAME_GUARDIAN, _C.MOVE_TO_RETURN, _C.RECORD_WISH, _C.INFORM),
            *(_C.CONSENT_TO_RETURN, _C.REQUEST_IDENTITY, _C.VERIFY_IDENTITY),
            *(_C.FIND_NO_IDENTITY, _C.FIND_NOT_NATIONAL, _C.APPLY_PASSPORT),
            *(_C.APPLY_PASSPORT_NO_STAY, _C.ASK_MINISTRY, _C.NOTE_MINISTRY_ANSWER),
            *(_C.ISSUE_PASSPORT, _C.REFUSE_PASSPORT, _C.REQUEST_TRACING),
            *(_C.FINISH_TRACING, _C.REFUSE_TRACING, _C.CLOSE_RETURN),
            *(_C.WITHDRAW_FROM_RETURN, _C.SUSPEND_RETURN, _C.DECIDE_NO_RETURN),
            *(_C.STAY, _C.REOPEN),
        ),
    ),
    (
        _CARE,
        (
            *(_C.EXTEND_ESSENTIAL_NEEDS, _C.MOVE_TO_REINTEGRATION),
            *(_C.PLAN_REINTEGRATION, _C.BEGIN_CRISIS, _C.BEGIN_TRANSITION),
            *(_C.BEGIN_INCLUSION, _C.NOTE_SETBACK, _C.REVIEW_PLAN, _C.COMPLETE_PLAN),
            *(_C.BEGIN_FOLLOW_UP, _C.SUSPEND_BY_PERSON, _C.RESUME),
            _C.ALERT_RETRAFFICKING,
        ),
    ),
    # What follows on a step of a referral, whoever took it.
    (
        _DECISION,
        (
            *(_C.ACCEPT_OFFER, _C.HAND_ON, _C.MOVE_PROVINCE, _C.ASSESS_RISK),
            *(_C.DECIDE_GO, _C.READY_DOCUMENT, _C.CONFIRM_PLAN, _C.CONFIRM_DEPARTURE),
            *(_C.DEPART, _C.REACH_GATE, _C.DISPUTE, _C.HAND_OVER, _C.CONFIRM_ARRIVAL),
        ),
    ),
)
"""Every act of a case."""

PAPER_KINDS: Mapping[DocumentKind, Kinds] = _rows(
    # What whoever asks for help needs in hand (S12, limited).
    (_CASE, (_D.REFERRAL_SLIP, _D.CONSENT_FORM, _D.DECLARATION)),
    (_DECISION, (_D.RECEPTION_MINUTES, _D.HANDOVER_MINUTES, _D.CERTIFICATE_LETTER)),
)
"""Every paper that is printed of a case."""


def steps_for(steps: Iterable[str], may: Collection[Act]) -> tuple[str, ...]:
    """Of these steps, those of whoever may do these kinds of act."""
    return tuple(e for e in steps if not STEP_KINDS[Step(e)].isdisjoint(may))


def case_acts_for(acts: Iterable[CaseAct], may: Collection[Act]) -> tuple[CaseAct, ...]:
    """Of these acts of a case, those of whoever may do these kinds of act."""
    return tuple(each for each in acts if not CASE_KINDS[each].isdisjoint(may))


def papers_for(may: Collection[str]) -> tuple[DocumentKind, ...]:
    """The papers that whoever may do these kinds of act prints."""
    return tuple(e for e in DocumentKind if not PAPER_KINDS[e].isdisjoint(may))
