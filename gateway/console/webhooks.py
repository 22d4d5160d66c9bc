"""S15: where the member's programs are told what happens, and how that goes.

An address is registered and its secret is shown at ``letting_in``; here it is seen,
tried, switched off, and given another secret.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.node import check_administrator
from gateway.forms.fields import text_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import Sent, SignedIn
from services.node.domain.errors import NotFoundError
from services.node.domain.identifiers import ID_BYTES

router = APIRouter(prefix="/node/webhooks")
_MOST = 200


@router.get("")
async def webhooks(officer: SignedIn) -> Response:
    """The addresses, what was taken last, and why one is told nothing."""
    check_administrator(officer)
    return page(
        officer.visitor,
        "webhooks.html",
        here="/node",
        endpoints=await officer.webhooks.list_endpoints(officer.name, _MOST),
    )


@router.post("/{endpoint}/test")
async def test(officer: SignedIn, _form: Sent, endpoint: str) -> Response:
    """Brings an event there that says nothing."""
    check_administrator(officer)
    await officer.webhooks.send_test(officer.name, _identifier(endpoint))
    return see_other("/node/webhooks")


@router.post("/{endpoint}/secret")
async def renew(officer: SignedIn, _form: Sent, endpoint: str) -> Response:
    """Another secret, shown here and never again; for a day both sign."""
    check_administrator(officer)
    number = _identifier(endpoint)
    found = await officer.webhooks.list_endpoints(officer.name, _MOST)
    made = await officer.webhooks.rotate_secret(officer.name, number)
    return page(
        officer.visitor,
        "program_told.html",
        here="/node",
        name="".join(each.name for each in found if each.endpoint_id == number),
        secret=made.secret,
        invited=None,
        until=made.old_until,
    )


@router.post("/{endpoint}/switch")
async def switch(officer: SignedIn, form: Sent, endpoint: str) -> Response:
    """Nothing is brought there from now on, or again."""
    check_administrator(officer)
    await officer.webhooks.switch_endpoint(
        officer.name,
        _identifier(endpoint),
        enabled=text_of(form, "enabled") == "yes",
    )
    return see_other("/node/webhooks")


def _identifier(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != ID_BYTES:
        raise NotFoundError("webhook.unknown", "No endpoint here has that id.")
    return found
