"""What a step tells of the person must be what the person said.

Promises: a withdrawal rests on a record of it in the case; relatives are told only
what the person agreed to; and the host country learns how it went on only with the
person's consent to that. Checked where the step is taken: only there the answers
stand. Nobody is asked for a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.node.domain.bodies import Feedback
from services.node.domain.bodies_return import Withdrawal
from services.node.domain.categories import Category
from services.node.domain.consent import Standing, family_may_be_told, standing_answer
from services.node.domain.consent_codes import ConsentStatus, Purpose
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.flows.consents import consents_of
from services.node.flows.footing import Footing
from services.node.store.pool import Connection

_NOES = {ConsentStatus.WITHDRAWN, ConsentStatus.REFUSED}


async def check_person_said(
    connection: Connection, footing: Footing, body: Body, now: datetime
) -> None:
    """Raise NotLawfulError if the person's answers here do not carry the step.

    Codes: ``withdrawal.no_record``, ``feedback.not_allowed``,
    ``feedback.no_consent``.
    """
    if not isinstance(body, Withdrawal | Feedback) or footing.case is None:
        return
    answers = await consents_of(connection, footing.case.case_id, footing.key)
    if isinstance(body, Withdrawal):
        check_withdrawal(answers, body)
    else:
        referral = footing.referral
        host = ""
        if referral.referral_type == ReferralType.VOLUNTARY_RETURN:
            host = referral.peer
        check_feedback(answers, body, host, now)


def check_withdrawal(answers: Sequence[ConsentCopy], body: Withdrawal) -> None:
    """Raise NotLawfulError unless the record that is named is a *no*."""
    if not any(
        each.consent_id == body.consent_id and each.status in _NOES for each in answers
    ):
        raise NotLawfulError(
            "withdrawal.no_record",
            "No answer of this case with that id is a no.",
            where="consent_id",
            remedy="Record the person's word first; nobody asks for a reason.",
        )


def check_feedback(
    answers: Sequence[ConsentCopy], body: Feedback, host: str, now: datetime
) -> None:
    """Raise NotLawfulError for a word that the person did not allow.

    ``host`` is the member of the host country in a return, or empty.
    """
    told = set(body.family_may_be_told)
    if not told <= set(family_may_be_told(answers, now)):
        raise NotLawfulError(
            "feedback.not_allowed",
            "The person did not agree that relatives are told this.",
            where="family_may_be_told",
            remedy="Tell only what the list of the person's answers allows.",
        )
    purpose = Purpose.FEEDBACK_TO_HOST_COUNTRY
    agreed = standing_answer(answers, purpose, host, Category.D0, now)
    if host and agreed.standing is not Standing.YES:
        raise NotLawfulError(
            "feedback.no_consent",
            "The person did not agree that the host country is told how it goes on.",
            where="result",
            remedy="Ask the person, with the purpose feedback_to_host_country and the "
            "category D0; without a yes nothing is told.",
        )
