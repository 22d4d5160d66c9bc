"""SignInService as a client: how a gateway signs officers in and asks who they are.

Promises and leaves to others what ``node_client`` does. What concerns a session
is asked by a client that acts in it: ``client.acting(token)``.
"""

from __future__ import annotations

from pathlib import Path

from relais.desk.v1 import sign_in_pb2 as pb
from relais.desk.v1 import sign_in_pb2_grpc
from services.node.rpc import sign_in_values as values
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message, to_message


class SignInClient(NodeClient):
    """One node's local listener, for sign-in; use with ``async with``.

    ``source`` is an opaque mark of where a request came from, for limits.
    """

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._sign_in = sign_in_pb2_grpc.SignInServiceStub(self.channel)

    async def invite_officer(
        self, acting_officer: str, pseudonym: str, *, reset: bool = False
    ) -> values.InvitedRead:
        """Invite an officer; ``reset`` drops every credential and session now."""
        request = pb.InviteOfficerRequest(
            acting_officer=acting_officer, pseudonym=pseudonym, reset=reset
        )
        answer = await self.ask(self._sign_in.InviteOfficer, request)
        return from_message(answer, values.InvitedRead)

    async def begin_enrolment(
        self, code: str, *, source: str = ""
    ) -> values.EnrolmentRead:
        """Whom a code invites."""
        request = pb.BeginEnrolmentRequest(code=code, source=source)
        answer = await self.ask(self._sign_in.BeginEnrolment, request)
        return from_message(answer, values.EnrolmentRead)

    async def enrol_password(
        self, code: str, password: str, *, source: str = ""
    ) -> values.TotpRead:
        """Choose a password; the secret of the one-time codes comes back, once."""
        request = pb.EnrolPasswordRequest(code=code, password=password, source=source)
        answer = await self.ask(self._sign_in.EnrolPassword, request)
        return from_message(answer, values.TotpRead)

    async def confirm_enrolment(self, code: str, totp: str, *, source: str = "") -> str:
        """Prove that one-time codes work; the officer's pseudonym."""
        request = pb.ConfirmEnrolmentRequest(code=code, totp=totp, source=source)
        answer = await self.ask(self._sign_in.ConfirmEnrolment, request)
        return str(answer.officer)

    async def sign_in(
        self, pseudonym: str, password: str, totp: str, *, source: str = ""
    ) -> values.SignedInRead:
        """Sign in by password and one-time code."""
        request = pb.SignInRequest(
            pseudonym=pseudonym, password=password, totp=totp, source=source
        )
        answer = await self.ask(self._sign_in.SignIn, request)
        return from_message(answer.signed_in, values.SignedInRead)

    async def begin_passkey_sign_in(self, origin: str, *, source: str = "") -> str:
        """The options for the browser, as JSON."""
        request = pb.BeginPasskeySignInRequest(origin=origin, source=source)
        answer = await self.ask(self._sign_in.BeginPasskeySignIn, request)
        return str(answer.options_json)

    async def finish_passkey_sign_in(
        self, credential_json: str, origin: str, *, source: str = ""
    ) -> values.SignedInRead:
        """Sign in by what the passkey answered."""
        request = pb.FinishPasskeySignInRequest(
            credential_json=credential_json, origin=origin, source=source
        )
        answer = await self.ask(self._sign_in.FinishPasskeySignIn, request)
        return from_message(answer.signed_in, values.SignedInRead)

    async def begin_passkey_registration(self, origin: str) -> str:
        """The options for the browser, as JSON; asks for a recent proof."""
        request = pb.BeginPasskeyRegistrationRequest(origin=origin)
        answer = await self.ask(self._sign_in.BeginPasskeyRegistration, request)
        return str(answer.options_json)

    async def finish_passkey_registration(
        self, credential_json: str, origin: str, label: str = ""
    ) -> bytes:
        """Keep a new passkey; its credential id."""
        request = pb.FinishPasskeyRegistrationRequest(
            credential_json=credential_json, origin=origin, label=label
        )
        answer = await self.ask(self._sign_in.FinishPasskeyRegistration, request)
        return bytes(answer.credential_id)

    async def list_passkeys(self) -> tuple[values.PasskeyRead, ...]:
        """The passkeys of the signed-in officer, oldest first."""
        answer = await self.ask(self._sign_in.ListPasskeys, pb.ListPasskeysRequest())
        return all_of(answer.passkeys, values.PasskeyRead)

    async def remove_passkey(self, credential_id: bytes) -> None:
        """Remove a passkey; asks for a recent proof."""
        request = pb.RemovePasskeyRequest(credential_id=credential_id)
        await self.ask(self._sign_in.RemovePasskey, request)

    async def change_password(self, password: str) -> None:
        """Choose another password; asks for a recent proof, ends other sessions."""
        request = pb.ChangePasswordRequest(password=password)
        await self.ask(self._sign_in.ChangePassword, request)

    async def get_session(self) -> values.SessionRead:
        """Who is signed in, locked or not."""
        answer = await self.ask(self._sign_in.GetSession, pb.GetSessionRequest())
        return from_message(answer.session, values.SessionRead)

    async def lock_session(self) -> None:
        """Lock the session."""
        await self.ask(self._sign_in.LockSession, pb.LockSessionRequest())

    async def unlock_session(self, proof: values.ProofGiven) -> values.SessionRead:
        """Unlock the session."""
        request = pb.UnlockSessionRequest(proof=to_message(proof, pb.Proof))
        answer = await self.ask(self._sign_in.UnlockSession, request)
        return from_message(answer.session, values.SessionRead)

    async def reauthenticate(self, proof: values.ProofGiven) -> values.SessionRead:
        """Prove the officer again."""
        request = pb.ReauthenticateRequest(proof=to_message(proof, pb.Proof))
        answer = await self.ask(self._sign_in.Reauthenticate, request)
        return from_message(answer.session, values.SessionRead)

    async def set_language(self, language: str) -> None:
        """Keep the language in which the officer reads; empty for none."""
        request = pb.SetLanguageRequest(language=language)
        await self.ask(self._sign_in.SetLanguage, request)

    async def sign_out(self) -> None:
        """End the session."""
        await self.ask(self._sign_in.SignOut, pb.SignOutRequest())

    async def sign_out_everywhere(self) -> int:
        """End every session of the officer; how many there were."""
        request = pb.SignOutEverywhereRequest()
        answer = await self.ask(self._sign_in.SignOutEverywhere, request)
        return int(answer.ended)

    async def list_sign_in_events(
        self,
        acting_officer: str,
        pseudonym: str = "",
        *,
        limit: int = 0,
        before: int = 0,
    ) -> tuple[values.SignInEventRead, ...]:
        """What happened around sign-in, the newest first."""
        request = pb.ListSignInEventsRequest(
            acting_officer=acting_officer,
            pseudonym=pseudonym,
            limit=limit,
            before=before,
        )
        answer = await self.ask(self._sign_in.ListSignInEvents, request)
        return all_of(answer.events, values.SignInEventRead)
