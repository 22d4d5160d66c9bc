"""What the steps of the handshake must say (domain.md §6.0), by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Completion,
    Decline,
    Expiry,
    Feedback,
    KeptCategory,
    Misrouting,
    Question,
    Recall,
    RecallAcknowledgement,
    Release,
    Reply,
    ReturnToSender,
    Revocation,
    Voiding,
)
from services.node.domain.errors import RelaisError
from services.node.domain.referrals import ReferralType
from services.node.flows.rules import check_content
from tests.unit.node.flows.grounds import (
    GIVER,
    OFFER,
    RECEIVER,
    allowed,
    day,
    ground,
    refused,
    said,
)

OFFERED = (said(OFFER, day(5)),)
RELEASED = (*OFFERED, said(Release(b"o" * 16, ()), day(6)))
CONSENT = b"c" * 16


def receiver(*steps, **changes):
    return ground(steps or OFFERED, day(7), RECEIVER, **changes)


def giver(*steps, **changes):
    return ground(steps or OFFERED, day(7), GIVER, **changes)


# --- refusals name a reason, and whom they name is a member


DECLINES = (
    "no_capacity",
    "outside_mandate",
    "outside_territory",
    "person_declined",
    "insufficient_information",
    "consent_missing",
    "safety_concern",
    "duplicate",
    "service_unavailable",
    "not_eligible_under_law",
    "other",
)


@pytest.mark.parametrize("reason", DECLINES)
def test_a_receiver_gives_back_for_a_named_reason(reason):
    for body in (Decline(reason), ReturnToSender(reason), CannotKeep(reason)):
        allowed(body, receiver())


@pytest.mark.parametrize("body", [Decline, ReturnToSender, CannotKeep, Revocation])
@pytest.mark.parametrize("reason", ["", "we are busy", "No_Capacity"])
def test_no_refusal_without_a_reason_of_the_list(body, reason):
    on = giver() if body is Revocation else receiver()
    error = refused(body(reason), on)
    assert (error.code, error.where) == ("referral.unknown_code", "reason")


@pytest.mark.parametrize(
    "reason",
    [
        "need_met",
        "accepted_elsewhere",
        "person_declined",
        "sent_in_error",
        "safety_concern",
        "duplicate",
        "other",
    ],
)
def test_a_giver_takes_an_offer_back_for_a_named_reason(reason):
    allowed(Revocation(reason), giver())


@pytest.mark.parametrize(
    "reason",
    [
        "recalled",
        "revoked",
        "expired",
        "withdrawn",
        "accepted_elsewhere",
        "case_closed",
        "basis_ended",
        "release_refused",
    ],
)
def test_an_acceptance_is_void_for_a_named_reason(reason):
    allowed(Voiding(b"o" * 16, reason), giver())
    error = refused(Voiding(b"o" * 16, "too late"), giver())
    assert error.code == "referral.unknown_code"


@pytest.mark.parametrize(
    "body", [lambda name: Decline("no_capacity", name), Misrouting]
)
def test_an_alternative_is_a_third_member_or_nobody(body):
    allowed(body(""), receiver())
    allowed(body("yen-bai"), receiver())
    assert refused(body("atlantis"), receiver()).code == "referral.unknown_member"
    for name in (GIVER, RECEIVER):
        assert refused(body(name), receiver()).code == "referral.no_alternative"


# --- questions and acceptance


@pytest.mark.parametrize("body", [Question, Reply])
def test_a_question_and_its_answer_have_words_in_a_named_language(body):
    allowed(body("Which dialect?", "en"), receiver())
    for text, language in ((" ", "en"), ("Which?", ""), ("Which?", "english please")):
        assert refused(body(text, language), receiver()).code == "referral.no_words"


def test_an_acceptance_promises_nothing_that_was_not_asked():
    allowed(Acceptance(), receiver())
    allowed(Acceptance(("travel_cost",)), receiver())
    error = refused(Acceptance(("travel_cost", "loan")), receiver())
    assert error.code == "referral.not_asked"
    noted = Acceptance((), "Room 4 for Lan")
    assert refused(noted, receiver()).code == "referral.no_code"


# --- expiry


@pytest.mark.parametrize(
    ("priority", "hours"), [("emergency", 8), ("urgent", 48), ("normal", 144)]
)
def test_an_offer_expires_when_its_time_is_over_and_not_before(priority, hours):
    steps = (said(replace(OFFER, priority=priority), day(5)),)
    over = day(5) + timedelta(hours=hours)
    allowed(Expiry(), ground(steps, over))
    early = ground(steps, over - timedelta(minutes=1))
    assert refused(Expiry(), early).code == "referral.not_expired"


# --- recall and its acknowledgement


@pytest.mark.parametrize(
    "reason", ["consent_withdrawn", "consent_expired", "turned_18", "other"]
)
def test_a_recall_before_the_release_needs_a_reason_only(reason):
    allowed(Recall(reason), giver())
    assert refused(Recall("changed her mind"), giver()).where == "reason"


def test_after_the_release_a_recall_says_what_is_taken_back():
    allowed(Recall("consent_withdrawn", (CONSENT,), ("D2",)), giver(*RELEASED))
    for bare in (
        Recall("consent_withdrawn"),
        Recall("consent_withdrawn", (CONSENT,)),
        Recall("consent_withdrawn", (), ("D2",)),
    ):
        assert refused(bare, giver(*RELEASED)).code == "recall.says_too_little"


@pytest.mark.parametrize(
    ("recall", "code"),
    [
        (Recall("other", (b"short",), ("D2",)), "recall.bad_consent"),
        (Recall("other", (CONSENT, CONSENT), ("D2",)), "recall.bad_consent"),
        (Recall("other", (CONSENT,), ("D14",)), "referral.unknown_code"),
        (Recall("other", (CONSENT,), ("D2", "D2")), "referral.code_twice"),
    ],
)
def test_a_recall_names_records_and_categories_once(recall, code):
    assert refused(recall, giver(*RELEASED)).code == code


RECALLED = (
    *RELEASED,
    said(Recall("consent_withdrawn", (CONSENT,), ("D2", "D5")), day(7)),
)
KEPT = KeptCategory("D5", "medical_record")


def test_an_acknowledgement_accounts_for_every_category():
    allowed(RecallAcknowledgement(("D2",), (KEPT,)), receiver(*RECALLED))
    allowed(RecallAcknowledgement(("D2", "D5")), receiver(*RECALLED))
    for left in (RecallAcknowledgement(("D2",)), RecallAcknowledgement((), (KEPT,))):
        error = refused(left, receiver(*RECALLED))
        assert error.code == "recall.left_open"
    assert "D5" in refused(RecallAcknowledgement(("D2",)), receiver(*RECALLED)).message


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (RecallAcknowledgement(("D2", "D5"), (KEPT,)), "referral.code_twice"),
        (
            RecallAcknowledgement(("D2",), (KeptCategory("D5", "habit"),)),
            "referral.unknown_code",
        ),
        (RecallAcknowledgement(("D2", "D5", "D99")), "referral.unknown_code"),
    ],
)
def test_a_category_is_deleted_or_kept_on_a_legal_ground(answer, code):
    assert refused(answer, receiver(*RECALLED)).code == code


def test_nothing_is_acknowledged_that_was_not_recalled():
    error = refused(RecallAcknowledgement(("D2",)), receiver(*RELEASED))
    assert error.code == "referral.step_missing"


def test_an_answer_to_one_recall_that_crosses_the_next_is_taken_in():
    crossed = (*RECALLED, said(Recall("consent_withdrawn", (b"d" * 16,), ("D7",))))
    answer = RecallAcknowledgement(("D2",), (KEPT,))
    here, there = receiver(*crossed), receiver(*crossed, arrived=True)
    error = refused_here(answer, here)
    assert error.code == "recall.left_open"
    allowed(RecallAcknowledgement(("D2", "D7"), (KEPT,)), here)
    check_content(there, answer)


def refused_here(body, on):
    with pytest.raises(RelaisError) as caught:
        check_content(on, body)
    return caught.value


# --- how a service ends


NOT_SUCCESSFUL = (
    "client_refused_services",
    "lack_of_capacity",
    "other",
    "services_no_longer_needed",
    "unable_to_contact_client",
    "unable_to_contact_referred_to_organization",
)
SUCCESSFUL = {
    "tracing": {"found", "not_found"},
    "identity_verification": {
        "verified",
        "verified_partial",
        "not_found",
        "not_vn_national",
    },
    "status_decision": {"victim", "not_victim"},
    "family_tracing": {
        "verified",
        "reunified",
        "closed",
        "unsafe",
        "not_found",
        "refused_by_person",
    },
    "travel_document": {"issued"},
    "border_handover": {"witnessed"},
    "voluntary_return": {"arrived"},
    "reception": {"service_given"},
    "protection_abroad": {"service_given"},
    "reintegration": {"service_given", "goals_achieved"},
    "medical_care": {"service_given"},
    "psychosocial_care": {"service_given"},
    "legal_aid": {"service_given"},
    "education": {"service_given"},
    "livelihood": {"service_given"},
    "criminal_justice": {"case_opened"},
    "tip": {
        "forwarded",
        "service_given",
        "assistance_given",
        "person_safe",
        "no_danger_found",
    },
    "escalation": {
        "service_given",
        "assistance_given",
        "person_safe",
        "no_danger_found",
    },
}
EVERY_RESULT = set().union(*SUCCESSFUL.values())


def of(referral_type):
    return receiver(referral_type=ReferralType(referral_type))


def test_every_referral_type_can_end_well():
    assert SUCCESSFUL.keys() == set(ReferralType)


@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_a_service_ends_with_a_result_of_its_own_type(referral_type):
    for result in EVERY_RESULT:
        body = Completion("successful", result)
        if result in SUCCESSFUL[referral_type]:
            allowed(body, of(referral_type))
        else:
            error = refused(body, of(referral_type))
            assert (error.code, error.where) == ("outcome.other_result", "result")
            assert error.remedy


@pytest.mark.parametrize("referral_type", list(ReferralType))
@pytest.mark.parametrize("result", NOT_SUCCESSFUL)
def test_whatever_did_not_succeed_says_why(referral_type, result):
    allowed(Completion("not_successful", result), of(referral_type))
    swapped = Completion("successful", result)
    assert refused(swapped, of(referral_type)).code == "outcome.other_result"


@pytest.mark.parametrize("outcome", ["", "underway", "well"])
def test_a_service_ends_successful_or_not(outcome):
    error = refused(Completion(outcome, "in_process"), receiver())
    assert error.code == "outcome.unknown"


def test_feedback_is_a_code_and_what_the_family_may_be_told():
    for result in ("in_process", "found_safe", "no_information", "arrived_safely"):
        allowed(Feedback(result, ("found_safe",)), receiver())
    assert refused(Feedback("She is fine", ()), receiver()).code
    told = Feedback("in_process", ("her new address",))
    assert refused(told, receiver()).where == "family_may_be_told"
    twice = Feedback("in_process", ("found_safe", "found_safe"))
    assert refused(twice, receiver()).code == "referral.code_twice"


def test_a_search_tells_nothing_of_a_life_afterwards():
    for result in ("stable", "progress", "setback", "unsafe", "arrived_safely"):
        error = refused(Feedback(result, ()), of("tracing"))
        assert error.code == "outcome.other_result"
