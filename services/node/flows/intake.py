"""Case sheets: rows become drafts of a named officer, and nothing is sent.

The same row is the same draft: it is found again by an HMAC of its content under
this member's audit key. A ticked consent box is consent to the interview and to
nothing else; purpose, recipient and consent are confirmed by the officer later.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.node.domain.bodies import Offer
from services.node.domain.casesheet import (
    CaseRow,
    CaseSheetReport,
    RawSheet,
    minimal_profile,
    read_case_sheet,
)
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Actor
from services.node.domain.identifiers import new_id
from services.node.domain.records import CategoryRecord
from services.node.domain.tables import day_of
from services.node.flows.moment import Moment
from services.node.flows.open_case import OpenCase
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.keys.encoding import lp
from services.node.store import drafts as draft_store
from services.node.store.pool import Connection
from services.node.store.rows import DraftRow
from services.node.wire.handoffs import decode_record, encode_record

_TABLE = "draft"
_SCOPE = "draft"


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that was understood; ``draft_id`` None in a dry run of a new row.

    Also where it is the draft of another officer of this member.
    """

    row: int
    status: str
    draft_id: bytes | None
    known: bool
    of_another: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """What a sheet holds and what became of its rows."""

    report: CaseSheetReport
    rows: tuple[KeptRow, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, opened; ``sheet`` and ``number`` name the row that it came from."""

    row: DraftRow
    sheet: str
    number: int
    records: tuple[CategoryRecord, ...]


async def take_sheet(
    own: OwnMember, officer: str, sheet: RawSheet, moment: Moment, *, keep: bool
) -> Intake:
    """Read a sheet; with ``keep`` its good rows become drafts of ``officer``."""
    report = read_case_sheet(sheet, day_of(moment.case))
    keys = {row.number: _source_key(own, row) for row in report.rows}
    async with own.database.transaction() as connection:
        known = await draft_store.drafts_by_source(connection, list(keys.values()))
        kept = []
        for row in report.rows:
            before = known.get(keys[row.number])
            if before is not None:
                others = before.officer != officer
                draft_id = None if others else before.draft_id
                kept.append(
                    KeptRow(
                        row.number,
                        before.status,
                        draft_id,
                        known=True,
                        of_another=others,
                    )
                )
                continue
            draft_id = None
            if keep:
                place = (sheet.name, row)
                draft_id = await _keep(
                    own, connection, officer, place, keys[row.number], moment
                )
            kept.append(KeptRow(row.number, row.status.value, draft_id, known=False))
    return Intake(report, tuple(kept))


async def drafts_of(own: OwnMember, officer: str) -> list[Draft]:
    """The drafts and history of an officer, oldest first."""
    async with own.database.connection() as connection:
        rows = await draft_store.list_drafts(connection, officer)
    return [_opened(own, row) for row in rows]


async def draft_of(own: OwnMember, officer: str, draft_id: bytes) -> Draft:
    """One draft of the officer; raises NotFoundError for another's."""
    async with own.database.connection() as connection:
        row = await draft_store.draft_by_id(connection, draft_id)
    if row is None or row.officer != officer:
        raise NotFoundError(
            "draft.unknown",
            "This officer has no such draft.",
            remedy="Look at the list of drafts again.",
        )
    return _opened(own, row)


async def open_draft(own: OwnMember, officer: str, draft_id: bytes) -> Draft:
    """The same, if it may become a case; raises NotLawfulError for history."""
    draft = await draft_of(own, officer, draft_id)
    if draft.row.status == "history":
        raise NotLawfulError(
            "draft.closed",
            "The row is a closed case; it is kept as history only.",
            remedy="Open a case for the person, if there is one to open.",
        )
    return draft


async def confirmed_case(
    own: OwnMember,
    actor: Actor,
    draft_id: bytes,
    event_id: bytes,
    door: str,
    moment: Moment,
) -> tuple[OpenCase, Offer]:
    """The act that opens a case from a draft, and an offer to complete.

    Raises NotFoundError for another officer's draft, NotLawfulError for history.
    """
    draft = await open_draft(own, actor.pseudonym, draft_id)
    act = OpenCase(own, actor, event_id, door, draft.records, moment, draft_id)
    return act, offer_from(draft, moment)


def offer_from(draft: Draft, moment: Moment) -> Offer:
    """An offer filled with the minimal profile; the officer completes it."""
    blank = Offer(
        referral_type="reception",
        priority="normal",
        services=(),
        age_band="",
        sex="",
        languages=(),
        constraints=(),
        need="",
        need_language="",
        basis_ids=(),
    )
    return profiled(blank, draft.records, moment)


def profiled(offer: Offer, records: Iterable[CategoryRecord], moment: Moment) -> Offer:
    """The offer with the minimal profile wherever it tells none."""
    profile = minimal_profile(records, day_of(moment.case))
    return replace(
        offer,
        age_band=offer.age_band or profile.age_band,
        sex=offer.sex or profile.sex,
        languages=offer.languages or profile.languages,
    )


async def _keep(
    own: OwnMember,
    connection: Connection,
    officer: str,
    place: tuple[str, CaseRow],
    source_key: bytes,
    moment: Moment,
) -> bytes:
    draft_id = new_id()
    sheet, row = place
    key_row, key = own.vault.new_key(draft_id, _SCOPE)
    content = lp(sheet, str(row.number), *map(encode_record, row.records))
    nonce, sealed = key.seal(_TABLE, draft_id, content)
    draft = DraftRow(
        draft_id=draft_id,
        source_key=source_key,
        officer=officer,
        status=row.status.value,
        interview_consent=bool(row.interview_consent),
        imported_at=moment.case,
        case_id=None,
        data_key_id=key_row.key_id,
        nonce=nonce,
        sealed=sealed,
        epoch=key_row.epoch,
        wrapped=key_row.wrapped,
    )
    return await draft_store.insert_draft(connection, key_row, draft)


def _opened(own: OwnMember, row: DraftRow) -> Draft:
    key: DataKey = own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)
    raw = key.open(_TABLE, row.draft_id, row.nonce, row.sealed)
    sheet, number, *records = _items(raw)
    return Draft(row, sheet.decode(), int(number), tuple(map(decode_record, records)))


def _items(raw: bytes) -> list[bytes]:
    """What ``lp`` joined; the bytes are our own, authenticated before."""
    items, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 8], "big")
        items.append(raw[at + 8 : at + 8 + length])
        at += 8 + length
    return items


def _source_key(own: OwnMember, row: CaseRow) -> bytes:
    return hmac.digest(
        own.keys.audit_key, b"relais/v1/draft" + row.source_key, "sha256"
    )
