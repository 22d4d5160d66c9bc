"""Two ends, messages under way in both directions, every interleaving.

Each end takes any step that its own state allows, as often as the bound on
messages under way lets it, before or after it reads what the other sent. This is
a complete search for every referral type, not a sample; a long random walk
without that bound follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.policy import Policy
from services.node.domain.referrals import SHARES, ReferralType
from services.node.domain.steps import Side, State

DAY = date(2018, 3, 5)
UNDER_WAY = 3
ENDED_WITHOUT_TRANSFER = {
    State.DECLINED,
    State.EXPIRED,
    State.MISROUTED,
    State.NO_RETURN,
    State.RECALLED,
    State.REROUTED,
    State.RETURNED,
    State.REVOKED,
    State.SUSPENDED,
    State.VOID,
    State.WITHDRAWN,
}


@dataclass(frozen=True)
class End:
    state: State = State.NONE
    sent: tuple[Step, ...] = ()  # under way to the other end, oldest first
    moved: bool = False  # has logged the step that moves responsibility
    released: bool = False  # has logged a release


@dataclass(frozen=True)
class World:
    giver: End = End()
    receiver: End = End()


def other(side: Side) -> Side:
    return Side.RECEIVER if side is Side.GIVER else Side.GIVER


def end(world: World, side: Side) -> End:
    return world.giver if side is Side.GIVER else world.receiver


def with_end(world: World, side: Side, value: End) -> World:
    return replace(world, **{side.value: value})


def apply(
    policy: Policy, kind: ReferralType, here: End, step: Step, author: Side, *, arrived
) -> End:
    done = policy.steps.next(kind, step, author, here.state, DAY, arrived=arrived)
    return replace(
        here,
        state=done.to_state,
        moved=here.moved or done.moves_responsibility,
        released=here.released or done.opens_identity,
        sent=here.sent if arrived else (*here.sent, step),
    )


def take(policy: Policy, kind: ReferralType, world: World, side: Side, step: Step):
    here = apply(policy, kind, end(world, side), step, side, arrived=False)
    return with_end(world, side, here)


def read(policy: Policy, kind: ReferralType, world: World, side: Side) -> World:
    """``side`` reads the oldest message under way to it."""
    author = other(side)
    sender = end(world, author)
    here = apply(policy, kind, end(world, side), sender.sent[0], author, arrived=True)
    world = with_end(world, author, replace(sender, sent=sender.sent[1:]))
    return with_end(world, side, here)


def check(kind: ReferralType, world: World) -> None:
    giver, receiver = world.giver, world.receiver
    assert giver.released or not receiver.released
    if kind in SHARES:
        assert not giver.moved
        assert not receiver.moved
    elif kind is ReferralType.VOLUNTARY_RETURN:
        # The receiver's countersignature comes first; the giver learns of it.
        assert receiver.moved or not giver.moved
    else:
        # The giver's release comes first.
        assert giver.moved or not receiver.moved
    if receiver.moved:
        assert giver.released
        assert receiver.state not in ENDED_WITHOUT_TRANSFER
        # She withdrew while the countersignature was under way: it is still to come.
        assert giver.state not in ENDED_WITHOUT_TRANSFER or (
            giver.state is State.WITHDRAWN and Step.COUNTERSIGNATURE in receiver.sent
        )
    if not giver.sent and not receiver.sent:
        assert giver.state is receiver.state
        assert giver.moved is receiver.moved


def successors(policy: Policy, kind: ReferralType, world: World):
    for side in Side:
        here = end(world, side)
        if len(here.sent) < UNDER_WAY:
            for step in policy.steps.open_steps(kind, here.state, side, DAY):
                yield take(policy, kind, world, side, step)
        if end(world, other(side)).sent:
            yield read(policy, kind, world, side)


@pytest.mark.parametrize("kind", list(ReferralType))
def test_no_interleaving_is_an_error_and_both_ends_agree_in_the_end(
    policy, kind
) -> None:
    seen = {World()}
    frontier = [World()]
    while frontier:
        for found in successors(policy, kind, frontier.pop()):
            if found not in seen:
                check(kind, found)
                seen.add(found)
                frontier.append(found)
    reached = {world.giver.state for world in seen}
    assert reached >= {State.DECLINED, State.VOID, State.DONE, State.EXPIRED}
    assert reached >= {State.REVOKED, State.RECALLED, State.REROUTED}


def gate(policy: Policy, *taken: tuple[Side, Step]) -> World:
    """Both at the gate with minutes that arrived; then these steps, unread."""
    at_gate = End(state=State.MINUTED, released=True)
    world = World(at_gate, at_gate)
    for side, step in taken:
        world = take(policy, ReferralType.VOLUNTARY_RETURN, world, side, step)
    return world


SHE_WITHDRAWS = (Side.GIVER, Step.WITHDRAWAL)
IT_SIGNS = (Side.RECEIVER, Step.COUNTERSIGNATURE)


@pytest.mark.parametrize("first", list(Side))
def test_she_withdraws_while_the_countersignature_is_under_way(policy, first) -> None:
    """Whichever arrives first: the receiver's leaf has moved responsibility."""
    kind = ReferralType.VOLUNTARY_RETURN
    world = gate(policy, SHE_WITHDRAWS, IT_SIGNS)
    assert (world.giver.state, world.giver.moved) == (State.WITHDRAWN, False)
    for side in (first, other(first)):
        world = read(policy, kind, world, side)
        check(kind, world)
    assert world.giver.state is world.receiver.state is State.RECEIVED
    assert world.giver.moved
    assert world.receiver.moved


def test_who_reads_the_withdrawal_first_can_sign_no_more(policy) -> None:
    kind = ReferralType.VOLUNTARY_RETURN
    world = read(policy, kind, gate(policy, SHE_WITHDRAWS), Side.RECEIVER)
    assert world.giver.state is world.receiver.state is State.WITHDRAWN
    open_now = policy.steps.open_steps(kind, State.WITHDRAWN, Side.RECEIVER, DAY)
    assert open_now == (Step.RECALL_ACKNOWLEDGEMENT,)


@given(data=st.data(), kind=st.sampled_from(list(ReferralType)))
def test_any_long_walk_ends_in_agreement(policy, data, kind) -> None:
    world = World()
    for _ in range(data.draw(st.integers(1, 60))):
        side = data.draw(st.sampled_from(list(Side)))
        steps = policy.steps.open_steps(kind, end(world, side).state, side, DAY)
        if end(world, other(side)).sent and (not steps or data.draw(st.booleans())):
            world = read(policy, kind, world, side)
        elif steps:
            step = data.draw(st.sampled_from(steps))
            world = take(policy, kind, world, side, step)
        check(kind, world)
    for side in Side:
        while end(world, other(side)).sent:
            world = read(policy, kind, world, side)
            check(kind, world)
    assert world.giver.state is world.receiver.state


@pytest.mark.parametrize("kind", list(ReferralType))
def test_a_recall_can_be_acknowledged_whatever_came_after_it(
    policy: Policy, kind: ReferralType
) -> None:
    """A node that was down acknowledges late: the giver's next steps are in by then."""

    def after(state: State, step: Step) -> set[State]:
        try:
            return {
                policy.steps.next(
                    kind, step, Side.GIVER, state, DAY, arrived=True
                ).to_state
            }
        except NotLawfulError:
            return set()

    found = {each for state in State for each in after(state, Step.RECALL)}
    reached: set[State] = set()
    while found:
        reached |= found
        found = {
            each for state in found for step in Step for each in after(state, step)
        } - reached
    assert {State.RECALLED, State.VOID} <= reached
    silent = {
        state
        for state in reached
        if Step.RECALL_ACKNOWLEDGEMENT
        not in policy.steps.open_steps(kind, state, Side.RECEIVER, DAY)
    }
    assert silent == set()
