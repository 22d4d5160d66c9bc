"""What the steps of the handshake must say (domain.md §6.0).

A refusal names a reason; who is named is a member; a recall says what is taken
back, and its acknowledgement what became of each of it; a service ends with a
result that its type can have.
"""

from __future__ import annotations

import re

from services.node.domain.arrivals import check_promise
from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Completion,
    Decline,
    Expiry,
    Feedback,
    Misrouting,
    Offer,
    Question,
    Recall,
    RecallAcknowledgement,
    Reply,
    ReturnToSender,
    Revocation,
    Voiding,
)
from services.node.domain.categories import Category
from services.node.domain.consent import FAMILY_MESSAGES
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.handshake_codes import (
    KeepGround,
    RecallReason,
    RevocationReason,
    VoidReason,
)
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.plain_words import categories_words
from services.node.domain.referrals import DeclineReason, Priority
from services.node.flows.ground import (
    Ground,
    check_code,
    check_codes,
    check_member,
    check_slug,
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def words(_ground: Ground, body: Question | Reply) -> None:
    """A question and its answer have words, in a language that is named."""
    if not body.text.strip() or not _LANGUAGE.fullmatch(body.language):
        raise InvalidInputError(
            "referral.no_words",
            "A question or an answer has words, and names their language.",
            where="text",
            remedy="Write what you ask or answer, and the language (such as vi).",
        )


def acceptance(ground: Ground, body: Acceptance) -> None:
    """Whoever accepts promises only what was asked for, and what can be kept."""
    asked = ground.newest(Offer).services
    if not set(body.services) <= set(asked):
        raise NotLawfulError(
            "referral.not_asked",
            "The acceptance promises a service that nobody asked for.",
            where="services",
            remedy="Name services of the offer only, or none for all of them.",
        )
    if body.note_code:
        check_slug("note_code", body.note_code)
    check_promise(body, ground.happened_at)


def decline(ground: Ground, body: Decline) -> None:
    """A decline names its reason and, if it can, somebody else."""
    check_code("reason", body.reason, DeclineReason)
    _alternative(ground, body.alternative)


def misrouting(ground: Ground, body: Misrouting) -> None:
    """Whoever got it by mistake names the right member, if it knows one."""
    _alternative(ground, body.alternative)


def revocation(_ground: Ground, body: Revocation) -> None:
    """The giver names why it takes the offer back."""
    check_code("reason", body.reason, RevocationReason)


def voiding(_ground: Ground, body: Voiding) -> None:
    """The giver's node names why the acceptance does not hold."""
    check_code("reason", body.reason, VoidReason)


def given_back(_ground: Ground, body: ReturnToSender | CannotKeep) -> None:
    """Whoever gives a task or a person back says why, as of a decline."""
    check_code("reason", body.reason, DeclineReason)


def expiry(ground: Ground, _body: Expiry) -> None:
    """An offer expires when its time is over, and not before."""
    offer = ground.newest(Offer)
    offered = ground.said(Step.OFFER)
    if offered is None:
        return
    over = ground.policy.deadlines.due(
        "offer_expires",
        offered.handoff.happened_at,
        priority=Priority(offer.priority),
    )
    if ground.happened_at < over:
        raise NotLawfulError(
            "referral.not_expired",
            "The time in which the offer can be answered is not over.",
            where="happened_at",
            remedy="Wait for the answer, or revoke the offer and say why.",
        )


def recall(ground: Ground, body: Recall) -> None:
    """A recall says why and, once parts were opened, which consents and categories."""
    check_code("reason", body.reason, RecallReason)
    check_codes("categories", body.categories, Category)
    ids = body.consent_ids
    if any(len(each) != ID_BYTES for each in ids) or len(set(ids)) != len(ids):
        raise InvalidInputError(
            "recall.bad_consent",
            "A recall names each consent record once, by its 16 bytes.",
            where="consent_ids",
            remedy="Read the ids in the list of the person's answers.",
        )
    if ground.said(Step.RELEASE) is not None and not (ids and body.categories):
        raise NotLawfulError(
            "recall.says_too_little",
            "After a release a recall names the consents that ended and the "
            "categories that the other member has to give up.",
            where="categories",
            remedy="Name at least one consent record and one category.",
        )


def recall_acknowledgement(ground: Ground, body: RecallAcknowledgement) -> None:
    """Each category that was recalled is deleted, or kept on a legal ground."""
    recalled = ground.newest(Recall)
    kept = tuple(each.category for each in body.kept)
    check_codes("deleted and kept", (*body.deleted, *kept), Category)
    for each in body.kept:
        check_code("ground", each.ground, KeepGround)
    missing = set(recalled.categories) - set(body.deleted) - set(kept)
    # Another recall may have crossed the acknowledgement of the one before.
    if missing and not (ground.arrived and _answers_earlier(ground, body)):
        raise NotLawfulError(
            "recall.left_open",
            "The acknowledgement says nothing about"
            f" {categories_words(Category(each) for each in sorted(missing))}.",
            where="deleted and kept",
            remedy="Say of each recalled category whether it was deleted, or on what "
            "legal ground it is kept.",
        )


def _answers_earlier(ground: Ground, body: RecallAcknowledgement) -> bool:
    answered = {*body.deleted, *(each.category for each in body.kept)}
    return any(
        isinstance(each.handoff.body, Recall)
        and set(each.handoff.body.categories) <= answered
        for each in ground.steps
    )


def feedback(ground: Ground, body: Feedback) -> None:
    """Feedback is one code, and codes of what the family may be told."""
    ground.policy.outcomes.check_feedback(ground.referral_type, body.result, ground.day)
    check_codes("family_may_be_told", body.family_may_be_told, FAMILY_MESSAGES.values())


def completion(ground: Ground, body: Completion) -> None:
    """A service ends with a result that its type can have."""
    ground.policy.outcomes.check(
        ground.referral_type, body.outcome, body.result, ground.day
    )


def _alternative(ground: Ground, name: str) -> None:
    check_member(ground, "alternative", name)
    if name and name in {ground.author, ground.peer}:
        raise NotLawfulError(
            "referral.no_alternative",
            "The alternative is one of the two members that already talk.",
            where="alternative",
            remedy="Name a third member, or leave it empty.",
        )
