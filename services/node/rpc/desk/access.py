"""AccessService on the local listener: who looked at what."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import access_pb2, access_pb2_grpc
from services.node.domain.access import Looked
from services.node.domain.errors import InvalidInputError
from services.node.flows.looks import (
    KeptLook,
    Look,
    keep_look,
    looks_at_case,
    looks_of_anybody,
)
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis


class AccessServicer(access_pb2_grpc.AccessServiceServicer):
    """Lists looks, and keeps those that only a gateway sees."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ListAccess(
        self, request: access_pb2.ListAccessRequest, context: Any
    ) -> access_pb2.ListAccessResponse:
        """List who looked at a case and its referrals."""
        found = await looks_at_case(
            self._desk.own,
            request.case_pseudonym,
            request.before,
            limit_of(request.limit),
        )
        return access_pb2.ListAccessResponse(rows=[_look(each) for each in found])

    async def ReviewAccess(
        self, request: access_pb2.ReviewAccessRequest, context: Any
    ) -> access_pb2.ReviewAccessResponse:
        """List who looked at anything."""
        found = await looks_of_anybody(
            self._desk.own,
            request.pseudonym,
            request.before,
            limit_of(request.limit),
            refused=request.refused,
        )
        return access_pb2.ReviewAccessResponse(rows=[_look(each) for each in found])

    async def RecordAccess(
        self, request: access_pb2.RecordAccessRequest, context: Any
    ) -> access_pb2.RecordAccessResponse:
        """Keep a look that only a gateway sees."""
        if request.what not in set(Looked):
            raise InvalidInputError(
                "access.unknown_look",
                f"what is one of {', '.join(Looked)}.",
                where="what",
            )
        look = Look(
            acting_officer(),
            calling().listener,
            request.what,
            request.case_pseudonym,
            request.referral_id,
            calling().reason,
        )
        now = self._desk.now().wire
        number = await keep_look(self._desk.own, look, "ok", now)
        return access_pb2.RecordAccessResponse(number=number)


def _look(kept: KeptLook) -> access_pb2.Access:
    row = kept.row
    return access_pb2.Access(
        number=row.number,
        officer=row.officer,
        role=row.role,
        unit=row.unit,
        listener=row.listener,
        what=row.what,
        case_pseudonym=row.case_pseudonym,
        subject_id=row.subject_id,
        reason=kept.reason,
        at=millis(row.at),
        outcome=row.outcome,
    )
