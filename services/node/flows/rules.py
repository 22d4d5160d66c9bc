"""What a step's content must agree with, beyond the step table.

The same rules stand at both ends: before a step is taken, and when it arrives.
They compare with what was said before in the referral; instants are on the case
clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.node.domain.bodies import Decline, Offer
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Countersignature,
    Dispute,
    Minutes,
    Reconsent,
    RiskAssessment,
    RiskCountersignature,
)
from services.node.domain.categories import Category
from services.node.domain.consent import check_consent
from services.node.domain.deadlines import check_reconsent_fresh
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handoff import Actor, Body, Part, Step
from services.node.domain.people import Role, is_pseudonym
from services.node.domain.policy import Policy
from services.node.domain.referrals import DeclineReason, Priority, ReferralType
from services.node.flows.said import SaidStep, required

#: domain.md §5.e.
_LONGEST_UNIT = 64
RISK_DECISIONS = ("go", "go_with_conditions", "postpone", "no_return")
RESIDUAL_RISKS = ("low", "medium", "high", "unacceptable")
_GO = ("go", "go_with_conditions")


def check_content(policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    """Raise NotLawfulError if the body does not fit what was said before."""
    rule = _RULES.get(type(body))
    if rule is not None:
        rule(policy, body, steps)


def check_offer(offer: Offer) -> ReferralType:
    """The type of a referral whose codes are all known; raises InvalidInputError."""
    check_code("referral_type", offer.referral_type, tuple(ReferralType))
    check_code("priority", offer.priority, tuple(Priority))
    return ReferralType(offer.referral_type)


def check_parts(parts: Sequence[Part]) -> None:
    """Raise InvalidInputError unless each part is a data category of its own."""
    categories = [part.category for part in parts]
    distinct = min(len({part.part_id for part in parts}), len(set(categories)))
    if distinct < len(parts) or not set(categories) <= set(Category):
        raise InvalidInputError(
            "offer.bad_parts",
            "Each part of an offer is one data category, D0 to D13, sent once.",
            where="parts",
        )


def check_actor(actor: Actor, policy_version: str) -> None:
    """Raise InvalidInputError unless a peer's officer and policy are short codes.

    They stand in clear beside the event: no free text may ride on them.
    """
    short = len(actor.unit) <= _LONGEST_UNIT and actor.unit.isprintable()
    version = policy_version.isascii() and is_pseudonym(policy_version)
    known = actor.role in set(Role) and is_pseudonym(actor.pseudonym)
    if not (short and version and known):
        raise InvalidInputError(
            "step.bad_actor",
            "Officer, role, unit or policy version is no short code.",
            where="actor",
        )


def _risk_assessment(_policy: Policy, body: Body, _steps: list[SaidStep]) -> None:
    if isinstance(body, RiskAssessment):
        check_code("decision", body.decision, RISK_DECISIONS)
        check_code("residual", body.residual, RESIDUAL_RISKS)


def _decline(_policy: Policy, body: Body, _steps: list[SaidStep]) -> None:
    if isinstance(body, Decline):
        check_code("reason", body.reason, tuple(DeclineReason))


def _risk_countersignature(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    said = required(steps, Step.RISK_ASSESSMENT)
    proposed = said.handoff.body
    if not isinstance(body, RiskCountersignature) or not isinstance(
        proposed, RiskAssessment
    ):
        return
    if body.assessment_digest != said.digest:
        raise _mismatch("assessment_digest", "the assessment that was sent")
    if body.decision != proposed.decision:
        raise _mismatch("decision", "the decision that the host side signed")


def _reconsent(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    _check_go(steps)
    if not isinstance(body, Reconsent):
        return
    if body.consent.status != "given":
        raise NotLawfulError(
            "return.not_confirmed",
            "The person did not confirm the wish to return.",
            remedy="Record a withdrawal; it has no penalty.",
        )
    check_consent(body.consent)


def _appointment(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    _check_go(steps)
    if isinstance(body, Appointment) and body.persons < 1:
        raise NotLawfulError("return.no_person", "An appointment names no person.")


def _confirmation(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    proposed = required(steps, Step.APPOINTMENT).handoff.body
    if not isinstance(body, AppointmentConfirmation) or not isinstance(
        proposed, Appointment
    ):
        return
    if (body.gate, body.at) != (proposed.gate, proposed.at):
        raise _mismatch("gate or at", "the appointment that was proposed")


def _minutes(policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    if not isinstance(body, Minutes):
        return
    confirmed = required(steps, Step.RECONSENT).handoff.body
    if isinstance(confirmed, Reconsent):
        asked_at = confirmed.consent.given_at
        check_reconsent_fresh(policy.deadlines, asked_at, body.handed_over_at)


def _countersignature(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    said = required(steps, Step.MINUTES)
    minutes = said.handoff.body
    if not isinstance(body, Countersignature) or not isinstance(minutes, Minutes):
        return
    if body.minutes_digest != said.digest:
        raise _mismatch("minutes_digest", "the minutes that were sent")
    if body.persons != minutes.persons:
        raise _mismatch("persons", "the minutes; dispute them instead")
    if body.identity_match != minutes.identity_match or body.identity_match != "match":
        raise _mismatch("identity_match", "a match on both sides; dispute instead")


def _dispute(_policy: Policy, body: Body, steps: list[SaidStep]) -> None:
    said = required(steps, Step.MINUTES)
    if isinstance(body, Dispute) and body.minutes_digest != said.digest:
        raise _mismatch("minutes_digest", "the minutes that were sent")


def _check_go(steps: list[SaidStep]) -> None:
    """Both sides signed a decision; only a *go* lets the return go on."""
    assessed = required(steps, Step.RISK_ASSESSMENT).handoff.body
    if isinstance(assessed, RiskAssessment) and assessed.decision not in _GO:
        raise NotLawfulError(
            "return.no_go",
            f"Both sides signed the decision {assessed.decision}: she does not travel.",
            remedy="Assess again when something has changed.",
        )


def check_code(field: str, value: str, codes: tuple[str, ...]) -> None:
    """Raise InvalidInputError unless ``value`` is one of the codes of its list."""
    if value not in codes:
        raise InvalidInputError(
            "referral.unknown_code",
            f"{field} is one of {', '.join(codes)}.",
            where=field,
        )


def _mismatch(field: str, expected: str) -> NotLawfulError:
    return NotLawfulError(
        "step.content_mismatch",
        f"The step does not agree with {expected}.",
        where=field,
        remedy="Read the referral again and act on what it says now.",
    )


_RULES: dict[type[Body], Callable[[Policy, Body, list[SaidStep]], None]] = {
    Decline: _decline,
    RiskAssessment: _risk_assessment,
    RiskCountersignature: _risk_countersignature,
    Reconsent: _reconsent,
    Appointment: _appointment,
    AppointmentConfirmation: _confirmation,
    Minutes: _minutes,
    Countersignature: _countersignature,
    Dispute: _dispute,
}
