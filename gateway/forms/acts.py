"""Which fields each act of a case has, and the details that they make."""

from __future__ import annotations

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
