"""Probe: which part of an exchange between two members works.

The prober seals 32 random bytes to the peer's current key; the peer proves that
it opened them by their hash. Nothing of it is logged in the ledger: nothing was
handed over.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import RelaisError, VerificationError
from services.node.flows.closed_to_new import OwnWord, word_in
from services.node.flows.growth import verify_member_checkpoint
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.keys.encoding import lp, sha256
from services.node.keys.sealing_keys import hpke_seal
from services.node.store import ledger as ledger_store

_TEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What the probed node found; ``opened_hash`` empty if it could not open.

    ``word`` is None where its database is away: then it tells nothing of itself.
    """

    inbox_open: bool
    opened_hash: bytes
    checkpoint: bytes
    word: OwnWord | None


@dataclass(frozen=True, slots=True)
class ProbeTest:
    """A test value and its sealed form."""

    value: bytes
    sealing_key_id: bytes
    sealed: bytes


def probe_info(sender: str, recipient: str) -> bytes:
    """What binds a test value to the two members."""
    return lp("relais/v1/probe", sender, recipient)


def new_probe(own: OwnMember, member: str, now: datetime) -> ProbeTest:
    """A test value sealed to the member's current key; ``now`` on the wire clock."""
    value = os.urandom(_TEST_BYTES)
    key = own.adopted.directory.sealing_key_for(member, now)
    sealed = hpke_seal(key.raw, probe_info(own.name, member), value)
    return ProbeTest(value, key.key_id, sealed)


async def answer_probe(
    own: OwnMember,
    published: Published,
    sender: str,
    sealing_key_id: bytes,
    sealed: bytes,
    now: datetime,
) -> ProbeAnswer:
    """What this node can say: open the test value, look at the inbox."""
    private = own.keys.sealing.get(sealing_key_id)
    opened = b""
    if private is not None:
        try:
            opened = sha256(private.open(sealed, probe_info(sender, own.name)))
        except VerificationError:
            opened = b""
    word = None
    try:
        async with own.database.connection() as connection:
            await ledger_store.read_head(connection)
            word = await word_in(connection, now)
        inbox_open = True
    except RelaisError:
        inbox_open = False
    return ProbeAnswer(inbox_open, opened, published.head.checkpoint, word)


def check_opened(test: ProbeTest, opened_hash: bytes) -> None:
    """Raise VerificationError unless the peer opened the test value."""
    if not hmac.compare_digest(sha256(test.value), opened_hash):
        raise VerificationError(
            "probe.not_opened", "The peer could not open what was sealed to it."
        )


def check_receipt_key(own: OwnMember, member: str, checkpoint: bytes) -> int:
    """The size of the peer's ledger; raises if its checkpoint is not its own."""
    directory = own.adopted.directory
    return verify_member_checkpoint(directory, own.network, member, checkpoint).size
