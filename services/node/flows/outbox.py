"""What an administrator sees of the outbox and does about it.

Promises: nothing that was sent is ever taken out. To retry is to ask now and not
later. To give back is to tell the people of this member that it was not received;
who is answerable stays so, and the relay goes on asking, because an envelope may
have been received and only its receipt be lost. What expired is given back by the
node itself.

Leaves to others: the delivery (loops/relay.py), and what the refusal of a step
does to a referral (flows/refused.py).
"""

from __future__ import annotations

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
)
from services.node.flows.compose import expired_before
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.store import outbox as outbox_store
from services.node.store.outbox import DestinationRow, LetterRow
from services.node.store.pool import Connection

_AT_ONCE = 100
_DIGEST_BYTES = 32


async def destinations(
    own: OwnMember, moment: Moment, limit: int, offset: int
) -> list[DestinationRow]:
    """The members for whom something waits or who did not take something."""
    async with own.database.connection() as connection:
        return await outbox_store.list_destinations(
            connection, expired_before(moment.wire), limit, offset
        )


async def letters(
    own: OwnMember,
    moment: Moment,
    recipient: str,
    limit: int,
    offset: int,
    *,
    dead: bool,
) -> list[LetterRow]:
    """What waits for a member, or the dead letters: of it, or of all if it is empty."""
    if not (recipient or dead):
        raise InvalidInputError(
            "outbox.no_recipient",
            "No member is named whose envelopes wait.",
            where="recipient",
            remedy="Name the member: relais outbox show MEMBER.",
        )
    listed = outbox_store.letters_dead if dead else outbox_store.letters_waiting
    async with own.database.connection() as connection:
        before = expired_before(moment.wire)
        return await listed(connection, recipient, before, limit, offset)


async def retry(own: OwnMember, moment: Moment, recipient: str, digest: bytes) -> str:
    """Make what waits for a member, or one envelope, due now; which member.

    Raises NotLawfulError ``outbox.refused_for_good`` for what was answered: the same
    envelope would get the same answer; NotFoundError for an unknown member.
    """
    async with own.database.transaction() as connection:
        if not digest:
            # Whoever mistypes a name is not told that it is asked now.
            own.adopted.directory.member(recipient)
            await outbox_store.retry_destination(connection, recipient, moment.wire)
            return recipient
        letter = await _letter(connection, moment, digest)
        if letter.state == "refused":
            raise NotLawfulError(
                "outbox.refused_for_good",
                "The recipient refused this envelope for good, and answers the same "
                "to the same envelope.",
                where=letter.problem,
                remedy="Give it back to who sent it: relais outbox return.",
            )
        _check_open(letter)
        await outbox_store.retry_letter(connection, digest, moment.wire)
        return letter.recipient


async def give_back(
    own: OwnMember, moment: Moment, digest: bytes, by: str
) -> LetterRow:
    """Give an envelope back to who sent it, once; the envelope as it then stands.

    Raises NotLawfulError ``outbox.received`` for what the recipient has.
    """
    async with own.database.transaction() as connection:
        letter = await _letter(connection, moment, digest)
        _check_open(letter)
        reason = letter.problem or "peer.no_answer"
        if letter.state == "expired":
            reason = "envelope.expired"
        await outbox_store.return_letter(connection, digest, reason, moment.case, by)
        return await _letter(connection, moment, digest)


async def give_back_expired(own: OwnMember, moment: Moment) -> None:
    """What has expired is given back by the node, a page a transaction."""
    number, before = _AT_ONCE, expired_before(moment.wire)
    while number == _AT_ONCE:
        async with own.database.transaction() as connection:
            number = await outbox_store.return_expired(
                connection, before, moment.case, _AT_ONCE
            )


def _check_open(letter: LetterRow) -> None:
    if letter.state == "received":
        raise NotLawfulError(
            "outbox.received",
            "The recipient has this envelope: its receipt is held.",
            where=letter.recipient,
            remedy="Look at what waits: relais outbox list.",
        )


async def _letter(connection: Connection, moment: Moment, digest: bytes) -> LetterRow:
    letter = None
    if len(digest) == _DIGEST_BYTES:
        letter = await outbox_store.letter_by_digest(
            connection, digest, expired_before(moment.wire)
        )
    if letter is None:
        raise NotFoundError(
            "outbox.unknown",
            "No envelope of this member has that digest.",
            where="digest",
            remedy="Copy it from: relais outbox show MEMBER.",
        )
    return letter
