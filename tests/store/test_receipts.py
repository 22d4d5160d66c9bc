"""Receipts and envelopes: the first receipt stays, and each envelope is known once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.errors import ConflictError, NotFoundError
from services.node.flows.batch import write_batch
from services.node.store import exchange
from services.node.store.writes import (
    insert_envelope_received,
)


async def test_first_receipt_stays(founded, offered, made):
    (digest,) = await offered("yen-bai")
    async with founded.transaction() as connection:
        await exchange.keep_receipts(
            connection, [exchange.Receipt(digest, 7, b"first")], made.now
        )
        await exchange.keep_receipts(
            connection, [exchange.Receipt(digest, 8, b"second")], made.now
        )
    (row,) = [row async for row in exchange.all_sent(founded)]
    assert (row.receipt_index, row.receipt) == (7, b"first")


async def test_receipt_for_what_was_never_sent_is_a_conflict(founded, made):
    with pytest.raises(ConflictError):
        async with founded.transaction() as connection:
            await exchange.keep_receipts(
                connection, [exchange.Receipt(made.digest(), 0, b"e")], made.now
            )


async def test_every_envelope_is_listed_once_across_pages(
    founded, offered, made, signer
):
    digests = await offered(*["yen-bai"] * 7)
    arrived = [made.received() for _ in range(5)]
    plans = [made.plan(insert_envelope_received(each)) for each in arrived]
    await write_batch(founded, signer, plans)
    sent = [row.digest async for row in exchange.all_sent(founded, page=3)]
    received = [row.digest async for row in exchange.all_received(founded, page=5)]
    assert sent == sorted(digests)
    assert received == sorted(each.digest for each in arrived)


async def test_envelope_is_known_by_its_sender_and_id_only(founded, made, signer):
    arrived = made.received(outcome="refused", code="step.not_lawful", message="No.")
    await write_batch(founded, signer, [made.plan(insert_envelope_received(arrived))])
    own, other = arrived.envelope_id, made.id()
    async with founded.connection() as connection:
        row = await exchange.known_envelope(connection, "yen-bai", own)
        assert row is not None
        assert (row.digest, row.outcome, row.code) == (
            arrived.digest,
            "refused",
            "step.not_lawful",
        )
        assert await exchange.known_envelope(connection, "yen-bai", other) is None
        assert await exchange.known_envelope(connection, "son-la", own) is None


@pytest.mark.parametrize("changes", [{}, {"digest": bytes(32)}])
async def test_envelope_that_was_answered_cannot_be_written_again(
    founded, made, signer, changes
):
    arrived = made.received()
    again = replace(arrived, **changes)
    await write_batch(founded, signer, [made.plan(insert_envelope_received(arrived))])
    with pytest.raises(ConflictError):
        await write_batch(founded, signer, [made.plan(insert_envelope_received(again))])


async def test_envelope_id_is_found_for_what_was_sent_or_received(
    founded, made, signer, offered
):
    (digest,) = await offered("yen-bai")
    arrived = made.received()
    await write_batch(founded, signer, [made.plan(insert_envelope_received(arrived))])
    async with founded.connection() as connection:
        sent = await exchange.envelopes_sent(connection, [digest])
        found = await exchange.envelope_id_of(connection, digest)
        assert found == sent[digest].envelope_id
        found = await exchange.envelope_id_of(connection, arrived.digest)
        assert found == arrived.envelope_id
        with pytest.raises(NotFoundError):
            await exchange.envelope_id_of(connection, made.digest())
