"""Letters read: what they bring goes through the same door as what is delivered.

Promises: letters are dealt with in the order of their deposit, sender by sender;
one counts as dealt with only when its receipts are on their way back, so that a
crash in between has it come again and be answered alike; one that proves nothing
about its sender changes nothing. A letter that cannot be taken yet stays where it
is, and comes again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.changes import Change, Concern
from services.node.flows.deliver import Load, settle
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import (
    NO_HEAD,
    Answer,
    Consignment,
    Delivery,
    DeliveryAnswer,
    Envelope,
    Growth,
)
from services.node.flows.growth import GROWTH_MISSING, BehindPeerError, known_head
from services.node.flows.letters import Bundle, Letter, open_letter
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.post import Post
from services.node.flows.published import Published
from services.node.ledger.evidence import Evidence
from services.node.store import mailbox as mailbox_store
from services.node.wire.leaves import decode_pers

_NO_ENVELOPE = Envelope(b"", b"", b"")
#: Receipts in one letter.
_RECEIPTS = 256

Take = Callable[[str, Delivery], Awaitable[DeliveryAnswer]]


@dataclass(slots=True)
class _Heard:
    """What one sender's letters came to."""

    digests: list[bytes] = field(default_factory=list)
    begin_again: bool = False
    dealt_with: list[bytes] = field(default_factory=list)


class Reader:
    """Reads letters; ``take`` is the door for batches."""

    def __init__(
        self,
        own: OwnMember,
        published: Published,
        post: Post,
        take: Take,
        clocks: Clocks,
    ) -> None:
        self._own = own
        self._published = published
        self._post = post
        self._take = take
        self._clocks = clocks
        self._log = structlog.get_logger()

    async def read(self, bundles: Sequence[Bundle]) -> list[bytes]:
        """Deal with letters; which of them need not come again."""
        dealt_with: list[bytes] = []
        by_sender: dict[str, list[tuple[bytes, Letter]]] = {}
        for bundle in bundles:
            try:
                letter = open_letter(self._own, bundle)
                self._own.adopted.directory.active_member(letter.sender)
            except RelaisError as error:
                self._log.warning("letter.unreadable", code=error.code)
                dealt_with.append(bundle.digest)
                continue
            by_sender.setdefault(letter.sender, []).append((bundle.digest, letter))
        for sender, letters in by_sender.items():
            try:
                dealt_with += await self._read_from(sender, letters)
            except BehindPeerError as error:
                self._published.halt(error)
                raise
            except RelaisError as error:
                # Its letters come again; those of others do not wait for it.
                self._log.warning("letters.waiting", peer=sender, code=error.code)
        return dealt_with

    async def _read_from(
        self, sender: str, letters: list[tuple[bytes, Letter]]
    ) -> list[bytes]:
        heard = _Heard()
        for digest, letter in letters:
            try:
                await self._hear(sender, letter, heard)
            except BehindPeerError:
                raise
            except RelaisError as error:
                self._log.warning("letter.not_taken", peer=sender, code=error.code)
                if error.transient:
                    # Those behind it wait with it: their order is kept.
                    break
            heard.dealt_with.append(digest)
        answers = range(0, len(heard.digests), _RECEIPTS)
        for first in answers or ([0] if heard.begin_again else []):
            await self._post.answer(
                sender,
                heard.digests[first : first + _RECEIPTS],
                begin_again=heard.begin_again,
            )
        return heard.dealt_with

    async def _hear(self, sender: str, letter: Letter, heard: _Heard) -> None:
        said = letter.batch or letter.answer
        if said is None:
            return
        await self._post.named(sender, said.your_head)
        if letter.begin_again:
            now = self._clocks.now().wire
            async with self._own.database.transaction() as connection:
                await mailbox_store.bring_again(connection, sender, now)
            self._published.notify(Change(frozenset({Concern.OUTBOX})))
        growth = await self._fitting(sender, letter.growths)
        if letter.batch is not None:
            answer = await self._take(sender, replace(letter.batch, my_growth=growth))
            _note(answer, heard)
        elif letter.answer is not None:
            try:
                await self._settle(sender, replace(letter.answer, my_growth=growth))
            except UnavailableError as error:
                if error.code != GROWTH_MISSING:
                    raise
                heard.begin_again = True

    async def _fitting(self, sender: str, growths: tuple[Growth, ...]) -> Growth:
        """The growth that begins at the head of the sender's that is known here."""
        async with self._own.database.connection() as connection:
            known = await known_head(connection, sender)
        fitting = (each for each in growths if each.from_size == known.size)
        return next(fitting, growths[-1])

    async def _settle(self, sender: str, answer: DeliveryAnswer) -> None:
        """Receipts that came by letter, for what still waits."""
        own = self._own
        receipts: dict[bytes, Evidence] = {
            decode_pers(each.receipt.pers.value).digest: each.receipt
            for each in answer.answers
            if each.receipt is not None
        }
        async with self._post.turn(sender):
            async with own.database.connection() as connection:
                rows = await mailbox_store.waiting_among(
                    connection, sender, list(receipts)
                )
                sent = await evidence_for(
                    own, connection, [row.digest for row in rows], self._published.head
                )
            brought = Delivery(
                NO_HEAD,
                Growth(b"", answer.your_head.size, ()),
                tuple(Consignment(_NO_ENVELOPE, sent[row.digest]) for row in rows),
            )
            answers = tuple(
                Answer(position, receipts[row.digest], None)
                for position, row in enumerate(rows)
            )
            settled = await settle(
                own,
                Load(sender, tuple(rows), brought),
                replace(answer, answers=answers),
                self._clocks.now(),
            )
        self._published.notify()
        self._log.info(
            "letter.receipts",
            peer=sender,
            received=settled.received,
            refused=settled.refused,
        )


def _note(answer: DeliveryAnswer, heard: _Heard) -> None:
    """What is answered for good; raises UnavailableError for what must come again."""
    later = ""
    for each in answer.answers:
        if each.receipt is not None:
            heard.digests.append(decode_pers(each.receipt.pers.value).digest)
        elif each.refusal is not None and each.refusal.code == GROWTH_MISSING:
            heard.begin_again = True
        elif each.refusal is not None and each.refusal.transient:
            later = each.refusal.code
    if later:
        raise UnavailableError(later, "Something in the letter cannot be taken yet.")
