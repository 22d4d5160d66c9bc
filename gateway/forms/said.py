"""What takes more than a field: a person's answer and its end, the matrix of risks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
    text_of,
)
from services.node.domain.bodies_return import RiskFactor
from services.node.domain.consent_codes import (
    INFORMED_POINTS,
    Capacity,
    ConsentStatus,
    Method,
    Subject,
)
from services.node.domain.records import ConsentCopy
from services.node.domain.return_codes import RiskTopic
from services.node.rpc.desk_receipts import WithdrawalAsked

_FILLED_IN_BY_THE_NODE = datetime(1970, 1, 1, tzinfo=UTC)
_SCALE = tuple(str(each) for each in range(1, 6))
_SHORTEST, _LONGEST = 1, 365

SPOKEN = ("vi", "zh", "km", "lo", "th", "ms", "en", "hmn", "fr")
"""Languages in which somebody is told what they agree to."""

WHO_ANSWERS = {
    Capacity.ADULT: Subject.SELF,
    Capacity.SUPPORTED: Subject.SELF,
    Capacity.CHILD_ASSENT_PLUS_GUARDIAN: Subject.BOTH,
    Capacity.LACKING: Subject.GUARDIAN,
}
"""Whose word counts (domain.md §5.c)."""

CONSENT_FIELDS = (
    Field("answer", Widget.CHOICE, ("given", "refused"), "consent_status"),
    Field("capacity", Widget.CHOICE, tuple(Capacity), "capacity"),
    Field("method", Widget.CHOICE, tuple(Method), "method"),
    Field("consent_language", Widget.CHOICE, SPOKEN, "tongue"),
    Field("interpreter", Widget.TEXT, optional=True),
    Field("consent_witness", Widget.TEXT, optional=True),
    Field(
        "informed_points",
        Widget.CHOICES,
        tuple(INFORMED_POINTS),
        "informed_point",
        optional=True,
    ),
    Field("valid_days", Widget.NUMBER, optional=True),
)
"""The person's answer to one question; a yes asks for more than a no does."""


def withdrawal_fields(categories: tuple[str, ...], language: str) -> tuple[Field, ...]:
    """What is asked of a withdrawal: how far, who said it, how, in which language.

    ``categories`` are what still stands of the answer, ``language`` is that of the
    answer, which may be another than those that are offered.
    """
    spoken = SPOKEN if language in SPOKEN else (*SPOKEN, language)
    return (
        Field("withdraw_categories", Widget.CHOICES, categories, "category"),
        Field("withdraw_who", Widget.CHOICE, tuple(Subject), "consent_subject"),
        Field("withdraw_method", Widget.CHOICE, tuple(Method), "method"),
        Field("withdraw_language", Widget.CHOICE, spoken, "tongue"),
        Field("interpreter", Widget.TEXT, optional=True),
        Field("consent_witness", Widget.TEXT, optional=True),
    )


RISK_FIELDS = tuple(
    field
    for topic in RiskTopic
    for field in (
        Field(f"{topic}_likelihood", Widget.CHOICE, _SCALE, "scale", optional=True),
        Field(f"{topic}_impact", Widget.CHOICE, _SCALE, "scale", optional=True),
        Field(f"{topic}_mitigation", Widget.TEXT, optional=True),
    )
)
"""Three fields for every topic; one that is no risk stays empty."""


def read_consent(
    form: Typed,
    purpose: str,
    recipient: str,
    categories: tuple[str, ...],
    now: datetime,
) -> ConsentCopy:
    """The answer of the person to this purpose, recipient and these categories.

    Raises:
        FormError: with every problem; ``all_points`` if the person agreed without
            having been told everything.
    """
    values = read_fields(CONSENT_FIELDS, form)
    points = values["informed_points"]
    days = values["valid_days"]
    problems = []
    agreed = values["answer"] == ConsentStatus.GIVEN
    if agreed and set(INFORMED_POINTS) - set(
        points if isinstance(points, tuple) else ()
    ):
        problems.append(FieldProblem("informed_points", "all_points"))
    if not isinstance(days, int) or not _SHORTEST <= days <= _LONGEST:
        if agreed or text_of(form, "valid_days"):
            problems.append(FieldProblem("valid_days", "no_number"))
        days = _SHORTEST
    if problems:
        raise FormError(problems)
    return ConsentCopy(
        consent_id=b"",
        purpose=purpose,
        recipient=recipient,
        categories=categories,
        status=str(values["answer"]),
        subject=WHO_ANSWERS[Capacity(str(values["capacity"]))],
        method=str(values["method"]),
        language=str(values["consent_language"]),
        interpreter=str(values["interpreter"]),
        informed_points=points if isinstance(points, tuple) else (),
        given_at=now,
        valid_until=now + timedelta(days=days),
        capacity=str(values["capacity"]),
        witness=str(values["consent_witness"]),
    )


def read_withdrawal(
    form: Typed, fields: tuple[Field, ...], consent_id: bytes
) -> WithdrawalAsked:
    """The end of an answer as the person said it.

    Raises:
        FormError: with every problem; what was spoken has somebody who heard it.
    """
    values: dict[str, Any] = read_fields(fields, form)
    heard = values["consent_witness"] or values["interpreter"]
    if values["withdraw_method"] == Method.ORAL_WITNESSED and not heard:
        raise FormError([FieldProblem("consent_witness", "missing")])
    return WithdrawalAsked(
        consent_id=consent_id,
        method=values["withdraw_method"],
        categories=values["withdraw_categories"],
        subject=values["withdraw_who"],
        language=values["withdraw_language"],
        interpreter=values["interpreter"],
        witness=values["consent_witness"],
    )


def read_risks(form: Typed) -> tuple[RiskFactor, ...]:
    """The topics that were looked at and are a risk.

    Raises:
        FormError: a topic has a likelihood and no impact, or the other way round,
            or no topic was looked at at all.
    """
    read_fields(RISK_FIELDS, form)
    found, problems = [], []
    for topic in RiskTopic:
        likelihood = text_of(form, f"{topic}_likelihood")
        impact = text_of(form, f"{topic}_impact")
        if bool(likelihood) != bool(impact):
            missing = "impact" if likelihood else "likelihood"
            problems.append(FieldProblem(f"{topic}_{missing}", "missing"))
        elif likelihood:
            mitigation = text_of(form, f"{topic}_mitigation")
            found.append(RiskFactor(topic, int(likelihood), int(impact), mitigation))
    if not found and not problems:
        problems.append(FieldProblem(f"{next(iter(RiskTopic))}_likelihood", "missing"))
    if problems:
        raise FormError(problems)
    return tuple(found)
