"""What a step says that the person said must be on record.

Promises: a withdrawal rests on a record of it in the case. Checked where the step is
taken: only there the answers stand. Nobody is asked for a reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.node.domain.bodies_return import Withdrawal
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.records import ConsentCopy
from services.node.flows.consents import consents_of
from services.node.flows.footing import Footing
from services.node.store.pool import Connection

_NOES = {ConsentStatus.WITHDRAWN, ConsentStatus.REFUSED}


async def check_person_said(
    connection: Connection, footing: Footing, body: Body
) -> None:
    """Raise ``withdrawal.no_record`` if no answer here carries the withdrawal."""
    if not isinstance(body, Withdrawal) or footing.case is None:
        return
    answers = await consents_of(connection, footing.case.case_id, footing.key)
    check_withdrawal(answers, body)


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
