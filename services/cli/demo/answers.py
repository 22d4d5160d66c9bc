"""What is written down about the person: records, answers and offers.

Promises plain values in the field standard's terms; who writes them down, and
when, is the chapters' business.
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.cli.demo.cast import Cast
from services.node.domain.bodies import Offer
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""In a consent record: the node fills it in."""


def record(category: str, language: str = "", **answers: str) -> CategoryRecord:
    """One data category; ``language`` is that of free text."""
    return CategoryRecord(
        category,
        tuple(Answer(name, (value,), language) for name, value in answers.items()),
    )


def profile(cast: Cast) -> CategoryRecord:
    """D1: what may be known of somebody without knowing who it is."""
    return record(
        "D1",
        prs_Gender="Feminine",
        prs_Citizenship="VN",
        prs_PrimaryLanguage=cast.language,
    )


def identity(cast: Cast) -> CategoryRecord:
    """D2: her name and birth date."""
    return record(
        "D2",
        prs_FirstName=cast.given_name,
        prs_SecondName=cast.family_name,
        prs_Birthdate=cast.birthdate.isoformat(),
    )


def brother(cast: Cast) -> CategoryRecord:
    """D8: who called, and how he can be called back."""
    return record(
        "D8",
        local_relative="brother",
        local_relative_name=f"{cast.brother_name} {cast.family_name}",
        local_relative_phone=cast.brother_phone,
        local_relative_place="Nghe An",
    )


def answer(
    cast: Cast, purpose: str, recipient: str, categories: str, *, yes: bool
) -> ConsentCopy:
    """One answer to one question; ``categories`` stand with spaces between."""
    return ConsentCopy(
        consent_id=b"",
        purpose=purpose,
        recipient=recipient,
        categories=tuple(categories.split()),
        status="given" if yes else "refused",
        subject="self",
        method="oral_witnessed",
        language=cast.language,
        interpreter=cast.interpreter,
        informed_points=INFORMED_POINTS,
        given_at=NEVER,
        valid_until=NEVER,
    )


def offer(
    cast: Cast, referral_type: str, priority: str, need: str, *services: str
) -> Offer:
    """Need and constraints; who she is stays out of it."""
    return Offer(
        referral_type=referral_type,
        priority=priority,
        services=services,
        age_band="",
        sex="Feminine",
        languages=(cast.language,),
        constraints=("same_sex_staff",),
        need=need,
        need_language="en",
        basis_ids=(),
    )
