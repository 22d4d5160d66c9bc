"""What a withdrawal would do, said before anybody decides: who is told, what closes.

Reads only. It asks the very rules that the act asks, so that nothing happens that
was not said; what changes in between, the act finds by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.handoff import Step
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side
from services.node.domain.withdrawals import ended_by_answer
from services.node.flows.consents import consents_of
from services.node.flows.disclose import age_in
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.recall import lawful_from
from services.node.flows.recalling import Cause, owed_by
from services.node.flows.receipts import ENDED_UNOPENED
from services.node.flows.record_answers import answer_event
from services.node.store import referrals as referral_store


@dataclass(frozen=True, slots=True)
class WouldTell:
    """One member that would be told; ``unopened``: it never opened what it was offered.

    ``ends_return``: a return that rests on the wish would end with it.
    """

    member: str
    referral_id: bytes
    referral_type: str
    categories: tuple[str, ...]
    unopened: bool
    ends_return: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The categories that would have no basis any more, and who would be told."""

    categories: tuple[str, ...]
    told: tuple[WouldTell, ...]


async def foreseen(
    own: OwnMember, pseudonym: str, withdrawal: ConsentCopy, moment: Moment
) -> Foreseen:
    """What this withdrawal would do now; raises NotFoundError for an unknown case."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        before = await consents_of(connection, case.case_id, key)
        age = await age_in(own, connection, case.case_id)
        ended = ended_by_answer(withdrawal, before, moment.case, age)
        cause = Cause(case.case_id, answer_event(withdrawal), moment.case)
        owed = await owed_by(connection, cause, ended, ends_wish=True)
        rows = await referral_store.referrals_by_ids(
            connection, [each.referral_id for each in owed.due]
        )
    known = {row.referral_id: row for row in rows}
    ends = set(lawful_from(own, Step.WITHDRAWAL, Side.GIVER, moment))
    told = []
    for due in owed.due:
        row = known[due.referral_id]
        # An offer that ended unopened has nobody to be told, as in the receipt.
        if row.state in ENDED_UNOPENED:
            continue
        told.append(
            WouldTell(
                row.peer,
                row.referral_id,
                row.referral_type,
                tuple(due.categories),
                unopened=row.referral_id in owed.unopened,
                ends_return=due.ends_wish
                and row.referral_type == ReferralType.VOLUNTARY_RETURN
                and (row.referral_type, row.state) in ends,
            )
        )
    return Foreseen(() if ended is None else ended.categories, tuple(told))
