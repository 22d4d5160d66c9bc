"""What the law asks before a child is sent on a way: the child's best interest."""

from __future__ import annotations

from datetime import datetime

from services.node.domain.coming_of_age import best_interest_determined
from services.node.domain.errors import NotLawfulError
from services.node.domain.referrals import ReferralType
from services.node.flows.disclose import age_in, records_of
from services.node.flows.own import OwnMember
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow


async def check_best_interest(
    own: OwnMember, connection: Connection, referral: ReferralRow, now: datetime
) -> None:
    """Raise unless a child's return is determined to be in its best interest.

    ``return.no_best_interest``: the determination is the field
    ``local_best_interest`` of D13, with the value ``return`` (domain words: a
    child returns only after one). ``now`` is on the case clock.
    """
    if referral.referral_type != ReferralType.VOLUNTARY_RETURN:
        return
    case_id = referral.case_id or b""
    age = await age_in(own, connection, case_id)
    if not age.is_child(now):
        return
    records = await records_of(own, connection, case_id)
    if not best_interest_determined(records.values()):
        raise NotLawfulError(
            "return.no_best_interest",
            "A child returns only after it was determined to be in its best interest,"
            " and this case records no such determination.",
            where="D13",
            remedy="Record the determination in D13 first; until then the child stays"
            " in care.",
        )
