"""One person's way through the network, as the demo plays it, and what is true of it.

Two people, with other names, languages, answers and houses that are full.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest
from rich.console import Console

from services.cli import cluster as cluster_module
from services.cli.audit_faults import AuditReport
from services.cli.cluster import PORT, SUPERUSER, Cluster
from services.cli.demo.account import Account, account_of
from services.cli.demo.cast import Cast, cast_of
from services.cli.demo.chapters import play
from services.cli.demo.journey import Journey
from services.cli.demo.narrator import Narrator
from services.cli.demo.run import audited
from services.cli.demo.stage import Stage, set_stage
from services.cli.network import Network
from services.node.domain.bodies import Feedback, Release
from services.node.domain.bodies_return import Countersignature, Minutes, Reconsent
from services.node.domain.records import CategoryRecord
from services.node.keys.files import read_secret
from services.node.rpc.consent_values import AnswersRead
from services.node.rpc.desk_values import CaseRead, ConversationRead

SEEDS = (1, 6)


@dataclass(frozen=True, slots=True)
class Played:
    """A journey that was played, and what every node then held of it."""

    cast: Cast
    journey: Journey
    account: Account
    story: str
    held: dict[str, dict[str, CategoryRecord]]
    cases: dict[str, CaseRead]
    answers: dict[str, AnswersRead]
    said: dict[str, dict[str, ConversationRead]]
    """Member, then name of a referral in the journey."""
    report: AuditReport


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def played(request: pytest.FixtureRequest, vietnam: Network) -> Played:
    return asyncio.run(journey_on(vietnam, cast_of(request.param)))


async def journey_on(network: Network, cast: Cast) -> Played:
    story = io.StringIO()
    sockets = [(each.name, each.local_socket) for each in network.members()]
    async with set_stage(sockets, Narrator(Console(file=story, width=96))) as stage:
        journey = await play(stage, cast)
        account = await account_of(stage, journey)
        held, cases, answers = await look_around(stage, journey)
        said = await listen(stage, journey)
    report = await audited(network)
    told = story.getvalue()
    return Played(cast, journey, account, told, held, cases, answers, said, report)


async def look_around(stage: Stage, journey: Journey):
    held: dict[str, dict[str, CategoryRecord]] = {}
    cases: dict[str, CaseRead] = {}
    answers: dict[str, AnswersRead] = {}
    for member, case in journey.cases.items():
        who = stage.at(member)
        held[member] = await who.holds(case)
        cases[member] = await who.case(case)
        answers[member] = await who.desk.list_consents(who.officer, case)
    return held, cases, answers


async def listen(stage: Stage, journey: Journey):
    """What was said in each referral, as each member has it."""
    said: dict[str, dict[str, ConversationRead]] = {}
    for member in (*journey.cases, *journey.declined):
        who = stage.at(member)
        ours = {each.referral_id for each in await who.desk.list_referrals(who.officer)}
        said[member] = {
            name: await who.desk.get_referral(who.officer, referral)
            for name, referral in journey.referrals.items()
            if referral in ours
        }
    return said


def body(played: Played, member: str, referral: str, step: str):
    steps = played.said[member][referral].steps
    return [each.body for each in steps if each.step == step][-1]


# --- who was answerable


def test_somebody_is_answerable_from_the_call_to_yen_bai_without_gap(played):
    chain = played.account.chain
    assert [link.member for link in chain] == [
        "hotline-hanoi",
        "lao-cai",
        "liaison-yunnan",
        "lao-cai",
        played.cast.house,
        "yen-bai",
    ]
    assert all(earlier.until == later.since for earlier, later in pairwise(chain))
    assert chain[-1].until is None


def test_responsibility_moves_by_release_and_at_the_gate_by_countersignature(played):
    assert [link.since_step for link in played.account.chain] == [
        "case_opened",
        "release",
        "release",
        "countersignature",
        "release",
        "release",
    ]


def test_a_search_and_a_witness_never_make_their_member_answerable(played):
    assert played.said["liaison-yunnan"]["search"].referral.moves_on == "never"
    assert played.cases["border-guard-lao-cai"].periods == ()


# --- each handoff at both ends


def test_every_handoff_has_its_leaf_at_both_ends(played):
    """``account_of`` compared receipts with the recipients' own leaves."""
    handoffs = played.account.handoffs
    sent = {(each.sender, each.sender_index) for each in handoffs}
    arrived = {(each.recipient, each.recipient_index) for each in handoffs}
    assert len(sent) == len(arrived) == len(handoffs)
    assert not sent & arrived
    assert {each.referral_id for each in handoffs} == {
        *played.journey.referrals.values()
    }


def test_every_ledger_verifies_against_all_the_others(played):
    assert played.report.faults == ()
    assert len(played.report.members) == 25
    assert played.report.receipts >= len(played.account.handoffs)


def test_no_two_recipients_share_an_alias_or_a_case_number(played):
    aliases = [alias for _, alias in played.account.aliases]
    own = [*played.journey.cases.values(), *played.journey.sheet_cases.values()]
    assert len({*aliases, *own}) == len(aliases) + len(own)
    partners = [pair for pair, _ in played.account.aliases]
    assert all(len(pair) == 2 for pair in partners)


# --- who learned what


def test_each_member_holds_what_she_or_an_override_allowed_and_no_more(played):
    assert {member: {*held} for member, held in played.held.items()} == {
        "hotline-hanoi": {"D1", "D2", "D3", "D8"},
        "lao-cai": {"D1", "D2", "D5", "D7"},
        "liaison-yunnan": {"D1", "D2", "D5", "D7"},
        "border-guard-lao-cai": {"D1", "D2"},
        "consulate-kunming": {"D1", "D2"},
        played.cast.house: {"D1", "D2", "D5", "D7", "D11"},
        "yen-bai": {"D1", "D2", "D11"},
    }


def test_the_identity_arrives_unchanged_where_it_was_released(played):
    said = {each.field: each.values for each in played.held["lao-cai"]["D2"].answers}
    assert said["prs_FirstName"] == (played.cast.given_name,)
    assert said["prs_Birthdate"] == (played.cast.birthdate.isoformat(),)
    guard = played.held["border-guard-lao-cai"]
    assert guard["D2"] == played.held["lao-cai"]["D2"]


def test_a_house_knows_only_the_name_that_she_says_at_the_door(played):
    (name,) = played.held[played.cast.house]["D2"].answers
    assert (name.field, name.values) == ("prs_FirstName", (played.cast.given_name,))


def test_a_house_that_declined_got_no_key_and_has_no_case(played):
    assert len(played.journey.declined) == played.cast.full_houses
    for house in played.journey.declined:
        conversation = played.said[house][house]
        assert [each.step for each in conversation.steps] == ["offer", "decline"]
        assert conversation.referral.case_pseudonym == ""
        assert conversation.referral.state == "declined"


def test_an_offer_never_says_who_she_is(played):
    for conversations in played.said.values():
        for conversation in conversations.values():
            offer = repr(conversation.steps[0].body)
            assert not any(each in offer for each in played.cast.personal_values)


def test_identity_is_released_only_after_acceptance(played):
    steps = [each.step for each in played.said["lao-cai"]["return"].steps]
    assert steps[:3] == ["offer", "accept", "release"]
    release = body(played, "lao-cai", "return", "release")
    assert isinstance(release, Release)
    assert release.keys == ()  # no officer ever sees a key


# --- her answers


def test_her_no_is_a_record_like_her_yes(played):
    answers = {
        (each.purpose, each.recipient, each.categories): each.status
        for each in played.answers["liaison-yunnan"].consents
    }
    assert answers["voluntary_return", "lao-cai", ("D2",)] == "given"
    assert answers["contact_family", "family", ("D3",)] == "refused"
    known = answers["contact_family", "family", ("D0",)]
    assert known == ("given" if played.cast.lets_family_know else "refused")
    house = {
        (each.purpose, each.recipient): each.status
        for each in played.answers[played.cast.house].consents
    }
    assert house["reintegration_services", "nghe-an"] == "refused"
    assert house["reintegration_services", "yen-bai"] == "given"


def test_she_is_asked_in_her_language_with_an_interpreter_and_informed(played):
    own = [
        each
        for each in played.answers["liaison-yunnan"].consents
        if each.status == "given"
    ]
    assert own
    for each in own:
        assert each.language == played.cast.language
        assert each.interpreter == played.cast.interpreter
        assert "services_do_not_depend" in each.informed_points


def test_the_brother_is_told_what_she_allowed_and_nothing_else(played):
    allowed = ("found_safe",) if played.cast.lets_family_know else ()
    feedback = body(played, "hotline-hanoi", "call", "feedback")
    assert isinstance(feedback, Feedback)
    assert played.journey.brother_told == feedback.family_may_be_told == allowed
    assert (
        "Your sister has been found" in played.story
    ) == played.cast.lets_family_know
    if not allowed:
        assert feedback.result == "in_process"


def test_she_was_asked_again_within_a_day_before_the_gate(played):
    asked = body(played, "lao-cai", "return", "reconsent")
    minutes = body(played, "lao-cai", "return", "minutes")
    assert isinstance(asked, Reconsent)
    assert isinstance(minutes, Minutes)
    waited = minutes.handed_over_at - asked.consent.given_at
    assert timedelta() < waited <= timedelta(hours=24)


def test_the_countersignature_names_minutes_and_witness(played):
    signed = body(played, "liaison-yunnan", "return", "countersignature")
    assert isinstance(signed, Countersignature)
    home = played.said["liaison-yunnan"]["return"].steps
    minutes = [each.digest for each in home if each.step == "minutes"]
    attested = played.said["border-guard-lao-cai"]["witness"].steps
    witness = [each.event_id for each in attested if each.step == "witness"]
    assert [signed.minutes_digest] == minutes
    assert [signed.witness_event] == witness
    assert signed.witness == "border-guard-lao-cai"


def test_an_override_opens_one_category_by_two_officers_and_is_reviewed(played):
    for member in ("hotline-hanoi", "lao-cai"):
        (override,) = played.answers[member].overrides
        assert override.category == "D2"
        assert override.first_officer != override.second_officer
        assert override.law
        assert override.review == "confirmed"
        timeline = played.cases[member].timeline
        acted = {each.step: each.actor for each in timeline}
        assert acted["approval_asked"] == override.first_officer
        assert acted["approval_answered"] == override.second_officer
        (review,) = (each for each in timeline if each.step == "override_reviewed")
        assert review.actor not in {override.first_officer, override.second_officer}
        assert review.happened_at <= override.review_by


# --- what can be read without keys


def test_no_log_holds_a_name_or_number_of_hers(played, vietnam):
    logs = [*vietnam.logs.glob("*.log"), vietnam.state.cluster.log]
    assert len(logs) == 26
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        assert text
        found = [
            number
            for number, value in enumerate(played.cast.personal_values)
            if value in text or json.dumps(value)[1:-1] in text
        ]
        assert found == [], log.name


def test_no_dump_of_a_database_holds_a_name_or_number_of_hers(played, vietnam):
    for member in vietnam.declared.members:
        text = dump(vietnam.state.cluster, member.name)
        found = [
            number
            for number, value in enumerate(played.cast.personal_values)
            if value in text or value.encode().hex() in text
        ]
        assert found == [], member.name
        own = played.journey.cases.get(member.name)
        assert own is None or own in text


def dump(cluster: Cluster, database: str) -> str:
    done = subprocess.run(
        [str(cluster_module._programs() / "pg_dump"), database],
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(cluster.sockets),
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": read_secret(cluster._password_file).decode().strip(),
        },
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_one_members_database_role_cannot_open_anothers(vietnam):
    """Said of every pair by the roles; tried from Yen Bai."""
    assert attempt(vietnam, "yen-bai", "yen-bai").returncode == 0
    refused = attempt(vietnam, "yen-bai", "lao-cai")
    assert refused.returncode != 0
    assert b"permission denied" in refused.stderr


def attempt(network: Network, role: str, database: str):
    password = network.place(role).database.node_password_file
    return subprocess.run(
        [str(cluster_module._programs() / "psql"), "-X", "-c", "SELECT 1", database],
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(network.state.cluster.sockets),
            "PGPORT": str(PORT),
            "PGUSER": role,
            "PGPASSWORD": read_secret(password).decode().strip(),
        },
        capture_output=True,
        check=False,
    )


# --- the case sheet


def test_one_row_of_a_case_sheet_becomes_a_referral_by_an_officers_word(played):
    sheet = played.said["lao-cai"]["sheet"]
    assert sheet.referral.state == "in_service"
    assert sheet.referral.peer == played.cast.house
    assert played.journey.sheet_cases.keys() == {"lao-cai", played.cast.house}
