"""The form of a receiver that cannot, and the draft of a giver that asks on.

Four steps say *not here*, at different times and with different weight; an officer
is asked once what it is, why, and who could do it instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
)
from gateway.forms.referral import Draft
from services.node.domain.bodies import (
    CannotKeep,
    Decline,
    Misrouting,
    Offer,
    ReturnToSender,
)
from services.node.domain.handoff import Body, Step
from services.node.domain.referrals import DeclineReason
from services.node.domain.steps import Side, State
from services.node.rpc.desk_values import ConversationRead, ReferralRead
from services.node.rpc.work_values import MemberCardRead

AWAY = (Step.DECLINE, Step.MISROUTED, Step.RETURN_TO_SENDER, Step.CANNOT_KEEP)
"""Steps of a receiver for which it is not the right one, or not now."""

_NAMES_ANOTHER = {Step.DECLINE, Step.MISROUTED}
_CAME_BACK = {State.DECLINED, State.MISROUTED, State.RETURNED, State.EXPIRED}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the other member said when it gave it back; empty where it said nothing."""

    reason: str = ""
    alternative: str = ""


def may_go_away(referral: ReferralRead) -> tuple[Step, ...]:
    """The ways in which a receiver may say that it is not for it now."""
    return tuple(step for step in AWAY if step.value in referral.open_steps)


def may_go_on(referral: ReferralRead) -> bool:
    """Whether it came back to who has to ask somebody else."""
    if not referral.case_pseudonym:
        return False
    if referral.side == Side.GIVER:
        return referral.state in _CAME_BACK
    return referral.state == State.CANNOT_KEEP


def suggested(conversation: ConversationRead) -> Suggestion:
    """The newest refusal, with whom it names."""
    for each in reversed(conversation.steps):
        if isinstance(each.body, Decline):
            return Suggestion(each.body.reason, each.body.alternative)
        if isinstance(each.body, Misrouting):
            return Suggestion(alternative=each.body.alternative)
        if isinstance(each.body, ReturnToSender | CannotKeep):
            return Suggestion(each.body.reason)
    return Suggestion()


def away_fields(
    open_ones: Iterable[Step], others: tuple[str, ...]
) -> tuple[Field, ...]:
    """What is asked of a receiver; ``others`` may be named instead."""
    steps = tuple(open_ones)
    found = [Field("away", Widget.CHOICE, steps, "away")]
    reason_left_open = Step.MISROUTED in steps
    found.append(
        Field(
            "reason",
            Widget.CHOICE,
            tuple(DeclineReason),
            "decline_reason",
            reason_left_open,
        )
    )
    if _NAMES_ANOTHER & set(steps):
        found.append(Field("alternative", Widget.MEMBER, others, "member", True))
    return tuple(found)


def read_away(form: Typed, open_ones: Iterable[Step], others: tuple[str, ...]) -> Body:
    """The step that the form makes.

    Raises:
        FormError: with every problem; a reason is left out only for what was meant
            for somebody else.
    """
    values = read_fields(away_fields(open_ones, others), form)
    step = Step(str(values["away"]))
    reason, other = str(values["reason"]), str(values.get("alternative", ""))
    if step is Step.MISROUTED:
        return Misrouting(other)
    if not reason:
        raise FormError([FieldProblem("reason", "missing")])
    if step is Step.DECLINE:
        return Decline(reason, other)
    return (ReturnToSender if step is Step.RETURN_TO_SENDER else CannotKeep)(reason)


def alternatives(
    cards: Iterable[MemberCardRead], referral_type: str, peer: str
) -> tuple[str, ...]:
    """Who could do it instead: whom the rules name for it, or else everybody."""
    others = [card for card in cards if card.active and card.name != peer]
    able = [card.name for card in others if referral_type in card.may_offer]
    return tuple(able or (card.name for card in others))


def onward_draft(
    before: ReferralRead, offer: Offer | None, recipient: str, event: str
) -> Draft:
    """The same need, to be asked of another; the person's answer is still open."""
    return Draft(
        before.case_pseudonym,
        referral_type=before.referral_type,
        priority=before.priority,
        services=() if offer is None else offer.services,
        constraints=() if offer is None else offer.constraints,
        need="" if offer is None else offer.need,
        need_language="" if offer is None else offer.need_language,
        recipient=recipient,
        event=event,
        instead_of=before.referral_id.hex(),
    )
