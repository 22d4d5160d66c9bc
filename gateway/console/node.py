"""S15: the node and its people, for the administrator, who opens no case."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import names_of
from gateway.forms.fields import Field, FormError, Widget, read_fields, shown, text_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotPermittedError, RelaisError
from services.node.domain.people import MAY, Act, Role
from services.node.domain.webhooks import Ended
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_values import InvitedRead

router = APIRouter(prefix="/node")

ROLES = tuple(role for role in Role if role is not Role.NODE)
FIELDS = (
    Field("pseudonym", Widget.TEXT),
    Field("role", Widget.CHOICE, ROLES, "role"),
    Field("unit", Widget.TEXT),
)
_EVENTS = _DEAD = 25


@router.get("")
async def node(officer: SignedIn, probe: str = "") -> Response:
    """How the node is, who works here, and what others should not have sent."""
    check_administrator(officer)
    return await _show(officer, probe=probe)


@router.post("/officers")
async def keep(officer: SignedIn, form: Sent) -> Response:
    """Enters an officer or changes role and unit."""
    check_administrator(officer)
    try:
        said = {name: str(each) for name, each in read_fields(FIELDS, form).items()}
    except FormError as error:
        return await _show(officer, typed=shown(form, FIELDS), error=error)
    kept = OfficerRead(said["pseudonym"], said["role"], said["unit"], active=True)
    try:
        await officer.desk.keep_officer(officer.name, kept)
    except RelaisError as refusal:
        return await _show(officer, typed=shown(form, FIELDS), refusal=refusal)
    return see_other("/node")


@router.post("/officers/{pseudonym}/leave")
async def leave(officer: SignedIn, form: Sent, pseudonym: str) -> Response:
    """The officer left, or is back; sessions of somebody who left end at once."""
    check_administrator(officer)
    found = await _officer(officer, pseudonym)
    back = text_of(form, "back") == "yes"
    await officer.desk.keep_officer(
        officer.name, OfficerRead(found.pseudonym, found.role, found.unit, active=back)
    )
    return see_other("/node")


@router.post("/officers/{pseudonym}/invite")
async def invite(officer: SignedIn, form: Sent, pseudonym: str) -> Response:
    """A code for a new sign-in; it is shown here once and nowhere else."""
    check_administrator(officer)
    invited = await officer.visitor.sign_in.invite_officer(
        officer.name, pseudonym, reset=text_of(form, "reset") == "yes"
    )
    return await _show(officer, invited=(pseudonym, invited))


@router.post("/outbox/{member}/retry")
async def retry(officer: SignedIn, _form: Sent, member: str) -> Response:
    """Asks a member again now, for all that waits for it."""
    check_administrator(officer)
    await officer.desk.retry_now(officer.name, member)
    return see_other("/node")


@router.post("/outbox/letters/{digest}/return")
async def give_back(officer: SignedIn, _form: Sent, digest: str) -> Response:
    """Gives a message back to who sent it, as not received."""
    check_administrator(officer)
    await officer.desk.return_letter(officer.name, _digest(digest))
    return see_other("/node")


async def _show(
    officer: Officer,
    *,
    typed: object = None,
    error: FormError | None = None,
    refusal: RelaisError | None = None,
    invited: tuple[str, InvitedRead] | None = None,
    probe: str = "",
) -> Response:
    desk = officer.desk
    status = await desk.get_status()
    found = await officer.upkeep.list_peers(officer.name)
    return page(
        officer.visitor,
        "node.html",
        status=200 if error is None and refusal is None else 400,
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
        fields=FIELDS,
        typed=typed or {},
        problems={} if error is None else {p.field: p.code for p in error.problems},
        refusal=refusal,
        invited=invited,
        probed=await desk.probe_peer(probe) if probe else (),
        probe=probe,
        given_up=any(
            each.disabled_why == Ended.FAILING
            for each in await officer.webhooks.list_endpoints(officer.name)
        ),
    )


async def _officer(officer: Officer, pseudonym: str) -> OfficerRead:
    for each in await officer.desk.list_officers():
        if each.pseudonym == pseudonym:
            return each
    raise NotPermittedError("people.unknown", "No officer has that staff code.")


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        # The node knows no envelope without a digest, and says so.
        return b"\0"


def check_administrator(officer: Officer) -> None:
    """The node decides too; nothing of its people is shown to anybody else."""
    if Act.ADMINISTRATION not in MAY[Role(officer.session.role)]:
        raise NotPermittedError(
            "console.not_for_role",
            "This page is for the administrator of the node.",
            remedy="Go back to the start.",
        )
