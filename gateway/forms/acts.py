"""Which fields each act of a case has, and the details that they make."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from gateway.forms.fields import Field, Typed, Widget, read_fields
from services.node.domain.case_details import (
    NO_INSTANT,
    CaseDetails,
    DecisionMaker,
    NeedsExtension,
    Placement,
    RiskLevel,
    VictimPaper,
)
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.closure import ClosureReason
from services.node.domain.entitlements import Regime


def _one(
    name: str, codes: type[StrEnum], words: str, *, optional: bool = False
) -> Field:
    return Field(name, Widget.CHOICE, tuple(codes), words, optional)


_DECIDER = _one("decided_by", DecisionMaker, "decision_maker")
_PAPER = _one("victim_paper_type", VictimPaper, "victim_paper")

FIELDS: dict[CaseAct, tuple[Field, ...]] = {
    CaseAct.PLACE: (_one("placement", Placement, "case_placement"),),
    CaseAct.SET_RISK_LEVEL: (_one("risk_level", RiskLevel, "risk_level"),),
    CaseAct.EXTEND_ESSENTIAL_NEEDS: (
        _one("decided_by", NeedsExtension, "needs_extension"),
        Field("until", Widget.DAY),
    ),
    CaseAct.BEGIN_RECOVERY_PAUSE: (Field("until", Widget.DAY, optional=True),),
    CaseAct.PRESENT_PAPER: (_DECIDER, _PAPER),
    CaseAct.DECIDE_VICTIM: (_DECIDER, _PAPER),
    CaseAct.DECIDE_NOT_VICTIM: (_DECIDER,),
    CaseAct.CLOSE: (
        _one("reason", ClosureReason, "closure_reason"),
        Field("outstanding", Widget.CHOICES, tuple(Regime), "regime", optional=True),
        Field("retain_until", Widget.DAY),
        Field("anonymise_at", Widget.DAY),
        Field("delete_at", Widget.DAY),
    ),
}
"""Acts that say more than that they were done."""

_A = CaseAct
GROUPS: dict[str, frozenset[CaseAct]] = {
    "care": frozenset(
        {
            *(_A.TRIAGE, _A.TAKE_TIP, _A.FORWARD_TIP, _A.BRING_TO_COMMUNE),
            *(_A.INFORM_SOCIAL_AGENCY, _A.RECEIVE, _A.ASSESS_NEEDS, _A.PLACE),
            *(_A.HAND_ON, _A.EXTEND_ESSENTIAL_NEEDS, _A.SET_RISK_LEVEL),
            *(_A.BEGIN_RECOVERY_PAUSE, _A.END_RECOVERY_PAUSE),
            *(_A.REPORT_LEFT, _A.DECLINE_SUPPORT),
        }
    ),
    "child": frozenset(
        {
            *(_A.REPORT_NO_GUARDIAN, _A.NAME_GUARDIAN, _A.DOUBT_AGE),
            *(_A.CONFIRM_MINOR, _A.CONFIRM_ADULT),
        }
    ),
    "status": frozenset(
        {
            *(_A.START_VERIFICATION, _A.REQUEST_IDENTIFICATION, _A.FIND_COMPLEX),
            *(_A.DECIDE_VICTIM, _A.DECIDE_NOT_VICTIM, _A.PRESENT_PAPER),
            *(_A.REQUEST_IDENTITY, _A.VERIFY_IDENTITY, _A.FIND_NO_IDENTITY),
            _A.FIND_NOT_NATIONAL,
        }
    ),
    "file": frozenset(
        {_A.FILE_IMPACT_DOSSIER, _A.CLOSE, _A.DISPOSE_DATA, _A.REOPEN, _A.OPEN}
    ),
}
"""What an officer looks for together; the ways home and onward are all the others."""

ONWARD = "onward"
ORDER = ("care", "child", "status", ONWARD, "file")


def grouped(acts: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The acts under what they are for, in the order of ``ORDER``; no empty group."""
    found: dict[str, list[str]] = {each: [] for each in ORDER}
    for act in acts:
        name = next((one for one, held in GROUPS.items() if act in held), ONWARD)
        found[name].append(act)
    return [(name, held) for name, held in found.items() if held]


def read_act(act: CaseAct, form: Typed) -> CaseDetails:
    """The details that the form makes.

    Raises:
        FormError: with every problem.
    """
    values = read_fields(FIELDS.get(act, ()), form)
    details = {
        name: NO_INSTANT if value is None else value for name, value in values.items()
    }
    return CaseDetails(**details)  # type: ignore[arg-type] # by the table above
