"""An extract for a court: what it proves is so, and whatever was changed is named."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from services.cli.audit_extract import ExtractReport, verify_extract
from services.cli.audit_faults import FaultKind
from services.cli.audit_told import show_extract
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.flows.extract import ExtractAsked, extract_log
from services.node.store import ledger as ledger_store
from services.node.wire.audit import (
    LogHead,
    LogItem,
    ProvedLeaf,
    ReceivedEnvelope,
    SentEnvelope,
    encode_item,
    framed,
    read_extract,
)
from tests.store.test_export import MEMBER, log, own, vault  # noqa: F401 - fixtures

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


async def extracted(own, *indexes: int, code: str = "") -> list[LogItem]:  # noqa: F811
    async with own.database.connection() as connection:
        head = await ledger_store.read_head(connection)
    asked = ExtractAsked(code, indexes)
    return [item async for item in extract_log(own, head, asked, NOW)]


def verified(items: list[LogItem], fingerprint: str | None = None) -> ExtractReport:
    """Through a file, as a court gets it."""
    raw = b"".join(framed(encode_item(item)) for item in items)
    return verify_extract(read_extract(io.BytesIO(raw), "a file"), fingerprint)


def altered(items, kind, change) -> set[tuple[int | None, FaultKind]]:
    """The faults after the last item of a kind is changed."""
    at = max(i for i, each in enumerate(items) if isinstance(each, kind))
    report = verified([*items[:at], change(items[at]), *items[at + 1 :]])
    return {(each.index, each.kind) for each in report.faults}


def flipped(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


async def test_an_extract_proves_its_entries_and_holds_no_other(own):  # noqa: F811
    items = await extracted(own, 1, 2, 4)
    report = verified(items)
    assert report.faults == ()
    assert [each.index for each in report.entries] == [1, 2, 4]
    leaves = [each.logged.index for each in items if isinstance(each, ProvedLeaf)]
    assert leaves == [0, 1, 2, 4], "and the adoption by which its keys are judged"
    assert {each.proved_by for each in report.entries} >= {"hanoi"}
    console = Console(file=(written := io.StringIO()), width=200)
    show_extract(report, console)
    said = written.getvalue()
    assert f"signed, {sum(bool(e.proved_by) for e in report.entries)} of them" in said
    assert "No witness has signed the head." in said
    assert "It does not prove that the case has no other entry" in said


async def test_whatever_was_changed_in_an_extract_is_named(own):  # noqa: F811
    every = range(own_size := (await _size(own)))
    items = await extracted(own, *every)
    assert verified(items).faults == ()
    last = own_size - 1

    def leaf(item: ProvedLeaf, **changes) -> ProvedLeaf:
        return replace(item, logged=replace(item.logged, **changes))

    def opening(item: ProvedLeaf) -> ProvedLeaf:
        meta = item.logged.meta
        assert meta is not None
        return leaf(item, meta=replace(meta, value=flipped(meta.value)))

    for change, fault in (
        (lambda i: leaf(i, leaf=flipped(i.logged.leaf)), FaultKind.LEAF_ALTERED),
        (lambda i: replace(i, path=()), FaultKind.LEAF_ALTERED),
        (lambda i: leaf(i, index=last + 1), FaultKind.LEAF_ALTERED),
        (lambda i: leaf(i, index=1), FaultKind.LEAF_MISPLACED),
        (opening, FaultKind.OPENING_MISMATCH),
    ):
        assert fault in {kind for _, kind in altered(items, ProvedLeaf, change)}
    head = (None, FaultKind.HEAD_ALTERED)
    for name in ("checkpoint", "root"):
        changed = altered(
            items,
            LogHead,
            lambda i, n=name: replace(i, **{n: flipped(getattr(i, n))}),
        )
        assert head in changed

    def ciphertext(item):
        envelope = item.envelope
        raw = flipped(envelope.ciphertext)
        return replace(item, envelope=replace(envelope, ciphertext=raw))

    for kind in (SentEnvelope, ReceivedEnvelope):
        found = {each for _, each in altered(items, kind, ciphertext)}
        assert FaultKind.ENVELOPE_ALTERED in found
    proof = altered(
        items, ReceivedEnvelope, lambda i: replace(i, evidence=flipped(i.evidence))
    )
    assert FaultKind.EVIDENCE_ALTERED in {kind for _, kind in proof}
    assert verified(items, "quite other words").faults


async def _size(own) -> int:  # noqa: F811
    async with own.database.connection() as connection:
        return (await ledger_store.read_head(connection)).size


async def test_an_extract_of_nothing_is_refused(own):  # noqa: F811
    for asked, code in (
        ((), "extract.unnamed"),
        (tuple(range(501)), "extract.too_long"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await extracted(own, *asked)
        assert refused.value.code == code
    with pytest.raises(NotFoundError) as missing:
        await extracted(own, 999)
    assert missing.value.code == "ledger.unknown_entry"
