"""The mailbox on a real ledger: what is kept, for whom, how much and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from services.node.domain.errors import RelaisError
from services.node.flows.exchange import NO_HEAD, Delivery, Growth
from services.node.flows.growth import verify_member_checkpoint
from services.node.flows.keep_letter import Quota
from services.node.flows.letters import Bundle, Letter, open_letter, seal_letter
from services.node.flows.mailbox import Deposited, Mailbox
from services.node.flows.moment import Moment
from services.node.ledger.evidence import verify_evidence
from services.node.wire.leaves import Outcome, decode_pers
from services.node.wire.letters import Label, decode_label, encode_label
from tests.store.town import NETWORK, Town

BOX, READER, OTHER = "lao-cai", "liaison-yunnan", "son-la"
WRITERS = ("a", "b", "c", "d")
"""Senders, who are known by their certificate before the mailbox is asked."""
ROOMY = Quota(letters=100, bytes=10_000_000, days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hands:
    """The mailbox's clocks, which stand where the town's do."""

    town: Town

    def now(self) -> Moment:
        return self.town.moment(BOX)

    def drive(self, case: datetime) -> Moment:
        """As somebody would who drives it: nobody does here."""
        self.town.case = case
        return self.now()


def mailbox(town: Town, quota: Quota = ROOMY) -> Mailbox:
    member = town.members[BOX]
    submit = member.writer.submit
    return Mailbox(member.own, member.published, submit, Hands(town), quota)


def letter(town: Town, number: int = 0, recipient: str = READER) -> Bundle:
    """A letter like any other, but for the number in it."""
    growth = Growth(b"a checkpoint", number, ())
    said = Letter("nha-hoa-ban", Delivery(NO_HEAD, growth, ()), None, (growth,))
    directory = town.founded.adopted.directory
    return seal_letter(directory, recipient, said, town.wire)


async def deposit(box: Mailbox, bundle: Bundle, sender: str = "a") -> Deposited:
    return await box.deposit(sender, NO_HEAD, bundle)


async def refused(doing: Awaitable[object]) -> str:
    with pytest.raises(RelaisError) as caught:
        await doing
    return caught.value.code


async def entries(town: Town) -> list[tuple[str, str]]:
    """What stands beside the ledger about letters, in its order."""
    async with town.members[BOX].own.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT e.outcome, e.member FROM mailbox_entry AS e"
            " JOIN ledger_leaf AS l ON l.subject = e.subject ORDER BY l.index"
        )
    return [(row["outcome"], row["member"]) for row in rows]


# --- deposit


async def test_whoever_deposits_gets_proof_that_the_letter_is_kept(town):
    bundle = letter(town)
    kept = await deposit(mailbox(town), bundle)
    directory = town.founded.adopted.directory
    raw = kept.my_growth.checkpoint
    verify_evidence(
        kept.relayed, verify_member_checkpoint(directory, NETWORK, BOX, raw)
    )
    pers = decode_pers(kept.relayed.pers.value)
    assert (pers.outcome, pers.digest) == (Outcome.RELAYED, bundle.digest)
    assert await entries(town) == [("relayed", "a")]


async def test_the_same_letter_again_gets_the_same_proof_and_is_kept_once(town):
    box, bundle = mailbox(town), letter(town)
    first, again = await deposit(box, bundle), await deposit(box, bundle)
    assert first.relayed.index == again.relayed.index
    assert first.relayed.leaf == again.relayed.leaf
    assert await box.collect(READER, ()) == [bundle]
    # Nor is it kept again once it was collected.
    await box.collect(READER, (bundle.digest,))
    late = await deposit(box, bundle)
    assert late.relayed.index == first.relayed.index
    assert await box.collect(READER, ()) == []
    assert await entries(town) == [("relayed", "a"), ("collected", READER)]


def with_label(**changes: object) -> Callable[[Bundle], Bundle]:
    def changed(bundle: Bundle) -> Bundle:
        label: Label = replace(decode_label(bundle.label), **changes)  # type: ignore[arg-type] # names of its fields
        return replace(bundle, label=encode_label(label))

    return changed


SPOILT: tuple[tuple[Callable[[Bundle], Bundle], str], ...] = (
    (lambda b: replace(b, sealed=b.sealed[:-1]), "letter.malformed"),
    (lambda b: replace(b, label=b.label + b"\x28\x01"), "letter.malformed"),
    (with_label(bucket=5000), "letter.malformed"),
    (with_label(sealing_key_id=b"short"), "letter.malformed"),
    (with_label(day="yesterday"), "letter.malformed"),
    (with_label(day="2018-03-05"), "letter.other_day"),
    (with_label(sealing_key_id=bytes(32)), "letter.unknown_key"),
    (with_label(recipient="nobody"), "directory.unknown_member"),
)


async def test_what_is_no_letter_for_a_member_is_not_kept(town):
    box, sound = mailbox(town), letter(town)
    said = [await refused(deposit(box, spoil(sound))) for spoil, _ in SPOILT]
    assert said == [code for _, code in SPOILT]
    assert await entries(town) == []


# --- quota


async def test_one_sender_fills_a_quarter_of_a_box_and_goes_on_after_collection(town):
    box = mailbox(town, replace(ROOMY, letters=8))
    letters = [letter(town, number) for number in range(3)]
    for each in letters[:2]:
        await deposit(box, each)
    assert await refused(deposit(box, letters[2])) == "mailbox.share_full"
    # Another sender, and another member's box, are not concerned.
    await deposit(box, letter(town, 9), "b")
    await deposit(box, letter(town, 9, OTHER))
    await box.collect(READER, (letters[0].digest,))
    await deposit(box, letters[2])
    kept = await box.collect(READER, ())
    assert [each.digest for each in kept if each in letters] == [
        each.digest for each in letters[1:]
    ]


async def test_a_full_box_pushes_back_and_loses_nothing(town):
    box = mailbox(town, replace(ROOMY, letters=4))
    letters = [letter(town, number) for number in range(5)]
    for writer, each in zip(WRITERS, letters, strict=False):
        await deposit(box, each, writer)
    assert await refused(deposit(box, letters[4], "e")) == "mailbox.full"
    assert await box.collect(READER, ()) == letters[:4]
    await box.collect(READER, tuple(each.digest for each in letters[:4]))
    await deposit(box, letters[4], "e")
    assert await box.collect(READER, ()) == letters[4:]


async def test_bytes_count_as_letters_do(town):
    size = len(letter(town))
    box = mailbox(town, replace(ROOMY, bytes=4 * size))
    for number, writer in enumerate(WRITERS):
        await deposit(box, letter(town, number), writer)
    assert await refused(deposit(box, letter(town, 8), "a")) == "mailbox.share_full"
    assert await refused(deposit(box, letter(town, 9), "e")) == "mailbox.full"


async def test_letters_that_come_at_once_do_not_pass_the_quota(town):
    box = mailbox(town, replace(ROOMY, letters=8))
    coming = [deposit(box, letter(town, number)) for number in range(12)]
    done = await asyncio.gather(*coming, return_exceptions=True)
    codes = [each.code for each in done if isinstance(each, RelaisError)]
    assert codes == ["mailbox.share_full"] * 10
    assert len(await box.collect(READER, ())) == 2


# --- collection


async def test_letters_come_in_the_order_of_their_deposit_until_acknowledged(town):
    box = mailbox(town)
    letters = [letter(town, number) for number in range(3)]
    for writer, each in zip("aba", letters, strict=True):
        await deposit(box, each, writer)
    assert await box.collect(READER, ()) == letters
    assert await box.collect(READER, ()) == letters
    assert await box.collect(READER, (letters[0].digest,)) == letters[1:]
    opened = open_letter(town.members[READER].own, letters[1])
    assert opened.growths[0].from_size == 1


async def test_only_its_recipient_can_acknowledge_a_letter(town):
    box, bundle = mailbox(town), letter(town)
    await deposit(box, bundle)
    assert await box.collect(OTHER, (bundle.digest,)) == []
    assert await box.collect(READER, ()) == [bundle]
    assert await entries(town) == [("relayed", "a")]


async def test_a_collection_is_logged_once_however_often_it_is_acknowledged(town):
    box, bundle = mailbox(town), letter(town)
    await deposit(box, bundle)
    for _ in range(3):
        assert await box.collect(READER, (bundle.digest, bundle.digest)) == []
    assert await entries(town) == [("relayed", "a"), ("collected", READER)]


async def test_an_acknowledgement_of_what_is_no_letter_is_refused(town):
    box = mailbox(town)
    for acknowledged in ((b"short",), (bytes(32),) * 65):
        assert await refused(box.collect(READER, acknowledged)) == "letter.bad_digest"


async def test_what_is_kept_outlives_the_node(town):
    letters = [letter(town, number) for number in range(2)]
    for each in letters:
        await deposit(mailbox(town), each)
    await town.restart(BOX)
    assert await mailbox(town).collect(READER, ()) == letters


# --- expiry


async def test_what_nobody_collected_in_time_goes_and_is_logged(town):
    box, old = mailbox(town), letter(town, 1)
    await deposit(box, old)
    town.pass_time(5 * DAY, 5 * DAY)
    younger = letter(town, 2)
    await deposit(box, younger)
    assert await box.sweep() == 0
    town.pass_time(3 * DAY, 3 * DAY)
    assert await box.sweep() == 1
    assert await box.collect(READER, (old.digest,)) == [younger]
    assert await entries(town) == [
        ("relayed", "a"),
        ("relayed", "a"),
        ("expired", READER),
    ]


async def test_an_expired_letter_makes_room(town):
    box = mailbox(town, replace(ROOMY, letters=4))
    await deposit(box, letter(town, 1))
    assert await refused(deposit(box, letter(town, 2))) == "mailbox.share_full"
    town.pass_time(8 * DAY, 8 * DAY)
    await box.sweep()
    anew = letter(town, 3)
    await deposit(box, anew)
    assert await box.collect(READER, ()) == [anew]
