"""What the law asks before a child is sent on a way: best interests, and whose word."""

from __future__ import annotations

from datetime import datetime

from services.node.domain.best_interests import Concern, concern_of
from services.node.domain.bodies_return import Reconsent
from services.node.domain.coming_of_age import (
    best_interest_determined,
    is_complete,
    waits_for_adult,
)
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.referrals import ReferralType
from services.node.flows.consents import consents_of
from services.node.flows.disclose import age_in, records_of
from services.node.flows.footing import CASE_SCOPE, Footing, data_key
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


async def concern_in(
    own: OwnMember, connection: Connection, case_id: bytes, now: datetime
) -> Concern | None:
    """For whom of a case somebody decides what is best; ``now`` on the case clock."""
    key = await data_key(own, connection, case_id, CASE_SCOPE)
    answers = await consents_of(connection, case_id, key)
    return concern_of(await age_in(own, connection, case_id), answers, now)


async def check_whose_word(
    own: OwnMember, connection: Connection, footing: Footing, body: Body, now: datetime
) -> None:
    """Raise unless the word on the day is of everybody whose word is needed.

    ``consent.child_alone``: for a child the guardian confirms the wish *and* the
    child does, in one record (domain.md §5.c). ``consent.adult_not_asked``: a
    guardian does not confirm it for somebody who has come of age. ``now`` is on
    the case clock; both ends ask, each by the age that its own case records.
    """
    if not isinstance(body, Reconsent) or footing.case is None:
        return
    age = await age_in(own, connection, footing.case.case_id)
    if not is_complete(body.consent, age, now):
        raise NotLawfulError(
            "consent.child_alone",
            "A child returns only on the guardian's consent and the child's own"
            " assent together, and this confirmation is not both.",
            where="subject",
            remedy="Ask the guardian and the child again, together, and record one"
            " answer for both.",
        )
    if waits_for_adult(body.consent, age, now):
        raise NotLawfulError(
            "consent.adult_not_asked",
            "The person has come of age, and somebody else confirmed the wish.",
            where="subject",
            remedy="Ask the person; only their own word counts now.",
        )
