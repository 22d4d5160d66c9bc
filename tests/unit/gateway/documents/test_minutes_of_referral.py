"""The minutes on paper tell in both languages what both sides have recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from gateway.documents.languages import Language
from gateway.documents.render import render
from gateway.documents.values import Evidence
from gateway.papers.of_referral import handover_minutes
from gateway.papers.spoken import Spoken
from gateway.words.words import load
from services.node.domain.bodies_return import Countersignature, Medicine, Minutes
from services.node.rpc.desk_values import ConversationRead, SaidRead
from tests.unit.gateway.documents.paper import joined, text_of
from tests.unit.gateway.documents.sample_documents import a_copy, issue

PAIR = (Language.VIETNAMESE, Language.ENGLISH)
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
MINUTES = Minutes(
    *("lao_cai_hekou", NOW, 1, "match", "well", ("belongings",)),
    vehicle="car",
    plate="00A-000.00",
    escort=("social_worker", "interpreter"),
    escort_count=2,
    documents=("travel_document", "medical_record"),
    medicines=(Medicine("Paracetamol", "500 mg", NOW + timedelta(hours=4)),),
)
SIGNED = Countersignature(
    *(b"m" * 32, NOW, 1, "match"),
    received=("items.belongings", "documents.travel_document", "medicines.1"),
    missing=("documents.medical_record",),
    giver_known_by="telephone",
    call_function="duty_officer",
    called_at=NOW,
    person_known_by="code_word",
)


def said(step: str, author: str, body: object) -> SaidRead:
    return SaidRead(b"e" * 16, author, step, NOW, body, b"m" * 32, ())  # type: ignore[arg-type] # one of the bodies above


def test_the_paper_tells_what_goes_along_and_what_was_missing_in_both_languages():
    steps = (
        said("minutes", "liaison", MINUTES),
        said("countersignature", "home", SIGNED),
    )
    referral = SimpleNamespace(side="receiver", peer="liaison")
    conversation = cast(
        "ConversationRead", SimpleNamespace(referral=referral, steps=steps)
    )
    languages = load().all
    spoken = Spoken(PAIR, (languages["vi"], languages["en"]), {})
    paper = handover_minutes(
        spoken, issue(PAIR, Evidence.RECEIPT), conversation, "home"
    )
    assert [(each.first, each.second) for each in paper.missing] == [
        ("Hồ sơ y tế niêm phong", "Medical record, sealed")
    ]
    text = joined(text_of(render(paper, a_copy(PAIR))))
    for told in (
        "00A-000.00",
        "Paracetamol, 500 mg (02/03/2026, 14:00)",
        "Nhân viên công tác xã hội",
        "Second officer of the receiving side",
        "Chưa nhận được",
        "Not received",
        "Confirmed by telephone",
        "By the word agreed with the person",
    ):
        assert joined(told) in text, told
