"""The referral slip and the handover minutes, out of what was said in a referral."""

from __future__ import annotations

from datetime import datetime

from gateway.documents.values import (
    Evidence,
    HandoverMinutes,
    HandoverSide,
    Issue,
    Label,
    Officer,
    ReferralSlip,
    Signature,
)
from gateway.documents.values import Words as Written
from gateway.papers.spoken import BLANK, Spoken
from gateway.words.gates import gate
from gateway.words.handing import things_named
from gateway.words.words import Words
from services.node.domain.bodies import Offer
from services.node.domain.bodies_return import (
    AppointmentConfirmation,
    Arrival,
    Countersignature,
    Dispute,
    Minutes,
    TravelDocument,
)
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.return_codes import KnownBy
from services.node.rpc.desk_values import ConversationRead, SaidRead


def referral_slip(
    spoken: Spoken,
    issue: Issue,
    said: ConversationRead,
    sender: Officer,
    answer_by: datetime,
) -> ReferralSlip:
    """The offer's header on paper; never the identity."""
    referral, offer = said.referral, _body(said, Step.OFFER, Offer)
    return ReferralSlip(
        issue=issue,
        referral_type=spoken.code("referral_type", referral.referral_type),
        priority=spoken.code("priority", referral.priority),
        answer_by=offer.answer_by or answer_by,
        sender=sender,
        sender_phone=_callback(spoken, offer),
        recipient=spoken.member(referral.peer),
        age_band=spoken.code("age_band", offer.age_band),
        sex=spoken.code("sex", offer.sex),
        languages=tuple(spoken.tongue(each) for each in offer.languages),
        services=spoken.codes("service", offer.services),
        constraints=spoken.codes("constraint", offer.constraints),
        need=Written(offer.need, spoken.tongue(offer.need_language)),
        shared=(spoken.code("category", "D0"), spoken.code("category", "D1")),
        basis=spoken.code("basis", "consent" if offer.basis_ids else "duty"),
        signatures=(Signature(sender.organisation, by=sender.pseudonym),),
    )


def _callback(spoken: Spoken, offer: Offer) -> Label:
    """Whom to ask for and on which telephone; blank where the directory's will do."""
    if not offer.contact_phone:
        return BLANK
    hours = f" ({offer.contact_hours})" if offer.contact_hours else ""
    asked = spoken.code("contact_function", offer.contact_function)
    first, second = (
        f"{one}: {offer.contact_phone}{hours}" for one in (asked.first, asked.second)
    )
    return Label(first, second)


def handover_minutes(
    spoken: Spoken, issue: Issue, said: ConversationRead, own: str
) -> HandoverMinutes:
    """Both sides of a handover in person, as each has recorded it.

    Raises:
        NotLawfulError: ``console.no_minutes``: the giver has recorded none yet.
    """
    referral = said.referral
    giver, receiver = (
        (own, referral.peer) if referral.side == "giver" else (referral.peer, own)
    )
    minutes = _said(said, Step.MINUTES)
    if minutes is None or not isinstance(minutes.body, Minutes):
        raise NotLawfulError(
            "console.no_minutes",
            "No minutes of a handover are recorded in this referral.",
            remedy="Print them once the giver has recorded them.",
        )
    appointed = _said(said, Step.APPOINTMENT_CONFIRMATION)
    planned = (
        appointed.body.at
        if appointed is not None and isinstance(appointed.body, AppointmentConfirmation)
        else minutes.body.handed_over_at
    )
    return HandoverMinutes(
        issue=issue,
        gate=gate(minutes.body.gate),
        planned_at=planned,
        giver=HandoverSide(
            organisation=spoken.member(giver),
            officer=_of(spoken, giver),
            persons=minutes.body.persons,
            identity_match=spoken.code("identity_match", minutes.body.identity_match),
            at=minutes.body.handed_over_at,
            digest=minutes.digest,
        ),
        receiver=_received(spoken, said, receiver),
        escort=spoken.codes("escort", minutes.body.escort),
        vehicle=spoken.code("vehicle", minutes.body.vehicle),
        plate=minutes.body.plate,
        escort_count=minutes.body.escort_count,
        papers=spoken.codes("handed_paper", minutes.body.documents),
        medicines=_things(spoken, minutes.body, "medicines."),
        missing=_missing(spoken, said, minutes.body),
        confirmed=_confirmed(spoken, said),
        condition=spoken.code("condition", minutes.body.condition),
        travel_document=_paper(spoken, said),
        items=minutes.body.items,
        differences=_differences(spoken, said),
        witness=None,
        signatures=(
            Signature(spoken.member(giver), by="", digest=b""),
            Signature(spoken.member(receiver), by="", digest=b""),
            # By hand: a second of the receiving side, and the person's thumb.
            Signature(spoken.code("label", "second_officer")),
            Signature(spoken.code("given_to", "person"), thumbprint=True),
        ),
    )


def _things(spoken: Spoken, minutes: Minutes, kind: str) -> tuple[Label, ...]:
    """What goes along, of one kind or all, in both languages."""
    first, second = (things_named(words, minutes) for words in spoken.words)
    return tuple(
        Label(first[each], second[each]) for each in first if each.startswith(kind)
    )


def _missing(
    spoken: Spoken, said: ConversationRead, minutes: Minutes
) -> tuple[Label, ...]:
    """What the receiver signed for as missing."""
    found = _said(said, Step.COUNTERSIGNATURE)
    if found is None or not isinstance(found.body, Countersignature):
        return ()
    first, second = (things_named(words, minutes) for words in spoken.words)
    missing = found.body.missing
    return tuple(Label(first[e], second[e]) for e in first if e in missing)


def _confirmed(spoken: Spoken, said: ConversationRead) -> tuple[Label, ...]:
    """How the giver was known, a call with whom and when, and who signed too."""
    signed, arrived = _said(said, Step.COUNTERSIGNATURE), _said(said, Step.ARRIVAL)
    first, second = (
        _lines(words, signed and signed.body, arrived and arrived.body)
        for words in spoken.words
    )
    return tuple(map(Label, first, second))


def _lines(words: Words, signed: object, arrived: object) -> list[str]:
    lines = []
    if isinstance(signed, Countersignature) and signed.giver_known_by:
        by = words.code("known_by", signed.giver_known_by)
        if signed.giver_known_by == KnownBy.TELEPHONE:
            by = words.gettext("Confirmed by telephone")
        told = [by, words.code("contact_function", signed.call_function)]
        if signed.called_at is not None:
            told.append(words.instant(signed.called_at))
        told.append(words.code("person_known_by", signed.person_known_by))
        lines.append(" · ".join(filter(None, told)))
    if isinstance(arrived, Arrival) and arrived.signed_by:
        told = [
            words.code("label", "signed_by"),
            words.code("signed_by", arrived.signed_by),
            arrived.second_officer,
            words.code("unsigned_reason", arrived.unsigned_reason),
        ]
        lines.append(" · ".join(filter(None, told)))
    return lines


def evidence_of(said: ConversationRead) -> Evidence:
    """A handover is receipted once both sides have signed it."""
    both = _said(said, Step.COUNTERSIGNATURE) is not None
    return Evidence.RECEIPT if both else Evidence.ONE_SIDED


def _received(spoken: Spoken, said: ConversationRead, member: str) -> HandoverSide:
    found = _said(said, Step.COUNTERSIGNATURE)
    if found is None or not isinstance(found.body, Countersignature):
        return HandoverSide(
            organisation=spoken.member(member),
            officer=_of(spoken, member),
            persons=0,
            identity_match=BLANK,
        )
    return HandoverSide(
        organisation=spoken.member(member),
        officer=_of(spoken, member),
        persons=found.body.persons,
        identity_match=spoken.code("identity_match", found.body.identity_match),
        at=found.body.received_at,
        digest=found.digest,
    )


def _paper(spoken: Spoken, said: ConversationRead) -> Label:
    found = _said(said, Step.TRAVEL_DOCUMENT)
    if found is None or not isinstance(found.body, TravelDocument):
        return BLANK
    return spoken.code("document_type", found.body.document_type)


def _differences(spoken: Spoken, said: ConversationRead) -> tuple[Label, ...]:
    found = _said(said, Step.DISPUTE)
    if found is None or not isinstance(found.body, Dispute):
        return ()
    return spoken.codes("discrepancy", found.body.discrepancies)


def _of(spoken: Spoken, member: str) -> Officer:
    """Somebody of a member; who it was is written by hand."""
    return Officer("", BLANK, spoken.member(member))


def _said(said: ConversationRead, step: Step) -> SaidRead | None:
    return next((each for each in reversed(said.steps) if each.step == step), None)


def _body(said: ConversationRead, step: Step, kind: type[Offer]) -> Offer:
    found = _said(said, step)
    if found is None or not isinstance(found.body, kind):
        raise NotLawfulError("console.no_offer", "This referral has no offer here.")
    return found.body
