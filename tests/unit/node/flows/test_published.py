from __future__ import annotations

import asyncio

import pytest

from services.node.domain.errors import UnavailableError
from services.node.flows.changes import Change
from services.node.flows.published import Published
from services.node.store.rows import HeadRow


def head(size: int) -> HeadRow:
    return HeadRow("net/lao-cai", size, bytes(32), b"")


async def test_who_waits_for_a_leaf_goes_on_when_its_head_is_published():
    published = Published()
    published.advance(head(3))
    waiting = asyncio.ensure_future(published.wait_for(3, 5))
    await asyncio.sleep(0)
    published.notify()
    await asyncio.sleep(0)
    assert not waiting.done()
    published.advance(head(4))
    await waiting


async def test_who_waits_for_a_referral_is_woken_by_its_own_changes():
    published = Published()
    first, other = (published.next_change_of(each) for each in (b"1", b"2"))
    published.advance(head(1), Change(frozenset(), {b"1"}))
    assert first.is_set()
    assert not other.is_set()
    again = published.next_change_of(b"1")
    assert not again.is_set()
    # Whose it was is not known: both.
    published.notify()
    assert other.is_set()
    assert again.is_set()


async def test_a_leaf_that_stays_unpublished_is_told_as_such():
    published = Published()
    published.advance(head(3))
    with pytest.raises(UnavailableError) as caught:
        await published.wait_for(3, 0.01)
    assert caught.value.code == "ledger.not_published"


def test_a_head_never_goes_back():
    async def go() -> int:
        published = Published()
        published.advance(head(4))
        published.advance(head(3))
        return published.head.size

    assert asyncio.run(go()) == 4
