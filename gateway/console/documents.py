"""S12: official forms of a case, numbered before they are printed.

The node is told the hash of every file that is given out, and the file is kept
nowhere: ``verify`` answers by that hash whether a byte of it was changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.documents.canonical import document_hash
from gateway.documents.languages import Language
from gateway.documents.render import render
from gateway.documents.values import Document, Evidence, Issue, Print
from gateway.documents.values import Officer as Hand
from gateway.forms.fields import (
    Field,
    FormError,
    Typed,
    Value,
    Widget,
    read_fields,
    shown,
)
from gateway.papers import of_case, of_referral
from gateway.papers.of_case import Person
from gateway.papers.spoken import Spoken
from gateway.web.navigation import may_of
from gateway.web.pages import page
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.documents import DocumentKind, GivenTo
from services.node.domain.errors import NotFoundError
from services.node.domain.return_codes import Condition
from services.node.domain.rights import papers_for
from services.node.rpc.desk_values import CaseRead

router = APIRouter()

_LANGUAGES = tuple(each.value for each in Language)
_OF_REFERRAL = {DocumentKind.REFERRAL_SLIP, DocumentKind.HANDOVER_MINUTES}
_NAMED = frozenset(DocumentKind) - _OF_REFERRAL


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be printed, for which case and whose clock it is."""

    officer: Officer
    kind: DocumentKind
    case: CaseRead
    spoken: Spoken
    said: dict[str, Value]
    now: datetime


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
async def print_copy(officer: SignedIn, form: Sent, code: str, kind: str) -> Response:
    """Numbers a copy and gives the PDF; it is kept nowhere."""
    wanted = _kind(kind)
    case = await officer.desk.get_case(officer.name, code)
    fields = await _fields(officer, wanted, case)
    try:
        said = read_fields(fields, form)
    except FormError as error:
        return await _ask(officer, code, wanted, form=form, error=error)
    now = (await officer.desk.get_status()).case_now
    spoken = await _spoken(officer, said)
    document = await _document(_Wanted(officer, wanted, case, spoken, said, now))
    kept = await officer.desk.keep_copy(
        officer.name,
        code,
        wanted,
        document.issue.alias,
        document_hash(document),
        str(said["given_to"]),
    )
    given = str(said["given_to"])
    copy = Print(
        copy=kept.copy,
        copies=kept.copy,
        given_to=spoken.code("given_to", given)
        if given in set(GivenTo)
        else spoken.member(given),
        printed_by=_hand(officer, spoken),
        printed_at=kept.printed_at,
    )
    pdf = await run_in_threadpool(render, document, copy)
    await officer.desk.keep_file(
        officer.name, document_hash(document), kept.copy, sha256(pdf).digest()
    )
    name = f"{wanted}-{document.issue.alias}-{kept.copy}.pdf"
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
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
    fields = await _fields(officer, kind, case)
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


async def _fields(
    officer: Officer, kind: DocumentKind, case: CaseRead
) -> tuple[Field, ...]:
    members = tuple(card.name for card in await officer.desk.list_members(officer.name))
    fields = [
        Field("second_language", Widget.CHOICE, _LANGUAGES[1:], "tongue"),
        Field("given_to", Widget.CHOICE, (*GivenTo, *members), "given_to"),
    ]
    if kind in _OF_REFERRAL:
        ids = tuple(each.referral_id.hex() for each in case.referrals)
        fields.insert(0, Field("referral", Widget.CHOICE, ids, "referral"))
    if kind in _NAMED:
        fields.append(Field("with_name", Widget.FLAG))
    if kind is DocumentKind.RECEPTION_MINUTES:
        fields += [
            Field("place", Widget.TEXT),
            Field("received_at", Widget.INSTANT),
            Field("received_from", Widget.MEMBER, members, "member", optional=True),
            Field("condition", Widget.CHOICE, tuple(Condition), "condition"),
            Field("items", Widget.LONG_TEXT, optional=True),
        ]
    if kind is DocumentKind.CERTIFICATE_LETTER:
        fields += [
            Field("addressed_to", Widget.MEMBER, members, "member", optional=True),
            Field("valid_until", Widget.DAY),
        ]
    return tuple(fields)


async def _document(wanted: _Wanted) -> Document:
    officer, desk = wanted.officer, wanted.officer.desk
    own = officer.visitor.site.config.member
    spoken, said = wanted.spoken, wanted.said
    hand = _hand(officer, spoken)
    if wanted.kind in _OF_REFERRAL:
        talk = await desk.get_referral(
            officer.name, bytes.fromhex(str(said["referral"]))
        )
        if wanted.kind is DocumentKind.HANDOVER_MINUTES:
            issue = _issue(wanted, talk.referral.alias, of_referral.evidence_of(talk))
            return of_referral.handover_minutes(spoken, issue, talk, own)
        clocks = await desk.list_clocks(officer.name, wanted.case.case_pseudonym)
        due = min(
            (
                each.due_at
                for each in clocks.clocks
                if each.referral_id == talk.referral.referral_id
            ),
            default=talk.referral.offered_at,
        )
        issue = _issue(wanted, talk.referral.alias, Evidence.OWN)
        return of_referral.referral_slip(spoken, issue, talk, hand, due)
    code = wanted.case.case_pseudonym
    records = await desk.read_records(officer.name, code)
    person = Person.of(records, named=said["with_name"] is True)
    issue = _issue(wanted, code, Evidence.STATEMENT)
    if wanted.kind is DocumentKind.CONSENT_FORM:
        answers = (await desk.list_consents(officer.name, code)).consents
        return of_case.consent_form(spoken, issue, person, answers, hand)
    state = await desk.get_case_state(officer.name, code)
    if wanted.kind is DocumentKind.DECLARATION:
        return of_case.declaration(spoken, issue, person, state, hand)
    issue = _issue(wanted, code, Evidence.OWN)
    if wanted.kind is DocumentKind.RECEPTION_MINUTES:
        return of_case.reception_minutes(spoken, issue, person, state, hand, said)
    return of_case.certificate_letter(spoken, issue, person, state, hand, said)


def _issue(wanted: _Wanted, alias: str, evidence: Evidence) -> Issue:
    member = wanted.officer.visitor.site.config.member
    return Issue(
        languages=wanted.spoken.languages,
        alias=alias,
        issuer=wanted.spoken.member(member),
        issued_at=wanted.now,
        evidence=evidence,
    )


async def _spoken(officer: Officer, said: dict[str, Value]) -> Spoken:
    site = officer.visitor.site
    pair = Language.VIETNAMESE, Language(str(said["second_language"]))
    names: dict[str, tuple[str, str]] = {}
    for card in await officer.desk.list_members(officer.name):
        known = {each.language: each.name for each in card.names}
        names[card.name] = (
            _called(known, pair[0], card.name),
            _called(known, pair[1], card.name),
        )
    own = site.config
    names[own.member] = (
        _called(own.names, pair[0], own.member),
        _called(own.names, pair[1], own.member),
    )
    words = site.languages.all[pair[0]], site.languages.all[pair[1]]
    return Spoken(pair, words, names)


def _called(names: dict[str, str], language: Language, otherwise: str) -> str:
    return names.get(language.value[:2]) or names.get("en") or otherwise


def _hand(officer: Officer, spoken: Spoken) -> Hand:
    site: Any = officer.visitor.site
    return Hand(
        officer.name,
        spoken.code("role", officer.session.role),
        spoken.member(site.config.member),
    )


def _kind(text: str) -> DocumentKind:
    if text not in set(DocumentKind):
        raise NotFoundError("console.no_page", "There is no such page here.")
    return DocumentKind(text)
