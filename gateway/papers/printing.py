"""Printing a form of a case: what has to be said, its number, and the PDF.

Promises that a copy is numbered before it is set, and that the node knows the hash
of every file that is given out; the file is kept nowhere. Leaves to others: who may
print what (the node), and how somebody is asked (console and API).
"""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from gateway.config import GatewayConfig
from gateway.documents.canonical import document_hash
from gateway.documents.languages import Language
from gateway.documents.render import render
from gateway.documents.values import Document, Evidence, Issue, Officer, Print
from gateway.forms.fields import Field, Value, Widget
from gateway.papers import of_case, of_referral
from gateway.papers.of_case import Person
from gateway.papers.spoken import Spoken
from gateway.words.words import Languages
from services.node.domain.documents import DocumentKind, GivenTo
from services.node.domain.return_codes import Condition
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import CaseRead

SECOND_LANGUAGES = tuple(each.value for each in Language)[1:]
_OF_REFERRAL = {DocumentKind.REFERRAL_SLIP, DocumentKind.HANDOVER_MINUTES}
_NAMED = frozenset(DocumentKind) - _OF_REFERRAL


@dataclass(frozen=True, slots=True)
class Printer:
    """Who prints: ``me`` as calls name her, ``officer`` and ``role`` on the paper."""

    desk: DeskClient
    me: str
    officer: str
    role: str
    config: GatewayConfig
    languages: Languages


@dataclass(frozen=True, slots=True)
class Printed:
    """A copy: its PDF, and what its file is called."""

    pdf: bytes
    name: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be printed, for which case and whose clock it is."""

    printer: Printer
    kind: DocumentKind
    case: CaseRead
    spoken: Spoken
    said: dict[str, Value]
    now: datetime


async def paper_fields(
    printer: Printer, kind: DocumentKind, case: CaseRead
) -> tuple[Field, ...]:
    """What has to be said before a form is printed."""
    cards = await printer.desk.list_members(printer.me)
    members = tuple(card.name for card in cards)
    fields = [
        Field("second_language", Widget.CHOICE, SECOND_LANGUAGES, "tongue"),
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


async def print_copy(
    printer: Printer, kind: DocumentKind, case: CaseRead, said: dict[str, Value]
) -> Printed:
    """A numbered copy, of what ``said`` holds for every field of ``paper_fields``.

    Raises ``NotLawfulError`` for a paper that there is nothing to print of, and what
    the node and ``render`` raise.
    """
    desk = printer.desk
    now = (await desk.get_status()).case_now
    spoken = await _spoken(printer, said)
    document = await _document(_Wanted(printer, kind, case, spoken, said, now))
    digest, alias = document_hash(document), document.issue.alias
    given = str(said["given_to"])
    kept = await desk.keep_copy(
        printer.me, case.case_pseudonym, kind, alias, digest, given
    )
    copy = Print(
        copy=kept.copy,
        copies=kept.copy,
        given_to=spoken.code("given_to", given)
        if given in set(GivenTo)
        else spoken.member(given),
        printed_by=_hand(printer, spoken),
        printed_at=kept.printed_at,
    )
    pdf = await to_thread(render, document, copy)
    await desk.keep_file(printer.me, digest, kept.copy, sha256(pdf).digest())
    return Printed(pdf, f"{kind}-{alias}-{kept.copy}.pdf")


async def _document(wanted: _Wanted) -> Document:
    if wanted.kind in _OF_REFERRAL:
        return await _of_referral(wanted)
    printer, spoken, said = wanted.printer, wanted.spoken, wanted.said
    desk, code = printer.desk, wanted.case.case_pseudonym
    hand = _hand(printer, spoken)
    records = await desk.read_records(printer.me, code)
    person = Person.of(records, named=said["with_name"] is True)
    issue = _issue(wanted, code, Evidence.STATEMENT)
    if wanted.kind is DocumentKind.CONSENT_FORM:
        answers = (await desk.list_consents(printer.me, code)).consents
        return of_case.consent_form(spoken, issue, person, answers, hand)
    state = await desk.get_case_state(printer.me, code)
    if wanted.kind is DocumentKind.DECLARATION:
        return of_case.declaration(spoken, issue, person, state, hand)
    issue = _issue(wanted, code, Evidence.OWN)
    if wanted.kind is DocumentKind.RECEPTION_MINUTES:
        return of_case.reception_minutes(spoken, issue, person, state, hand, said)
    return of_case.certificate_letter(spoken, issue, person, state, hand, said)


async def _of_referral(wanted: _Wanted) -> Document:
    printer, spoken = wanted.printer, wanted.spoken
    number = bytes.fromhex(str(wanted.said["referral"]))
    talk = await printer.desk.get_referral(printer.me, number)
    alias = talk.referral.alias
    if wanted.kind is DocumentKind.HANDOVER_MINUTES:
        issue = _issue(wanted, alias, of_referral.evidence_of(talk))
        return of_referral.handover_minutes(spoken, issue, talk, printer.config.member)
    clocks = await printer.desk.list_clocks(printer.me, wanted.case.case_pseudonym)
    due = min(
        (each.due_at for each in clocks.clocks if each.referral_id == number),
        default=talk.referral.offered_at,
    )
    issue = _issue(wanted, alias, Evidence.OWN)
    return of_referral.referral_slip(spoken, issue, talk, _hand(printer, spoken), due)


def _issue(wanted: _Wanted, alias: str, evidence: Evidence) -> Issue:
    return Issue(
        languages=wanted.spoken.languages,
        alias=alias,
        issuer=wanted.spoken.member(wanted.printer.config.member),
        issued_at=wanted.now,
        evidence=evidence,
    )


async def _spoken(printer: Printer, said: dict[str, Value]) -> Spoken:
    pair = Language.VIETNAMESE, Language(str(said["second_language"]))
    names: dict[str, tuple[str, str]] = {}
    for card in await printer.desk.list_members(printer.me):
        known = {each.language: each.name for each in card.names}
        names[card.name] = (
            _called(known, pair[0], card.name),
            _called(known, pair[1], card.name),
        )
    own = printer.config
    names[own.member] = (
        _called(own.names, pair[0], own.member),
        _called(own.names, pair[1], own.member),
    )
    words = printer.languages.all[pair[0]], printer.languages.all[pair[1]]
    return Spoken(pair, words, names)


def _called(names: dict[str, str], language: Language, otherwise: str) -> str:
    return names.get(language.value[:2]) or names.get("en") or otherwise


def _hand(printer: Printer, spoken: Spoken) -> Officer:
    return Officer(
        printer.officer,
        spoken.code("role", printer.role),
        spoken.member(printer.config.member),
    )
