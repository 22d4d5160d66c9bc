"""Who calls, by bearer token; the node looks it up with every single call.

Promises that a cookie is never read here, so that no page of another site can make
a browser act (CSRF), and that nothing is decided here that the node decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway.web.programs import certificate_of
from gateway.web.site import Site
from services.node.domain.access import LookReason
from services.node.domain.errors import InvalidInputError, NotPermittedError
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.ledger_client import LedgerClient
from services.node.rpc.node_client import NodeClient
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.webhooks import WebhookDesk

Client = TypeVar("Client", bound=NodeClient)
ME = ""
"""Named as the officer who acts: whoever the token stands for."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_KEY_HEX = re.compile(r"[0-9a-fA-F]{32}")
_bearer = HTTPBearer(
    scheme_name="token",
    description="The token of a session (POST /sessions), or the key of a program.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever the token or the certificate stands for; ``reason`` is why they look."""

    site: Site
    token: str
    reason: str
    certificate: bytes = field(default=b"", repr=False)

    @property
    def desk(self) -> DeskClient:
        """The desk (with looks and forms), as this caller."""
        return self._acting(self.site.node.desk)

    def deciding(self, rests_on: str) -> DeskClient:
        """The desk for one act that was decided on what was seen."""
        return self._acting(self.site.node.desk, rests_on=rests_on)

    @property
    def unattended(self) -> DeskClient:
        """The same for what nobody asked by hand: it keeps no session open."""
        return self._acting(self.site.node.desk, unattended=True)

    @property
    def sign_in(self) -> SignInClient:
        """The node's sign-in, as this caller."""
        return self._acting(self.site.node.sign_in)

    @property
    def clients(self) -> ApiClients:
        """The node's programs, as this caller."""
        return self._acting(self.site.node.clients)

    @property
    def webhooks(self) -> WebhookDesk:
        """The endpoints of the node's programs, as this caller."""
        return self._acting(self.site.node.webhooks)

    @property
    def upkeep(self) -> UpkeepClient:
        """How the node is looked after, as this caller."""
        return self._acting(self.site.node.upkeep)

    @property
    def ledger(self) -> LedgerClient:
        """The node's ledger, as this caller."""
        return self._acting(self.site.node.ledger)

    def _acting(
        self, client: Client, *, rests_on: str = "", unattended: bool = False
    ) -> Client:
        return client.acting(
            self.token,
            self.reason,
            unattended=unattended,
            rests_on=rests_on,
            certificate=self.certificate,
        )


async def caller_of(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    reason: Annotated[
        LookReason | None,
        Header(
            alias="Relais-Reason",
            description="Why you look at a case on which another unit works.",
        ),
    ] = None,
) -> Caller:
    """The caller; raises ``api.no_token``.

    A certificate counts where no token is said.
    """
    token = "" if bearer is None else bearer.credentials
    certificate = certificate_of(request.scope)
    if certificate and "authorization" not in request.headers:
        why = "" if reason is None else reason
        return Caller(request.app.state.site, "", why, certificate)
    if not _TOKEN.fullmatch(token):
        raise NotPermittedError(
            "api.no_token",
            "The request has no token: Authorization: Bearer TOKEN.",
            where="header.authorization",
            remedy="Sign in (POST /sessions), or use the key of a program.",
        )
    return Caller(request.app.state.site, token, "" if reason is None else reason)


async def act_id(
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            max_length=100,
            description="16 random bytes as 32 hex digits, or a UUID: the same"
            " request with the same key is one act and has one answer.",
        ),
    ] = "",
) -> bytes:
    """The 16 bytes that make a repeated request the same act.

    Raises InvalidInputError ``api.no_idempotency_key``.
    """
    if _KEY_HEX.fullmatch(key):
        return bytes.fromhex(key)
    try:
        return UUID(key).bytes
    except ValueError:
        raise InvalidInputError(
            "api.no_idempotency_key",
            "This act asks for the header Idempotency-Key: 16 random bytes in hex,"
            " or a UUID.",
            where="header.idempotency-key",
            remedy="Make a fresh key for a new act; repeat an old one unchanged.",
        ) from None


Calling = Annotated[Caller, Depends(caller_of)]
ActId = Annotated[bytes, Depends(act_id)]
