"""Whether this member receives anybody new, on the local listener: of WorkService."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import work_pb2
from relais.exchange.v1 import probe_pb2
from services.node.domain.closed_to_new import ClosedToNew
from services.node.domain.identifiers import new_id
from services.node.flows.closed_to_new import may_be_asked, own_word, say
from services.node.rpc.calls import acting_officer
from services.node.rpc.conversions import event_id_from
from services.node.rpc.desk.saved_views import SavedViews
from services.node.wire.mapping import from_message, to_message


class ClosedToNewCalls(SavedViews):
    """Says to the others whether somebody new is received."""

    async def GetClosedToNew(
        self, request: work_pb2.GetClosedToNewRequest, context: Any
    ) -> work_pb2.GetClosedToNewResponse:
        """Tell what this member says."""
        desk = self._desk
        found = await own_word(desk.own, desk.now().wire)
        closed = found.closed
        return work_pb2.GetClosedToNewResponse(
            closed=None
            if closed is None
            else to_message(closed, probe_pb2.ClosedToNew),
            said_by=found.said_by,
            may_be_asked=may_be_asked(desk.own, desk.today()),
        )

    async def SayClosedToNew(
        self, request: work_pb2.SayClosedToNewRequest, context: Any
    ) -> work_pb2.SayClosedToNewResponse:
        """Say that nobody new is received, or somebody again; the others hear it."""
        desk, closed = self._desk, None
        if request.HasField("closed"):
            closed = from_message(request.closed, ClosedToNew)
        request_id = event_id_from(request.event_id, new_id())
        at = desk.now().wire, desk.today()
        await say(desk.own, acting_officer(), closed, request_id, at)
        desk.published.contacts.tell()
        return work_pb2.SayClosedToNewResponse()
