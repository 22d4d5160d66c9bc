"""FormService on the local listener: what officers typed and did not send yet."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import form_pb2, form_pb2_grpc
from services.node.flows.forms import KEPT, FormGiven, drop, form_of, forms_of, keep
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis
from services.node.store.forms import FormLineRow


class FormServicer(form_pb2_grpc.FormServiceServicer):
    """Keeps forms for the officer who typed them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def KeepForm(
        self, request: form_pb2.KeepFormRequest, context: Any
    ) -> form_pb2.KeepFormResponse:
        """Keep a form, anew or in place of what it held."""
        given = FormGiven(
            request.form_id,
            request.kind,
            request.case_pseudonym,
            request.content,
            request.version,
        )
        officer, now = acting_officer().pseudonym, self._desk.now().wire
        line = await keep(self._desk.own, officer, given, now)
        return form_pb2.KeepFormResponse(form=_line(line))

    async def GetForm(
        self, request: form_pb2.GetFormRequest, context: Any
    ) -> form_pb2.GetFormResponse:
        """Open a form."""
        officer = acting_officer().pseudonym
        line, content = await form_of(self._desk.own, officer, request.form_id)
        return form_pb2.GetFormResponse(form=_line(line), content=content)

    async def ListForms(
        self, request: form_pb2.ListFormsRequest, context: Any
    ) -> form_pb2.ListFormsResponse:
        """List the officer's forms."""
        lines = await forms_of(self._desk.own, acting_officer().pseudonym)
        return form_pb2.ListFormsResponse(forms=[_line(each) for each in lines])

    async def DropForm(
        self, request: form_pb2.DropFormRequest, context: Any
    ) -> form_pb2.DropFormResponse:
        """Drop a form."""
        await drop(self._desk.own, acting_officer().pseudonym, request.form_id)
        return form_pb2.DropFormResponse()


def _line(row: FormLineRow) -> form_pb2.FormSummary:
    return form_pb2.FormSummary(
        form_id=row.form_id,
        kind=row.kind,
        case_pseudonym=row.case_pseudonym,
        begun_at=millis(row.begun_at),
        kept_at=millis(row.kept_at),
        version=row.version,
        ends_at=millis(row.kept_at + KEPT),
    )
