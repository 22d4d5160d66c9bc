"""Who looked at what, and what officers typed and did not send yet, as a client.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from relais.desk.v1 import access_pb2, access_pb2_grpc, form_pb2, form_pb2_grpc
from services.node.domain.sheets import LooksAsked
from services.node.rpc import sign_in_values as values
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message, to_millis


class FormClient(NodeClient):
    """One node's local listener, for looks and forms; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._access = access_pb2_grpc.AccessServiceStub(self.channel)
        self._forms = form_pb2_grpc.FormServiceStub(self.channel)

    async def list_access(
        self, officer: str, case: str, *, limit: int = 0, before: int = 0
    ) -> tuple[values.AccessRead, ...]:
        """Who looked at a case and its referrals, the newest first."""
        request = access_pb2.ListAccessRequest(
            officer=officer, case_pseudonym=case, limit=limit, before=before
        )
        answer = await self.ask(self._access.ListAccess, request)
        return all_of(answer.rows, values.AccessRead)

    async def review_access(
        self,
        officer: str,
        pseudonym: str = "",
        *,
        refused: bool = False,
        case: str = "",
        period: values.Period = values.ALWAYS,
        limit: int = 0,
        before: int = 0,
    ) -> tuple[values.AccessRead, ...]:
        """Who looked at anything, the newest first; for the auditor."""
        request = access_pb2.ReviewAccessRequest(
            officer=officer,
            pseudonym=pseudonym,
            refused=refused,
            limit=limit,
            before=before,
            case_pseudonym=case,
            since=_millis(period.since),
            until=_millis(period.until),
        )
        answer = await self.ask(self._access.ReviewAccess, request)
        return all_of(answer.rows, values.AccessRead)

    async def ask_sheet(self, officer: str, looks: LooksAsked) -> values.SheetRead:
        """Ask that a second person confirm the export of exactly these looks."""
        request = access_pb2.AskSheetRequest(officer=officer, looks=_looks(looks))
        answer = await self.ask(self._access.AskSheet, request)
        return from_message(answer.standing, values.SheetRead)

    async def withdraw_sheet(self, officer: str, looks: LooksAsked) -> values.SheetRead:
        """Take back a sheet that waits; where it stands then."""
        request = access_pb2.WithdrawSheetRequest(officer=officer, looks=_looks(looks))
        answer = await self.ask(self._access.WithdrawSheet, request)
        return from_message(answer.standing, values.SheetRead)

    async def get_sheet(self, officer: str, looks: LooksAsked) -> values.SheetRead:
        """Where the asking for these looks stands."""
        request = access_pb2.GetSheetRequest(officer=officer, looks=_looks(looks))
        answer = await self.ask(self._access.GetSheet, request)
        return from_message(answer.standing, values.SheetRead)

    async def export_access(
        self,
        officer: str,
        pseudonym: str = "",
        *,
        refused: bool = False,
        case: str = "",
        period: values.Period = values.ALWAYS,
    ) -> AsyncGenerator[tuple[values.AccessRead, ...], None]:
        """The same, all of it, a page at a time; close it if it is left early."""
        request = access_pb2.ExportAccessRequest(
            officer=officer,
            pseudonym=pseudonym,
            refused=refused,
            case_pseudonym=case,
            since=_millis(period.since),
            until=_millis(period.until),
        )
        async with aclosing(self.each(self._access.ExportAccess, request)) as pages:
            async for page in pages:
                yield all_of(page.rows, values.AccessRead)

    async def list_prunings(self, officer: str, limit: int = 0) -> values.PruningsRead:
        """When looks were deleted because they were too old, the newest first."""
        request = access_pb2.ListPruningsRequest(officer=officer, limit=limit)
        answer = await self.ask(self._access.ListPrunings, request)
        return from_message(answer, values.PruningsRead)

    async def list_unusual(
        self, officer: str, limit: int = 0
    ) -> values.UnusualDaysRead:
        """Days on which somebody looked at much, at night, or in vain."""
        request = access_pb2.ListUnusualRequest(officer=officer, limit=limit)
        answer = await self.ask(self._access.ListUnusual, request)
        return from_message(answer, values.UnusualDaysRead)

    async def record_access(
        self, officer: str, what: str, *, case: str = "", referral_id: bytes = b""
    ) -> int:
        """Keep a print, an export or a look at names; the number of its row."""
        request = access_pb2.RecordAccessRequest(
            officer=officer, what=what, case_pseudonym=case, referral_id=referral_id
        )
        answer = await self.ask(self._access.RecordAccess, request)
        return int(answer.number)

    async def keep_form(
        self,
        officer: str,
        kind: str,
        content: bytes,
        *,
        form_id: bytes = b"",
        case: str = "",
        version: int = 0,
    ) -> values.FormLine:
        """Keep what was typed; ``version`` is the one changed, 0 replaces any."""
        request = form_pb2.KeepFormRequest(
            officer=officer,
            form_id=form_id,
            kind=kind,
            case_pseudonym=case,
            content=content,
            version=version,
        )
        answer = await self.ask(self._forms.KeepForm, request)
        return from_message(answer.form, values.FormLine)

    async def get_form(self, officer: str, form_id: bytes) -> values.FormRead:
        """A form of the officer's own."""
        request = form_pb2.GetFormRequest(officer=officer, form_id=form_id)
        answer = await self.ask(self._forms.GetForm, request)
        return from_message(answer, values.FormRead)

    async def list_forms(self, officer: str) -> tuple[values.FormLine, ...]:
        """The officer's forms, the one kept last first."""
        request = form_pb2.ListFormsRequest(officer=officer)
        answer = await self.ask(self._forms.ListForms, request)
        return all_of(answer.forms, values.FormLine)

    async def drop_form(self, officer: str, form_id: bytes) -> None:
        """Drop a form; again changes nothing."""
        request = form_pb2.DropFormRequest(officer=officer, form_id=form_id)
        await self.ask(self._forms.DropForm, request)


def _millis(instant: datetime | None) -> int:
    return 0 if instant is None else to_millis(instant)


def _looks(asked: LooksAsked) -> access_pb2.LooksAsked:
    return access_pb2.LooksAsked(**asdict(asked))
