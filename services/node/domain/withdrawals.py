"""What ends when the person says no, or when an override is taken back.

Promises, purely, which purpose, recipient and categories have no basis any more
(domain.md §6.4), and which of what was offered or disclosed rested on it. A no
ends exactly what it names: other purposes, recipients and categories go on.

Leaves to others: recalling it (``flows``), and what the law keeps (``retention``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.coming_of_age import UNKNOWN_AGE, Age
from services.node.domain.consent import Standing, standing_answer
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.handshake_codes import RecallReason
from services.node.domain.override import Override, is_in_force
from services.node.domain.records import ConsentCopy


@dataclass(frozen=True, slots=True)
class Ended:
    """What has no basis any more. ``basis_ids`` are the answers or the override.

    ``ends_wish`` is true if nothing that the person agreed to is left for this
    purpose and recipient.
    """

    reason: RecallReason
    purpose: str
    recipient: str
    categories: tuple[str, ...]
    basis_ids: tuple[bytes, ...]
    ends_wish: bool = False


def ended_by_answer(
    answer: ConsentCopy,
    before: Sequence[ConsentCopy],
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> Ended | None:
    """What this answer ends; None for a yes, or a no that a later yes overtook."""
    if answer.status == ConsentStatus.GIVEN:
        return None
    records = (*before, answer)

    def standing(category: str) -> Standing:
        return standing_answer(
            records, answer.purpose, answer.recipient, category, now, age
        ).standing

    categories = tuple(
        each for each in answer.categories if standing(each) is Standing.NO
    )
    if not categories:
        return None
    yeses = [
        each
        for each in before
        if each.status == ConsentStatus.GIVEN
        and (each.purpose, each.recipient) == (answer.purpose, answer.recipient)
    ]
    agreed = {category for each in yeses for category in each.categories}
    return Ended(
        reason=RecallReason.CONSENT_WITHDRAWN,
        purpose=answer.purpose,
        recipient=answer.recipient,
        categories=categories,
        basis_ids=tuple(
            each.consent_id for each in yeses if set(each.categories) & set(categories)
        ),
        ends_wish=bool(agreed)
        and all(standing(each) is Standing.NO for each in agreed),
    )


def ended_by_review(
    reviewed: Override,
    consents: Sequence[ConsentCopy],
    others: Sequence[Override],
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> Ended | None:
    """What an override that was taken back ends; None if something else allows it.

    ``others`` are the other overrides of the case.
    """
    yes = standing_answer(
        consents, reviewed.purpose, reviewed.recipient, reviewed.category, now, age
    )
    if yes.standing is Standing.YES or any(
        (each.purpose, each.recipient, each.category)
        == (reviewed.purpose, reviewed.recipient, reviewed.category)
        and each.override_id != reviewed.override_id
        and is_in_force(each, now)
        for each in others
    ):
        return None
    return Ended(
        reason=RecallReason.OVERRIDE_WITHDRAWN,
        purpose=reviewed.purpose,
        recipient=reviewed.recipient,
        categories=(reviewed.category,),
        basis_ids=(reviewed.override_id,),
    )
