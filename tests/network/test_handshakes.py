"""The handshake around an acceptance, on real nodes: wrong door, too much, too late."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.cli.demo.answers import identity, offer, profile
from services.cli.demo.stories.telling import Telling
from services.cli.network import Network
from services.node.domain.bodies import (
    CannotKeep,
    Completion,
    Decline,
    Misrouting,
    Offer,
    Opening,
    Rerouting,
    ReturnToSender,
)
from services.node.rpc.desk_values import CaseRead, ReferralRead
from tests.network import command_line
from tests.network.command_line import Done
from tests.network.test_returns import played, refused

PROVINCE, OTHER = "son-la", "lao-cai"
FIRST, SECOND = "nha-hoa-ban", "nha-suoi-trong"


def a_room(t: Telling) -> Offer:
    return offer(t.cast, "reception", "urgent", "A quiet room.", "safe_accommodation")


async def begun(t: Telling) -> None:
    """A case in Son La, with her yes to whoever is asked."""
    await t.on(0, "09:00")
    await t.opens(PROVINCE, "rescued", profile(t.cast), identity(t.cast))
    await t.asks(
        PROVINCE,
        ("reception_shelter", FIRST, "D1", True),
        ("reception_shelter", SECOND, "D1", True),
        ("reception_shelter", OTHER, "D1", True),
    )


async def seen(t: Telling, member: str, name: str) -> ReferralRead:
    """The referral as the member shows it, with nothing of it under way."""
    who = t.at(member)
    return await who.desk.await_referral(
        who.officer, t.journey.referrals[name], settled=True
    )


# --- cannot keep


@dataclass(frozen=True, slots=True)
class Kept:
    """A house that could not keep her, before and after somebody took over."""

    given_back: str
    asked: ReferralRead
    before: CaseRead
    province: CaseRead
    after: CaseRead
    heir: CaseRead
    ended: ReferralRead


@pytest.fixture(scope="module")
def kept(vietnam: Network) -> Kept:
    return played(vietnam, 71, cannot_keep)


async def cannot_keep(t: Telling) -> Kept:
    await begun(t)
    await t.offers("first", PROVINCE, FIRST, a_room(t), "D1")
    await t.accepts("first", FIRST)
    given_back = await refused(t, FIRST, "first", ReturnToSender("no_capacity"))
    await t.on(3, "09:00")
    full = CannotKeep("no_capacity")
    await t.takes("first", FIRST, full, other=PROVINCE, state="cannot_keep")
    asked = await seen(t, PROVINCE, "first")
    before = await t.at(FIRST).case(t.journey.cases[FIRST])
    province = await t.at(PROVINCE).case(t.journey.cases[PROVINCE])
    await t.asks(FIRST, ("reception_shelter", SECOND, "D1", True))
    await t.offers("second", FIRST, SECOND, a_room(t), "D1")
    await t.accepts("second", SECOND)
    await seen(t, FIRST, "second")
    after = await t.at(FIRST).case(t.journey.cases[FIRST])
    heir = await t.at(SECOND).case(t.journey.cases[SECOND])
    done = Completion("successful", "service_given")
    await t.takes("first", FIRST, done, other=PROVINCE, state="done")
    ended = await seen(t, PROVINCE, "first")
    return Kept(given_back, asked, before, province, after, heir, ended)


def test_a_transfer_is_not_given_back_like_a_share(kept):
    assert kept.given_back == "step.not_lawful"


def test_whoever_cannot_keep_her_answers_until_somebody_else_does(kept):
    assert kept.asked.must_act == "receiver"
    assert kept.before.answerable == "answerable"
    assert kept.province.answerable == "handed"
    assert kept.after.answerable == "handed"
    assert kept.heir.answerable == "answerable"
    (here,), (there,) = kept.after.periods, kept.heir.periods
    assert here.until_event == there.since_event
    assert kept.ended.must_act == ""


# --- the wrong door


@dataclass(frozen=True, slots=True)
class Rerouted:
    """An offer to the wrong house, and the one that followed."""

    early: str
    itself: str
    before: ReferralRead
    misrouted: ReferralRead
    rerouted: ReferralRead
    anew: ReferralRead
    opened: ReferralRead


@pytest.fixture(scope="module")
def wrong_door(vietnam: Network) -> Rerouted:
    return played(vietnam, 72, reroute)


async def reroute(t: Telling) -> Rerouted:
    await begun(t)
    await t.offers("wrong", PROVINCE, FIRST, a_room(t), "D1")
    before = await seen(t, PROVINCE, "wrong")
    early = await refused(t, PROVINCE, "wrong", Rerouting())
    itself = await refused(t, FIRST, "wrong", Misrouting(FIRST))
    named = Misrouting(SECOND)
    await t.takes("wrong", FIRST, named, other=PROVINCE, state="misrouted")
    misrouted = await seen(t, PROVINCE, "wrong")
    onward = Rerouting()
    await t.takes("wrong", PROVINCE, onward, other=FIRST, state="rerouted")
    await t.offers("right", PROVINCE, SECOND, a_room(t), "D1")
    anew = await seen(t, PROVINCE, "right")
    await t.takes("right", SECOND, Opening(), other=PROVINCE, state="opened")
    opened = await seen(t, PROVINCE, "right")
    rerouted = await seen(t, PROVINCE, "wrong")
    return Rerouted(early, itself, before, misrouted, rerouted, anew, opened)


def test_only_what_was_misrouted_is_rerouted(wrong_door):
    assert wrong_door.early == "step.not_lawful"
    assert wrong_door.itself == "referral.no_alternative"
    assert wrong_door.misrouted.must_act == "giver"
    assert wrong_door.rerouted.must_act == ""


def test_the_next_offer_is_another_referral_under_another_name(wrong_door):
    first, second = wrong_door.rerouted, wrong_door.anew
    assert first.referral_id != second.referral_id
    assert first.alias != second.alias
    assert second.must_act == "receiver"


def test_the_giver_sees_how_far_its_offer_came(wrong_door):
    reached = [
        (each.delivered, each.opened)
        for each in (wrong_door.before, wrong_door.anew, wrong_door.opened)
    ]
    assert reached == [(True, False), (True, False), (True, True)]


def test_what_the_other_side_may_do_is_shown(wrong_door):
    assert "accept" in wrong_door.before.peer_steps
    assert "accept" not in wrong_door.before.open_steps
    assert "revocation" in wrong_door.before.open_steps


# --- from the command line


@pytest.fixture(scope="module")
def waiting(vietnam: Network) -> tuple[bytes, str]:
    """An offer that waits at the house, and an officer of the house."""

    async def offered(t: Telling) -> tuple[bytes, str]:
        await begun(t)
        await t.offers("asked", PROVINCE, FIRST, a_room(t), "D1")
        return t.journey.referrals["asked"], t.at(FIRST).officer

    return played(vietnam, 73, offered)


def test_an_officer_answers_from_the_command_line(vietnam, waiting):
    referral_id, officer = waiting

    def relais(command: str, *arguments: str) -> Done:
        where = ("--node", FIRST, "--state", str(vietnam.state.folder))
        return command_line.relais(
            "case", command, *arguments, "--officer", officer, *where
        )

    number = referral_id.hex()
    listed = relais("referrals")
    assert number[:8] in listed.stdout, listed.stderr
    unknown = relais("step", number[:8], "decline", "--field", "reason=busy")
    assert unknown.returncode != 0
    assert "referral.unknown_code" in unknown.stdout + unknown.stderr
    # A reception promises, whoever asks for it by whatever door.
    for promise, code in (
        ((), "accept.expected_missing"),
        (("--expected-at", "2017-03-05T10:00"), "accept.expected_in_the_past"),
    ):
        unsaid = relais("step", number[:8], "accept", *promise)
        assert unsaid.returncode != 0
        assert code in unsaid.stdout + unsaid.stderr
    taken = relais("step", number[:8], "decline", "--field", "reason=no_capacity")
    assert taken.returncode == 0, taken.stderr
    assert "The referral is declined now." in taken.stdout
    shown = relais("referral", number[:8])
    assert "declined" in shown.stdout


def test_what_was_declined_says_why_at_the_giver(vietnam, waiting):
    referral_id, _ = waiting

    async def read(t: Telling):
        who = t.at(PROVINCE)
        await who.sees(referral_id, "declined")
        return await who.desk.get_referral(who.officer, referral_id)

    steps = played(vietnam, 74, read).steps
    assert steps[-1].body == Decline("no_capacity")
