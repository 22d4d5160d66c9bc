"""S15: room, backups, keys, peers and rules, for the administrator.

Nothing of a case is here. What a button will do is said above it.
"""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from gateway.console.node import check_administrator
from gateway.console.today import names_of
from gateway.documents.languages import Language, pair_for
from gateway.documents.wording import edition
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.documents import DocumentKind
from services.node.domain.errors import NotFoundError, RelaisError
from services.node.domain.referrals import Priority
from services.node.rpc.upkeep_values import KeySuccessorRead, SealingBatchRead

_FORMS_IN = pair_for(Language.VIETNAMESE)
router = APIRouter(prefix="/node")


@router.get("/upkeep")
async def upkeep(officer: SignedIn) -> Response:
    """Sizes, free room, the last backup and the last restore test."""
    check_administrator(officer)
    found = await officer.upkeep.get_upkeep(officer.name)
    others = await officer.upkeep.list_peers(officer.name) if found.differences else ()
    return page(
        officer.visitor,
        "node_upkeep.html",
        here="/node",
        found=found,
        names=names_of(officer, others),
        days={each.day: date.fromisoformat(each.day) for each in found.differences},
    )


@router.get("/days/{member}/{day}")
async def list_day(officer: SignedIn, member: str, day: date) -> Response:
    """What went between this member and another on a day, by digest."""
    check_administrator(officer)
    name = day.isoformat()
    return page(
        officer.visitor,
        "node_day.html",
        here="/node",
        member=member,
        day=day,
        envelopes=await officer.upkeep.list_day(officer.name, member, name),
        names=names_of(officer, await officer.upkeep.list_peers(officer.name)),
    )


@router.post("/upkeep/{what}")
async def note(officer: SignedIn, _form: Sent, what: str) -> Response:
    """Keeps that it was done now, and by whom."""
    check_administrator(officer)
    await officer.upkeep.note_upkeep(officer.name, what)
    return see_other("/node/upkeep")


@router.get("/peers")
async def peers(officer: SignedIn) -> Response:
    """Every other member: fingerprint, keys, clock, room, when it was heard from."""
    check_administrator(officer)
    found, room = await officer.upkeep.peers_and_room(officer.name)
    status = await officer.desk.get_status()
    return page(
        officer.visitor,
        "node_peers.html",
        here="/node",
        peers=found,
        room=room,
        names=names_of(officer, found),
        alarms=status.alarms,
    )


@router.post("/peers/measurement")
async def measure(officer: SignedIn, _form: Sent) -> Response:
    """Asks every member that can be dialled for its clock."""
    check_administrator(officer)
    await officer.upkeep.measure_peers(officer.name)
    return see_other("/node/peers")


@router.get("/keys")
async def keys(officer: SignedIn) -> Response:
    """This member's keys and how long each lasts."""
    check_administrator(officer)
    return page(
        officer.visitor,
        "node_keys.html",
        here="/node",
        found=await officer.upkeep.list_keys(officer.name),
        me=officer.name,
        member=officer.visitor.site.config.member,
    )


@router.post("/keys/successor")
async def ask_key(officer: SignedIn, _form: Sent) -> Response:
    """Asks that the node make the successor of its certificate's key."""
    return await _ask_key(officer, "certificate")


@router.post("/keys/sealing")
async def ask_sealing_keys(officer: SignedIn, _form: Sent) -> Response:
    """Asks that the node make its sealing keys of the next quarter."""
    return await _ask_key(officer, "sealing")


async def _ask_key(officer: Officer, what: str) -> Response:
    check_administrator(officer)
    try:
        await officer.upkeep.ask_key(officer.name, what)
    except RelaisError as refusal:
        if refusal.code != "sign_in.reauthenticate":
            raise
        return see_other("/account/prove?next=%2Fnode%2Fkeys")
    return see_other("/node/keys")


@router.get("/keys/entry")
async def key_entry(officer: SignedIn) -> Response:
    """What the member's identity keys sign, as a file; nothing private is in it."""
    check_administrator(officer)
    found = await officer.upkeep.list_keys(officer.name)
    return _entry(officer, found.successor)


@router.get("/keys/sealing/entry")
async def sealing_entry(officer: SignedIn) -> Response:
    """The same for sealing keys."""
    check_administrator(officer)
    found = await officer.upkeep.list_keys(officer.name)
    return _entry(officer, found.sealing.made)


def _entry(
    officer: Officer, made: KeySuccessorRead | SealingBatchRead | None
) -> Response:
    if made is None:
        raise NotFoundError("console.no_page", "There is no such page here.")
    member = officer.visitor.site.config.member
    name = f"{member}-{made.name}.entry"
    return Response(
        made.entry,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/rules")
async def rules(officer: SignedIn) -> Response:
    """What is kept for how long, who hears of clocks, and which versions hold."""
    check_administrator(officer)
    return page(
        officer.visitor,
        "node_rules.html",
        here="/node",
        found=await officer.upkeep.list_retention(officer.name),
        forms=[(each.value, edition(each.value, _FORMS_IN)) for each in DocumentKind],
        day_of=date.fromisoformat,
        priorities=len(Priority),
    )


@router.get("/configuration")
async def configuration(officer: SignedIn) -> Response:
    """The configuration in force as a file; no secret stands in it."""
    check_administrator(officer)
    found = await officer.upkeep.export_configuration(officer.name)
    name = f"{officer.visitor.site.config.member}.toml"
    return PlainTextResponse(
        found.toml, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
