"""Which fields each step of a referral has, and the body that they make.

What the node knows itself is not asked: digests come from what was said before,
the consent that a withdrawal ends from the person's answers. A test compares the
table with the bodies of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from gateway.forms.arriving import (
    NON_ARRIVAL_FIELDS,
    PROMISE_FIELDS,
    promise_fields,
    read_non_arrival,
    read_promise,
)
from gateway.forms.event import answer_id, event_of
from gateway.forms.fields import Field, Typed, Widget, read_fields
from gateway.forms.handing import (
    CONFIRMED_FIELDS,
    HANDED_FIELDS,
    check_each_once,
    read_medicines,
)
from gateway.forms.languages import LANGUAGES
from gateway.forms.said import CONSENT_FIELDS, RISK_FIELDS, read_consent, read_risks
from gateway.forms.signing import (
    CALL_FIELDS,
    SCAN,
    SIGNED_FIELDS,
    read_call,
    read_signed,
)
from services.node.domain.bodies import KeptCategory
from services.node.domain.both_sign import SignedBy
from services.node.domain.categories import Category
from services.node.domain.consent import FAMILY_MESSAGES
from services.node.domain.handoff import BODY_OF, Body, Step
from services.node.domain.handshake_codes import (
    KeepGround,
    RecallReason,
    RevocationReason,
)
from services.node.domain.referrals import DeclineReason
from services.node.domain.return_codes import (
    Condition,
    Discrepancy,
    DocumentType,
    EscortCode,
    Fitness,
    IdentityMatch,
    KnownBy,
    Placement,
    ResidualRisk,
    RiskDecision,
    SuspensionReason,
    TravelMode,
)

_NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = Widget.TEXT


def _one(
    name: str, codes: type[StrEnum], words: str, *, optional: bool = False
) -> Field:
    return Field(name, Widget.CHOICE, tuple(codes), words, optional)


def _many(
    name: str, codes: type[StrEnum], words: str, *, optional: bool = False
) -> Field:
    return Field(name, Widget.CHOICES, tuple(codes), words, optional)


_SAID = (
    Field("text", Widget.LONG_TEXT),
    Field("language", Widget.CHOICE, LANGUAGES, "tongue"),
)
_REASON = _one("reason", DeclineReason, "decline_reason")
_ALTERNATIVE = Field("alternative", Widget.MEMBER, optional=True)
_GATE = Field("gate", _NAME)
_AT = Field("at", Widget.INSTANT)
_PERSONS = Field("persons", Widget.NUMBER)
_MATCH = _one("identity_match", IdentityMatch, "identity_match")
_CONDITION = _one("condition", Condition, "condition")
_ESCORT = _many("escort", EscortCode, "escort", optional=True)
_DECISION = _one("decision", RiskDecision, "risk_decision")
_WITNESS = Field("witness", Widget.MEMBER, optional=True)

FIELDS: dict[Step, tuple[Field, ...]] = {
    Step.OPENED: (),
    Step.QUESTION: _SAID,
    Step.ANSWER: _SAID,
    Step.ACCEPT: PROMISE_FIELDS,
    Step.DECLINE: (_REASON, _ALTERNATIVE),
    Step.RECALL: (_one("reason", RecallReason, "recall_reason"),),
    Step.REVOCATION: (_one("reason", RevocationReason, "revocation_reason"),),
    Step.RECALL_ACKNOWLEDGEMENT: (
        _many("deleted", Category, "category", optional=True),
        _many("kept", Category, "category", optional=True),
        _one("ground", KeepGround, "keep_ground", optional=True),
    ),
    Step.EXPIRY: (),
    Step.MISROUTED: (_ALTERNATIVE,),
    Step.REROUTED: (),
    Step.RETURN_TO_SENDER: (_REASON,),
    Step.CANNOT_KEEP: (_REASON,),
    Step.RISK_ASSESSMENT: (
        _one("residual", ResidualRisk, "residual_risk"),
        _DECISION,
        Field("valid_until", Widget.DAY),
    ),
    Step.RISK_COUNTERSIGNATURE: (_DECISION,),
    Step.RECONSENT: (),
    Step.TRAVEL_DOCUMENT: (
        _one("document_type", DocumentType, "document_type"),
        Field("issuer", Widget.MEMBER, optional=True),
        Field("issued_at", Widget.INSTANT, optional=True),
        Field("expires_at", Widget.DAY, optional=True),
    ),
    Step.RETURN_PLAN: (
        _one("mode", TravelMode, "travel_mode"),
        _GATE,
        _AT,
        _ESCORT,
        Field("children", Widget.NUMBER),
        _one("fit_to_travel", Fitness, "fitness"),
        Field("belongings_recovered", Widget.FLAG),
        Field("contact_card_given", Widget.FLAG),
    ),
    Step.PLAN_CONFIRMATION: (
        _one("placement", Placement, "placement"),
        Field("placement_confirmed_at", Widget.INSTANT),
    ),
    Step.APPOINTMENT: (_GATE, _AT, _ESCORT, _PERSONS),
    Step.APPOINTMENT_CONFIRMATION: (_GATE, _AT, _WITNESS),
    Step.DEPARTURE: (Field("departed_at", Widget.INSTANT), _PERSONS),
    Step.CHECK_IN: (_AT, _CONDITION),
    Step.GATE_ARRIVAL: (_GATE, _AT),
    Step.MINUTES: (
        _GATE,
        Field("handed_over_at", Widget.INSTANT),
        _PERSONS,
        _MATCH,
        _CONDITION,
        *HANDED_FIELDS,
        Field("items", Widget.LONG_TEXT, optional=True),
    ),
    Step.COUNTERSIGNATURE: (
        Field("received_at", Widget.INSTANT),
        _PERSONS,
        _MATCH,
        _one("giver_known_by", KnownBy, "known_by"),
        Field("handover_code", Widget.TEXT, optional=True),
        *CALL_FIELDS,
        *CONFIRMED_FIELDS,
        _WITNESS,
    ),
    Step.DISPUTE: (_many("discrepancies", Discrepancy, "discrepancy"),),
    Step.WITNESS: (_GATE, Field("seen_at", Widget.INSTANT), _PERSONS),
    Step.ARRIVAL: (Field("arrived_at", Widget.INSTANT), *SIGNED_FIELDS),
    Step.NOT_ARRIVED: NON_ARRIVAL_FIELDS,
    Step.WITHDRAWAL: (),
    Step.SUSPENSION: (_one("reason", SuspensionReason, "suspension_reason"),),
    Step.NO_RETURN: (),
    Step.FEEDBACK: (
        Field("result", Widget.CHOICE, words="result"),
        Field(
            "family_may_be_told",
            Widget.CHOICES,
            tuple(FAMILY_MESSAGES.values()),
            "family_message",
            optional=True,
        ),
    ),
    Step.COMPLETION: (Field("result", Widget.CHOICE, words="result"),),
}
"""What an officer is asked; offer, release and void are no forms of a step."""

FREE = {
    Step.RECONSENT: CONSENT_FIELDS,
    Step.RISK_ASSESSMENT: RISK_FIELDS,
}
"""Steps that ask for more than a field holds, with the names of those fields."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the node said before, and what a step needs of it.

    ``digests`` by the field's name; ``results`` are the results that this type of
    referral can have, by outcome; ``recipient`` is the other member.
    """

    now: datetime
    digests: Mapping[str, bytes]
    results: Mapping[str, tuple[str, ...]]
    recipient: str
    referral_type: str = ""
    consent_id: bytes = b""
    witness_event: bytes = b""
    things: tuple[str, ...] = ()
    """What the newest minutes hand on, by the names of ``handing.things_of``."""
    scans: tuple[str, ...] = ()
    """Documents of the case that may be the scan of a thumbprint, in hex."""
    called: bool = False
    """Whether nothing but a call has confirmed the handover yet."""


def fields_of(step: Step, known: Known, members: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields of a step, with everything that may be chosen."""
    if step is Step.ACCEPT:
        return promise_fields(known.referral_type)
    return tuple(
        _completed(step, each, known, members)
        for each in FIELDS[step]
        if (known.things or each.words != "handed")
        and (known.scans or each.words != "file")
        and (known.called or step is not Step.ARRIVAL or each.name != "handover_code")
    )


def read_step(step: Step, fields: tuple[Field, ...], form: Typed, known: Known) -> Body:
    """The body that the form makes.

    Raises:
        FormError: with every problem.
    """
    if step is Step.ACCEPT:
        return read_promise(form, fields)
    if step is Step.NOT_ARRIVED:
        return read_non_arrival(form, known.now)
    values: dict[str, Any] = {
        name: _NO_INSTANT if value is None else value
        for name, value in read_fields(fields, form).items()
    }
    body = BODY_OF[step]
    wanted = body.__dataclass_fields__
    values |= {name: raw for name, raw in known.digests.items() if name in wanted}
    if step is Step.RISK_ASSESSMENT:
        values["factors"] = read_risks(form)
    elif step is Step.RECONSENT:
        answer = read_consent(
            form, "voluntary_return", known.recipient, ("D0",), known.now
        )
        values["consent"] = replace(answer, consent_id=answer_id(event_of(form)))
    elif step is Step.WITHDRAWAL:
        values["consent_id"] = known.consent_id
    elif step in {Step.COUNTERSIGNATURE, Step.MINUTES}:
        values |= _at_the_gate(step, values, form, known)
    elif step is Step.ARRIVAL:
        told = {"handover_code": "", SCAN: "", **values}
        values = {"arrived_at": values["arrived_at"], **read_signed(told)}
    elif step is Step.RECALL_ACKNOWLEDGEMENT:
        ground = values.pop("ground")
        values["kept"] = tuple(KeptCategory(each, ground) for each in values["kept"])
    elif step is Step.COMPLETION:
        values["outcome"] = next(
            (
                name
                for name, codes in known.results.items()
                if values["result"] in codes
            ),
            "",
        )
    return body(**values)


def _at_the_gate(
    step: Step, values: Mapping[str, Any], form: Typed, known: Known
) -> dict[str, Any]:
    """What either side of a handover says besides its fields."""
    if step is Step.MINUTES:
        # Any run of blanks, also the wide one of Chinese keyboards, is one blank.
        lines = (" ".join(line.split()) for line in values["items"].split("\n"))
        return {
            "items": tuple(filter(None, lines)),
            "medicines": read_medicines(form),
        }
    if known.things:
        check_each_once(values, known.things)
    return {"witness_event": known.witness_event, **read_call(values, form)}


def _completed(
    step: Step, field: Field, known: Known, members: tuple[str, ...]
) -> Field:
    if field.widget is Widget.MEMBER:
        return Field(field.name, field.widget, members, "member", field.optional)
    if field.words == "file":
        return Field(field.name, field.widget, known.scans, field.words, True)
    if field.words == "signed_by" and not known.scans:
        # No scan could be chosen: the page says how one gets here.
        ways = tuple(each for each in field.codes if each != SignedBy.THUMBPRINT)
        return Field(field.name, field.widget, ways, field.words, field.optional)
    if field.words == "handed":
        return Field(field.name, field.widget, known.things, field.words, True)
    if field.words == "result":
        ends = (
            ("underway",) if step is Step.FEEDBACK else ("successful", "not_successful")
        )
        codes = tuple(code for end in ends for code in known.results.get(end, ()))
        return Field(field.name, field.widget, codes, field.words, field.optional)
    return field
