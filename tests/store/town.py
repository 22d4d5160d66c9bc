"""Four members in one process: real flows, databases and keys; no network.

What goes between members is a parcel in a list that the test holds: it brings one,
brings it twice, keeps it back or drops it, and the same with the answers. A member
can be stopped between any two statements of its own and begins again from its
database, as a killed node does. Each member's case clock is some minutes off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.cli.network_init import read_policy
from services.node.config.network import load_network
from services.node.directory.fingerprint import short_words
from services.node.directory.genesis import Candidate, DirectorySigners, found
from services.node.directory.load import load_directory
from services.node.domain.errors import RelaisError
from services.node.domain.policy import Policy, parse_policy
from services.node.flows.answer import AnswerAcceptance
from services.node.flows.begin import begin
from services.node.flows.deliver import Load, load_for, put_back, settle
from services.node.flows.exchange import (
    NO_HEAD,
    Delivery,
    DeliveryAnswer,
    KnownHead,
)
from services.node.flows.growth import BehindPeerError, known_head, own_growth
from services.node.flows.guard import Guard
from services.node.flows.moment import Moment
from services.node.flows.own import Adopted, OwnMember
from services.node.flows.plan import Act, Logged
from services.node.flows.published import Published
from services.node.flows.receive import receive_batch
from services.node.flows.refused import TakeBack
from services.node.flows.vault import Vault
from services.node.keys.files import create_member_keys, load_member_keys
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer
from services.node.ledger.merkle import leaf_hash
from services.node.loops.writer import Writer
from services.node.store import exchange as exchange_store
from services.node.store import ledger as ledger_store
from services.node.store import referrals as referral_store
from services.node.store.pool import Address, open_database
from services.node.wire.entries import (
    Description,
    DirectoryFile,
    LocalName,
    decode_directory_file,
)

NETWORK = "town.invalid"
SHOWN = Path(__file__).parents[2] / "deploy" / "network" / "vietnam"
MEMBERS = {
    "lao-cai": ("province", "PROVINCE_SOCIAL", 0),
    "son-la": ("province", "PROVINCE_SOCIAL", 7),
    "liaison-yunnan": ("liaison", "FOREIGN_LIAISON", -5),
    "nha-hoa-ban": ("shelter", "VICTIM_SUPPORT_EST", 3),
}
"""Kind, function, and by how many minutes the case clock is off."""
BEGIN = datetime(2018, 3, 5, 1, 0, tzinfo=UTC)
_MEGABYTE = 1_000_000
_ROUNDS = 60


@dataclass(frozen=True)
class Founded:
    """What all towns of a session share: key folders, directory, policy."""

    keys: Path
    file: DirectoryFile
    adopted: Adopted

    @property
    def policy(self) -> Policy:
        return self.adopted.policy


def found_town(folder: Path) -> Founded:
    """Keys of every member, and the directory that they found together."""
    now = datetime.now(UTC)
    for name in MEMBERS:
        create_member_keys(folder / name, name, now)
    candidates = [
        Candidate(name, _description(name, kind, function), folder / name)
        for name, (kind, function, _) in MEMBERS.items()
    ]
    policy = read_policy(load_network(SHOWN))
    signers = DirectorySigners(Ed25519Signer.generate(), MlDsa44Signer.generate())
    raw = found(NETWORK, candidates[:3], candidates[3:], policy, signers, now)
    file = decode_directory_file(raw)
    directory = load_directory(raw, NETWORK, short_words(leaf_hash(file.leaves[0])))
    assert directory.policy is not None
    rules = parse_policy(directory.policy.version, directory.policy.tables)
    return Founded(folder, file, Adopted(directory, rules))


def _description(name: str, kind: str, function: str) -> Description:
    country = "CN" if kind == "liaison" else "VN"
    return Description(kind, (function,), country, "", (LocalName("en", name),), "")


@dataclass
class Parcel:
    """Under way: a batch to ``recipient``, or the answer to it."""

    sender: str
    recipient: str
    load: Load
    life: int
    """Which life of the sender sent it: a killed one hears no answer."""
    answer: DeliveryAnswer | None = None


@dataclass
class Member:
    """One member's node without its listeners and loops."""

    own: OwnMember
    guard: Guard
    file: DirectoryFile
    skew: timedelta
    life: int = 0
    published: Published = field(init=False)
    writer: Writer = field(init=False)
    _running: asyncio.Task[None] | None = None
    seen: dict[str, KnownHead] = field(default_factory=dict)

    async def start(self, wire: datetime) -> None:
        """Begin from the database, as ``build`` does, with the relay's first act."""
        await self.stop()
        self.life += 1
        self.seen.clear()
        self.published = Published()
        head = await begin(self.own, self.guard, self.file.leaves, self.file.checkpoint)
        async with self.own.database.connection() as connection:
            identity = await ledger_store.system_identity(connection)
            await exchange_store.free_leases(connection, wire)
        self.writer = Writer(self.own, self.guard, self.published, identity)
        self.guard.write(self.writer.guard_state(head))
        self.published.advance(head)
        self._running = asyncio.create_task(self.writer.run())

    async def stop(self) -> None:
        """Nothing in memory outlives this."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None


class Town:
    """The members; ``parcels`` is the network between them."""

    def __init__(self, founded: Founded, members: dict[str, Member]) -> None:
        self.founded, self.members = founded, members
        self.parcels: list[Parcel] = []
        self.wire, self.case = datetime.now(UTC), BEGIN

    @classmethod
    async def open(
        cls, founded: Founded, address_of: Callable[[], Address], guards: Path
    ) -> Town:
        """Every member with an empty database of its own."""
        members = {}
        for name, (kind, _, skew) in MEMBERS.items():
            keys = load_member_keys(founded.keys / name)
            own = OwnMember(
                name=name,
                network=NETWORK,
                kind=kind,
                keys=keys,
                vault=Vault(keys.at_rest),
                database=await open_database(address_of(), 4),
                adopted=founded.adopted,
                envelope_limit=_MEGABYTE,
                # One envelope a batch: each goes and gets lost by itself.
                batch=1,
            )
            paths = (guards / name / "a", guards / name / "b")
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
            members[name] = Member(
                own, Guard(paths), founded.file, timedelta(minutes=skew)
            )
        town = cls(founded, members)
        for member in members.values():
            await member.start(town.wire)
        return town

    async def close(self) -> None:
        for member in self.members.values():
            await member.stop()
            await member.own.database.close()

    def moment(self, name: str) -> Moment:
        return Moment(self.wire, self.case + self.members[name].skew)

    def pass_time(self, case: timedelta, wire: timedelta = timedelta()) -> None:
        self.case += case
        self.wire += wire

    async def act(self, name: str, act: Act) -> Logged:
        """An act of one member; raises what it is refused with."""
        return await self.members[name].writer.submit(act)

    async def answer(self, name: str) -> int:
        """What the loop ``answers`` does once; how many waited."""
        own, moment = self.members[name].own, self.moment(name)
        async with own.database.connection() as connection:
            accepted = await referral_store.referrals_to_answer(connection, 99)
            refused = await exchange_store.refusals_to_apply(connection, 99)
        acts: list[Act] = [AnswerAcceptance(own, each, moment) for each in accepted]
        acts += [TakeBack(own, each, moment) for each in refused]
        await asyncio.gather(*(self.act(name, each) for each in acts))
        return len(acts)

    # The network ----------------------------------------------------------

    async def send(self, name: str) -> int:
        """Everything that is due goes on its way, an envelope a parcel."""
        member, sent = self.members[name], 0
        async with member.own.database.connection() as connection:
            due = await exchange_store.recipients_due(connection, self.wire)
        for recipient in due:
            while True:
                seen = await self._seen(name, recipient)
                head = member.published.head
                load = await load_for(member.own, head, recipient, seen, self.wire)
                if not load.leased:
                    break
                self.parcels.append(Parcel(name, recipient, load, member.life))
                sent += 1
        return sent

    async def _seen(self, name: str, recipient: str) -> KnownHead:
        member = self.members[name]
        if recipient not in member.seen:
            own = member.own
            async with own.database.connection() as connection:
                hello = Delivery(
                    await known_head(connection, recipient),
                    await own_growth(own, connection, member.published.head, NO_HEAD),
                    (),
                )
            answer = await self._receive(name, recipient, hello)
            member.seen[recipient] = answer.your_head
        return member.seen[recipient]

    async def _receive(
        self, sender: str, recipient: str, delivery: Delivery
    ) -> DeliveryAnswer:
        member = self.members[recipient]
        return await receive_batch(
            member.own,
            member.published,
            sender,
            delivery,
            member.writer.submit,
            self.moment(recipient),
        )

    async def bring(self, parcel: Parcel) -> None:
        """The parcel arrives; what the other end says to it is under way then."""
        try:
            await self._bring(parcel)
        except BehindPeerError:
            raise
        except RelaisError:
            # As the relay does: it tries again.
            await self.lose(parcel)

    async def _bring(self, parcel: Parcel) -> None:
        if parcel.answer is None:
            delivery = parcel.load.delivery
            answer = await self._receive(parcel.sender, parcel.recipient, delivery)
            self.parcels.append(replace(parcel, answer=answer))
            return
        member = self.members[parcel.sender]
        if parcel.life != member.life:
            return
        moment = self.moment(parcel.sender)
        settled = await settle(member.own, parcel.load, parcel.answer, moment)
        member.seen[parcel.recipient] = settled.seen

    async def lose(self, parcel: Parcel) -> None:
        """Nothing came back; the sender tries again."""
        member = self.members[parcel.sender]
        if parcel.life == member.life:
            member.seen.pop(parcel.recipient, None)
            await put_back(member.own, parcel.load, "peer.unreachable", self.wire)

    async def restart(self, name: str) -> None:
        """The node is killed and comes back; what it sent is still under way."""
        await self.members[name].start(self.wire)

    async def settle_between(self, *pair: str) -> None:
        """Until nothing is under way between these two; others wait."""
        for _ in range(_ROUNDS):
            for name in pair:
                await self.send(name)
            ours = [
                each
                for each in self.parcels
                if {each.sender, each.recipient} == set(pair)
            ]
            waiting = await self._waiting()
            if not ours and not any(
                step[2] in pair for name in pair for step in waiting.get(name, ())
            ):
                return
            for each in ours:
                self.parcels.remove(each)
                await self.bring(each)
            self.pass_time(timedelta(0), timedelta(seconds=2))
        raise AssertionError(f"not settled: {await self._waiting()}")

    async def settle_all(self, *, patient: bool = True) -> None:
        """Until nothing is under way, nothing waits and nothing is unanswered.

        If not ``patient``, what a lease or a pause holds back stays where it is.
        """
        for _ in range(_ROUNDS):
            moved = 0
            while self.parcels:
                moved += 1
                await self.bring(self.parcels.pop(0))
            for name in self.members:
                moved += await self.answer(name) + await self.send(name)
            if not moved and not (patient and await self._waiting()):
                return
            self.pass_time(timedelta(0), timedelta(seconds=2))
        raise AssertionError(f"not settled: {await self._waiting()}")

    async def _waiting(self) -> dict[str, list[tuple[str, str, str]]]:
        found = {}
        for name in self.members:
            rows = await self.rows(
                name,
                "SELECT e.step, coalesce(o.last_problem, '') AS problem, o.recipient "
                "FROM outbox AS o INNER JOIN envelope_sent AS s USING (digest) "
                "INNER JOIN event AS e ON s.event_id = e.event_id "
                "WHERE o.state = 'waiting'",
            )
            if rows:
                found[name] = [
                    (row["step"], row["problem"], row["recipient"]) for row in rows
                ]
        return found

    async def rows(self, name: str, sql: str, *arguments: Any) -> list[Any]:
        """What stands in one member's database."""
        async with self.members[name].own.database.connection() as connection:
            return list(await connection.fetch(sql, *arguments))
