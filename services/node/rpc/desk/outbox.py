"""The calls of NodeService about the outbox: what waits, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relais.desk.v1 import node_pb2
from services.node.domain.reach import circuit
from services.node.flows import outbox
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis
from services.node.store.outbox import LetterRow

_USUAL, _MOST = 100, 1000
_LANES = ("emergency", "urgent", "normal")


class OutboxCalls:
    """What waits per member, its letters, and to retry or give back."""

    def __init__(self, desk: Desk, ask_now: Callable[[str], None]) -> None:
        self._desk = desk
        self._ask_now = ask_now

    async def ListWaiting(
        self, request: node_pb2.ListWaitingRequest, context: Any
    ) -> node_pb2.ListWaitingResponse:
        """List what waits for each member, and the circuit to it."""
        moment = self._desk.now()
        rows = await outbox.destinations(
            self._desk.own, moment, _limit(request.limit), request.offset
        )
        return node_pb2.ListWaitingResponse(
            destinations=[
                node_pb2.Destination(
                    recipient=row.recipient,
                    waiting=row.waiting,
                    waits_since=millis(row.waits_since),
                    next_try_at=millis(row.next_try_at if row.waiting else None),
                    attempts=row.attempts,
                    last_problem=row.last_problem,
                    circuit=circuit(row.failures, row.next_try_at, moment.wire),
                    failures=row.failures,
                    dead=row.dead,
                )
                for row in rows
            ]
        )

    async def ListLetters(
        self, request: node_pb2.ListLettersRequest, context: Any
    ) -> node_pb2.ListLettersResponse:
        """List the envelopes that wait for a member, or the dead letters."""
        rows = await outbox.letters(
            self._desk.own,
            self._desk.now(),
            request.recipient,
            _limit(request.limit),
            request.offset,
            dead=request.dead,
        )
        return node_pb2.ListLettersResponse(letters=[_letter(row) for row in rows])

    async def RetryNow(
        self, request: node_pb2.RetryNowRequest, context: Any
    ) -> node_pb2.RetryNowResponse:
        """Ask a member again now, for all that waits or for one envelope."""
        asked = await outbox.retry(
            self._desk.own, self._desk.now(), request.recipient, request.digest
        )
        self._ask_now(asked)
        self._desk.published.notify()
        return node_pb2.RetryNowResponse(recipient=asked)

    async def ReturnLetter(
        self, request: node_pb2.ReturnLetterRequest, context: Any
    ) -> node_pb2.ReturnLetterResponse:
        """Give an envelope back to who sent it, as not received."""
        row = await outbox.give_back(
            self._desk.own,
            self._desk.now(),
            request.digest,
            acting_officer().pseudonym,
        )
        self._desk.published.notify()
        return node_pb2.ReturnLetterResponse(letter=_letter(row))


def _limit(asked: int) -> int:
    return min(asked or _USUAL, _MOST)


def _letter(row: LetterRow) -> node_pb2.Letter:
    return node_pb2.Letter(
        digest=row.digest,
        recipient=row.recipient,
        state=row.state,
        lane=_LANES[row.lane],
        attempts=row.attempts,
        waits_since=millis(row.waits_since),
        next_try_at=millis(row.next_try_at if row.state != "refused" else None),
        problem=row.problem,
        returned_at=millis(row.returned_at),
        returned_by=row.returned_by,
    )
