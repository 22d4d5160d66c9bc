"""She takes back her yes: every copy goes, also the one that was passed on."""

from __future__ import annotations

import pytest

from services.node.domain.bodies import KeptCategory, RecallAcknowledgement


@pytest.fixture(scope="module")
def taken_back(told):
    return told(8)


@pytest.fixture(scope="module")
def read_out(taken_back):
    return " ".join(taken_back.text.partition("What she is given to read")[2].split())


def test_the_liaison_answers_for_her_before_and_after_every_no(taken_back):
    assert taken_back.chain() == ["liaison-yunnan"]
    assert taken_back.account.chain[0].until is None


def test_the_guard_got_it_from_lao_cai_on_an_answer_given_to_the_liaison(taken_back):
    steps = taken_back.said["border-guard-lao-cai", "gate"].steps
    released = next(each for each in steps if each.step == "release")
    assert released.author == "lao-cai"
    asked = taken_back.answers["liaison-yunnan"].consents
    answer = next(each for each in asked if each.purpose == "border_handover")
    (copy,) = released.body.consents
    assert copy.consent_id == answer.consent_id


def test_nobody_but_the_liaison_can_read_who_she_is(taken_back):
    assert {member: set(held) for member, held in taken_back.held.items()} == {
        "liaison-yunnan": {"D1", "D2"},
        "lao-cai": set(),
        "border-guard-lao-cai": set(),
        "police-lao-cai": set(),
    }


@pytest.mark.parametrize(
    ("member", "referral", "deleted", "kept"),
    [
        ("lao-cai", "return", ("D1", "D2"), ()),
        ("border-guard-lao-cai", "gate", ("D1", "D2"), ()),
        (
            "police-lao-cai",
            "file",
            ("D1",),
            (KeptCategory("D2", "criminal_file"),),
        ),
    ],
)
def test_each_holder_says_what_is_gone_and_what_a_law_keeps(
    taken_back, member, referral, deleted, kept
):
    said = taken_back.body(member, referral, "recall_acknowledgement")
    assert said == RecallAcknowledgement(deleted, kept)


@pytest.mark.parametrize(
    ("member", "referral", "gone", "kept"),
    [
        ("lao-cai", "return", 2, 0),
        ("border-guard-lao-cai", "gate", 2, 0),
        ("police-lao-cai", "file", 1, 1),
    ],
)
def test_the_keys_are_dropped_and_one_is_sealed(
    taken_back, bookcase, member, referral, gone, kept
):
    query = bookcase.state.cluster.query
    said = taken_back.said[member, referral]
    recalls = {each.event_id.hex() for each in said.steps if each.step == "recall"}
    dropped = query("SELECT encode(event_id, 'hex') FROM key_drop", database=member)
    scopes = query("SELECT scope FROM data_key", database=member).split()
    brought = said.referral.referral_id.hex()
    sealed = [each for each in scopes if each == f"kept:D2:{brought}"]
    assert sum(each in recalls for each in dropped.split()) == gone
    assert len(sealed) == kept
    assert f"D1:{brought}" not in scopes


def test_one_no_leaves_the_other_yes_alone(taken_back):
    first, second = (
        each.body
        for each in taken_back.said["lao-cai", "return"].steps
        if each.step == "recall_acknowledgement"
    )
    assert first.deleted == ()
    assert {each.ground for each in first.kept} == {"other_consent"}
    assert second.deleted == ("D1", "D2")
    file, home = (
        taken_back.said["lao-cai", name].steps[-1].happened_at
        for name in ("file", "return")
    )
    assert file < home


def test_every_referral_that_rested_on_a_yes_is_over(taken_back):
    assert taken_back.state("police-lao-cai", "file") == "ended_by_recall"
    assert taken_back.state("border-guard-lao-cai", "gate") == "withdrawn"
    for member in ("liaison-yunnan", "lao-cai"):
        assert taken_back.state(member, "return") == "withdrawn"


def test_nothing_can_be_sent_on_a_yes_that_was_taken_back(taken_back):
    assert "could not send it again if it tried: disclosure.no_basis." in " ".join(
        taken_back.text.split()
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "police-lao-cai can no longer read your age group, sex and languages.",
        "police-lao-cai must keep your name and papers,",
        "because it is part of a criminal file. Nobody works with it.",
        "border-guard-lao-cai can no longer read your age group,",
        "lao-cai can no longer read your age group, sex and languages, and your name",
        "Nobody may hold this against you. Your other help goes on.",
    ],
)
def test_her_receipt_names_every_holder_and_the_law_in_plain_words(read_out, sentence):
    assert sentence in read_out


def test_her_receipt_leaves_nothing_open_and_says_nothing_untrue(read_out):
    assert "Nobody had got anything" not in read_out
    assert "has not confirmed" not in read_out
    assert "must answer by" not in read_out
