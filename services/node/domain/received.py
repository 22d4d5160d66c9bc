"""What arrives is checked like what goes: policy ∩ the answers that came with it.

Promises the receiver's half of ``disclosure``: for every part of a release one
basis that holds here and now, by this member's own policy and by every answer of
the person that it knows, whoever wrote it down. A consent is shown by a copy; an
override, which stays with its officers, by its law and its review; a duty by this
member's own row of ``offer_parts``.

Leaves to others: opening the parts, and their fields (``limits``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.node.domain.bodies import PartBasis
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import UNKNOWN_AGE, Age
from services.node.domain.consent import Standing, StandingAnswer, standing_answer
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.disclosure import (
    Allowed,
    BasisKind,
    Request,
    check_policy,
    reasons,
)
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.offer_parts import RestsOn
from services.node.domain.plain_words import plain
from services.node.domain.policy import Policy
from services.node.domain.records import ConsentCopy
from services.node.domain.tables import day_of

_LONGEST_LAW = 400


def check_received(
    policy: Policy,
    request: Request,
    bases: Sequence[PartBasis],
    consents: Sequence[ConsentCopy],
    at: datetime,
    age: Age = UNKNOWN_AGE,
) -> None:
    """Raise unless every category that came may be had, each on its basis.

    ``request`` names this member as the recipient; ``consents`` are the answers
    that came and those held here; ``at`` is when the release was made (case
    clock); ``age`` says whose yes counts. Raises
    ``InvalidInputError("disclosure.bad_bases")`` if the bases are not one a part;
    ``NotLawfulError``: what ``check_policy`` raises, and ``disclosure.no_basis``
    with every category whose basis does not hold.
    """
    allowed = check_policy(policy, request, day_of(at))
    of_category = {each.category: each for each in bases}
    if len(of_category) != len(bases) or not of_category.keys() <= set(allowed):
        raise InvalidInputError(
            "disclosure.bad_bases",
            "A release names one basis for each part that it opens, and no other.",
            where="bases",
        )
    refused = {}
    for category, each in allowed.items():
        basis = of_category.get(category)
        # The yes that is named must stand against every no; another yes may stand
        # too, where the two ends know different things of her age.
        heard = [
            one
            for one in consents
            if one.status != ConsentStatus.GIVEN
            or (basis is not None and one.consent_id == basis.basis_id)
        ]
        answer = standing_answer(
            heard, request.purpose, request.recipient, category, at, age
        )
        why = _why_not(policy, basis, each, answer, at)
        if why:
            refused[category] = why
    if refused:
        raise NotLawfulError(
            "disclosure.no_basis",
            f"Nothing that came with it lets {request.recipient} have this for the"
            f" purpose {plain(request.purpose)}: {reasons(refused)}.",
            where=", ".join(refused),
            remedy="Ask the person and offer again, or leave these categories out.",
        )


def _why_not(
    policy: Policy,
    basis: PartBasis | None,
    allowed: Allowed,
    answer: StandingAnswer,
    at: datetime,
) -> str:
    """Why a basis does not hold; empty if it does."""
    if basis is None:
        return "no basis is named"
    if basis.kind == BasisKind.CONSENT:
        return _consent_fails(answer)
    if answer.standing is Standing.NO:
        return "the person refused or withdrew it, which nothing else defeats"
    if basis.kind == BasisKind.DUTY:
        by_duty = allowed.part.basis is RestsOn.DUTY
        return "" if by_duty else "no duty to pass it on is known here"
    if basis.kind == BasisKind.OVERRIDE:
        return _override_fails(policy, basis, at)
    return "its kind is not known here"


def _consent_fails(answer: StandingAnswer) -> str:
    if answer.standing is not Standing.YES:
        return f"the person's answer is {answer.standing}"
    return ""


def _override_fails(policy: Policy, basis: PartBasis, at: datetime) -> str:
    cited = basis.law.strip() and len(basis.law) <= _LONGEST_LAW
    if not cited or len(basis.basis_id) != ID_BYTES or basis.review_by is None:
        return "the override lacks its id, law or review"
    if basis.confirmed:
        return ""
    if not at <= basis.review_by <= policy.deadlines.due("override_review", at):
        return "the override's review is overdue or beyond its limit"
    return ""


def categories_in(where: str) -> tuple[Category, ...]:
    """The categories that the ``where`` of a refusal of disclosure names."""
    codes = where.split(", ")
    return tuple(each for each in Category if each in codes)
