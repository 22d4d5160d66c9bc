"""ClockService as a client: what runs, and letting it stand still.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from relais.desk.v1 import clock_pb2, clock_pb2_grpc
from services.node.rpc import clock_values as values
from services.node.rpc.node_client import NodeClient
from services.node.wire.mapping import from_message


class ClockClient(NodeClient):
    """One node's local listener, for clocks; use with ``async with``."""

    async def list_clocks(
        self,
        officer: str,
        case: str = "",
        *,
        overdue: bool = False,
        limit: int = 0,
        offset: int = 0,
    ) -> values.ClocksRead:
        """The clocks of a case, or what runs in all; ``limit`` as in list_cases."""
        request = clock_pb2.ListClocksRequest(
            officer=officer,
            case_pseudonym=case,
            overdue=overdue,
            limit=limit,
            offset=offset,
        )
        answer = await self.ask(self._clocks.ListClocks, request)
        return from_message(answer, values.ClocksRead)

    async def pause_clock(
        self, officer: str, clock_id: bytes, reason: str, *, event_id: bytes = b""
    ) -> int:
        """Let a clock stand still for a named reason; the index of the leaf."""
        request = clock_pb2.PauseClockRequest(
            officer=officer, event_id=event_id, clock_id=clock_id, reason=reason
        )
        answer = await self.ask(self._clocks.PauseClock, request)
        return int(answer.ledger_index)

    async def resume_clock(
        self, officer: str, clock_id: bytes, *, event_id: bytes = b""
    ) -> int:
        """Let a clock go on with what was left; the index of the leaf."""
        request = clock_pb2.ResumeClockRequest(
            officer=officer, event_id=event_id, clock_id=clock_id
        )
        answer = await self.ask(self._clocks.ResumeClock, request)
        return int(answer.ledger_index)

    @property
    def _clocks(self) -> clock_pb2_grpc.ClockServiceAsyncStub:
        return clock_pb2_grpc.ClockServiceStub(self.channel)
