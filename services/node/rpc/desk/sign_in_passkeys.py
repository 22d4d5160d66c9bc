"""The part of SignInService that is about passkeys, and how a session is shown."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import sign_in_pb2 as pb
from services.node.domain.people import Role, acts_of
from services.node.domain.sessions import Standing, standing
from services.node.flows import passkeys
from services.node.flows.credentials import SignInDesk
from services.node.flows.sessions import times_of
from services.node.flows.sign_in import SignedIn
from services.node.rpc.calls import calling_session
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis
from services.node.store.sessions import SessionRow


class PasskeyMethods:
    """Signs officers in with passkeys and keeps these."""

    def __init__(self, desk: Desk, lodge: SignInDesk) -> None:
        self._desk = desk
        self._lodge = lodge

    async def BeginPasskeySignIn(
        self, request: pb.BeginPasskeySignInRequest, context: Any
    ) -> pb.BeginPasskeySignInResponse:
        """Make a challenge for any passkey of this member."""
        now = self._desk.now().wire
        options = await passkeys.begin_sign_in(self._lodge, request.origin, now)
        return pb.BeginPasskeySignInResponse(options_json=options)

    async def FinishPasskeySignIn(
        self, request: pb.FinishPasskeySignInRequest, context: Any
    ) -> pb.FinishPasskeySignInResponse:
        """Begin a session by the answer of a passkey."""
        signed_in = await passkeys.finish_sign_in(
            self._lodge,
            request.credential_json,
            request.origin,
            request.source,
            self._desk.now().wire,
        )
        message = self._signed_in(signed_in)
        return pb.FinishPasskeySignInResponse(signed_in=message)

    async def BeginPasskeyRegistration(
        self, request: pb.BeginPasskeyRegistrationRequest, context: Any
    ) -> pb.BeginPasskeyRegistrationResponse:
        """Make a challenge for a new passkey."""
        options = await passkeys.begin_registration(
            self._lodge, calling_session(), request.origin, self._desk.now().wire
        )
        return pb.BeginPasskeyRegistrationResponse(options_json=options)

    async def FinishPasskeyRegistration(
        self, request: pb.FinishPasskeyRegistrationRequest, context: Any
    ) -> pb.FinishPasskeyRegistrationResponse:
        """Keep a new passkey."""
        credential_id = await passkeys.finish_registration(
            self._lodge,
            calling_session(),
            request.credential_json,
            request.origin,
            request.label,
            self._desk.now().wire,
        )
        return pb.FinishPasskeyRegistrationResponse(credential_id=credential_id)

    async def ListPasskeys(
        self, request: pb.ListPasskeysRequest, context: Any
    ) -> pb.ListPasskeysResponse:
        """List the officer's passkeys."""
        found = await passkeys.passkeys_of(self._desk.own, calling_session())
        return pb.ListPasskeysResponse(
            passkeys=[
                pb.Passkey(
                    credential_id=row.credential_id,
                    label=label,
                    added_at=millis(row.added_at),
                    used_at=millis(row.used_at),
                )
                for row, label in found
            ]
        )

    async def RemovePasskey(
        self, request: pb.RemovePasskeyRequest, context: Any
    ) -> pb.RemovePasskeyResponse:
        """Remove a passkey of the officer."""
        await passkeys.remove(
            self._desk.own,
            calling_session(),
            request.credential_id,
            self._desk.now().wire,
        )
        return pb.RemovePasskeyResponse()

    def _session(self, row: SessionRow) -> pb.Session:
        times, own = times_of(row), self._desk.own
        may = acts_of(Role(row.role), own.functions_of(own.name))
        return pb.Session(
            officer=row.pseudonym,
            role=row.role,
            unit=row.unit,
            member=own.name,
            locked=standing(times, self._desk.now().wire) is not Standing.OPEN,
            method=row.method,
            signed_in_at=millis(row.signed_in_at),
            locks_at=millis(times.locks_at),
            ends_at=millis(times.ends_at),
            reauthenticated_at=millis(row.reauthenticated_at),
            language=row.language,
            acts=sorted(may),
        )

    def _signed_in(self, signed_in: SignedIn) -> pb.SignedIn:
        return pb.SignedIn(
            token=signed_in.token,
            session=self._session(signed_in.session),
            previous_sign_in_at=millis(signed_in.previous_at),
            failures_since=signed_in.failures,
        )
