"""A consent is withdrawn after others hold copies: what each node does then."""

from __future__ import annotations

import asyncio

import pytest

from services.cli.network import Network
from tests.network.withdrawal_scenes import (
    GATE,
    LAWYER,
    LIAISON,
    POLICE,
    PROVINCE,
    Withdrawn,
    printed_at_the_province,
    withdraw_everywhere,
)


@pytest.fixture(scope="module")
def withdrawn(vietnam: Network) -> Withdrawn:
    return asyncio.run(withdraw_everywhere(vietnam))


def test_both_had_got_what_she_agreed_to(withdrawn):
    assert withdrawn.before[LAWYER] == withdrawn.before[POLICE] == {"D1", "D2", "D9"}


def test_neither_can_read_it_any_more(withdrawn):
    assert withdrawn.held[LAWYER] == withdrawn.held[POLICE] == set()


def test_both_acknowledge_what_is_deleted_and_what_the_law_keeps(withdrawn):
    lawyer, police = withdrawn.said[LAWYER], withdrawn.said[POLICE]
    assert (lawyer.deleted, lawyer.kept) == (("D1", "D2", "D9"), ())
    assert police.deleted == ("D1",)
    assert {(each.category, each.ground) for each in police.kept} == {
        ("D2", "criminal_file"),
        ("D9", "criminal_file"),
    }


def test_the_keys_are_gone_but_for_those_that_the_law_keeps(withdrawn):
    # Three at the lawyer's for the legal aid, and one for the override.
    assert withdrawn.keys == {LAWYER: (4, 0), POLICE: (1, 2), GATE: (2, 0)}


def test_the_receipt_tells_her_all_of_it(withdrawn):
    lawyer, police = withdrawn.receipts[PROVINCE]
    (told,) = lawyer.told
    assert (told.member, told.state) == (LAWYER, "acknowledged")
    assert told.deleted == ("D1", "D2", "D9")
    text = " ".join(police.sentences)
    assert "police-lao-cai must keep your name and papers" in text
    assert "because it is part of a criminal file" in text
    assert "Your other help goes on." in text


def test_what_was_said_beforehand_is_what_happened(withdrawn):
    happened = {
        each.recipient: [
            (told.member, told.referral_id, told.categories) for told in each.told
        ]
        for each in withdrawn.receipts[PROVINCE]
    }
    assert withdrawn.foreseen == happened
    assert all(happened.values())


def test_nothing_can_be_offered_on_it_again(withdrawn):
    assert withdrawn.refused[0] == ["disclosure.no_basis"] * 2


def test_the_task_ends_and_the_province_still_answers_for_her(withdrawn):
    assert withdrawn.states[LAWYER] == withdrawn.states[POLICE] == "ended_by_recall"
    assert withdrawn.answerable[PROVINCE] == "answerable"
    assert withdrawn.held[PROVINCE] == {"D1", "D2", "D9"}


def test_the_no_follows_the_copy_to_the_gate(withdrawn):
    assert withdrawn.before[GATE] == {"D1", "D2"}
    assert withdrawn.held[GATE] == set()
    assert withdrawn.said[GATE].deleted == ("D1", "D2")
    # Who passed it on can say so; what it gave back itself is told by the liaison.
    (passed_on,) = withdrawn.receipts["passed on"]
    (told,) = passed_on.told
    assert (told.member, told.state) == (GATE, "acknowledged")


def test_the_return_goes_on_where_she_still_agrees(withdrawn):
    assert withdrawn.states["home"] == "in_service"
    assert withdrawn.held["the province, of who comes home"] == {"D1", "D2"}
    assert withdrawn.answerable[LIAISON] == "answerable"


def test_a_return_ends_with_the_wish_and_what_it_brought_goes(withdrawn):
    assert withdrawn.held["the province, after she changed her mind"] == set()
    assert withdrawn.standings == {
        "border_handover D1": "no",
        "border_handover D2": "no",
        "voluntary_return D1": "no",
        "voluntary_return D2": "no",
    }


def test_relatives_hear_nothing_that_she_did_not_allow(withdrawn):
    assert withdrawn.refused[1] == ["feedback.family_not_allowed"]


def test_what_went_out_on_an_override_comes_back_with_its_review(withdrawn):
    assert withdrawn.before["by override"] == {"D2"}
    assert withdrawn.held["by override"] == set()


def test_no_override_helps_against_her_no_and_nobody_can_accept(withdrawn):
    refused = ["disclosure.no_basis", "disclosure.no_basis", "step.not_lawful"]
    assert withdrawn.refused[2] == refused


def test_the_keys_of_what_was_never_opened_are_destroyed_at_the_holder(withdrawn):
    assert withdrawn.sealed == 0
    (receipt,) = withdrawn.receipts["by override"]
    (told,) = receipt.told
    assert (told.state, told.deleted) == ("acknowledged", ("D2",))


def test_the_receipt_is_printed_for_her(withdrawn, vietnam):
    (receipt,) = withdrawn.receipts["by override"]
    printed = printed_at_the_province(vietnam, "receipt", withdrawn.case)
    lines = [line for line in printed.splitlines() if line]
    assert lines == list(receipt.sentences)
    assert "legal-aid-lao-cai can no longer read your name and papers." in lines
    shown = printed_at_the_province(vietnam, "answers", withdrawn.case)
    assert "legal_aid" in shown
    assert "no" in shown.split()
    again = printed_at_the_province(
        vietnam, "withdraw", withdrawn.case, "--method", "written"
    )
    # Nothing that stands is left to end.
    assert again.startswith("What went out is recalled.")


def test_the_ledgers_still_verify(withdrawn):
    assert withdrawn.report.faults == ()
