"""What a return must agree with before anybody travels (domain.md §2.2, §5.e, §6.2).

The joint assessment, the paper, the plan and the wish confirmed: each rests on
the one before, and nothing goes on unless both countries signed *go*.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    NoReturn,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    Suspension,
    TravelDocument,
    Withdrawal,
)
from services.node.domain.consent import check_consent
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
)
from services.node.domain.handoff import Step
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.plain_words import opening, plain
from services.node.domain.return_codes import (
    GO,
    LONGEST_VALID,
    DocumentType,
    EscortCode,
    Fitness,
    Placement,
    ResidualRisk,
    RiskDecision,
    RiskTopic,
    SuspensionReason,
    TravelMode,
)
from services.node.domain.tables import day_of
from services.node.flows.ground import (
    Ground,
    check_code,
    check_codes,
    check_member,
    check_passed,
    check_persons,
    check_slug,
    mismatch,
)

_SCALE = range(1, 6)


def risk_assessment(ground: Ground, body: RiskAssessment) -> None:
    """A matrix of known factors, 1 to 5, and a decision for at most 30 days."""
    check_code("decision", body.decision, RiskDecision)
    check_code("residual", body.residual, ResidualRisk)
    check_codes("factors", [each.factor for each in body.factors], RiskTopic)
    for factor in body.factors:
        _check_factor(factor)
    if not body.factors:
        raise NotLawfulError(
            "return.no_factor",
            "The joint risk assessment names no factor.",
            where="factors",
            remedy="Go through the matrix with the person and name what it holds.",
        )
    if body.residual == ResidualRisk.UNACCEPTABLE and body.decision in GO:
        raise NotLawfulError(
            "return.unacceptable_risk",
            "Nobody returns into a risk that both sides call unacceptable.",
            where="decision",
            remedy="Decide no_return, or postpone and assess again.",
        )
    longest = ground.policy.deadlines.due("risk_valid", ground.happened_at)
    if not ground.happened_at < body.valid_until <= longest:
        raise NotLawfulError(
            "return.risk_validity",
            f"The joint risk assessment is not valid for longer than the policy allows "
            f"({ground.policy.deadlines.row('risk_valid', ground.day).rule}).",
            where="valid_until",
            remedy="Choose a day that lies ahead and within that time.",
        )


def _check_factor(factor: RiskFactor) -> None:
    for field, value in (("likelihood", factor.likelihood), ("impact", factor.impact)):
        if value not in _SCALE:
            raise InvalidInputError(
                "return.off_scale",
                f"{opening(plain(field))} of a factor is 1 to 5.",
                where=field,
                remedy="1 is remote or slight, 5 almost certain or grave.",
            )
    if factor.mitigation:
        check_slug("mitigation", factor.mitigation)


def risk_countersignature(ground: Ground, body: RiskCountersignature) -> None:
    """The other side signs the assessment as it stands, while it is valid."""
    proposed = ground.newest(RiskAssessment)
    if body.assessment_digest != ground.digest_of(Step.RISK_ASSESSMENT):
        raise mismatch("assessment_digest", "the assessment that was sent")
    if body.decision != proposed.decision:
        raise mismatch("decision", "the decision that the host side signed")
    check_risk_valid(ground, ground.happened_at)


def no_return(ground: Ground, body: NoReturn) -> None:
    """A return ends as *no return* only if both sides signed that."""
    decision = _signed_by_both(ground)
    if body.assessment_digest != ground.digest_of(Step.RISK_ASSESSMENT):
        raise mismatch("assessment_digest", "the newest assessment")
    if decision != RiskDecision.NO_RETURN:
        raise NotLawfulError(
            "return.not_no_return",
            f"Both sides signed this decision: {plain(decision)}. It does not say that"
            " the person should not return.",
            where="assessment_digest",
            remedy="Assess again together, or suspend the return.",
        )


def travel_document(ground: Ground, body: TravelDocument) -> None:
    """A paper that is valid now, by an issuer that the directory lists."""
    check_go(ground)
    check_code("document_type", body.document_type, DocumentType)
    check_member(ground, "issuer", body.issuer)
    if body.document_type == DocumentType.NONE_NEEDED:
        return
    check_passed(ground, "issued_at", body.issued_at)
    if body.expires_at <= max(body.issued_at, ground.happened_at):
        raise _paper_ends("The travel document has run out, or ends before it begins.")
    _check_longest(ground, body)


def _check_longest(ground: Ground, body: TravelDocument) -> None:
    """By the law of the day of issue; both ends refuse what no mission could issue."""
    name = LONGEST_VALID.get(DocumentType(body.document_type))
    if name is None:
        return
    try:
        row = ground.policy.deadlines.row(name, day_of(body.issued_at))
    except NotFoundError:
        # That law did not limit the paper yet.
        return
    if day_of(body.expires_at) > day_of(row.after(body.issued_at)):
        raise NotLawfulError(
            "return.paper_too_long",
            f"A {body.document_type} is valid for at most {row.value} {row.unit}"
            f" ({row.rule}).",
            where="expires_at",
            remedy="Read the dates on the paper again, or choose the kind that it is.",
        )


def return_plan(ground: Ground, body: ReturnPlan) -> None:
    """How, where, when and with whom; only for somebody who can travel."""
    check_go(ground)
    check_code("mode", body.mode, TravelMode)
    check_slug("gate", body.gate)
    check_codes("escort", body.escort, EscortCode)
    check_code("fit_to_travel", body.fit_to_travel, Fitness)
    if body.fit_to_travel == Fitness.NOT_FIT:
        raise NotLawfulError(
            "return.not_fit",
            "Nobody plans a journey for somebody who cannot travel now.",
            where="fit_to_travel",
            remedy="Suspend the return for health; it goes on by a new offer.",
        )
    _check_ahead(ground, body.at)
    _check_paper(ground, body.at)
    check_risk_valid(ground, body.at)


def plan_confirmation(ground: Ground, body: PlanConfirmation) -> None:
    """The receiver is ready for this plan, and the place was sure in time."""
    plan = ground.newest(ReturnPlan)
    if body.plan_digest != ground.digest_of(Step.RETURN_PLAN):
        raise mismatch("plan_digest", "the newest plan")
    check_code("placement", body.placement, Placement)
    check_passed(ground, "placement_confirmed_at", body.placement_confirmed_at)
    deadlines, confirmed = ground.policy.deadlines, body.placement_confirmed_at
    if deadlines.due("placement_confirmed_before", confirmed) > plan.at:
        row = deadlines.row("placement_confirmed_before", ground.day)
        raise NotLawfulError(
            "return.placement_late",
            f"The place must be confirmed at least {row.value} {plain(row.unit)}"
            f" before the crossing. ({row.rule})",
            where="placement_confirmed_at",
            remedy="Ask the other side to suspend and to plan a later crossing.",
        )


def reconsent(ground: Ground, body: Reconsent) -> None:
    """The person confirms this plan, and may say no to it."""
    check_go(ground)
    ground.newest(PlanConfirmation)
    if body.consent.status != "given":
        raise NotLawfulError(
            "return.not_confirmed",
            "The person did not confirm the wish to return.",
            remedy="Record a withdrawal; it has no penalty.",
        )
    check_consent(body.consent)
    if body.consent.purpose != "voluntary_return":
        raise mismatch("consent purpose", "the wish to return")
    if body.consent.recipient != ground.peer:
        raise mismatch("consent recipient", "the member that receives the person")
    check_passed(ground, "given_at", body.consent.given_at)
    if body.consent.valid_until <= ground.happened_at:
        raise NotLawfulError(
            "consent.expired",
            "The person's confirmation had run out when it was used.",
            where="valid_until",
            remedy="Ask the person again, and record the answer.",
        )
    planned = ground.said(Step.RETURN_PLAN)
    if planned and body.consent.given_at < planned.handoff.happened_at:
        raise NotLawfulError(
            "return.reconsent_before_plan",
            "The person was asked before there was this plan.",
            where="given_at",
            remedy="Tell the person the plan, ask again, and record the answer.",
        )
    check_risk_valid(ground, ground.happened_at)


def appointment(ground: Ground, body: Appointment) -> None:
    """Gate and time of the crossing, as planned."""
    check_go(ground)
    check_persons(body.persons)
    check_codes("escort", body.escort, EscortCode)
    if body.gate != ground.newest(ReturnPlan).gate:
        raise mismatch("gate", "the plan that was confirmed")
    _check_ahead(ground, body.at)
    _check_paper(ground, body.at)
    check_risk_valid(ground, body.at)


def appointment_confirmation(ground: Ground, body: AppointmentConfirmation) -> None:
    """Gate and time as proposed; a witness is a member."""
    proposed = ground.newest(Appointment)
    if (body.gate, body.at) != (proposed.gate, proposed.at):
        raise mismatch("gate or at", "the appointment that was proposed")
    check_member(ground, "witness", body.witness)


def suspension(_ground: Ground, body: Suspension) -> None:
    """Whoever puts a return off says why."""
    check_code("reason", body.reason, SuspensionReason)


def withdrawal(_ground: Ground, body: Withdrawal) -> None:
    """A withdrawal names the record of the person's word; no reason is asked."""
    if len(body.consent_id) != ID_BYTES:
        raise InvalidInputError(
            "withdrawal.no_record",
            "A withdrawal names the consent record in which it was noted.",
            where="consent_id",
            remedy="Record the person's word first; nobody asks for a reason.",
        )


def check_go(ground: Ground) -> None:
    """Raise NotLawfulError unless both sides signed a *go*."""
    decision = _signed_by_both(ground)
    if decision not in GO:
        raise NotLawfulError(
            "return.no_go",
            "The person does not travel: both sides signed the decision"
            f" {plain(decision)}.",
            remedy="Assess again when something has changed.",
        )


def check_risk_valid(ground: Ground, at: datetime) -> None:
    """Raise NotLawfulError if the newest assessment has run out at ``at``."""
    if at > ground.newest(RiskAssessment).valid_until:
        raise NotLawfulError(
            "return.risk_expired",
            "The joint risk assessment is not valid any more at that time.",
            where="valid_until",
            remedy="Assess the risk again together first.",
        )


def _signed_by_both(ground: Ground) -> str:
    """The decision of the newest assessment, if the other side signed that one."""
    assessed = ground.newest(RiskAssessment)
    signed = ground.newest(RiskCountersignature)
    if signed.assessment_digest != ground.digest_of(Step.RISK_ASSESSMENT):
        raise NotLawfulError(
            "return.not_signed",
            "Only one side has signed the newest risk assessment.",
            where="assessment_digest",
            remedy="Wait until the other side has signed it.",
        )
    return assessed.decision


def _check_ahead(ground: Ground, at: datetime) -> None:
    if at < ground.happened_at:
        raise NotLawfulError(
            "return.in_the_past",
            "A crossing is planned for a time that lies ahead.",
            where="at",
            remedy="Choose a later time.",
        )


def _check_paper(ground: Ground, at: datetime) -> None:
    paper = ground.newest(TravelDocument)
    if paper.document_type != DocumentType.NONE_NEEDED and paper.expires_at <= at:
        raise _paper_ends("The travel document runs out before the crossing.")


def _paper_ends(sentence: str) -> NotLawfulError:
    return NotLawfulError(
        "return.paper_expired",
        sentence,
        where="expires_at",
        remedy="Have a new paper issued, or travel earlier.",
    )
