"""The six documents of an invented person, in any pair of languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from gateway.documents.languages import Language
from gateway.documents.values import (
    CertificateLetter,
    ConsentForm,
    ConsentScope,
    Decision,
    Declaration,
    Document,
    Evidence,
    HandoverMinutes,
    HandoverSide,
    Issue,
    Label,
    Officer,
    Print,
    ReceptionMinutes,
    ReferralSlip,
    Signature,
    Words,
)
from services.node.domain.identifiers import alias_of
from tests.unit.gateway.documents.sample_labels import SAID

VI, EN, FR, ZH = Language
Pair = tuple[Language, Language]
DAY = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
ALIAS = alias_of(123_456_789)


def label(name: str, pair: Pair) -> Label:
    order = list(Language)
    return Label(*(SAID[name][order.index(each)] for each in pair))


def labels(pair: Pair, *names: str) -> tuple[Label, ...]:
    return tuple(label(name, pair) for name in names)


def officer(pair: Pair, name: str, role: str, place: str) -> Officer:
    return Officer(name, label(role, pair), label(place, pair))


def issue(pair: Pair, evidence: Evidence, sponsor: Label | None = None) -> Issue:
    return Issue(pair, ALIAS, label("province", pair), DAY, evidence, sponsor)


def a_copy(pair: Pair, number: int = 2) -> Print:
    return Print(
        copy=number,
        copies=3,
        given_to=label("shelter", pair),
        printed_by=officer(pair, "CB-0417", "officer", "province"),
        printed_at=DAY + timedelta(minutes=42),
    )


def referral_slip(pair: Pair) -> ReferralSlip:
    return ReferralSlip(
        issue=issue(pair, Evidence.ONE_SIDED),
        referral_type=label("reception", pair),
        priority=label("urgent", pair),
        answer_by=DAY + timedelta(hours=72),
        sender=officer(pair, "CB-0417", "officer", "province"),
        sender_phone=Label("+84 000 000 111", "+84 000 000 111"),
        recipient=label("shelter", pair),
        age_band=label("age", pair),
        sex=label("female", pair),
        languages=labels(pair, "hmong", "vietnamese"),
        services=labels(pair, "shelter_bed", "medical", "counselling"),
        constraints=labels(pair, "female_staff"),
        need=Words(
            "Cần một chỗ ở yên tĩnh trong vài tuần. Muốn có người nói tiếng H'Mông.",
            label("vietnamese", pair),
        ),
        shared=labels(pair, "profile", "health"),
        basis=label("consent", pair),
        signatures=(
            Signature(label("officer", pair), by="CB-0417"),
            Signature(label("shelter", pair)),
        ),
    )


def scope(pair: Pair, purpose: str, decision: Decision) -> ConsentScope:
    return ConsentScope(
        purpose=label(purpose, pair),
        recipient=label("shelter", pair),
        categories=labels(pair, "profile", "health"),
        countries=labels(pair, "vietnam"),
        valid_until=date(2027, 3, 26),
        decision=decision,
    )


def consent_form(pair: Pair) -> ConsentForm:
    return ConsentForm(
        issue=issue(pair, Evidence.STATEMENT),
        person="Giàng Thị Mây",
        read_in=label("hmong", pair),
        interpreter="PD-22",
        subject=label("self", pair),
        capacity=label("adult", pair),
        method=label("thumb", pair),
        scopes=(
            scope(pair, "medical", Decision.OPEN),
            scope(pair, "counselling", Decision.GIVEN),
            scope(pair, "training", Decision.REFUSED),
        ),
        informed_points=labels(pair, "told_purpose", "told_access", "told_support"),
        ask=officer(pair, "CB-0417", "officer", "province"),
        ask_phone="+84 000 000 111",
        signatures=(
            Signature(label("person_herself", pair), "Giàng Thị Mây", thumbprint=True),
            Signature(label("interpreter", pair), by="PD-22"),
            Signature(label("witness", pair)),
            Signature(
                label("officer", pair),
                by="CB-0417",
                recorded_at=DAY,
                digest=bytes(range(32)),
            ),
        ),
    )


def declaration(pair: Pair) -> Declaration:
    return Declaration(
        issue=issue(pair, Evidence.STATEMENT),
        person="Mây",
        born="2004",
        language=label("hmong", pair),
        interpreter="PD-22",
        written_by=label("officer", pair),
        wish=label("go_home", pair),
        support=labels(pair, "medical", "counselling", "training"),
        own_words=Words(
            "Tôi muốn học may và gửi con đi học. Xin đừng gọi về nhà cũ.\n"
            "Tôi muốn tự chọn nơi ở.",
            label("vietnamese", pair),
        ),
        safe_contact=label("safe_contact", pair),
        signatures=(
            Signature(label("person_herself", pair), "Mây", thumbprint=True),
            Signature(label("officer", pair), by="CB-0417"),
        ),
    )


def reception_minutes(pair: Pair) -> ReceptionMinutes:
    return ReceptionMinutes(
        issue=issue(pair, Evidence.OWN),
        person="Giàng Thị Mây",
        place="Cửa khẩu quốc tế Lào Cai",
        received_at=DAY,
        received_from=label("returned", pair),
        received_by=officer(pair, "BP-113", "guard", "province"),
        accompanying_minors=1,
        language=label("hmong", pair),
        interpreter="",
        health_check=label("checked", pair),
        condition=label("calm", pair),
        urgent_needs=labels(pair, "medical", "shelter_bed"),
        given_at_once=labels(pair, "meal"),
        belongings=("1 ba lô", "1 điện thoại", "Sổ tay"),
        wish=label("go_home", pair),
        next_step=label("rest", pair),
        signatures=(
            Signature(label("person_herself", pair), thumbprint=True),
            Signature(label("guard", pair), by="BP-113"),
        ),
    )


def handover_minutes(pair: Pair) -> HandoverMinutes:
    return HandoverMinutes(
        issue=issue(pair, Evidence.RECEIPT),
        gate="Lào Cai – 河口 Hekou",
        planned_at=DAY,
        giver=HandoverSide(
            organisation=label("liaison", pair),
            officer=officer(pair, "KM-07", "officer", "liaison"),
            persons=1,
            identity_match=label("match", pair),
            at=DAY + timedelta(minutes=10),
            digest=bytes(range(32)),
        ),
        receiver=HandoverSide(
            organisation=label("province", pair),
            officer=officer(pair, "CB-0417", "officer", "province"),
            persons=1,
            identity_match=label("match", pair),
            at=DAY + timedelta(minutes=14),
            digest=bytes(range(100, 132)),
        ),
        escort=labels(pair, "social_worker"),
        condition=label("calm", pair),
        travel_document=label("laissez_passer", pair),
        items=("1 ba lô", "Thuốc: 1 túi", "Phong bì niêm phong số 3"),
        vehicle=label("calm", pair),
        plate="00A-000.00",
        escort_count=2,
        papers=labels(pair, "laissez_passer"),
        medicines=(Label("Thuốc A, 1 viên", "Thuốc A, 1 viên"),),
        missing=(),
        confirmed=labels(pair, "calm"),
        differences=(),
        witness=label("guard", pair),
        signatures=(
            Signature(label("person_herself", pair), thumbprint=True),
            Signature(label("witness", pair)),
            Signature(
                label("liaison", pair),
                by="KM-07",
                recorded_at=DAY + timedelta(minutes=10),
                digest=bytes(range(32)),
            ),
            Signature(label("province", pair), by="CB-0417"),
        ),
    )


def certificate_letter(pair: Pair) -> CertificateLetter:
    return CertificateLetter(
        issue=issue(pair, Evidence.OWN),
        person="Giàng Thị Mây",
        born="12.03.2004",
        citizenship=label("vietnam", pair),
        addressed_to=label("whom", pair),
        status=label("status", pair),
        decided_by=label("police", pair),
        decided_on=date(2026, 11, 23),
        support=labels(pair, "medical", "training"),
        valid_until=date(2027, 5, 25),
        signatures=(Signature(label("province", pair)),),
    )


MAKERS: dict[str, Callable[[Pair], Document]] = {
    "referral_slip": referral_slip,
    "consent_form": consent_form,
    "declaration": declaration,
    "reception_minutes": reception_minutes,
    "handover_minutes": handover_minutes,
    "certificate_letter": certificate_letter,
}
PAIRS: list[Pair] = [(a, b) for a in Language for b in Language if a is not b]


def all_documents(pair: Pair) -> list[Document]:
    return [make(pair) for make in MAKERS.values()]
