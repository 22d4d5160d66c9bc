"""Admissions on the local listener: a second person lets in, or does not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from relais.desk.v1 import access_pb2, node_pb2
from services.node.domain.sheets import LooksAsked
from services.node.flows import admissions as flow
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis
from services.node.store.admissions import AdmissionRow


class AdmissionCalls:
    """The calls of NodeService about who is let in."""

    _desk: Desk

    async def ListAdmissions(
        self, request: node_pb2.ListAdmissionsRequest, context: Any
    ) -> node_pb2.ListAdmissionsResponse:
        """List what waits for a second person."""
        now = self._desk.now().wire
        rows = await flow.waiting(self._desk.own, acting_officer(), now)
        return node_pb2.ListAdmissionsResponse(
            admissions=[_admission(each) for each in rows]
        )

    async def AnswerAdmission(
        self, request: node_pb2.AnswerAdmissionRequest, context: Any
    ) -> node_pb2.AnswerAdmissionResponse:
        """Let in, or not."""
        given = await flow.answer(
            self._desk.own,
            acting_officer(),
            request.admission_id,
            self._desk.now(),
            yes=request.confirmed,
        )
        return node_pb2.AnswerAdmissionResponse(answer=given.value)


def _admission(row: AdmissionRow) -> node_pb2.Admission:
    return node_pb2.Admission(
        admission_id=row.admission_id,
        kind=row.kind,
        officer=row.officer,
        role=row.role,
        unit=row.unit,
        name=row.name,
        scopes=row.scopes,
        expires_at=millis(row.expires_at),
        asked_by=row.asked_by,
        asked_at=millis(row.asked_at),
        ends_at=millis(row.ends_at),
        looks=access_pb2.LooksAsked(**asdict(LooksAsked.read(row.looks)))
        if row.looks
        else None,
    )
