"""S15: who works here; each change says what it does before it is done.

An administrator asks, and a second person confirms (the node's ``admissions``), so
that nobody alone lets anybody in. That page is for all who may be the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.console.node import check_administrator
from gateway.forms.fields import Field, FormError, Widget, read_fields, shown, text_of
from gateway.web.navigation import may_of
from gateway.web.pages import page, see_other
from gateway.web.proofs import prove_first
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotFoundError, RelaisError
from services.node.domain.people import Act, Role
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_values import InvitedRead

router = APIRouter()

ROLES = tuple(role for role in Role if role is not Role.NODE)
FIELDS = (
    Field("pseudonym", Widget.TEXT),
    Field("role", Widget.CHOICE, ROLES, "role"),
    Field("unit", Widget.TEXT),
)
ENTER = "/node/officers/change"
_OVER = "hand_over_to"
_PROVE = "sign_in.reauthenticate"


class _Asked(Protocol):
    """What a form or an address says."""

    def get(self, key: str, /) -> object: ...
    def getlist(self, key: str, /) -> Sequence[object]: ...


@router.get(ENTER)
async def change(officer: SignedIn, request: Request) -> Response:
    """Asks who is to be what, or tells what recording it would do."""
    check_administrator(officer)
    said = request.query_params
    if "sure" not in said:
        return _form(officer, said)
    return await _tell_change(officer, said)


@router.post(ENTER)
async def keep(officer: SignedIn, form: Sent) -> Response:
    """Asks for an officer, or for another role and unit."""
    check_administrator(officer)
    try:
        kept = _officer_in(form)
    except FormError as error:
        return _form(officer, form, error=error)
    said = {"pseudonym": kept.pseudonym, "role": kept.role, "unit": kept.unit}
    try:
        await officer.desk.keep_officer(officer.name, kept)
    except RelaisError as refusal:
        if refusal.code == _PROVE:
            return prove_first(f"{ENTER}?{urlencode({**said, 'sure': 'yes'})}")
        return _form(officer, form, refusal=refusal)
    return see_other("/node")


@router.get("/node/officers/{pseudonym}/{what}")
async def tell(
    officer: SignedIn, pseudonym: str, what: str, hand_over_to: str = ""
) -> Response:
    """What leaving, coming back or an invitation does, before it is done.

    ``hand_over_to`` was chosen before a proof was asked for, and is chosen still.
    """
    check_administrator(officer)
    return await _tell(
        officer, what, await _known(officer, pseudonym), over=hand_over_to
    )


@router.post("/node/officers/{pseudonym}/leave")
async def leave(officer: SignedIn, form: Sent, pseudonym: str) -> Response:
    """The officer left: nothing that was a way in is one any more.

    What was assigned to the officer is handed over in the same act, if somebody is
    chosen; a refusal is told there, and nobody left.
    """
    over = text_of(form, _OVER)
    try:
        return await _stay(officer, pseudonym, active=False, over=over)
    except RelaisError as refusal:
        if not refusal.code.startswith("assignment."):
            raise
        about = await _known(officer, pseudonym)
        return await _tell(officer, "leave", about, refusal=refusal, over=over)


@router.post("/node/officers/{pseudonym}/back")
async def back(officer: SignedIn, _form: Sent, pseudonym: str) -> Response:
    """The officer is here again, once a second person confirmed it."""
    return await _stay(officer, pseudonym, active=True)


@router.post("/node/officers/{pseudonym}/invite")
async def invite(officer: SignedIn, form: Sent, pseudonym: str) -> Response:
    """A code for a new sign-in; it is shown here once and nowhere else."""
    check_administrator(officer)
    reset = text_of(form, "reset") == "yes"
    try:
        invited = await officer.visitor.sign_in.invite_officer(
            officer.name, pseudonym, reset=reset
        )
    except RelaisError as refusal:
        if refusal.code != _PROVE:
            raise
        return prove_first(f"/node/officers/{quote(pseudonym, safe='')}/invite")
    return await _tell(officer, "invited", await _known(officer, pseudonym), invited)


@router.get("/admissions")
async def admissions(officer: SignedIn) -> Response:
    """What one asked for and this officer may confirm."""
    return page(
        officer.visitor,
        "admissions.html",
        here="/node" if _administers(officer) else "/approvals",
        waiting=await officer.desk.list_admissions(officer.name),
        me=officer.name,
    )


@router.post("/admissions/{number}/answer")
async def answer(officer: SignedIn, form: Sent, number: str) -> Response:
    """The second person's yes or no."""
    await officer.desk.answer_admission(
        officer.name, _id(number), confirmed=text_of(form, "answer") == "confirmed"
    )
    return see_other("/admissions")


async def _stay(
    officer: Officer, pseudonym: str, *, active: bool, over: str = ""
) -> Response:
    check_administrator(officer)
    found = await _known(officer, pseudonym)
    kept = OfficerRead(found.pseudonym, found.role, found.unit, active=active)
    try:
        await officer.desk.keep_officer(officer.name, kept, hand_over_to=over)
    except RelaisError as refusal:
        if refusal.code != _PROVE:
            raise
        what = "back" if active else "leave"
        # Who takes over goes along: an administrator's forms are kept nowhere.
        chosen = f"?{urlencode({_OVER: over})}" if over else ""
        return prove_first(f"/node/officers/{quote(pseudonym, safe='')}/{what}{chosen}")
    return see_other("/node")


async def _tell_change(officer: Officer, said: _Asked) -> Response:
    try:
        after = _officer_in(said)
    except FormError as error:
        return _form(officer, said, error=error)
    found = {each.pseudonym: each for each in await officer.desk.list_officers()}
    before = found.get(after.pseudonym)
    return await _tell(officer, "change", after, before=before)


async def _tell(
    officer: Officer,
    what: str,
    about: OfficerRead,
    invited: InvitedRead | None = None,
    *,
    before: OfficerRead | None = None,
    refusal: RelaisError | None = None,
    over: str = "",
) -> Response:
    if what not in {"change", "leave", "back", "invite", "invited"}:
        raise _nobody()
    return page(
        officer.visitor,
        "colleague.html",
        status=200 if refusal is None else status_of(refusal),
        here="/node",
        what=what,
        about=about,
        before=before,
        invited=invited,
        refusal=refusal,
        over=over,
        work=await officer.desk.list_held(officer.name, about.pseudonym)
        if what == "leave"
        else None,
    )


def _form(
    officer: Officer,
    said: _Asked,
    *,
    error: FormError | None = None,
    refusal: RelaisError | None = None,
) -> Response:
    return page(
        officer.visitor,
        "colleague_form.html",
        status=200 if error is None and refusal is None else 400,
        here="/node",
        fields=FIELDS,
        typed=shown(said, FIELDS),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        refusal=refusal,
    )


def _officer_in(said: _Asked) -> OfficerRead:
    """Raises FormError."""
    read = {name: str(each) for name, each in read_fields(FIELDS, said).items()}
    return OfficerRead(read["pseudonym"], read["role"], read["unit"], active=True)


async def _known(officer: Officer, pseudonym: str) -> OfficerRead:
    """Who there is, or who waits to be let in."""
    for each in await officer.desk.list_officers():
        if each.pseudonym == pseudonym:
            return each
    for asked in await officer.desk.list_admissions(officer.name):
        if (asked.kind, asked.officer) == ("officer", pseudonym):
            return OfficerRead(asked.officer, asked.role, asked.unit, active=False)
    raise _nobody()


def _administers(officer: Officer) -> bool:
    return Act.ADMINISTRATION in may_of(officer.session)


def _id(number: str) -> bytes:
    try:
        return bytes.fromhex(number)
    except ValueError:
        # The node knows nothing that waits without a number, and says so.
        return b"\0"


def _nobody() -> NotFoundError:
    return NotFoundError("people.unknown", "No officer has that staff code.")
