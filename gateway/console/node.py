"""S15: the node and its people, for the administrator, who opens no case."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import names_of
from gateway.web.navigation import may_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotPermittedError
from services.node.domain.people import Act
from services.node.domain.webhooks import Ended

router = APIRouter(prefix="/node")

_EVENTS = _DEAD = 25


@router.get("")
async def node(officer: SignedIn, probe: str = "") -> Response:
    """How the node is, who works here, and what others should not have sent."""
    check_administrator(officer)
    return await _show(officer, probe=probe)


@router.post("/outbox/{member}/retry")
async def retry(officer: SignedIn, _form: Sent, member: str) -> Response:
    """Asks a member again now, for all that waits for it."""
    check_administrator(officer)
    await officer.desk.retry_now(officer.name, member)
    return see_other("/node")


@router.post("/outbox/letters/{digest}/retry")
async def retry_letter(officer: SignedIn, _form: Sent, digest: str) -> Response:
    """Asks its recipient again for one message that was not received."""
    check_administrator(officer)
    await officer.desk.retry_now(officer.name, digest=_digest(digest))
    return see_other("/node")


@router.post("/outbox/letters/{digest}/return")
async def give_back(officer: SignedIn, _form: Sent, digest: str) -> Response:
    """Gives a message back to who sent it, as not received."""
    check_administrator(officer)
    await officer.desk.return_letter(officer.name, _digest(digest))
    return see_other("/node")


async def _show(officer: Officer, *, probe: str = "") -> Response:
    desk = officer.desk
    status = await desk.get_status()
    found = await officer.upkeep.list_peers(officer.name)
    return page(
        officer.visitor,
        "node.html",
        here="/node",
        node=status,
        names=names_of(officer, found),
        alarms=status.alarms,
        worries=(await officer.upkeep.get_upkeep(officer.name)).worries,
        waits=await desk.list_waiting(officer.name),
        dead=await desk.list_letters(officer.name, limit=_DEAD, dead=True),
        officers=await desk.list_officers(),
        reports=await desk.list_disclosure_reports(officer.name),
        events=await officer.visitor.sign_in.list_sign_in_events(
            officer.name, limit=_EVENTS
        ),
        admissions=await desk.list_admissions(officer.name),
        probed=await desk.probe_peer(probe) if probe else (),
        probe=probe,
        given_up=any(
            each.disabled_why == Ended.FAILING
            for each in await officer.webhooks.list_endpoints(officer.name)
        ),
    )


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        # The node knows no envelope without a digest, and says so.
        return b"\0"


def check_administrator(officer: Officer) -> None:
    """The node decides too; nothing of its people is shown to anybody else."""
    if Act.ADMINISTRATION not in may_of(officer.session):
        raise NotPermittedError(
            "console.not_for_role",
            "This page is for the administrator of the node.",
            remedy="Go back to the start.",
        )
