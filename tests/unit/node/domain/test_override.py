"""An emergency override needs two persons and ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.errors import (
    InvalidInputError,
    NotLawfulError,
    NotPermittedError,
)
from services.node.domain.override import (
    Override,
    Verdict,
    check_override,
    is_in_force,
    review,
)
from services.node.domain.people import Officer, Role

AT = datetime(2018, 3, 5, 3, tzinfo=UTC)
FIRST = Officer("o-1", Role.OFFICER, "desk", active=True)
SECOND = Officer("o-2", Role.SUPERVISOR, "desk", active=True)
OVERRIDE = Override(
    override_id=bytes(16),
    purpose=Purpose.EMERGENCY_PROTECTION,
    recipient="yunnan",
    category=Category.D2,
    law="Law 66/2011/QH12 Art 30",
    reason="danger to life",
    first_officer="o-1",
    second_officer="o-2",
    recorded_at=AT,
    review_by=AT + timedelta(hours=24),
)


def test_two_officers_may_override_for_a_day(policy) -> None:
    check_override(OVERRIDE, FIRST, SECOND, policy.deadlines)
    operator = replace(FIRST, role=Role.OPERATOR)
    check_override(OVERRIDE, operator, SECOND, policy.deadlines)


def test_one_person_cannot_stand_for_both(policy) -> None:
    with pytest.raises(NotLawfulError) as caught:
        check_override(
            replace(OVERRIDE, second_officer="o-1"), FIRST, FIRST, policy.deadlines
        )
    assert caught.value.code == "override.two_persons"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (FIRST, replace(SECOND, active=False), "people.inactive"),
        (replace(FIRST, active=False), SECOND, "people.inactive"),
        (FIRST, replace(SECOND, role=Role.OPERATOR), "people.role_may_not"),
        (FIRST, replace(SECOND, role=Role.ADMINISTRATOR), "people.role_may_not"),
        (replace(FIRST, role=Role.AUDITOR), SECOND, "people.role_may_not"),
        (replace(FIRST, role=Role.NODE), SECOND, "people.role_may_not"),
    ],
)
def test_who_may_not_act_cannot_override(policy, first, second, code) -> None:
    with pytest.raises(NotPermittedError) as caught:
        check_override(OVERRIDE, first, second, policy.deadlines)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("law", " "),
        ("reason", ""),
        ("category", "D2 D3"),
        ("purpose", "anything"),
        ("recipient", ""),
        ("override_id", b""),
        ("review_by", AT + timedelta(hours=24, seconds=1)),
        ("review_by", AT),
        ("first_officer", "o-9"),
        ("verdict", Verdict.CONFIRMED),
    ],
)
def test_an_override_with_a_fault_is_refused(policy, field, value) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_override(
            replace(OVERRIDE, **{field: value}), FIRST, SECOND, policy.deadlines
        )
    assert caught.value.code == "override.invalid"
    assert caught.value.message.count("(") == 1
    assert ";" not in caught.value.message


def test_an_override_holds_until_its_review_is_due() -> None:
    assert not is_in_force(OVERRIDE, AT - timedelta(seconds=1))
    assert is_in_force(OVERRIDE, AT)
    assert is_in_force(OVERRIDE, AT + timedelta(hours=24))
    assert not is_in_force(OVERRIDE, AT + timedelta(hours=24, seconds=1))


def test_a_review_confirms_or_ends_it() -> None:
    later = AT + timedelta(days=10)
    confirmed = review(OVERRIDE, SECOND, Verdict.CONFIRMED, AT)
    assert (confirmed.reviewed_by, confirmed.reviewed_at) == ("o-2", AT)
    assert is_in_force(confirmed, later)
    assert not is_in_force(review(OVERRIDE, SECOND, Verdict.WITHDRAWN, AT), AT)


def test_nobody_reviews_their_own_override_or_twice() -> None:
    with pytest.raises(NotLawfulError) as own:
        review(OVERRIDE, FIRST, Verdict.CONFIRMED, AT)
    assert own.value.code == "override.own_review"
    reviewed = review(OVERRIDE, SECOND, Verdict.WITHDRAWN, AT)
    with pytest.raises(NotLawfulError) as twice:
        review(reviewed, SECOND, Verdict.CONFIRMED, AT)
    assert twice.value.code == "override.reviewed"
    with pytest.raises(NotPermittedError):
        review(OVERRIDE, replace(SECOND, role=Role.OPERATOR), Verdict.CONFIRMED, AT)
