"""ClockService on the local listener."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import clock_pb2, clock_pb2_grpc
from services.node.domain.identifiers import new_id, parse_alias
from services.node.flows.clock_views import (
    ClockView,
    clocks_of_case,
    running_clocks,
)
from services.node.flows.pause_clock import PauseClock, ResumeClock
from services.node.rpc.calls import acting_officer
from services.node.rpc.conversions import event_id_from
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis


class ClockServicer(clock_pb2_grpc.ClockServiceServicer):
    """Shows clocks, and lets one stand still for a named reason."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ListClocks(
        self, request: clock_pb2.ListClocksRequest, context: Any
    ) -> clock_pb2.ListClocksResponse:
        """List the clocks of a case, or what runs in all cases."""
        own, now = self._desk.own, self._desk.now().case
        if request.case_pseudonym:
            pseudonym = parse_alias(request.case_pseudonym)
            found = await clocks_of_case(own, pseudonym, now)
            views = [each for each in found if each.overdue or not request.overdue]
        else:
            limit = limit_of(request.limit)
            views = await running_clocks(
                own, now, limit, request.offset, overdue=request.overdue
            )
        return clock_pb2.ListClocksResponse(
            clocks=[_clock(each) for each in views], now=millis(now)
        )

    async def PauseClock(
        self, request: clock_pb2.PauseClockRequest, context: Any
    ) -> clock_pb2.PauseClockResponse:
        """Let a clock stand still for a reason that the policy names."""
        desk = self._desk
        logged = await desk.submit(
            PauseClock(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                timer_id=request.clock_id,
                reason=request.reason,
                moment=desk.now(),
            )
        )
        return clock_pb2.PauseClockResponse(ledger_index=logged.index)

    async def ResumeClock(
        self, request: clock_pb2.ResumeClockRequest, context: Any
    ) -> clock_pb2.ResumeClockResponse:
        """Let a clock go on with what was left."""
        desk = self._desk
        logged = await desk.submit(
            ResumeClock(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                timer_id=request.clock_id,
                moment=desk.now(),
            )
        )
        return clock_pb2.ResumeClockResponse(ledger_index=logged.index)


def _clock(view: ClockView) -> clock_pb2.Clock:
    timer, referral, rule = view.timer, view.referral, view.rule
    levels = [ring.partition(":")[0] for ring in timer.rings]
    rings_on = timer.next_ring_at is not None
    return clock_pb2.Clock(
        clock_id=timer.timer_id,
        deadline=timer.deadline,
        case_pseudonym=view.case_pseudonym,
        referral_id=timer.referral_id or b"",
        peer="" if referral is None else referral.peer,
        referral_type="" if referral is None else referral.referral_type,
        priority=timer.priority,
        started_at=millis(timer.started_at),
        due_at=millis(timer.due_at),
        next_ring_at=millis(timer.next_ring_at),
        next_level=levels[timer.fired] if rings_on else "",
        rang=levels[: timer.fired],
        paused_at=millis(timer.paused_at),
        pause_reason=timer.pause_reason or "",
        stopped_at=millis(timer.stopped_at),
        overdue=view.overdue,
        law="" if rule is None else rule.law,
        verified=rule is not None and rule.verified,
        pausable_for=view.pausable_for,
    )
