"""Who signs an arrival as second: the officer's own approval, or the scan of a thumb.

The node writes who it was: nobody names a colleague, or a hash, by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.approvals import ApprovalKind, missing
from services.node.domain.arrivals import SAID_TO_THE_MINUTE
from services.node.domain.bodies_return import Arrival, Minutes
from services.node.domain.both_sign import ArrivalAsked, SignedBy, check_names_one
from services.node.domain.categories import Category
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body, Step
from services.node.flows.contents import secrets_of
from services.node.flows.footing import Footing
from services.node.flows.own import OwnMember
from services.node.flows.resting import Resting, approved
from services.node.flows.said import last_of, said_for_rules, said_in_each
from services.node.store import attachments as attachment_store
from services.node.store import referrals as referral_store
from services.node.store.attachments import AttachmentRow
from services.node.store.pool import Connection
from services.node.store.writes import Write


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
    what ``resting.approved`` raises; NotLawfulError ``arrival.no_scan``.
    """
    if not isinstance(body, Arrival):
        return body, ()
    check_names_one(body)
    case = footing.case
    if body.signed_by == SignedBy.SECOND_OFFICER:
        if case is None:
            raise missing(ApprovalKind.ARRIVAL)
        act = ArrivalAsked(
            footing.referral.referral_id, body.arrived_at, body.handover_code
        )
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
        digest = await _scan_of(own, connection, footing, body, signing)
        return replace(body, evidence_hash=digest), ()
    return body, ()


async def _scan_of(
    own: OwnMember,
    connection: Connection,
    footing: Footing,
    body: Arrival,
    signing: Signing,
) -> bytes:
    """The SHA-256 of the scan that signs this arrival, and none before.

    Raises NotLawfulError ``arrival.no_scan`` for any file but a document that was
    added here since the person came and signed no arrival yet: what came from another
    member, or lay here before, tells nothing of her.
    """
    scan = await attachment_store.attachment_by_id(connection, signing.attachment_id)
    case = footing.case
    if (
        scan is None
        or case is None
        or scan.case_id != case.case_id
        or scan.category != Category.D10.value
        or scan.source != own.name
        or scan.added_at < await _since(own, connection, footing, body)
    ):
        raise _no_scan()
    return await _unused(own, connection, scan)


async def _since(
    own: OwnMember, connection: Connection, footing: Footing, body: Arrival
) -> datetime:
    """From when a scan may be of this arrival; case clock.

    From the instant of the newest minutes, where there are any. Without minutes from
    the arrival itself as it is told, never before the offer: who is promised for the
    afternoon may come in the morning, so that the promise is no measure.
    """
    referral = footing.referral
    said = await said_for_rules(own, connection, referral.referral_id)
    minutes = last_of(said, Step.MINUTES)
    if minutes is not None and isinstance(minutes.handoff.body, Minutes):
        return minutes.handoff.body.handed_over_at
    return max(referral.offered_at, body.arrived_at - SAID_TO_THE_MINUTE)


async def _unused(own: OwnMember, connection: Connection, scan: AttachmentRow) -> bytes:
    """The hash of a scan; one of the same bytes, added twice, is the same scan."""
    digest = secrets_of(own, scan).digest
    referrals = await referral_store.referrals_of_case(connection, scan.case_id)
    ids = [each.referral_id for each in referrals]
    said = await said_in_each(own, connection, ids, (Step.ARRIVAL,))
    for each in (step.handoff.body for steps in said.values() for step in steps):
        if isinstance(each, Arrival) and each.evidence_hash == digest:
            raise _no_scan()
    return digest


def _no_scan() -> NotLawfulError:
    return NotLawfulError(
        "arrival.no_scan",
        "That is no scan of this arrival: it is a document of the case that was added"
        " here since the person came, and that signed no arrival before.",
        where="attachment_id",
        remedy="Add the scan of the thumbprint to the files of the case as a"
        " document, then choose it.",
    )
