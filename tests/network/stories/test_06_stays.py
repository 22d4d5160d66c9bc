"""She stays after all: everything stops, nothing is held against her."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def stays(told):
    return told(6)


def test_the_return_ends_at_both_ends_although_the_paper_is_ready(stays):
    for member in ("liaison-yunnan", "ha-giang"):
        # The nodes take back by themselves what rested on her yes.
        steps = [
            each
            for each in stays.steps(member, "return")
            if each not in {"recall", "recall_acknowledgement"}
        ]
        assert "travel_document" in steps
        assert steps[-1] == "withdrawal"
        assert stays.state(member, "return") == "withdrawn"


def test_no_step_of_the_return_is_left_to_anybody(stays):
    for member in ("liaison-yunnan", "ha-giang"):
        left = set(stays.said[member, "return"].referral.open_steps)
        assert left <= {"recall", "recall_acknowledgement"}


def test_whoever_answered_for_her_goes_on_answering(stays):
    assert stays.chain() == ["liaison-yunnan"]
    assert stays.account.chain[0].until is None


def test_her_last_word_is_a_refusal_without_a_reason(stays):
    answers = stays.answers["liaison-yunnan"].consents
    wishes = [each for each in answers if each.purpose == "voluntary_return"]
    assert [each.status for each in wishes] == ["given", "refused"]
