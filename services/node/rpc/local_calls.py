"""Who calls on a local socket: who is signed in, a program, or whom a request names.

Promises that a session stands for its officer and for nobody else, that a program
gets no further than its key's scopes and its officer's role, that the
gateway's socket serves nobody who is not signed in but to sign in, and that every
look is kept, with what came of it, before it is answered. The member's own
socket is for its command line: its file mode decides who may name an officer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.node.domain.access import REASON_NEEDED, parse_reason
from services.node.domain.api_clients import check_scopes, is_key
from services.node.domain.errors import NotPermittedError, RelaisError
from services.node.domain.functions import Function
from services.node.domain.people import Act, Officer, Role, acts_of, check_may
from services.node.domain.sessions import check_recent
from services.node.flows.api_clients import client_of, client_with
from services.node.flows.asked import AskedFor, asked_digest
from services.node.flows.looks import Look, check_unit, keep_look
from services.node.flows.own import OwnMember
from services.node.flows.plan import Act as Planned
from services.node.flows.plan import Logged, Submit, Unchanged
from services.node.flows.sessions import session_of, times_of
from services.node.flows.unchanged import IfUnchanged, parse_unchanged
from services.node.rpc.callers import CallerRow
from services.node.rpc.said import (
    CERTIFICATE_KEY,
    REASON_KEY,
    SESSION_KEY,
    UNATTENDED_KEY,
    UNCHANGED_KEY,
)
from services.node.rpc.scopes import opened_by
from services.node.store import officers as officer_store
from services.node.store.api_clients import ApiClientRow
from services.node.store.sessions import SessionRow

GATEWAY, OWN, PROGRAM = "gateway", "local", "program"


@dataclass(frozen=True, slots=True)
class Calling:
    """Who calls: ``officer`` is None where anybody may."""

    listener: str
    officer: Officer | None = None
    session: SessionRow | None = None
    client: ApiClientRow | None = None
    reason: str = field(default="", repr=False)
    rests_on: Unchanged | None = None
    method: str = ""
    request: Any = field(default=None, repr=False)
    functions: frozenset[Function] = frozenset()
    """Of this member: what a role allows may depend on them."""

    @property
    def acts(self) -> frozenset[Act]:
        """The kinds of act that whoever calls may do; none where nobody is known."""
        if self.officer is None:
            return frozenset()
        return acts_of(self.officer.role, self.functions)


_CALLING: ContextVar[Calling] = ContextVar("relais_calling")


def calling() -> Calling:
    """Who calls, on which socket, and why."""
    return _CALLING.get()


def acting_officer() -> Officer:
    """The officer who acts; active and of an allowed role."""
    officer = _CALLING.get().officer
    if officer is None:
        raise _not_signed_in()
    return officer


def at_host() -> bool:
    """Whether the member's own command line calls, at the host of its node."""
    caller = _CALLING.get()
    return caller.listener == OWN and caller.session is None


def calling_session() -> SessionRow:
    """The session in which the call was made."""
    session = _CALLING.get().session
    if session is None:
        raise _not_signed_in()
    return session


def calling_client() -> ApiClientRow:
    """The program that calls."""
    client = _CALLING.get().client
    if client is None:
        raise NotPermittedError(
            "client.no_key",
            "This call was not made with the key of a program.",
            remedy="Ask for the session instead.",
        )
    return client


def _as_program(caller: Calling, method: str, client: ApiClientRow) -> Calling:
    officer = Officer(client.officer, Role(client.role), client.unit, client.active)
    caller = replace(caller, listener=PROGRAM, officer=officer, client=client)
    # Who was refused is kept too.
    _CALLING.set(caller)
    check_scopes(client.scopes, opened_by(method))
    return caller


def as_it_was_asked(own: OwnMember, submit: Submit) -> Submit:
    """The same for acts of officers.

    One is done only if so is what the call rests on, and repeated only as it was
    asked for.
    """

    async def submitted(act: Planned) -> Logged:
        caller = _CALLING.get(None)
        if caller is None:
            return await submit(act)
        if caller.rests_on is not None:
            act = IfUnchanged(act, caller.rests_on)
        if caller.officer is not None:
            said = caller.request.SerializeToString(deterministic=True)
            digest = asked_digest(caller.method, caller.officer.pseudonym, said)
            act = AskedFor(own, act, digest)
        return await submit(act)

    return submitted


class LocalCalls:
    """Admits calls on one local socket; ``gateway`` asks for a session."""

    def __init__(
        self, own: OwnMember, now: Callable[[], datetime], *, gateway: bool
    ) -> None:
        self._own = own
        self._now = now
        self._gateway = gateway

    async def admit(
        self, method: str, row: CallerRow, request: Any, context: Any
    ) -> None:
        """Find who calls; raises NotPermittedError."""
        said = {each.key: each.value for each in context.invocation_metadata() or ()}
        listener = GATEWAY if self._gateway else OWN
        functions = self._own.functions_of(self._own.name)
        caller = Calling(listener, method=method, request=request, functions=functions)
        _CALLING.set(caller)
        caller = replace(
            caller,
            reason=parse_reason(said.get(REASON_KEY, b"")),
            rests_on=parse_unchanged(str(said.get(UNCHANGED_KEY, ""))),
        )
        _CALLING.set(caller)
        program = None if row.before_sign_in else await self._program(said)
        if program is not None:
            caller = _as_program(caller, method, program)
        else:
            caller = await self._with_session(caller, row, said)
        _CALLING.set(caller)
        if self._gateway and row.at_gateway is not None:
            check_may(acting_officer(), row.at_gateway)
        if row.act is not None:
            officer = await self._officer(caller, row, request)
            _CALLING.set(replace(caller, officer=officer))
            check_may(officer, row.act, functions=functions)
            if row.told is not None:
                check_may(officer, *row.told(request), functions=functions)
            if row.recent and caller.session is not None:
                check_recent(times_of(caller.session), self._now())
            asked = row.acts_on or (row.reads if row.of_unit else "")
            if self._gateway and asked:
                named = getattr(request, asked)
                await check_unit(self._own, officer, named, caller.reason)

    async def _with_session(
        self, caller: Calling, row: CallerRow, said: dict[str, Any]
    ) -> Calling:
        token = str(said.get(SESSION_KEY, ""))
        if row.before_sign_in:
            # An old session is no hindrance to a new one.
            return caller
        if not token:
            if row.signed_in or self._gateway:
                raise _not_signed_in()
            return caller
        session = await session_of(
            self._own,
            token,
            self._now(),
            while_locked=row.while_locked,
            unattended=UNATTENDED_KEY in said,
        )
        officer = Officer(
            session.pseudonym, Role(session.role), session.unit, session.active
        )
        return replace(caller, officer=officer, session=session)

    async def _program(self, said: dict[str, Any]) -> ApiClientRow | None:
        """The program that calls, by its key or by its certificate."""
        token = str(said.get(SESSION_KEY, ""))
        if is_key(token):
            return await client_of(self._own, token, self._now())
        if self._gateway and not token and CERTIFICATE_KEY in said:
            certificate = bytes(said[CERTIFICATE_KEY])
            return await client_with(self._own, certificate, self._now())
        return None

    async def _officer(self, caller: Calling, row: CallerRow, request: Any) -> Officer:
        pseudonym = getattr(request, row.officer_field)
        if caller.officer is not None:
            if pseudonym not in {"", caller.officer.pseudonym}:
                raise NotPermittedError(
                    "sign_in.another_officer",
                    "The request names another officer than the one signed in.",
                    where=row.officer_field,
                    remedy="Leave the field empty, or sign in as that officer.",
                )
            return caller.officer
        return await self._named(row, pseudonym)

    async def _named(self, row: CallerRow, pseudonym: str) -> Officer:
        reads = self._own.database.reads
        found = await officer_store.officer_by_pseudonym(reads, pseudonym)
        if found is None and row.officer_field == "acting_officer":
            everybody = await officer_store.list_officers(reads)
            if not everybody and not pseudonym:
                # The very first officer of a new node has nobody above.
                return Officer("", Role.ADMINISTRATOR, "", active=True)
        if found is None:
            raise NotPermittedError(
                "people.unknown",
                f"No officer of {self._own.name} has that pseudonym.",
                where=row.officer_field,
                remedy="The administrator enters one: relais node officer PSEUDONYM "
                f"ROLE UNIT --as ADMINISTRATOR --node {self._own.name}; the first "
                "administrator is entered likewise, without --as.",
            )
        return Officer(found.pseudonym, Role(found.role), found.unit, found.active)

    async def around(
        self, method: str, row: CallerRow, request: Any, context: Any, answer: Any
    ) -> Any:
        """Admit a call and answer it; a look is kept before its answer goes out."""
        try:
            await self.admit(method, row, request, context)
            answered = await answer()
        except RelaisError as error:
            await self.keep(method, row, request, error.code)
            raise
        except Exception:
            await self.keep(method, row, request, "node.fault")
            raise
        await self.keep(method, row, request, "ok")
        return answered

    async def keep(self, method: str, row: CallerRow, request: Any, code: str) -> None:
        """Keep a look and what came of it; what is no look is not kept.

        An act is kept like a look where a reason was said for it, or missing.
        Raises UnavailableError if it cannot be kept: then there is no answer.
        """
        caller = calling()
        beyond = bool(caller.reason) or code == REASON_NEEDED
        if row.reads is None and not (row.acts_on and beyond):
            return
        field = row.reads or row.acts_on
        named = getattr(request, field) if field else ""
        look = Look(
            caller.officer,
            caller.listener,
            method.rpartition(".")[2],
            case_pseudonym=named if isinstance(named, str) else "",
            subject_id=named if isinstance(named, bytes) else b"",
            reason=caller.reason,
        )
        await keep_look(self._own, look, code, self._now())


def _not_signed_in() -> NotPermittedError:
    return NotPermittedError(
        "sign_in.needed",
        "Nobody is signed in.",
        remedy="Sign in first.",
    )
