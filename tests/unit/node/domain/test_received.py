"""At the receiver: a part without a basis that holds here is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.bodies import PartBasis
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import Age
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.disclosure import Request
from services.node.domain.errors import InvalidInputError, NotLawfulError, RelaisError
from services.node.domain.functions import Function
from services.node.domain.received import categories_in, check_received
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType

NOW = datetime(2018, 3, 12, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
D1, D2, D4 = Category.D1, Category.D2, Category.D4

RETURN = Request(
    "lao-cai", {Function.PROVINCE_SOCIAL}, ReferralType.VOLUNTARY_RETURN, (D1, D2)
)
TIP = Request("police", {Function.POLICE}, ReferralType.TIP, (D4,))
YES = ConsentCopy(
    consent_id=b"y" * 16,
    purpose="voluntary_return",
    recipient="lao-cai",
    categories=("D1", "D2"),
    status="given",
    subject="self",
    method="written",
    language="hmn",
    interpreter="",
    informed_points=INFORMED_POINTS,
    given_at=NOW - HOUR,
    valid_until=NOW + HOUR,
)
ON_YES = (PartBasis("D1", "consent", b"y" * 16), PartBasis("D2", "consent", b"y" * 16))
OVERRIDDEN = PartBasis(
    "D2", "override", b"o" * 16, "Law 66/2011/QH12 Art 26", NOW + 23 * HOUR
)
DUTY = PartBasis("D4", "duty", law="Decree 162/2025/ND-CP")


def refusal(policy, request, bases, consents=()) -> RelaisError:
    with pytest.raises(RelaisError) as caught:
        check_received(policy, request, bases, consents, NOW)
    return caught.value


def test_what_she_agreed_to_is_received(policy) -> None:
    check_received(policy, RETURN, ON_YES, [YES], NOW)
    two = [replace(YES, categories=("D1",)), replace(YES, consent_id=b"z" * 16)]
    bases = (ON_YES[0], replace(ON_YES[1], basis_id=b"z" * 16))
    check_received(policy, replace(RETURN, categories=(D2, D1)), bases[::-1], two, NOW)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "refused"}, "answer is no"),
        ({"status": "withdrawn"}, "answer is no"),
        ({"valid_until": NOW}, "answer is lapsed"),
        ({"given_at": NOW + HOUR}, "answer is unasked"),
        ({"purpose": "border_handover"}, "answer is unasked"),
        ({"recipient": "yen-bai"}, "answer is unasked"),
        ({"categories": ("D1",)}, "identity (D2): the person's answer is unasked"),
        ({"consent_id": b"z" * 16}, "answer is unasked"),
    ],
)
def test_a_consent_to_something_else_is_no_basis(policy, changes, why) -> None:
    error = refusal(policy, RETURN, ON_YES, [replace(YES, **changes)])
    assert error.code == "disclosure.no_basis"
    assert why in error.message
    assert Category.D2 in categories_in(error.where)


def test_another_yes_beside_the_one_named_changes_nothing(policy) -> None:
    later = replace(YES, consent_id=b"z" * 16, given_at=NOW, subject="guardian")
    check_received(policy, RETURN, ON_YES, [YES, later], NOW)


def test_a_child_s_yes_without_the_guardian_is_no_basis(policy) -> None:
    child = Age(minor=True)
    with pytest.raises(NotLawfulError) as caught:
        check_received(policy, RETURN, ON_YES, [YES], NOW, child)
    assert caught.value.code == "disclosure.no_basis"
    assert "answer is incomplete" in caught.value.message
    both = replace(YES, subject="both", capacity="child_assent_plus_guardian")
    check_received(policy, RETURN, ON_YES, [both], NOW, child)


def test_a_later_no_that_is_known_here_decides(policy) -> None:
    no = replace(YES, consent_id=b"n" * 16, status="refused", given_at=NOW)
    assert refusal(policy, RETURN, ON_YES, [YES, no]).code == "disclosure.no_basis"


@pytest.mark.parametrize(
    ("bases", "code"),
    [
        ((), "disclosure.no_basis"),
        (ON_YES[:1], "disclosure.no_basis"),
        ((*ON_YES, ON_YES[0]), "disclosure.bad_bases"),
        ((*ON_YES, replace(ON_YES[0], category="D3")), "disclosure.bad_bases"),
        ((*ON_YES, replace(ON_YES[0], category="x")), "disclosure.bad_bases"),
        ((ON_YES[0], replace(ON_YES[1], kind="")), "disclosure.no_basis"),
        ((ON_YES[0], replace(ON_YES[1], kind="vote")), "disclosure.no_basis"),
    ],
)
def test_every_part_has_one_basis(policy, bases, code) -> None:
    error = refusal(policy, RETURN, bases, [YES])
    assert error.code == code
    assert isinstance(error, InvalidInputError | NotLawfulError)


def test_an_override_shows_its_law_and_its_review(policy) -> None:
    only = replace(RETURN, referral_type=ReferralType.RECEPTION, categories=(D2,))
    check_received(policy, only, [OVERRIDDEN], [], NOW)
    reviewed = replace(OVERRIDDEN, review_by=NOW - HOUR, confirmed=True)
    check_received(policy, only, [reviewed], [], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"law": ""},
        {"law": " "},
        {"law": "x" * 401},
        {"basis_id": b""},
        {"review_by": None},
        {"review_by": NOW - timedelta(seconds=1)},
        {"review_by": NOW + 24 * HOUR + timedelta(seconds=1)},
    ],
)
def test_an_override_that_shows_less_is_no_basis(policy, changes) -> None:
    only = replace(RETURN, referral_type=ReferralType.RECEPTION, categories=(D2,))
    error = refusal(policy, only, [replace(OVERRIDDEN, **changes)])
    assert (error.code, error.where) == ("disclosure.no_basis", "D2")


def test_nothing_defeats_her_no(policy) -> None:
    no = replace(YES, purpose="reception_shelter", status="refused")
    only = replace(RETURN, referral_type=ReferralType.RECEPTION, categories=(D2,))
    for each in (OVERRIDDEN, replace(OVERRIDDEN, confirmed=True)):
        error = refusal(policy, only, [each], [no])
        assert "which nothing else defeats" in error.message
    no = replace(
        no, purpose="emergency_protection", recipient="police", categories=("D4",)
    )
    assert refusal(policy, TIP, [DUTY], [no]).code == "disclosure.no_basis"


def test_a_duty_counts_where_the_table_here_says_so(policy) -> None:
    check_received(policy, TIP, [DUTY], [], NOW)
    bases = [replace(DUTY, category="D1"), replace(DUTY, category="D2")]
    error = refusal(policy, RETURN, bases)
    assert (error.code, error.where) == ("disclosure.no_basis", "D1, D2")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (replace(RETURN, categories=(D1, Category.D0)), "disclosure.not_for_type"),
        (replace(RETURN, categories=(D2,)), "disclosure.required_missing"),
        (
            replace(RETURN, functions={Function.FOREIGN_LIAISON}, categories=(D1, D4)),
            "disclosure.policy_refuses",
        ),
    ],
)
def test_the_receivers_own_policy_is_the_ceiling(policy, request_, code) -> None:
    assert refusal(policy, request_, ON_YES, [YES]).code == code


@given(where=st.sets(st.sampled_from(list(Category))), noise=st.text())
def test_only_category_codes_are_read_from_a_refusal(where, noise) -> None:
    assert set(categories_in(", ".join(where))) == where
    assert set(categories_in(noise)) <= set(Category)
