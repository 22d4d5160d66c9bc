"""Views of the worklist on the local listener: a part of WorkService."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import work_pb2, work_pb2_grpc
from services.node.flows.saved_views import SavedView, drop_view, keep_view, views_of
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.wire.mapping import from_message, to_message


class SavedViews(work_pb2_grpc.WorkServiceServicer):
    """Keeps what officers call their views."""

    _desk: Desk

    async def ListViews(
        self, request: work_pb2.ListViewsRequest, context: Any
    ) -> work_pb2.ListViewsResponse:
        """List the officer's views."""
        found = await views_of(self._desk.own, acting_officer().pseudonym)
        return work_pb2.ListViewsResponse(
            views=[to_message(each, work_pb2.SavedView) for each in found]
        )

    async def KeepView(
        self, request: work_pb2.KeepViewRequest, context: Any
    ) -> work_pb2.KeepViewResponse:
        """Keep a view under a name."""
        officer, now = acting_officer().pseudonym, self._desk.now().wire
        view = from_message(request.view, SavedView)
        kept = await keep_view(self._desk.own, officer, view, now)
        return work_pb2.KeepViewResponse(view=to_message(kept, work_pb2.SavedView))

    async def DropView(
        self, request: work_pb2.DropViewRequest, context: Any
    ) -> work_pb2.DropViewResponse:
        """Delete a view."""
        officer = acting_officer().pseudonym
        await drop_view(self._desk.own, officer, request.view_id)
        return work_pb2.DropViewResponse()
