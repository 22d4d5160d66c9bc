"""S7, deadlines: one is let stand still for a reason, and goes on with what was left.

The policy names the reasons and the deadlines that they hold; the clock of an
emergency never stands still. What stands still is shown for as long as it does.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.forms.event import event_of
from gateway.forms.fields import (
    Field,
    FormError,
    Typed,
    Widget,
    read_fields,
    shown,
    text_of,
)
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotFoundError, NotLawfulError, RelaisError
from services.node.domain.identifiers import new_id
from services.node.rpc.clock_values import ClockRead

router = APIRouter(prefix="/cases")


def pause_fields(reasons: tuple[str, ...]) -> tuple[Field, ...]:
    """Why a clock waits."""
    return (Field("pause_reason", Widget.CHOICE, reasons, "pause"),)


@router.get("/{code}/clocks/{number}/pause")
async def ask(officer: SignedIn, code: str, number: str) -> Response:
    """What a pause does, and why it may be."""
    return await _ask(officer, code, await _held(officer, code, number))


@router.post("/{code}/clocks/{number}/pause")
async def pause(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Lets it stand still; the node refuses a reason that does not hold it."""
    clock = await _held(officer, code, number)
    try:
        said = read_fields(pause_fields(clock.pausable_for), form)
        await officer.desk.pause_clock(
            officer.name,
            clock.clock_id,
            str(said["pause_reason"]),
            event_id=event_of(form),
        )
    except (FormError, NotLawfulError) as error:
        return await _ask(officer, code, clock, form=form, error=error)
    return see_other(f"/cases/{code}")


@router.post("/{code}/clocks/{number}/resume")
async def resume(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Lets it go on with what was left."""
    clock = await _held(officer, code, number)
    await officer.desk.resume_clock(
        officer.name, clock.clock_id, event_id=event_of(form)
    )
    return see_other(f"/cases/{code}")


async def _ask(
    officer: Officer,
    code: str,
    clock: ClockRead,
    *,
    form: Typed | None = None,
    error: FormError | RelaisError | None = None,
) -> Response:
    fields = pause_fields(clock.pausable_for)
    problems = error.problems if isinstance(error, FormError) else ()
    return page(
        officer.visitor,
        "clock_pause.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        clock=clock,
        now=(await officer.desk.get_status()).case_now,
        fields=fields,
        typed={} if form is None else shown(form, fields),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, RelaisError) else None,
        event=new_id().hex() if form is None else text_of(form, "event"),
    )


async def _held(officer: Officer, code: str, number: str) -> ClockRead:
    """The clock of this case that is named; raises NotFoundError."""
    for each in (await officer.desk.list_clocks(officer.name, code)).clocks:
        if each.clock_id.hex() == number:
            return each
    raise NotFoundError("console.no_page", "There is no such page here.")
