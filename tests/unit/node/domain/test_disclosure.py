"""Policy ∩ consent, or a recorded override; never more, never against a no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.categories import Category
from services.node.domain.coming_of_age import Age
from services.node.domain.consent_codes import INFORMED_POINTS, Purpose
from services.node.domain.disclosure import BasisKind, Request, decide
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.override import Override, Verdict
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType

NOW = datetime(2018, 3, 12, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
D1, D2, D3, D4 = (Category(code) for code in ("D1", "D2", "D3", "D4"))

TO_PROVINCE = Request(
    recipient="lao-cai",
    functions={Function.PROVINCE_SOCIAL},
    referral_type=ReferralType.VOLUNTARY_RETURN,
    categories=(D1, D2),
)
TO_LIAISON = Request(
    recipient="yunnan",
    functions={Function.FOREIGN_LIAISON},
    referral_type=ReferralType.TRACING,
    categories=(D2,),
)
OVERRIDE = Override(
    override_id=bytes([9]) * 16,
    purpose=Purpose.EMERGENCY_PROTECTION,
    recipient="yunnan",
    category=D2,
    law="Law 66/2011/QH12 Art 30",
    reason="danger to life",
    first_officer="o-1",
    second_officer="o-2",
    recorded_at=NOW - HOUR,
    review_by=NOW + 23 * HOUR,
)


def asked(request: Request, status: str = "given", **changes) -> ConsentCopy:
    record = ConsentCopy(
        consent_id=bytes([len(status)]) * 16,
        purpose=request.purpose.value,
        recipient=request.recipient,
        categories=tuple(each.value for each in request.categories),
        status=status,
        subject="self",
        method="written",
        language="hmn",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=NOW - HOUR,
        valid_until=NOW + HOUR,
    )
    return replace(record, **changes)


def refusal(policy, request, consents=(), overrides=()) -> NotLawfulError:
    with pytest.raises(NotLawfulError) as caught:
        decide(policy, request, consents, overrides, NOW)
    return caught.value


def test_what_she_agreed_to_and_policy_allows_may_go(policy) -> None:
    consent = asked(TO_PROVINCE)
    bases = decide(policy, TO_PROVINCE, [consent], [], NOW)
    assert [(each.category, each.kind, each.basis_id) for each in bases] == [
        (D1, BasisKind.CONSENT, consent.consent_id),
        (D2, BasisKind.CONSENT, consent.consent_id),
    ]
    assert all(each.need.necessity == "required" for each in bases)


def test_never_more_than_was_asked(policy) -> None:
    consent = asked(TO_PROVINCE, categories=("D1", "D2", "D3", "D7"))
    bases = decide(policy, TO_PROVINCE, [consent], [], NOW)
    assert [each.category for each in bases] == [D1, D2]
    nothing = replace(TO_LIAISON, categories=())
    assert decide(policy, nothing, [consent], [], NOW) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "border_handover"},
        {"recipient": "yen-bai"},
        {"categories": ("D1",)},
        {"status": "refused"},
        {"status": "withdrawn"},
        {"valid_until": NOW},
        {"given_at": NOW + HOUR},
    ],
)
def test_consent_to_something_else_is_no_basis(policy, changes) -> None:
    error = refusal(policy, TO_PROVINCE, [asked(TO_PROVINCE, **changes)])
    assert error.code == "disclosure.no_basis"
    assert "D2" in error.where


def test_policy_refuses_whatever_she_agreed_to(policy) -> None:
    request = replace(TO_LIAISON, categories=(D2, D3, D4))
    overrides = [replace(OVERRIDE, category=each) for each in (D2, D3, D4)]
    error = refusal(policy, request, [asked(request)], overrides)
    assert error.code == "disclosure.policy_refuses"
    assert error.where == "D3, D4"
    assert "need_to_know row" in error.message


def test_a_member_without_a_function_gets_nothing(policy) -> None:
    request = replace(TO_PROVINCE, functions=set(), categories=(D1,))
    error = refusal(policy, request, [asked(request)])
    assert error.code == "disclosure.policy_refuses"


def test_police_who_investigate_get_less_than_police_who_verify(policy) -> None:
    verify = Request(
        "lao-cai-police",
        {Function.POLICE},
        ReferralType.IDENTITY_VERIFICATION,
        (D2, Category.D8),
    )
    assert decide(policy, verify, [asked(verify)], [], NOW)
    investigate = replace(verify, referral_type=ReferralType.CRIMINAL_JUSTICE)
    error = refusal(policy, investigate, [asked(investigate)])
    assert error.code == "disclosure.policy_refuses"


def test_an_override_opens_the_one_category_that_it_names(policy) -> None:
    (basis,) = decide(policy, TO_LIAISON, [], [OVERRIDE], NOW)
    assert (basis.kind, basis.basis_id) == (BasisKind.OVERRIDE, OVERRIDE.override_id)
    assert basis.need.limit == "what_host_already_holds"
    error = refusal(policy, replace(TO_LIAISON, categories=(D1, D2)), [], [OVERRIDE])
    assert error.where == "D1"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "malaysia"},
        {"purpose": Purpose.VOLUNTARY_RETURN},
        {"category": D1},
        {"review_by": NOW - timedelta(seconds=1)},
        {"recorded_at": NOW + timedelta(seconds=1)},
        {"verdict": Verdict.WITHDRAWN},
    ],
)
def test_another_override_is_no_basis(policy, changes) -> None:
    error = refusal(policy, TO_LIAISON, [], [replace(OVERRIDE, **changes)])
    assert error.code == "disclosure.no_basis"


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_an_override_cannot_defeat_her_no(policy, status) -> None:
    no = asked(TO_LIAISON, status)
    error = refusal(policy, TO_LIAISON, [no], [OVERRIDE])
    assert error.code == "disclosure.no_basis"
    assert "no override defeats" in error.message


def test_her_no_to_somebody_else_leaves_an_emergency_open(policy) -> None:
    for changes in ({"recipient": "laos"}, {"purpose": "research"}):
        no = asked(TO_LIAISON, "refused", **changes)
        (basis,) = decide(policy, TO_LIAISON, [no], [OVERRIDE], NOW)
        assert basis.kind is BasisKind.OVERRIDE


def test_what_she_took_back_no_override_sends_to_somebody_else_instead(policy) -> None:
    ended = asked(TO_LIAISON, "withdrawn", recipient="laos")
    with pytest.raises(NotLawfulError) as caught:
        decide(policy, TO_LIAISON, [ended], [OVERRIDE], NOW)
    assert caught.value.code == "disclosure.no_basis"
    otherwise = asked(TO_LIAISON, "withdrawn", recipient="laos", purpose="research")
    (basis,) = decide(policy, TO_LIAISON, [otherwise], [OVERRIDE], NOW)
    assert basis.kind is BasisKind.OVERRIDE


def test_her_yes_goes_before_an_override(policy) -> None:
    (basis,) = decide(policy, TO_LIAISON, [asked(TO_LIAISON)], [OVERRIDE], NOW)
    assert basis.kind is BasisKind.CONSENT


def test_a_childs_yes_alone_is_no_basis(policy) -> None:
    child, adult = Age(minor=True), Age(minor=False)
    alone = asked(TO_PROVINCE)
    both = replace(alone, subject="both", capacity="child_assent_plus_guardian")
    for consent, age, why in (
        (alone, child, "guardian's consent and the child's own assent"),
        (both, adult, "before the person came of age"),
    ):
        with pytest.raises(NotLawfulError) as caught:
            decide(policy, TO_PROVINCE, [consent], [], NOW, age)
        assert caught.value.code == "disclosure.no_basis"
        assert why in caught.value.message
    assert decide(policy, TO_PROVINCE, [both], [], NOW, child)
    assert decide(policy, TO_PROVINCE, [alone], [], NOW, adult)


def test_a_category_cannot_be_asked_for_twice(policy) -> None:
    with pytest.raises(InvalidInputError) as caught:
        decide(policy, replace(TO_PROVINCE, categories=(D1, D1)), [], [], NOW)
    assert caught.value.code == "disclosure.twice"


CATEGORIES = st.sets(st.sampled_from(list(Category)), min_size=1)


@given(
    wanted=CATEGORIES,
    agreed=CATEGORIES,
    denied=st.sets(st.sampled_from(list(Category))),
    overridden=st.sets(st.sampled_from(list(Category))),
    function=st.sampled_from(list(Function)),
)
def test_whatever_goes_is_allowed_agreed_and_asked_for(
    policy, wanted, agreed, denied, overridden, function
) -> None:
    request = Request("x", {function}, ReferralType.RECEPTION, tuple(wanted))
    yes = asked(request, categories=tuple(agreed))
    no = asked(request, "refused", categories=tuple(denied), given_at=NOW)
    overrides = [
        replace(OVERRIDE, recipient="x", purpose=request.purpose, category=each)
        for each in overridden
    ]
    try:
        bases = decide(policy, request, [yes, no], overrides, NOW)
    except NotLawfulError:
        bases = None
    may = {
        each
        for each in wanted - {Category.D0}
        if policy.need_to_know.allowed(
            {function}, each, request.purpose, NOW.date()
        ).necessity
        != "refused"
        and each not in denied
        and each in agreed | overridden
    }
    if wanted <= may:
        assert bases is not None
        assert {each.category for each in bases} == wanted
    else:
        assert bases is None


# --- what a referral of a type carries (domain.md §5.a, §5.h, §5.i)

D7, D9 = Category.D7, Category.D9
POLICE_IN_DANGER = Request(
    "lao-cai-police",
    {Function.POLICE},
    ReferralType.ESCALATION,
    (D1, D3, D7),
)


def test_identity_never_rides_on_an_escalation(policy) -> None:
    """Not even to a mission, which may know it for other reasons."""
    assert decide(policy, POLICE_IN_DANGER, [asked(POLICE_IN_DANGER)], [], NOW)
    for function in (Function.MISSION, Function.PROVINCE_SOCIAL):
        request = replace(POLICE_IN_DANGER, functions={function}, categories=(D1, D2))
        error = refusal(policy, request, [asked(request)])
        assert (error.code, error.where) == ("disclosure.not_for_type", "D2")
        assert "offer_parts" in error.message


def test_a_required_category_that_is_missing_is_named_with_its_row(policy) -> None:
    request = replace(TO_PROVINCE, categories=(D2,))
    error = refusal(policy, request, [asked(request)])
    assert (error.code, error.where) == ("disclosure.required_missing", "D1")
    assert "D1: offer_parts row" in error.message


def test_a_tip_passes_the_act_on_without_consent_and_nothing_else(policy) -> None:
    tip = replace(POLICE_IN_DANGER, referral_type=ReferralType.TIP, categories=(D4,))
    (basis,) = decide(policy, tip, [], [], NOW)
    assert (basis.kind, basis.basis_id) == (BasisKind.DUTY, b"")
    assert basis.law.startswith("proposal")
    assert basis.need.limit == "tip_minimal"
    error = refusal(policy, replace(tip, categories=(D1, D3, D4)))
    assert (error.code, error.where) == ("disclosure.no_basis", "D1, D3")


def test_no_duty_defeats_her_no(policy) -> None:
    tip = replace(POLICE_IN_DANGER, referral_type=ReferralType.TIP, categories=(D4,))
    error = refusal(policy, tip, [asked(tip, "refused")])
    assert error.code == "disclosure.no_basis"


def test_the_duty_rests_on_the_law_of_the_day(policy) -> None:
    tip = replace(POLICE_IN_DANGER, referral_type=ReferralType.TIP, categories=(D4,))
    last = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)  # 23:59 in Viet Nam
    (before,) = decide(policy, tip, [], [], last)
    (after,) = decide(policy, tip, [], [], last + timedelta(minutes=1))
    assert "2011" in before.law
    assert after.law.startswith("Decree 162/2025/ND-CP")
