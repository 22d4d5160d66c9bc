"""S12: official forms of a case, numbered before they are printed.

The node is told the hash of every file that is given out, and the file is kept
nowhere: ``verify`` answers by that hash whether a byte of it was changed.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.forms.fields import FormError, Typed, read_fields, shown
from gateway.papers.printing import Printer, paper_fields, print_copy
from gateway.web.navigation import may_of
from gateway.web.pages import page
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.documents import DocumentKind
from services.node.domain.errors import NotFoundError
from services.node.domain.rights import papers_for

router = APIRouter()


@router.get("/cases/{code}/documents")
async def documents(officer: SignedIn, code: str) -> Response:
    """What was printed, and what can be."""
    case = await officer.desk.get_case(officer.name, code)
    return page(
        officer.visitor,
        "documents.html",
        here="/cases",
        code=case.case_pseudonym,
        kinds=papers_for(may_of(officer.session)),
        copies=await officer.desk.list_copies(officer.name, code),
        names=await member_names(officer),
    )


@router.get("/cases/{code}/documents/{kind}")
async def ask(officer: SignedIn, code: str, kind: str) -> Response:
    """What has to be said before a form is printed."""
    return await _ask(officer, code, _kind(kind))


@router.post("/cases/{code}/documents/{kind}")
async def take_copy(officer: SignedIn, form: Sent, code: str, kind: str) -> Response:
    """Numbers a copy and gives the PDF; it is kept nowhere."""
    wanted = _kind(kind)
    case = await officer.desk.get_case(officer.name, code)
    printer = _printer(officer)
    try:
        said = read_fields(await paper_fields(printer, wanted, case), form)
    except FormError as error:
        return await _ask(officer, code, wanted, form=form, error=error)
    copy = await print_copy(printer, wanted, case, said)
    return Response(
        copy.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{copy.name}"'},
    )


async def _ask(
    officer: Officer,
    code: str,
    kind: DocumentKind,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
) -> Response:
    case = await officer.desk.get_case(officer.name, code)
    fields = await paper_fields(_printer(officer), kind, case)
    names = await member_names(officer)
    types = {each.referral_id.hex(): each for each in case.referrals}
    return page(
        officer.visitor,
        "document.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        kind=kind,
        fields=fields,
        referrals=types,
        typed={} if form is None else shown(form, fields),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        names=names,
    )


def _printer(officer: Officer) -> Printer:
    site = officer.visitor.site
    role = officer.session.role
    return Printer(
        officer.desk, officer.name, officer.name, role, site.config, site.languages
    )


def _kind(text: str) -> DocumentKind:
    if text not in set(DocumentKind):
        raise NotFoundError("console.no_page", "There is no such page here.")
    return DocumentKind(text)
