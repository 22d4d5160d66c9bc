"""S14: what the auditor sees first: what needs an eye, and whether the ledger holds.

Numbers, codes and times only: an auditor opens no case. Whoever wants to verify a
whole ledger against those of others takes the file and does so offline (``relais
audit verify``).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from gateway.console.audit_filters import check_auditor, party_names
from gateway.console.today import PAGE
from gateway.web.numbers import EntryNamed, Start
from gateway.web.pages import page
from gateway.web.streams import begun
from gateway.web.visitors import Officer, SignedIn, sent_form
from services.node.domain.concerns import Concern
from services.node.domain.errors import NotFoundError, RelaisError
from services.node.domain.identifiers import parse_alias
from services.node.ledger.note import parse_note
from services.node.rpc.ledger_values import LedgerCheckRead

router = APIRouter(prefix="/audit")

_FIRST_FEW = 1
"""Rows of a kind on the first page: only how many there are is shown."""


@router.get("")
async def audit(officer: SignedIn) -> Response:
    """How much of what needs an eye, the ledger's size, and what can be done."""
    check_auditor(officer)
    return await _overview(officer)


@router.post("/verify", dependencies=[Depends(sent_form)])
async def verify(officer: SignedIn) -> Response:
    """Has the node recompute its ledger, and says what came of it with numbers."""
    check_auditor(officer)
    return await _overview(officer, await officer.ledger.verify_ledger(officer.name))


@router.get("/log")
async def export(officer: SignedIn) -> Response:
    """The whole log as a file for ``relais audit verify``."""
    check_auditor(officer)
    member = officer.visitor.site.config.member
    return StreamingResponse(
        await begun(officer.ledger.export_log(officer.name)),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{member}.relais-log"'},
    )


@router.get("/extract")
async def extract(
    officer: SignedIn, code: str = "", entry: EntryNamed = None
) -> Response:
    """The entries of a code, or one entry, with what proves them, for a court."""
    check_auditor(officer)
    if entry is not None:
        one = officer.ledger.extract(officer.name, "", (entry,))
        return await extract_file(officer, str(entry), one)
    named = parse_alias(code)
    whole = officer.ledger.extract(officer.name, named)
    return await extract_file(officer, named, whole)


async def extract_file(
    officer: Officer, named: str, items: AsyncGenerator[bytes, None]
) -> Response:
    """An extract as a file that is called after what was asked for."""
    name = f"{officer.visitor.site.config.member}-{named}.relais-extract"
    return StreamingResponse(
        await begun(items),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/concerns/{kind}")
async def concern(officer: SignedIn, kind: str, start: Start = 0) -> Response:
    """Everything of one kind that needs an eye, with who answers since when."""
    check_auditor(officer)
    if kind not in set(Concern):
        raise NotFoundError("console.no_page", "There is no such page here.")
    first = max(start, 0)
    found = await officer.ledger.list_concerns(
        officer.name, kind, limit=PAGE, offset=first
    )
    (group,) = found.groups
    return page(
        officer.visitor,
        "audit_concern.html",
        here="/audit",
        place="/audit",
        group=group,
        now=found.now,
        start=first,
        size=PAGE,
        names=await party_names(officer),
    )


async def _overview(officer: Officer, check: LedgerCheckRead | None = None) -> Response:
    found = await officer.ledger.list_concerns(officer.name, limit=_FIRST_FEW)
    status = await officer.desk.get_status()
    return page(
        officer.visitor,
        "audit.html",
        here="/audit",
        node=status,
        witnesses=cosigners(status.checkpoint),
        groups=found.groups,
        prunings=await officer.forms.list_prunings(officer.name, _FIRST_FEW),
        check=check,
        member=officer.visitor.site.config.member,
    )


def cosigners(checkpoint: str) -> tuple[str, ...]:
    """Who signed a head besides the member whose ledger it is of, by name.

    The names stand in the note; their signatures are not verified here.
    """
    try:
        note = parse_note(checkpoint.encode())
    except RelaisError:
        return ()
    own = note.text.partition("\n")[0]
    return tuple(dict.fromkeys(e.name for e in note.signatures if e.name != own))
