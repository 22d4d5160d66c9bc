"""Whether this member may have the parts that an offer or a release brings.

The same tables as at the sender, read again with this member's own policy: an
offer that carries what it never may have is refused as it comes, a release whose
parts do not rest on anything is refused whole, and either is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.node.domain.attachments import check_enclosures, check_whole
from services.node.domain.bodies import Offer, Release
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import age_of
from services.node.domain.disclosure import Request, check_policy
from services.node.domain.errors import RelaisError, VerificationError
from services.node.domain.handoff import Handoff
from services.node.domain.may_send import Competence
from services.node.domain.need_to_know import Need
from services.node.domain.received import categories_in, check_received
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.tables import day_of
from services.node.flows.arrival import Arrived
from services.node.flows.own import OwnMember
from services.node.flows.rules import check_offer, check_parts
from services.node.store.reports import insert_disclosure_report
from services.node.store.writes import Write


def competence_for(own: OwnMember, offered: Handoff) -> Competence:
    """Why this offer may come here, by the day on which it was made.

    Raises InvalidInputError for unknown codes, NotLawfulError
    ``referral.not_between``.
    """
    if not isinstance(offered.body, Offer):
        raise VerificationError("release.other_offer", "This releases no offer.")
    return own.adopted.policy.may_send.competence(
        check_offer(offered.body),
        own.functions_of(offered.from_),
        own.functions_of(own.name),
        day_of(offered.happened_at),
    )


def needs_of_offer(own: OwnMember, offered: Handoff) -> dict[Category, Need]:
    """What this member may know of each part that the offer carries.

    Raises what ``check_policy`` raises for a part that it never may have, and
    ``check_whole`` for an attachment of one of which it may have only some fields.
    """
    day = day_of(offered.happened_at)
    allowed = check_policy(own.adopted.policy, _request(own, offered), day)
    needs = {category: each.need for category, each in allowed.items()}
    category_of = {each.part_id: Category(each.category) for each in offered.parts}
    check_enclosures(offered.attachments, set(category_of))
    for each in offered.attachments:
        category = category_of[each.part_id]
        check_whole(category, needs[category])
    return needs


def needs_of_release(
    own: OwnMember,
    offered: Handoff,
    handoff: Handoff,
    held: tuple[ConsentCopy, ...],
    records: Sequence[CategoryRecord],
) -> dict[Category, Need]:
    """What this member may know of each part that the release opens.

    ``held`` are the person's answers that this member holds; ``records`` what was
    opened, which may tell that a yes needs a guardian. Raises what
    ``check_received`` raises for a part without a basis that holds here. The
    fields go by the day of the offer, on which they were cut and sealed.
    """
    release = handoff.body
    if not isinstance(release, Release):
        raise VerificationError("release.other_offer", "This releases no offer.")
    policy = own.adopted.policy
    check_received(
        policy,
        _request(own, offered),
        release.bases,
        (*held, *release.consents),
        handoff.happened_at,
        age_of(records, policy.deadlines),
    )
    return needs_of_offer(own, offered)


def reports_of(
    arrived: Arrived, handoff: Handoff, error: RelaisError, now: datetime
) -> tuple[Write, ...]:
    """What the administrator is told of an envelope that was refused by ``error``.

    Only what this member should not have got is reported; ``now`` is on the case
    clock.
    """
    if not error.code.startswith("disclosure."):
        return ()
    return (
        insert_disclosure_report(
            arrived.digest,
            arrived.header.sender,
            handoff.referral_id,
            handoff.step.value,
            error.code,
            [each.value for each in categories_in(error.where)],
            now,
        ),
    )


def _request(own: OwnMember, offered: Handoff) -> Request:
    competence = competence_for(own, offered)
    check_parts(offered.parts)
    return Request(
        own.name,
        competence.receiver_functions,
        competence.rows[0].referral_type,
        [Category(part.category) for part in offered.parts],
    )
