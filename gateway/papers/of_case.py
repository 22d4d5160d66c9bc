"""The forms about the person: consent, declaration, reception and status letter.

A name stands on a form only if the officer asks for it: a paper leaves the house.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.documents.values import (
    CertificateLetter,
    ConsentForm,
    ConsentScope,
    Decision,
    Declaration,
    Issue,
    Officer,
    ReceptionMinutes,
    Signature,
    Words,
)
from gateway.papers.spoken import BLANK, Spoken
from services.node.domain.case_states import PersonStatus
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.errors import NotLawfulError
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.tables import VIETNAM
from services.node.rpc.case_values import CaseStateRead

_DECISIONS = {
    "given": Decision.GIVEN,
    "refused": Decision.REFUSED,
    "withdrawn": Decision.WITHDRAWN,
}
_GRANTED = {"yes", "as_case_requires"}


@dataclass(frozen=True, slots=True)
class Person:
    """What a form shows of the person; empty where it is left open."""

    name: str = ""
    born: str = ""
    citizenship: str = ""
    language: str = ""
    interpreter: bool = False

    @classmethod
    def of(cls, records: Sequence[CategoryRecord], *, named: bool) -> Person:
        """Out of what is recorded; without a name unless ``named``."""
        known: dict[str, str] = {
            answer.field: ", ".join(answer.values)
            for record in records
            for answer in record.answers
        }
        parts = ("prs_SecondName", "prs_MiddleName", "prs_FirstName")
        # Vietnamese order: the family name first.
        name = " ".join(known[each] for each in parts if known.get(each))
        return cls(
            name=name if named else "",
            born=known.get("prs_Birthdate", "") if named else "",
            citizenship=known.get("prs_Citizenship", ""),
            language=known.get("prs_PrimaryLanguage", ""),
            interpreter=known.get("local_interpreter_needed", "") not in {"", "no"},
        )


def consent_form(
    spoken: Spoken,
    issue: Issue,
    person: Person,
    answers: Sequence[ConsentCopy],
    asked_by: Officer,
) -> ConsentForm:
    """What the person was asked and answered; open boxes if she was not asked yet."""
    newest = answers[-1] if answers else None
    return ConsentForm(
        issue=issue,
        person=person.name,
        read_in=spoken.tongue(newest.language if newest else person.language),
        interpreter=newest.interpreter if newest else "",
        subject=spoken.code("consent_subject", newest.subject if newest else ""),
        capacity=spoken.code("capacity", newest.capacity if newest else ""),
        method=spoken.code("method", newest.method if newest else ""),
        scopes=tuple(_scope(spoken, each) for each in answers),
        informed_points=spoken.codes("informed_point", INFORMED_POINTS),
        ask=asked_by,
        ask_phone="",
        signatures=_signatures(spoken, asked_by),
    )


def declaration(
    spoken: Spoken, issue: Issue, person: Person, state: CaseStateRead, officer: Officer
) -> Declaration:
    """What the person says she wants; her own words are written by hand."""
    granted = [each.regime for each in state.entitlements if each.granted in _GRANTED]
    return Declaration(
        issue=issue,
        person=person.name,
        born=person.born,
        language=spoken.tongue(person.language),
        interpreter="",
        written_by=BLANK,
        wish=BLANK,
        support=spoken.codes("regime", granted),
        own_words=Words("", spoken.tongue(person.language)),
        safe_contact=BLANK,
        signatures=_signatures(spoken, officer),
    )


def reception_minutes(
    spoken: Spoken,
    issue: Issue,
    person: Person,
    state: CaseStateRead,
    officer: Officer,
    said: Mapping[str, object],
) -> ReceptionMinutes:
    """Where, when and how the person was received, as the officer says it."""
    received_at = said["received_at"]
    return ReceptionMinutes(
        issue=issue,
        person=person.name,
        place=str(said["place"]),
        received_at=received_at
        if isinstance(received_at, datetime)
        else issue.issued_at,
        received_from=spoken.member(str(said["received_from"])),
        received_by=officer,
        accompanying_minors=len(state.minors),
        language=spoken.tongue(person.language),
        interpreter="",
        health_check=BLANK,
        condition=spoken.code("condition", str(said["condition"])),
        urgent_needs=(),
        given_at_once=(),
        belongings=tuple(filter(None, str(said["items"]).splitlines())),
        wish=BLANK,
        next_step=BLANK,
        signatures=_signatures(spoken, officer),
    )


def certificate_letter(
    spoken: Spoken,
    issue: Issue,
    person: Person,
    state: CaseStateRead,
    officer: Officer,
    said: Mapping[str, object],
) -> CertificateLetter:
    """A letter that confirms the status that was decided.

    Raises:
        NotLawfulError: ``console.no_status``: none was decided yet.
    """
    decided = next(
        (each for each in reversed(state.history) if each.details.decided_by), None
    )
    until = said["valid_until"]
    if state.person_status != PersonStatus.VICTIM or decided is None:
        raise NotLawfulError(
            "console.no_status",
            "No status was decided in this case, so no letter can confirm one.",
            remedy="Record the decision first; support does not wait for it.",
        )
    granted = [each.regime for each in state.entitlements if each.granted in _GRANTED]
    return CertificateLetter(
        issue=issue,
        person=person.name,
        born=person.born,
        citizenship=spoken.country(person.citizenship),
        addressed_to=spoken.member(str(said["addressed_to"])),
        status=spoken.code("person_status", state.person_status),
        decided_by=spoken.code("decision_maker", decided.details.decided_by),
        decided_on=decided.since.astimezone(VIETNAM).date(),
        support=spoken.codes("regime", granted),
        valid_until=(until if isinstance(until, datetime) else issue.issued_at)
        .astimezone(VIETNAM)
        .date(),
        signatures=(Signature(officer.organisation, by=officer.pseudonym),),
    )


def _scope(spoken: Spoken, answer: ConsentCopy) -> ConsentScope:
    return ConsentScope(
        purpose=spoken.code("purpose", answer.purpose),
        recipient=spoken.member(answer.recipient),
        categories=spoken.codes("category", answer.categories),
        countries=tuple(spoken.country(each) for each in answer.countries),
        valid_until=answer.valid_until.astimezone(VIETNAM).date(),
        decision=_DECISIONS[answer.status],
    )


def _signatures(spoken: Spoken, officer: Officer) -> tuple[Signature, ...]:
    return (
        Signature(spoken.code("given_to", "person"), thumbprint=True),
        Signature(officer.organisation, by=officer.pseudonym),
    )
