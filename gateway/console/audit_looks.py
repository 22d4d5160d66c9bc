"""S14: who looked at what: found by officer, case, refusal and period, and exported."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from gateway.console.audit_filters import Asked, address, check_auditor
from gateway.forms.fields import text_of
from gateway.web.pages import page, see_other
from gateway.web.sheets import MARK, MEDIA_TYPE, sheet_rows
from gateway.web.streams import begun
from gateway.web.visitors import Officer, Sent, SignedIn
from gateway.words.words import Words
from services.node.domain.errors import ConflictError, NotFoundError
from services.node.domain.sheets import LooksAsked
from services.node.rpc.sign_in_values import AccessRead, Period
from services.node.wire.mapping import to_millis

router = APIRouter(prefix="/audit/looks")

_LOOKS = 50
_UNUSUAL = 20


@router.get("")
async def looks(
    officer: SignedIn,
    staff: str = "",
    code: str = "",
    refused: str = "",
    since: str = "",
    until: str = "",
    before: int = 0,
) -> Response:
    """The looks at this member, the newest first."""
    check_auditor(officer)
    asked = Asked(code, since, until)
    case, period = asked.alias(), asked.period()
    only = _only(asked, staff, refused)
    found = (
        ()
        if asked.problems
        else await officer.forms.review_access(
            officer.name,
            staff,
            refused=refused == "yes",
            case=case,
            period=period,
            limit=_LOOKS,
            before=max(before, 0),
        )
    )
    full = len(found) == _LOOKS
    return page(
        officer.visitor,
        "audit_looks.html",
        status=400 if asked.problems else 200,
        here="/audit",
        looks=found,
        asked=asked,
        staff=staff,
        refused=refused == "yes",
        older=address("/audit/looks", **only, before=found[-1].number) if full else "",
        sheet=address("/audit/looks/sheet", **only),
        sheet_asked=only,
        standing=None
        if asked.problems
        else await officer.forms.get_sheet(
            officer.name, _looks(case, staff, refused, period)
        ),
        unusual=(await officer.forms.list_unusual(officer.name, _UNUSUAL)).days,
        prunings=await officer.forms.list_prunings(officer.name),
    )


@router.post("/sheet")
async def ask_sheet(officer: SignedIn, form: Sent) -> Response:
    """Asks that a second person confirm the sheet of exactly these looks."""
    check_auditor(officer)
    asked = Asked(text_of(form, "code"), text_of(form, "since"), text_of(form, "until"))
    staff, refused = text_of(form, "staff"), text_of(form, "refused")
    sought = _looks(asked.alias(), staff, refused, asked.period())
    if not asked.problems:
        await officer.forms.ask_sheet(officer.name, sought)
    return see_other(address("/audit/looks", **_only(asked, staff, refused)))


@router.post("/sheet/withdraw")
async def withdraw_sheet(officer: SignedIn, form: Sent) -> Response:
    """Takes back what waits; if it was answered meanwhile, the page shows that."""
    check_auditor(officer)
    asked = Asked(text_of(form, "code"), text_of(form, "since"), text_of(form, "until"))
    staff, refused = text_of(form, "staff"), text_of(form, "refused")
    sought = _looks(asked.alias(), staff, refused, asked.period())
    if not asked.problems:
        with suppress(ConflictError, NotFoundError):
            await officer.forms.withdraw_sheet(officer.name, sought)
    return see_other(address("/audit/looks", **_only(asked, staff, refused)))


@router.get("/sheet")
async def sheet(
    officer: SignedIn,
    staff: str = "",
    code: str = "",
    refused: str = "",
    since: str = "",
    until: str = "",
) -> Response:
    """The same looks, all of them, as a sheet that a second person confirmed."""
    check_auditor(officer)
    asked = Asked(code, since, until)
    case, period = asked.alias(), asked.period()
    if asked.problems:
        return await looks(
            officer, staff=staff, code=code, refused=refused, since=since, until=until
        )
    rows = await begun(
        officer.forms.export_access(
            officer.name, staff, refused=refused == "yes", case=case, period=period
        )
    )
    member = officer.visitor.site.config.member
    return StreamingResponse(
        _sheet(officer, rows),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{member}-looks.csv"'},
    )


def _only(asked: Asked, staff: str, refused: str) -> dict[str, str]:
    return {
        "staff": staff,
        "code": asked.code,
        "refused": "yes" if refused == "yes" else "",
        "since": asked.since,
        "until": asked.until,
    }


def _looks(case: str, staff: str, refused: str, period: Period) -> LooksAsked:
    since, until = (
        0 if each is None else to_millis(each) for each in (period.since, period.until)
    )
    return LooksAsked(staff, refused == "yes", case, since, until)


async def _sheet(
    officer: Officer, pages: AsyncGenerator[tuple[AccessRead, ...], None]
) -> AsyncGenerator[bytes, None]:
    words = officer.visitor.words
    yield MARK + sheet_rows([_head(words)])
    async with aclosing(pages) as looked:
        async for some in looked:
            yield sheet_rows(_row(words, each) for each in some)


def _head(words: Words) -> tuple[str, ...]:
    _ = words.gettext
    return (
        _("Number"),
        _("When (UTC)"),
        _("Staff code"),
        _("Role"),
        _("Unit"),
        _("What"),
        _("Code"),
        _("Reason"),
        _("Outcome"),
        _("Where"),
    )


def _row(words: Words, look: AccessRead) -> tuple[str, ...]:
    return (
        str(look.number),
        _utc(look.at),
        look.officer,
        words.role(look.role) if look.role else "",
        look.unit,
        words.access(look.what),
        look.case_pseudonym,
        look.reason,
        look.outcome,
        look.listener,
    )


def _utc(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S")
