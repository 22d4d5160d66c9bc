"""Who signs an arrival as second: the officer's own approval, or the scan of a thumb.

The node writes who it was: nobody names a colleague, or a hash, by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.approvals import ApprovalKind, missing
from services.node.domain.bodies_return import Arrival
from services.node.domain.both_sign import ArrivalAsked, SignedBy, check_names_one
from services.node.domain.categories import Category
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Body
from services.node.flows.contents import secrets_of
from services.node.flows.footing import Footing
from services.node.flows.own import OwnMember
from services.node.flows.resting import Resting, approved
from services.node.store import attachments as attachment_store
from services.node.store.pool import Connection
from services.node.store.writes import Write

_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Signing:
    """By whom an arrival is recorded in which event, and what it rests on.

    ``approval_id`` and ``attachment_id`` are empty where there is none; instants on
    the case clock.
    """

    event_id: bytes
    asker: str
    approval_id: bytes
    attachment_id: bytes
    happened_at: datetime
    now: datetime


async def signed(
    own: OwnMember,
    connection: Connection,
    footing: Footing,
    body: Body,
    signing: Signing,
) -> tuple[Body, tuple[Write, ...]]:
    """The body with its second signature, and the row that uses an approval up.

    Raises InvalidInputError ``arrival.not_signed``, ``arrival.signature_is_made``;
    what ``resting.approved`` raises; NotFoundError ``arrival.no_scan``.
    """
    if not isinstance(body, Arrival):
        return body, ()
    check_names_one(body)
    case = footing.case
    if body.signed_by == SignedBy.SECOND_OFFICER:
        if case is None:
            raise missing(ApprovalKind.ARRIVAL)
        act = ArrivalAsked(footing.referral.referral_id, body.arrived_at)
        resting = Resting(
            signing.approval_id,
            signing.event_id,
            signing.asker,
            act,
            signing.happened_at,
            signing.now,
        )
        second, used = await approved(connection, case, footing.key, resting)
        return replace(body, second_officer=second.pseudonym), (used,)
    if body.signed_by == SignedBy.THUMBPRINT:
        scan = await attachment_store.attachment_by_id(
            connection, signing.attachment_id
        )
        known = scan is not None and case is not None and scan.case_id == case.case_id
        if scan is None or not known or scan.category != Category.D10.value:
            raise NotFoundError(
                "arrival.no_scan",
                "No document of this case is that scan.",
                where="attachment_id",
                remedy="Add the scan of the thumbprint to the files of the case as a"
                " document, then choose it.",
            )
        if scan.state != _WHOLE:
            raise NotLawfulError(
                "arrival.scan_not_here",
                "That scan has not come whole yet.",
                where="attachment_id",
                remedy="Wait until it is here, or choose another way to sign.",
            )
        return replace(body, evidence_hash=secrets_of(own, scan).digest), ()
    return body, ()
