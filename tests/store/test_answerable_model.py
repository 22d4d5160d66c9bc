"""I1 and I2 over four members, whatever crosses, is lost, late or twice.

One person, four members, the real engine: offers to several at once, acceptances,
recalls, expiries, withdrawals, returns with minutes, the nodes' own answers, and
nodes that are killed in between. After every move the ledgers are merged, and there
is exactly one who answers (protocol.md §4); what the members believe may overlap,
it never gaps. Once nothing is under way, everybody believes what is true.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.cli.network_faults import MemberView, NetworkReport, check_views
from services.node.domain.bodies import (
    Acceptance,
    Recall,
)
from services.node.domain.errors import RelaisError
from services.node.domain.responsibility import (
    AnswerabilityPeriod,
    chain_of_responsibility,
)
from services.node.flows.answerability import list_answerability
from services.node.store.pool import Address
from services.node.wire.answerability import CaseAnswerability, NodeNow
from tests.store.conftest import FreshDatabase
from tests.store.person import HOLDS, STEPS, TYPES, Person, Referral
from tests.store.town import MEMBERS, Founded, Parcel, Town, found_town

PICK = st.integers(0, 7)
SIDE = st.sampled_from(["giver", "receiver"])


class Towns:
    """Towns to play in: one for all examples, a fresh one after a failure."""

    def __init__(
        self, founded: Founded, address_of: Callable[[], Address], guards: Path
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self._founded, self._address_of, self._guards = founded, address_of, guards
        self._number = 0
        self._town: Town | None = None

    def take(self) -> Town:
        if self._town is None:
            self._number += 1
            guards = self._guards / str(self._number)
            opening = Town.open(self._founded, self._address_of, guards)
            self._town = self.loop.run_until_complete(opening)
        return self._town

    def give_back(self, town: Town) -> None:
        if self._town is None:
            self.loop.run_until_complete(town.close())

    def spoil(self) -> None:
        """What was left under way must not meet the next example."""
        self._town = None

    def check(self) -> tuple[int, set[str]]:
        """What `relais network check` would say: chains, and kinds of fault."""
        report = self.loop.run_until_complete(_checked(self.take()))
        return len(report.chains), {fault.kind.value for fault in report.faults}

    def close(self) -> None:
        if self._town is not None:
            self.loop.run_until_complete(self._town.close())
        self.loop.close()


async def _checked(town: Town) -> NetworkReport:
    views = []
    for name, member in town.members.items():
        items = list_answerability(member.own, town.moment(name))
        now, *cases = [item async for item in items]
        assert isinstance(now, NodeNow)
        held = [item for item in cases if isinstance(item, CaseAnswerability)]
        views.append(MemberView(name, now, tuple(held)))
    return check_views(views)


class Answerable(RuleBasedStateMachine):
    """Any interleaving; ``towns`` gives a town and takes it back."""

    towns: Towns

    def __init__(self) -> None:
        super().__init__()
        self.town = self.towns.take()
        self.person = Person(self.town)
        self.holder: str = ""
        self.sound = True

    def run(self, what: Any) -> Any:
        return self.towns.loop.run_until_complete(what)

    def attempt(self, what: Any) -> None:
        """What the engine refuses did not happen; that it may refuse is no fault."""
        with contextlib.suppress(RelaisError):
            self.run(what)

    @initialize(member=st.sampled_from(sorted(MEMBERS)))
    def a_case_is_opened(self, member: str) -> None:
        self.run(self.person.open(member))
        self.holder = member

    @rule(
        pair=st.sampled_from(sorted(TYPES)),
        kind=st.integers(0, 2),
    )
    def an_officer_offers(self, pair: tuple[str, str], kind: int) -> None:
        kinds = TYPES[pair]
        self.attempt(self.person.offer(*pair, kinds[kind % len(kinds)], sealed=True))

    @rule(kind=st.integers(0, 2), to=st.integers(0, 2), sealed=st.booleans())
    def whoever_answers_offers(self, kind: int, to: int, sealed: bool) -> None:
        pairs = sorted(pair for pair in TYPES if pair[0] == self.holder)
        pair = pairs[to % len(pairs)]
        kinds = TYPES[pair]
        what = kinds[kind % len(kinds)]
        self.attempt(self.person.offer(*pair, what, sealed=sealed))

    @precondition(lambda self: self.person.referrals)
    @rule(which=PICK, side=SIDE, step=PICK)
    def an_officer_takes_a_step(self, which: int, side: str, step: int) -> None:
        referral = self.picked(which)
        steps = self.run(self.person.open_steps(referral, side))
        if steps:
            body = STEPS[steps[step % len(steps)]]()
            self.attempt(self.person.step(referral, side, body))

    @precondition(lambda self: self.person.referrals)
    @rule(which=PICK)
    def a_receiver_accepts(self, which: int) -> None:
        self.attempt(self.person.step(self.picked(which), "receiver", Acceptance()))

    @precondition(lambda self: len(self.person.referrals) > 1)
    @rule(one=PICK, other=PICK)
    def two_act_at_once(self, one: int, other: int) -> None:
        """Both decide before either is written; the case's number lets one win."""
        self.run(self.both(self.picked(one), self.picked(other)))

    async def both(self, one: Referral, other: Referral) -> None:
        acts: list[Any] = []
        for referral in (one, other):
            act = self.person.step_act(referral, "giver", Recall("consent_withdrawn"))
            acts.append(self.town.act(referral.giver, act))
        acts += [self.town.answer(name) for name in {one.giver, other.giver}]
        outcomes = await asyncio.gather(*acts, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(
                outcome, RelaisError
            ):
                raise outcome

    @precondition(lambda self: self.person.referrals)
    @rule(which=PICK)
    def she_withdraws_a_consent(self, which: int) -> None:
        self.attempt(self.person.withdraw(self.picked(which)))

    @rule(name=st.sampled_from(sorted(MEMBERS)))
    def a_node_answers_acceptances(self, name: str) -> None:
        self.run(self.town.answer(name))

    @precondition(lambda self: self.returns())
    @rule(which=PICK)
    def a_return_goes_to_the_gate(self, which: int) -> None:
        returns = self.returns()
        referral = returns[which % len(returns)]
        if self.run(self.person.state(referral, "receiver")) == "in_service":
            self.attempt(self.person.travel(referral))

    @precondition(lambda self: self.returns())
    @rule(which=PICK)
    def the_giver_signs_minutes(self, which: int) -> None:
        returns = self.returns()
        self.attempt(self.person.minutes(returns[which % len(returns)]))

    @precondition(lambda self: self.returns())
    @rule(which=PICK, agrees=st.booleans())
    def the_receiver_signs_or_disputes(self, which: int, agrees: bool) -> None:
        returns = self.returns()
        referral = returns[which % len(returns)]
        before = self.holder
        self.attempt(self.person.countersign(referral, agrees=agrees))
        self.moves_to = {before, referral.receiver if agrees else before}

    @rule(name=st.sampled_from(sorted(MEMBERS)))
    def a_node_sends(self, name: str) -> None:
        self.run(self.town.send(name))

    @precondition(lambda self: self.town.parcels)
    @rule(which=PICK, twice=st.booleans())
    def a_parcel_arrives(self, which: int, twice: bool) -> None:
        parcel = self.parcel(which)
        if twice:
            self.town.parcels.append(parcel)
        if parcel.answer is None:
            self.moves_to = {self.holder, parcel.recipient}
        self.run(self.town.bring(parcel))

    @precondition(lambda self: self.town.parcels)
    @rule(which=PICK)
    def a_parcel_is_lost(self, which: int) -> None:
        self.run(self.town.lose(self.parcel(which)))

    @rule(name=st.sampled_from(sorted(MEMBERS)))
    def a_node_is_killed_and_comes_back(self, name: str) -> None:
        self.run(self.town.restart(name))

    @rule()
    def the_network_has_a_quiet_moment(self) -> None:
        self.moves_to = set(MEMBERS)
        self.run(self.town.settle_all())
        self.run(self.everybody_agrees())

    def returns(self) -> list[Referral]:
        return [
            each for each in self.person.referrals if each.kind == "voluntary_return"
        ]

    def picked(self, which: int) -> Referral:
        """The newest first: small numbers are small examples."""
        return self.person.referrals[-1 - which % len(self.person.referrals)]

    def parcel(self, which: int) -> Parcel:
        return self.town.parcels.pop(which % len(self.town.parcels))

    @invariant()
    def exactly_one_answers(self) -> None:
        if not self.holder:
            return
        self.town.pass_time(timedelta(minutes=1), timedelta(seconds=1))
        periods, beliefs = self.run(self.seen())
        chain = chain_of_responsibility(periods)
        assert chain.problems == (), chain
        assert len(chain.holders) == 1, chain
        (holder,) = chain.holders
        # Who answers knows it: beliefs may overlap, they never gap.
        assert any(
            member == holder and word in HOLDS for (member, _), word in beliefs.items()
        ), (holder, beliefs)
        # I2: it moves where the receiver logs the release or its countersignature.
        assert holder in self.moves_to | {self.holder}, (holder, self.holder)
        self.holder, self.moves_to = holder, set()

    moves_to: frozenset[str] | set[str] = frozenset()

    async def seen(self) -> tuple[list[AnswerabilityPeriod], dict[Any, str]]:
        return await self.person.periods(), await self.person.beliefs()

    async def everybody_agrees(self) -> None:
        """Nothing is under way: what each believes is what is true."""
        beliefs = await self.person.beliefs()
        chain = chain_of_responsibility(await self.person.periods())
        holding = [place for place, word in beliefs.items() if word in HOLDS]
        assert [member for member, _ in holding] == list(chain.holders), beliefs
        assert "handed_unconfirmed" not in beliefs.values()
        for referral in self.person.referrals:
            await self.person.check_ended(referral)

    def teardown(self) -> None:
        try:
            if self.holder:
                self.moves_to = set(MEMBERS)
                self.run(self.town.settle_all())
                self.exactly_one_answers()
                self.run(self.everybody_agrees())
        except BaseException:
            self.towns.spoil()
            raise
        finally:
            self.towns.give_back(self.town)


@pytest.fixture
def towns(
    copy_database: Callable[[], FreshDatabase], tmp_path: Path
) -> Iterator[Towns]:
    towns = Towns(
        found_town(tmp_path / "keys"), lambda: copy_database().node, tmp_path / "guards"
    )
    yield towns
    towns.close()


def test_exactly_one_answers_whatever_crosses(towns: Towns) -> None:
    people = 0

    class Machine(Answerable):
        def teardown(self) -> None:
            nonlocal people
            people += 1
            super().teardown()

    Machine.towns = towns
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The checker of a live network sees the same; a dispute may stand.
    chains, faults = towns.check()
    assert chains == people
    assert faults <= {"disputed"}


def test_countersignature_that_comes_after_the_person_came_back(towns: Towns) -> None:
    """Order holds within a referral only: the way back can overtake it."""
    town = towns.take()
    towns.loop.run_until_complete(_back_before_the_countersignature(Person(town)))


async def _back_before_the_countersignature(person: Person) -> None:
    town, giver, receiver = person.town, "nha-hoa-ban", "liaison-yunnan"
    await person.open("lao-cai")
    await person.offer("lao-cai", receiver, "protection_abroad", sealed=True)
    await town.settle_all()
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await town.settle_all()
    # liaison answers; return to lao-cai, whose case it was.
    giver, receiver = receiver, "lao-cai"
    await person.offer(giver, receiver, "voluntary_return", sealed=False)
    home = person.referrals[-1]
    await town.settle_all()
    await person.step(home, "receiver", Acceptance())
    await town.settle_all()
    await person.travel(home)
    await person.minutes(home)
    await town.settle_all()
    await person.countersign(home, agrees=True)
    await town.send(receiver)
    (late,) = town.parcels
    town.parcels.clear()
    await person.offer(receiver, giver, "protection_abroad", sealed=True)
    await town.settle_all(patient=False)
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await town.settle_all(patient=False)
    town.parcels.append(late)
    chain = chain_of_responsibility(await person.periods())
    assert (chain.holders, chain.problems) == ((giver,), ())
    await town.settle_all()
    chain = chain_of_responsibility(await person.periods())
    assert (chain.holders, chain.problems) == ((giver,), ())
    beliefs = await person.beliefs()
    assert {member for (member, _), word in beliefs.items() if word in HOLDS} == {giver}
