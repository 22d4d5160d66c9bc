"""A release as it arrives: parts open, are checked, and become records here.

What this member may not have is refused with the whole release and never stored:
a category without a basis that holds here, and a field beyond a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from services.node.domain.bodies import Offer, Release
from services.node.domain.categories import Category
from services.node.domain.consent import check_consent
from services.node.domain.errors import UnavailableError, VerificationError
from services.node.domain.handoff import Handoff
from services.node.domain.identifiers import new_id
from services.node.domain.limits import check_within
from services.node.domain.records import ConsentCopy
from services.node.domain.tables import day_of
from services.node.flows.contents import Secrets
from services.node.flows.enclose import Unsealed, unsealed
from services.node.flows.entitlement import needs_of_release
from services.node.flows.moment import CASE_SKEW
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey, row_number
from services.node.keys.at_rest import new_data_key
from services.node.sealing.parts import open_part
from services.node.store.attachments import NewAttachment, insert_attachment
from services.node.store.rows import CaseRow, ConsentRow
from services.node.store.writes import (
    Write,
    insert_consent,
    insert_data_key,
    insert_record,
)
from services.node.wire.handoffs import decode_record, encode_consent

RECORD_TABLE = "case_record"
CONSENT_TABLE = "consent"
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""On the wire clock: before every other instant."""


def released_rows(
    own: OwnMember,
    case: CaseRow,
    case_key: DataKey,
    offer: tuple[bytes, Handoff],
    handoff: Handoff,
    held: tuple[ConsentCopy, ...],
    now: datetime,
) -> tuple[Write, ...]:
    """The rows that a release opens: one record a part, and the consents.

    ``offer`` is the offer's envelope id and payload; ``held`` are the person's
    answers that this member holds. Raises VerificationError
    (``release.other_offer``, ``release.unknown_part``, ``envelope.bad_part``) if
    the release does not fit the offer; UnavailableError (``consent.from_the_future``)
    if an answer is later than ``now`` and the skew that is held; and what
    ``check_received`` and ``check_within`` raise for what this member should not
    have got.
    """
    origin = (handoff.from_, now, handoff.actor.pseudonym)
    writes: list[Write] = []
    release = _release_of(offer, handoff)
    _check_consents(release, now)
    opened = tuple(_opened_parts(offer, release))
    enclosed = tuple(unsealed(offer[0], offer[1], release))
    records = [decode_record(plain) for _, plain in opened]
    needs = needs_of_release(own, offer[1], handoff, held, records)
    for record in records:
        need, day = needs[Category(record.category)], day_of(offer[1].happened_at)
        check_within(own.adopted.policy.limits, need, record, day)
    for category, plain in opened:
        # A key of its own, so that a recall of this referral can drop it.
        scope = received_scope(category, handoff.referral_id)
        row, key = own.vault.new_key(case.case_id, scope)
        writes += [
            insert_data_key(row),
            record_row(key, case.case_id, category, plain, origin, scope),
        ]
        files = [each for each in enclosed if each.category == category]
        writes += attachment_rows(key, (case.case_id, scope), handoff, origin, files)
    writes += [
        consent_row(case.case_id, case_key, handoff.from_, consent)
        for consent in release.consents
    ]
    return tuple(writes)


def attachment_rows(
    key: DataKey,
    place: tuple[bytes, str],
    handoff: Handoff,
    origin: tuple[str, datetime, str],
    files: list[Unsealed],
) -> list[Write]:
    """Attachments that are to be fetched; ``place`` is case and scope of ``key``."""
    writes = []
    (case_id, scope), (source, at, officer) = place, origin
    for each in files:
        attachment_id = new_id()
        secrets = Secrets(new_data_key(), each.description.digest, each.key)
        new = NewAttachment(
            attachment_id=attachment_id,
            case_id=case_id,
            category=each.category,
            key_scope=scope,
            source=source,
            added_by=officer,
            added_at=at,
            media_type=each.description.media_type,
            size=each.description.size,
            state="fetching",
            remote_id=each.enclosure.attachment_id,
            referral_id=handoff.referral_id,
            # Since ever: fetched as soon as this is written.
            next_try_at=AT_ONCE,
            sealed=secrets.seal(key, attachment_id),
        )
        writes.append(insert_attachment(new))
    return writes


def _release_of(offer: tuple[bytes, Handoff], handoff: Handoff) -> Release:
    """The release, if it is one of this very offer."""
    envelope_id, offered = offer
    release = handoff.body
    if not isinstance(release, Release) or not isinstance(offered.body, Offer):
        raise VerificationError("release.other_offer", "This releases no offer.")
    if release.offer_envelope_id != envelope_id:
        raise VerificationError(
            "release.other_offer", "The release names another envelope than the offer."
        )
    return release


def _check_consents(release: Release, now: datetime) -> None:
    for consent in release.consents:
        check_consent(consent)
        if consent.given_at > now + CASE_SKEW:
            raise UnavailableError(
                "consent.from_the_future",
                "An answer was given later than this node's case clock shows.",
                remedy="Set the clocks of both nodes.",
            )


def _opened_parts(
    offer: tuple[bytes, Handoff], release: Release
) -> Iterator[tuple[str, bytes]]:
    """Category and plain bytes of every part that the release opens."""
    envelope_id, offered = offer
    left = {part.part_id: part for part in offered.parts}
    for part_key in release.keys:
        part = left.pop(part_key.part_id, None)
        if part is None:
            raise VerificationError(
                "release.unknown_part",
                "The release opens a part that was not offered, or one twice.",
            )
        plain = open_part(
            envelope_id,
            part.part_id,
            part.category,
            part_key.key,
            part.part_commit,
            part.ciphertext,
            part.ciphertext_hash,
        )
        if decode_record(plain).category != part.category:
            raise VerificationError(
                "release.other_category", "A part holds another category than it says."
            )
        yield part.category, plain
    if left:
        raise VerificationError(
            "release.missing_part", "The release leaves a part of the offer closed."
        )


def record_row(
    key: DataKey,
    case_id: bytes,
    category: str,
    plain: bytes,
    origin: tuple[str, datetime, str],
    key_scope: str | None = None,
) -> Write:
    """One version of a category; ``origin`` is source, instant and officer."""
    identifier = new_id()
    source, at, officer = origin
    return insert_record(
        row_number(identifier),
        case_id,
        category,
        source,
        at,
        officer,
        key.seal(RECORD_TABLE, identifier, plain),
        key_scope,
    )


def received_scope(category: str, referral_id: bytes) -> str:
    """The scope of the key of what one referral brought of one category."""
    return f"{category}:{referral_id.hex()}"


def consent_row(
    case_id: bytes, case_key: DataKey, holder: str, consent: ConsentCopy
) -> Write:
    """A consent record, its details sealed under the case key."""
    nonce, sealed = case_key.seal(
        CONSENT_TABLE, consent.consent_id, encode_consent(consent)
    )
    return insert_consent(
        ConsentRow(
            consent.consent_id,
            case_id,
            holder,
            consent.purpose,
            consent.recipient,
            list(consent.categories),
            consent.status,
            consent.given_at,
            consent.valid_until,
            nonce,
            sealed,
        )
    )
