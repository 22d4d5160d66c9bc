"""Disclosure: what may be sent to whom is policy ∩ consent, or an override.

Promises one basis for each category asked for, and never one more. Policy is the
ceiling: what the receiver's function may know (``need_to_know``) and what a
referral of the type may carry (``offer_parts``). Below it the person's *yes* to
this purpose, recipient and category counts (``consent``); where nobody could ask,
a recorded override that names the category (``override``); and where the table
says so, a duty to pass it on. A *no* defeats both of these.

Leaves to others: finding the records, and keeping within a row's limit (such as
``level_only``), which the basis names (``limits``); and the same check at the
receiver (``received``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.node.domain.categories import Category
from services.node.domain.coming_of_age import UNKNOWN_AGE, Age
from services.node.domain.consent import Standing, standing_answer
from services.node.domain.consent_codes import ConsentStatus, Purpose
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.need_to_know import Necessity, Need
from services.node.domain.offer_parts import PartRow, RestsOn, check_parts_of
from services.node.domain.override import Override, is_in_force
from services.node.domain.plain_words import (
    categories_words,
    category_words,
    members,
    plain,
    resting_on,
)
from services.node.domain.policy import Policy
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.tables import day_of


class BasisKind(StrEnum):
    """On what a disclosure rests."""

    CONSENT = "consent"
    """The person's own yes."""
    OVERRIDE = "override"
    """A recorded emergency override."""
    DUTY = "duty"
    """A duty to pass it on, by a row of the table ``offer_parts``."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Why one category may go.

    ``basis_id`` is the consent's or the override's id, empty for a duty; ``law``
    what an override or a duty cites; ``override`` is set for an override alone.
    """

    category: Category
    kind: BasisKind
    basis_id: bytes
    need: Need
    law: str = ""
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to send: these categories, to one member, in one referral.

    ``functions`` are those in which the recipient receives (``may_send``).
    """

    recipient: str
    functions: AbstractSet[Function]
    referral_type: ReferralType
    categories: Sequence[Category]

    @property
    def purpose(self) -> Purpose:
        """The consent purpose that the referral serves."""
        return PURPOSE_OF[self.referral_type]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What policy allows of one category: the receiver's need, the type's row."""

    need: Need
    part: PartRow


_WHY_NOT = {
    Standing.NO: "the person refused or withdrew it, which no override defeats",
    Standing.LAPSED: "the person's consent has expired",
    Standing.SUSPENDED: "a guardian agreed before the person came of age, and the"
    " person has not answered since",
    Standing.INCOMPLETE: "for a child the guardian's consent and the child's own assent"
    " are both needed",
    Standing.UNASKED: "no consent names it",
}


def decide(
    policy: Policy,
    request: Request,
    consents: Sequence[ConsentCopy],
    overrides: Sequence[Override],
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> tuple[Basis, ...]:
    """One basis for each category of the request, in its order.

    ``now`` is on the case clock; ``age`` says whose yes counts. Raises
    ``NotLawfulError``: what ``check_policy`` raises, else ``disclosure.no_basis``
    if a category lacks consent and override. Raises
    ``InvalidInputError("disclosure.twice")`` for a category asked twice.
    """
    if len(set(request.categories)) != len(request.categories):
        raise InvalidInputError(
            "disclosure.twice",
            "A data category is asked for twice.",
            remedy="Name each category once.",
        )
    allowed = check_policy(policy, request, day_of(now))
    bases, refused = [], {}
    for category, each in allowed.items():
        basis = _basis(request, category, each, (consents, overrides), now, age)
        if isinstance(basis, Basis):
            bases.append(basis)
        else:
            refused[category] = basis
    if refused:
        raise NotLawfulError(
            "disclosure.no_basis",
            f"Nothing allows sending to {request.recipient} for the purpose"
            f" {plain(request.purpose)}: {reasons(refused)}.",
            where=", ".join(refused),
            remedy="Ask the person, or leave these categories out.",
        )
    return tuple(bases)


def check_policy(policy: Policy, request: Request, on: date) -> dict[Category, Allowed]:
    """What policy allows of each category of the request, at either end.

    Raises ``NotLawfulError("disclosure.policy_refuses")`` if it refuses any to
    this receiver (each is named with its row), else what ``check_parts_of`` raises.
    """
    needs = {
        category: policy.need_to_know.allowed(
            request.functions, category, request.purpose, on
        )
        for category in request.categories
    }
    refused = {
        category: need
        for category, need in needs.items()
        if need.necessity is Necessity.REFUSED
    }
    if refused:
        raise NotLawfulError(
            "disclosure.policy_refuses",
            resting_on(
                f"The policy never lets {members(request.functions, 'and')} receive"
                f" this for the purpose {plain(request.purpose)}:"
                f" {categories_words(refused)}.",
                f"policy {policy.version}",
                *(f"{each}: {need.reason}" for each, need in refused.items()),
            ),
            where=", ".join(refused),
            remedy="Leave these categories out; neither consent nor override opens"
            " them.",
        )
    parts = check_parts_of(
        policy.offer_parts, request.referral_type, request.categories, on
    )
    return {code: Allowed(need, parts[code]) for code, need in needs.items()}


def reasons(refused: Mapping[Category, str]) -> str:
    """Each refused category in words, with why."""
    return "; ".join(f"{category_words(each)}: {why}" for each, why in refused.items())


def _basis(
    request: Request,
    category: Category,
    allowed: Allowed,
    recorded: tuple[Sequence[ConsentCopy], Sequence[Override]],
    now: datetime,
    age: Age,
) -> Basis | str:
    """The basis, or why there is none."""
    need = allowed.need
    consents, overrides = recorded
    answer = standing_answer(
        consents, request.purpose, request.recipient, category, now, age
    )
    if answer.standing is Standing.YES and answer.record is not None:
        return Basis(category, BasisKind.CONSENT, answer.record.consent_id, need)
    if answer.standing is not Standing.NO and not _withdrawn(
        consents, request.purpose, category
    ):
        for override in overrides:
            if _covers(override, request, category) and is_in_force(override, now):
                return Basis(
                    category,
                    BasisKind.OVERRIDE,
                    override.override_id,
                    need,
                    override.law,
                    override,
                )
        if allowed.part.basis is RestsOn.DUTY:
            law = allowed.part.rule.law
            return Basis(category, BasisKind.DUTY, b"", need, law)
    return _WHY_NOT[answer.standing]


def _withdrawn(consents: Sequence[ConsentCopy], purpose: str, category: str) -> bool:
    """Whether the person's last word for this purpose, to anybody, took a yes back.

    An override cannot defeat a withdrawal for the same purpose (domain.md §6.4):
    another recipient is no way round it.
    """
    answers = [
        each
        for each in consents
        if each.purpose == purpose and category in each.categories
    ]
    last = max(answers, key=lambda each: each.given_at, default=None)
    return last is not None and last.status == ConsentStatus.WITHDRAWN


def _covers(override: Override, request: Request, category: Category) -> bool:
    return (
        override.category == category
        and override.purpose == request.purpose
        and override.recipient == request.recipient
    )
