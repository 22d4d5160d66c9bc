"""SignInService on the local listener: invitations, passwords, sessions, events."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import sign_in_pb2 as pb
from relais.desk.v1 import sign_in_pb2_grpc
from services.node.domain.errors import InvalidInputError
from services.node.domain.sessions import check_recent
from services.node.domain.sign_in import SignInEvent
from services.node.flows import admissions, enrol, passkeys, sessions
from services.node.flows.sign_in import sign_in
from services.node.rpc.calls import (
    acting_officer,
    at_host,
    calling,
    calling_session,
)
from services.node.rpc.desk.desk import limit_of
from services.node.rpc.desk.render import millis
from services.node.rpc.desk.sign_in_passkeys import PasskeyMethods
from services.node.store import sign_in as sign_in_store
from services.node.store.sessions import SessionRow

_NEWEST = (1 << 63) - 1


class SignInServicer(PasskeyMethods, sign_in_pb2_grpc.SignInServiceServicer):
    """Lets officers prove who they are."""

    async def InviteOfficer(
        self, request: pb.InviteOfficerRequest, context: Any
    ) -> pb.InviteOfficerResponse:
        """Make a code with which an officer sets up sign-in, once."""
        now, session = self._desk.now().wire, calling().session
        if session is not None:
            check_recent(sessions.times_of(session), now)
        asking = admissions.Asking(acting_officer(), now, at_host())
        invited = await admissions.invite(
            self._desk.own, asking, request.pseudonym, reset=request.reset
        )
        return pb.InviteOfficerResponse(
            code=invited.code,
            expires_at=millis(invited.expires_at),
            waits=invited.waits,
        )

    async def BeginEnrolment(
        self, request: pb.BeginEnrolmentRequest, context: Any
    ) -> pb.BeginEnrolmentResponse:
        """Tell whom a code invites."""
        own, now = self._desk.own, self._desk.now().wire
        officer = await enrol.invited_officer(own, request.code, request.source, now)
        return pb.BeginEnrolmentResponse(
            officer=officer.pseudonym,
            role=officer.role.value,
            unit=officer.unit,
            member=own.name,
        )

    async def EnrolPassword(
        self, request: pb.EnrolPasswordRequest, context: Any
    ) -> pb.EnrolPasswordResponse:
        """Choose a password."""
        chosen = await enrol.choose_password(
            self._lodge,
            request.code,
            request.password,
            request.source,
            self._desk.now().wire,
        )
        return pb.EnrolPasswordResponse(
            totp_secret=chosen.totp_secret, otpauth_uri=chosen.otpauth_uri
        )

    async def ConfirmEnrolment(
        self, request: pb.ConfirmEnrolmentRequest, context: Any
    ) -> pb.ConfirmEnrolmentResponse:
        """Prove that one-time codes work."""
        officer = await enrol.confirm(
            self._desk.own,
            request.code,
            request.totp,
            request.source,
            self._desk.now().wire,
        )
        return pb.ConfirmEnrolmentResponse(officer=officer)

    async def SignIn(
        self, request: pb.SignInRequest, context: Any
    ) -> pb.SignInResponse:
        """Begin a session by password and one-time code."""
        signed_in = await sign_in(
            self._lodge,
            request.pseudonym,
            request.password,
            request.totp,
            request.source,
            self._desk.now().wire,
        )
        return pb.SignInResponse(signed_in=self._signed_in(signed_in))

    async def ChangePassword(
        self, request: pb.ChangePasswordRequest, context: Any
    ) -> pb.ChangePasswordResponse:
        """Choose another password."""
        await sessions.change_password(
            self._lodge, calling_session(), request.password, self._desk.now().wire
        )
        return pb.ChangePasswordResponse()

    async def GetSession(
        self, request: pb.GetSessionRequest, context: Any
    ) -> pb.GetSessionResponse:
        """Tell who is signed in."""
        return pb.GetSessionResponse(session=self._session(calling_session()))

    async def LockSession(
        self, request: pb.LockSessionRequest, context: Any
    ) -> pb.LockSessionResponse:
        """Lock the session."""
        now = self._desk.now().wire
        await sessions.lock(self._desk.own, calling_session(), now)
        return pb.LockSessionResponse()

    async def UnlockSession(
        self, request: pb.UnlockSessionRequest, context: Any
    ) -> pb.UnlockSessionResponse:
        """Unlock the session."""
        proved = await self._proved(request.proof, SignInEvent.UNLOCKED)
        return pb.UnlockSessionResponse(session=self._session(proved))

    async def Reauthenticate(
        self, request: pb.ReauthenticateRequest, context: Any
    ) -> pb.ReauthenticateResponse:
        """Prove the officer again."""
        proved = await self._proved(request.proof, SignInEvent.REAUTHENTICATED)
        return pb.ReauthenticateResponse(session=self._session(proved))

    async def SetLanguage(
        self, request: pb.SetLanguageRequest, context: Any
    ) -> pb.SetLanguageResponse:
        """Keep the language in which the officer reads."""
        await sessions.keep_language(
            self._desk.own, calling_session(), request.language
        )
        return pb.SetLanguageResponse()

    async def SignOut(
        self, request: pb.SignOutRequest, context: Any
    ) -> pb.SignOutResponse:
        """End the session."""
        now = self._desk.now().wire
        await sessions.sign_out(self._desk.own, calling_session(), now)
        return pb.SignOutResponse()

    async def SignOutEverywhere(
        self, request: pb.SignOutEverywhereRequest, context: Any
    ) -> pb.SignOutEverywhereResponse:
        """End every session of the officer."""
        ended = await sessions.sign_out_everywhere(
            self._desk.own, calling_session(), self._desk.now().wire
        )
        return pb.SignOutEverywhereResponse(ended=ended)

    async def ListSignInEvents(
        self, request: pb.ListSignInEventsRequest, context: Any
    ) -> pb.ListSignInEventsResponse:
        """List what happened around sign-in."""
        async with self._desk.own.database.connection() as connection:
            rows = await sign_in_store.sign_in_events(
                connection,
                request.pseudonym,
                request.before or _NEWEST,
                limit_of(request.limit),
            )
        return pb.ListSignInEventsResponse(
            events=[
                pb.SignInEvent(
                    number=row.number,
                    officer=row.officer,
                    what=row.what,
                    method=row.method,
                    by=row.done_by,
                    at=millis(row.at),
                )
                for row in rows
            ]
        )

    async def _proved(self, proof: pb.Proof, what: SignInEvent) -> SessionRow:
        now, session = self._desk.now().wire, calling_session()
        given = (proof.password, proof.totp, proof.credential_json)
        if sum(map(bool, given)) != 1:
            raise InvalidInputError(
                "sign_in.one_proof",
                "A proof is a password, a one-time code or a passkey: one of them.",
                where="proof",
            )
        if proof.credential_json:
            return await passkeys.prove_by_passkey(
                self._lodge, session, what, proof.credential_json, proof.origin, now
            )
        return await sessions.prove_by_secret(
            self._lodge, session, what, proof.password, proof.totp, now
        )
