"""What an offer encloses: attachments, sealed until the release opens their parts.

Each gets an id for this envelope only, and travels under a key that the key of its
part gives: who is released the part is released the file, and nobody else. What it
is (type, size, hash) stands sealed in the offer, so the payload's hash binds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.node.domain.attachments import (
    MOST_IN_OFFER,
    Description,
    Enclosure,
    check_description,
    check_whole,
)
from services.node.domain.bodies import Release
from services.node.domain.categories import Category
from services.node.domain.disclosure import Basis
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.handoff import Handoff
from services.node.domain.identifiers import new_id
from services.node.domain.need_to_know import Need
from services.node.flows.contents import OUT_TABLE, secrets_of
from services.node.flows.own import OwnMember
from services.node.sealing.chunks import (
    open_description,
    seal_description,
    travelling_key,
)
from services.node.store import attachments as attachment_store
from services.node.store.attachments import (
    AttachmentRow,
    insert_attachment_out,
    release_attachment,
)
from services.node.store.pool import Connection
from services.node.store.writes import Write
from services.node.wire.handoffs import decode_description, encode_description


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment that goes with an offer."""

    attachment_id: bytes
    category: str
    description: Description


@dataclass(frozen=True, slots=True)
class Unsealed:
    """An attachment as a release opens it; ``key`` is the one it travels under."""

    enclosure: Enclosure
    category: str
    description: Description
    key: bytes


async def enclosed_of(
    own: OwnMember,
    connection: Connection,
    case_id: bytes,
    attachment_ids: Sequence[bytes],
    bases: Sequence[Basis],
) -> tuple[Enclosed, ...]:
    """The attachments that an offer on these bases may enclose.

    Raises NotFoundError ``attachment.unknown``, InvalidInputError
    ``offer.bad_attachments``, NotLawfulError ``disclosure.file_beyond_limit``.
    """
    needs = {each.category: each.need for each in bases}
    if len(attachment_ids) > MOST_IN_OFFER:
        raise InvalidInputError(
            "offer.bad_attachments",
            f"An offer has at most {MOST_IN_OFFER} attachments.",
            where="attachments",
            remedy="Attach fewer files, or make another offer.",
        )
    found = []
    for attachment_id in dict.fromkeys(attachment_ids):
        row = await attachment_store.attachment_by_id(connection, attachment_id)
        if row is None or row.case_id != case_id or row.state != "whole":
            raise NotFoundError(
                "attachment.unknown",
                "This case has no such attachment that can be read.",
                remedy="Copy its number from: relais case attachments",
            )
        found.append(_enclosed(own, row, needs))
    return tuple(found)


def _enclosed(
    own: OwnMember, row: AttachmentRow, needs: Mapping[Category, Need]
) -> Enclosed:
    category = Category(row.category)
    if category not in needs:
        raise InvalidInputError(
            "offer.bad_attachments",
            f"An attachment belongs to {category}, which this offer leaves out.",
            where="attachments",
            remedy="Offer that category too, or leave the file out.",
        )
    check_whole(category, needs[category])
    digest = secrets_of(own, row).digest
    described = Description(row.media_type, row.size, digest)
    return Enclosed(row.attachment_id, row.category, described)


def seal_enclosures(
    envelope_id: bytes,
    referral_id: bytes,
    recipient: str,
    enclosed: Sequence[Enclosed],
    keys: Mapping[str, tuple[str, bytes]],
) -> tuple[tuple[Enclosure, ...], tuple[Write, ...]]:
    """The enclosures of an envelope; ``keys`` are part id and key, by category."""
    enclosures, writes = [], []
    for each in enclosed:
        part_id, part_key = keys[each.category]
        remote_id = new_id()
        plain = encode_description(each.description)
        sealed = seal_description(part_key, envelope_id, remote_id, plain)
        enclosures.append(Enclosure(remote_id, part_id, sealed))
        writes.append(
            insert_attachment_out(remote_id, each.attachment_id, referral_id, recipient)
        )
    return tuple(enclosures), tuple(writes)


async def served_from_now(
    own: OwnMember, connection: Connection, offered: Handoff, release: Release
) -> tuple[Write, ...]:
    """The rows by which the recipient may fetch what this release opens."""
    if not offered.attachments:
        return ()
    keys = {each.part_id: each.key for each in release.keys}
    part_of = {each.attachment_id: each.part_id for each in offered.attachments}
    writes = []
    for row in await attachment_store.attachments_out_of(
        connection, offered.referral_id
    ):
        part_key = keys.get(part_of.get(row.remote_id, ""))
        if part_key is not None:
            travelling = travelling_key(part_key, row.remote_id, row.size)
            key = own.vault.open_key(None, row.epoch, row.wrapped)
            sealed = key.seal(OUT_TABLE, row.remote_id, travelling.raw)
            writes.append(release_attachment(row.remote_id, sealed))
    return tuple(writes)


def unsealed(
    envelope_id: bytes, offered: Handoff, release: Release
) -> Iterator[Unsealed]:
    """What the release opens of the offer's attachments.

    Raises VerificationError ``attachment.bad_description``, InvalidInputError for
    what no node would attach.
    """
    keys = {each.part_id: each.key for each in release.keys}
    category_of = {each.part_id: each.category for each in offered.parts}
    for each in offered.attachments:
        part_key = keys[each.part_id]
        plain = open_description(part_key, envelope_id, each.attachment_id, each.sealed)
        described = decode_description(plain)
        check_description(described)
        key = travelling_key(part_key, each.attachment_id, described.size)
        yield Unsealed(each, category_of[each.part_id], described, key.raw)
