"""What a giver, a host country and relatives may hear: only what she allowed.

Relatives are told what the standing answers for *contact_family* name, and
nothing else (``FAMILY_MESSAGES``). After a return the host country hears how it
went, by a feedback or by how the task ended, only with a yes to
*feedback_to_host_country* for that very member.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.node.domain.bodies import Completion, Feedback
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import UNKNOWN_AGE, Age
from services.node.domain.consent import (
    Standing,
    family_may_be_told,
    standing_answer,
)
from services.node.domain.consent_codes import Purpose
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.outcomes import Outcome
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import State
from services.node.flows.consents import consents_of
from services.node.flows.disclose import age_in
from services.node.flows.footing import Footing
from services.node.flows.own import OwnMember
from services.node.store.pool import Connection

_AFTER_CROSSING = {State.RECEIVED, State.ARRIVED, State.DONE}


async def check_feedback(
    own: OwnMember, connection: Connection, footing: Footing, body: Body, now: datetime
) -> None:
    """Raise NotLawfulError unless the person allowed this feedback.

    Codes: ``feedback.family_not_allowed`` and ``feedback.host_not_allowed``.
    ``now`` is on the case clock.
    """
    if not isinstance(body, Feedback | Completion) or footing.case is None:
        return
    if isinstance(body, Completion) and body.outcome == Outcome.SUCCESSFUL:
        # That somebody arrived, both sides signed already.
        return
    case_id, referral = footing.case.case_id, footing.referral
    consents = await consents_of(connection, case_id, footing.key)
    age = await age_in(own, connection, case_id)
    if isinstance(body, Feedback):
        check_family_may_hear(consents, body, now, age)
    returned = referral.referral_type == ReferralType.VOLUNTARY_RETURN
    if returned and referral.state in _AFTER_CROSSING:
        check_host_may_hear(consents, referral.peer, now, age)


def check_family_may_hear(
    consents: Sequence[ConsentCopy],
    body: Feedback,
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> None:
    """Raise ``feedback.family_not_allowed`` for a word that she did not allow."""
    allowed = family_may_be_told(consents, now, age)
    if not set(body.family_may_be_told) <= set(allowed):
        raise NotLawfulError(
            "feedback.family_not_allowed",
            "The person did not allow relatives to be told all of this.",
            where="family_may_be_told",
            remedy=f"Allowed are: {', '.join(allowed) or 'nothing'}. Ask the person.",
        )


def check_host_may_hear(
    consents: Sequence[ConsentCopy],
    host: str,
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> None:
    """Raise ``feedback.host_not_allowed`` unless she agreed that ``host`` hears."""
    purpose = Purpose.FEEDBACK_TO_HOST_COUNTRY
    answer = standing_answer(consents, purpose, host, Category.D0, now, age)
    if answer.standing is not Standing.YES:
        raise NotLawfulError(
            "feedback.host_not_allowed",
            f"The person did not agree that {host} hears how the return went.",
            where="feedback_to_host_country",
            remedy="Ask the person; without a yes the host country hears nothing.",
        )
