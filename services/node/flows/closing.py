"""Whether a case may be closed now, by what is in it and what is open around it."""

from __future__ import annotations

from datetime import datetime

from services.node.domain.case_details import CaseDetails
from services.node.domain.closure import DISPOSITION, ReferralNow, check_closing
from services.node.domain.referrals import ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side, State
from services.node.flows.case_standing import CaseNow
from services.node.flows.own import OwnMember
from services.node.flows.take_step import check_no_minutes
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow


async def check_closable(
    own: OwnMember,
    connection: Connection,
    case: CaseRow,
    now: CaseNow,
    details: CaseDetails,
    at: datetime,
) -> None:
    """Raise what ``check_closing`` raises for the case as it stands.

    And ``responsibility.minutes_outstanding`` while its minutes may have been
    countersigned.
    """
    rows = await referral_store.referrals_of_case(connection, case.case_id)
    check_closing(
        details,
        now.standing,
        Answerability(case.answerable),
        (
            ReferralNow(
                ReferralType(each.referral_type), Side(each.side), State(each.state)
            )
            for each in rows
        ),
        at,
        own.adopted.policy.deadlines.due(DISPOSITION, at),
    )
    await check_no_minutes(connection, case.case_id)
