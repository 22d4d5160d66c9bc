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
    rule,
    run_state_machine_as_test,
)

from services.cli.cluster import Cluster
from services.cli.network_faults import MemberView, NetworkReport, check_views
from services.node.domain.bodies import Acceptance, Expiry
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.responsibility import (
    AnswerabilityPeriod,
    chain_of_responsibility,
)
from services.node.flows.answerability import list_answerability
from services.node.store.pool import Address
from services.node.wire.answerability import CaseAnswerability, NodeNow
from tests.store.conftest import FreshDatabase
from tests.store.gate import HOME, changes_her_mind, to_the_minutes
from tests.store.person import HOLDS, STEPS, TYPES, Person, Referral
from tests.store.town import MEMBERS, Founded, Parcel, Town

PICK = st.integers(0, 7)
MOVES = [
    *["an_officer_offers"] * 2,
    *["whoever_answers_offers"] * 4,
    *["an_officer_takes_a_step"] * 4,
    *["a_receiver_accepts"] * 5,
    *["nodes_answer_acceptances"] * 4,
    *["a_node_sends"] * 3,
    *["a_parcel_arrives"] * 8,
    *["a_parcel_is_lost"] * 2,
    "a_node_is_killed_and_comes_back",
    "she_withdraws_a_consent",
    "an_offer_expires",
    "two_act_at_once",
    *["two_accept_at_once"] * 3,
    "a_return_goes_to_the_gate",
    *["she_changes_her_mind_at_the_gate"] * 2,
    "she_changes_her_mind_on_the_way",
    *["a_giver_signs_minutes"] * 2,
    *["a_receiver_signs_or_disputes"] * 4,
    "everything_arrives",
]
"""Each as often as it stands here; one list, so that none is left out for long."""


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

    @rule(what=st.sampled_from(MOVES), a=PICK, b=PICK, yes=st.booleans())
    def move(self, what: str, a: int, b: int, yes: bool) -> None:
        """One move; ``a``, ``b`` and ``yes`` say which of those that there are."""
        getattr(self, what)(a, b, yes)

    def an_officer_offers(self, a: int, b: int, _: bool) -> None:
        pair = sorted(TYPES)[(8 * a + b) % len(TYPES)]
        kind = TYPES[pair][b % len(TYPES[pair])]
        self.attempt(self.person.offer(*pair, kind, sealed=True))

    def whoever_answers_offers(self, a: int, b: int, yes: bool) -> None:
        pairs = sorted(pair for pair in TYPES if pair[0] == self.holder)
        pair = pairs[a % len(pairs)]
        kind = TYPES[pair][b % len(TYPES[pair])]
        self.attempt(self.person.offer(*pair, kind, sealed=yes))

    def an_officer_takes_a_step(self, a: int, b: int, yes: bool) -> None:
        if not self.person.referrals:
            return
        referral, side = self.picked(a), "giver" if yes else "receiver"
        steps = self.run(self.person.open_steps(referral, side))
        if steps:
            body = STEPS[steps[b % len(steps)]]()
            self.attempt(self.person.step(referral, side, body))

    def a_receiver_accepts(self, a: int, _b: int, yes: bool) -> None:
        if not self.person.referrals:
            return
        referral = self.picked(a)
        if yes:
            self.run(self.town.settle_between(referral.giver, referral.receiver))
            self.moves_to = set(MEMBERS)
        self.attempt(self.person.step(referral, "receiver", Acceptance()))

    def an_offer_expires(self, a: int, _b: int, _: bool) -> None:
        """A week passes: longer than any offer stands (domain.md §6.0)."""
        if self.person.referrals:
            self.town.pass_time(timedelta(days=7))
            self.attempt(self.person.step(self.picked(a), "giver", Expiry()))

    def two_accept_at_once(self, a: int, b: int, yes: bool) -> None:
        """Whoever answers asks two; both accept before either is answered."""
        pairs = sorted(pair for pair in TYPES if pair[0] == self.holder)
        chosen = [pairs[a % len(pairs)], pairs[(a + 1 + b % 2) % len(pairs)]]
        self.moves_to = set(MEMBERS)
        for giver, receiver in chosen:
            kind = TYPES[giver, receiver][0]
            self.attempt(self.person.offer(giver, receiver, kind, sealed=True))
            self.run(self.town.settle_between(giver, receiver))
        for referral in self.person.referrals[-2:]:
            self.attempt(self.person.step(referral, "receiver", Acceptance()))
            if yes:
                pair = referral.giver, referral.receiver
                self.run(self.town.settle_between(*pair))

    def two_act_at_once(self, a: int, b: int, _: bool) -> None:
        """Both decide before either is written; the case's number lets one win."""
        if self.person.referrals:
            self.run(self.both(self.picked(a), self.picked(b)))

    async def both(self, one: Referral, other: Referral) -> None:
        acts: list[Any] = []
        for referral in (one, other):
            act = self.person.step_act(referral, "giver", STEPS["recall"]())
            acts.append(self.town.act(referral.giver, act))
        acts += [self.town.answer(name) for name in {one.giver, other.giver}]
        outcomes = await asyncio.gather(*acts, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(
                outcome, RelaisError
            ):
                raise outcome

    def she_withdraws_a_consent(self, a: int, _b: int, _: bool) -> None:
        if self.person.referrals:
            self.attempt(self.person.withdraw(self.picked(a)))

    def nodes_answer_acceptances(self, a: int, _b: int, _: bool) -> None:
        self.run(self.town.answer(sorted(MEMBERS)[a % len(MEMBERS)]))

    def a_return_goes_to_the_gate(self, a: int, _b: int, _: bool) -> None:
        """By whoever answers, with nothing in its way; what else waits, waits on."""
        pairs = [p for p in sorted(TYPES) if p[0] == self.holder and HOME in TYPES[p]]
        pair = pairs[a % len(pairs)]
        self.moves_to = set(MEMBERS)
        self.attempt(to_the_minutes(self.person, *pair))

    def she_changes_her_mind_at_the_gate(self, a: int, b: int, yes: bool) -> None:
        """Under minutes that arrived: before the receiver's word, or across it."""
        known = len(self.person.referrals)
        self.a_return_goes_to_the_gate(a, b, yes)
        if len(self.person.referrals) == known:
            return
        home = self.person.referrals[-1]
        self.run(self.town.settle_between(home.giver, home.receiver))
        if yes:
            self.attempt(self.person.countersign(home, agrees=b > 1))
        self.attempt(changes_her_mind(self.person, home))

    def she_changes_her_mind_on_the_way(self, a: int, _b: int, _: bool) -> None:
        returns = self.returns()
        if returns:
            referral = returns[-1 - a % len(returns)]
            self.attempt(changes_her_mind(self.person, referral))

    def a_giver_signs_minutes(self, a: int, _b: int, _: bool) -> None:
        returns = self.returns()
        if returns:
            self.attempt(self.person.minutes(returns[-1 - a % len(returns)]))

    def a_receiver_signs_or_disputes(self, a: int, b: int, yes: bool) -> None:
        returns = self.returns()
        if not returns:
            return
        referral = returns[-1 - a % len(returns)]
        if yes:
            self.run(self.town.settle_between(referral.giver, referral.receiver))
        agrees = b > 1
        self.moves_to = set(MEMBERS) if yes else {self.holder}
        self.moves_to |= {referral.receiver} if agrees else set()
        self.attempt(self.person.countersign(referral, agrees=agrees))

    def a_node_sends(self, a: int, _b: int, _: bool) -> None:
        self.run(self.town.send(sorted(MEMBERS)[a % len(MEMBERS)]))

    def a_parcel_arrives(self, a: int, _b: int, yes: bool) -> None:
        if not self.town.parcels:
            for name in MEMBERS:
                self.run(self.town.send(name))
        if not self.town.parcels:
            return
        parcel = self.parcel(a)
        if yes:
            self.town.parcels.append(parcel)
        if parcel.answer is None:
            self.moves_to = {self.holder, parcel.recipient}
        self.run(self.town.bring(parcel))

    def a_parcel_is_lost(self, a: int, _b: int, _: bool) -> None:
        if self.town.parcels:
            self.run(self.town.lose(self.parcel(a)))

    def a_node_is_killed_and_comes_back(self, a: int, _b: int, _: bool) -> None:
        self.run(self.town.restart(sorted(MEMBERS)[a % len(MEMBERS)]))

    def everything_arrives(self, _a: int, _b: int, _: bool) -> None:
        self.moves_to = set(MEMBERS)
        self.run(self.town.settle_all())
        self.run(self.everybody_agrees())

    def returns(self) -> list[Referral]:
        return [each for each in self.person.referrals if each.kind == HOME]

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
    copy_database: Callable[[], FreshDatabase],
    cluster: Cluster,
    founded_town: Founded,
) -> Iterator[Towns]:
    # In memory, as the databases are: a guard is synced at every batch.
    guards = cluster.folder.parent / f"guards-{new_id().hex()}"
    towns = Towns(founded_town, lambda: copy_database().node, guards)
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
    # The checker of a live network sees the same: minutes may wait for their
    # signature, and a dispute for its end.
    chains, faults = towns.check()
    assert chains == people
    assert faults <= {"unconfirmed", "disputed"}
