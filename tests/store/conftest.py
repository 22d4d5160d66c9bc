"""A real PostgreSQL: one cluster a worker, one migrated template, a copy a test.

Every test connects as the node's own role, with its password. ``made`` makes rows
with made-up values; nothing here imitates the database.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.cli.cluster import PORT, SUPERUSER, Cluster
from services.cli.databases import (
    MemberDatabase,
    create_databases,
    migrate_databases,
)
from services.node.flows.batch import write_batch
from services.node.flows.plan import Plan
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.ledger.leaf import event_leaf
from services.node.ledger.merkle import EMPTY_ROOT
from services.node.store import ledger as ledger_store
from services.node.store.events import NewEvent
from services.node.store.ledger import NewLeaf
from services.node.store.pool import Address, Database, open_database
from services.node.store.rows import (
    CaseRow,
    DataKeyRow,
    ReferralRow,
    SentEnvelopeRow,
)
from services.node.store.timers import NewTimer
from services.node.store.writes import (
    ReceivedEnvelope,
    Write,
    insert_case,
    insert_envelope_sent,
    insert_referral,
)
from tests.store.lodge import Lodge, open_lodge
from tests.store.town import Founded, Town, found_town
from tests.superuser import Superuser

ORIGIN = "vietnam/lao-cai"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class FreshDatabase:
    """One test's database, as its node and as the superuser reach it."""

    cluster: Cluster
    name: str
    node: Address
    superuser: Address

    def as_superuser(self, sql: str) -> str:
        return self.cluster.query(sql, database=self.name)

    def columns(self) -> dict[str, list[str]]:
        """The columns of every table, in order."""
        listed = self.as_superuser(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        )
        found: dict[str, list[str]] = {}
        for line in listed.splitlines():
            table, column = line.split("|")
            found.setdefault(table, []).append(column)
        return found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="relais-") as short:
        cluster = Cluster(Path(short) / "state" / "pg", Path(short) / "pg")
        cluster.start()
        yield cluster
        cluster.stop(discard=True)


@pytest.fixture(scope="session")
def founded_town(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Keys and directory of a few members, made once."""
    return found_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
async def town(
    founded_town: Founded,
    copy_database: Callable[[], FreshDatabase],
    tmp_path: Path,
) -> AsyncIterator[Town]:
    town = await Town.open(founded_town, lambda: copy_database().node, tmp_path)
    yield town
    await town.close()


@pytest.fixture
async def lodge(founded_town: Founded, fresh: FreshDatabase) -> AsyncIterator[Lodge]:
    """A member's two local sockets, over this test's own database."""
    # A socket's path may have 107 bytes; a test's folder is longer.
    with tempfile.TemporaryDirectory(prefix="lodge-") as short:
        async with open_lodge(founded_town, lambda: fresh.node, Path(short)) as lodge:
            yield lodge


@pytest.fixture
def stored(fresh: FreshDatabase) -> Callable[[], str]:
    """Every row of every table of this test's database, bytes in hexadecimal."""
    # Asked at once: a session for each table would take longer than any test.
    return lambda: fresh.as_superuser(
        "\n".join(
            f"SELECT t::text FROM {table} AS t;"  # noqa: S608 - our tables
            for table in fresh.columns()
        )
    )


@pytest.fixture(scope="session")
def members(cluster: Cluster) -> tuple[MemberDatabase, MemberDatabase]:
    """Two members' databases, made and migrated as the command makes them."""
    pair = (
        MemberDatabase("lao-cai", cluster.folder.parent / "lao-cai"),
        MemberDatabase("yen-bai", cluster.folder.parent / "yen-bai"),
    )
    create_databases(cluster, pair)
    migrate_databases(cluster, pair)
    return pair


@pytest.fixture(scope="session")
def superuser(cluster: Cluster) -> Iterator[Superuser]:
    """Makes the copies, which are more than tests."""
    superuser = Superuser(cluster)
    yield superuser
    superuser.close()


@pytest.fixture(scope="session")
def copy_database(
    cluster: Cluster,
    members: tuple[MemberDatabase, MemberDatabase],
    superuser: Superuser,
) -> Callable[[], FreshDatabase]:
    """Makes another copy of the migrated database."""
    member, _ = members
    numbers = count(1)

    def copy() -> FreshDatabase:
        name = f"copy_{next(numbers)}"
        superuser.do(
            f'CREATE DATABASE "{name}" OWNER "{member.owner}" '
            f'TEMPLATE "{member.member}"',
            f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;'
            f'GRANT CONNECT ON DATABASE "{name}" TO "{member.member}"',
        )
        sockets = str(cluster.sockets)
        password = member.node_password_file.read_text().strip()
        secret = (cluster.folder / "superuser.password").read_text().strip()
        return FreshDatabase(
            cluster,
            name,
            Address(sockets, PORT, name, member.member, password),
            Address(sockets, PORT, name, SUPERUSER, secret),
        )

    return copy


@pytest.fixture
def fresh(copy_database: Callable[[], FreshDatabase]) -> FreshDatabase:
    """A copy of its own; it goes with the cluster, which costs less than a DROP."""
    return copy_database()


@pytest.fixture
async def database(fresh: FreshDatabase) -> AsyncIterator[Database]:
    """The database as the node opens it."""
    database = await open_database(fresh.node, 5)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def signer() -> Ed25519Signer:
    return Ed25519Signer.generate()


@pytest.fixture
async def founded(database: Database, signer: Ed25519Signer) -> Database:
    """The database with an empty ledger."""
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), signer)
    async with database.transaction() as connection:
        await ledger_store.found(connection, ORIGIN, EMPTY_ROOT, note)
    return database


class Made:
    """Rows with made-up values, alike in nothing but what a test says."""

    now = NOW
    origin = ORIGIN

    def id(self) -> bytes:
        return os.urandom(16)

    def digest(self) -> bytes:
        return os.urandom(32)

    def key(self, owner: bytes, scope: str = "case") -> DataKeyRow:
        return DataKeyRow(self.id(), owner, scope, 1, b"wrapped")

    def case(self, **changes: Any) -> CaseRow:
        row = CaseRow(
            case_id=self.id(),
            pseudonym=self.id().hex(),
            door="rescued",
            phase="reception",
            answerable="answerable",
            case_seq=1,
            opened_at=NOW,
            opened_by="officer-1",
        )
        return replace(row, **changes)

    def referral(self, **changes: Any) -> ReferralRow:
        row = ReferralRow(
            referral_id=self.id(),
            case_id=None,
            side="giver",
            peer="yen-bai",
            alias=self.id().hex(),
            referral_type="reception",
            priority="normal",
            moves_on="release",
            state="offered",
            referral_no=1,
            sent_seq=1,
            received_seq=0,
            last_event=self.id(),
            offer_event=self.id(),
            offered_at=NOW,
            updated_at=NOW,
        )
        return replace(row, **changes)

    def event(self, **changes: Any) -> NewEvent:
        event_id = self.id()
        event = NewEvent(
            event_id=event_id,
            referral_id=None,
            referral_no=None,
            case_id=None,
            case_seq=None,
            author="lao-cai",
            author_seq=None,
            step="offer",
            actor="officer-1",
            actor_role="caseworker",
            actor_unit="unit-1",
            happened_at=NOW,
            recorded_at=NOW,
            policy_version="vietnam-2018",
            subject=event_id,
            data_key_id=self.id(),
            nonce=b"nonce",
            sealed=b"sealed",
        )
        return replace(event, **changes)

    def timer(
        self, referral: ReferralRow, started_by: bytes, **changes: Any
    ) -> NewTimer:
        """A clock of a referral that rings after one and two hours."""
        values: dict[str, Any] = {
            "timer_id": self.id(),
            "deadline": "answered",
            "case_id": referral.case_id,
            "referral_id": referral.referral_id,
            "priority": "normal",
            "started_by": started_by,
            "started_at": self.now,
            "due_at": self.now + timedelta(hours=1),
            "policy_version": "vn-2018.1",
            "policy_row": 2,
            "rings": ("L1:inside:100", "L2:inside:200"),
            "ring_at": tuple(self.now + timedelta(hours=each) for each in (1, 2)),
            **changes,
        }
        return NewTimer(**values)

    def leaf(self, subject: bytes | None = None) -> NewLeaf:
        raw = event_leaf(self.digest(), self.digest(), self.digest())
        subject = self.id() if subject is None else subject
        return NewLeaf(raw, subject, None, (b"n", b"public"), (b"n", b"pers"))

    def plan(self, *writes: Write, event: NewEvent | None = None) -> Plan:
        subject = None if event is None else event.subject
        return Plan(event, self.leaf(subject), writes)

    def sent(self, event: NewEvent, **changes: Any) -> SentEnvelopeRow:
        row = SentEnvelopeRow(
            digest=event.subject,
            envelope_id=self.id(),
            event_id=event.event_id,
            referral_id=event.referral_id or self.id(),
            recipient="yen-bai",
            header=b"header",
            stanza=b"stanza",
            ciphertext=b"ciphertext",
        )
        return replace(row, **changes)

    def received(self, **changes: Any) -> ReceivedEnvelope:
        row = ReceivedEnvelope(
            digest=self.digest(),
            sender="yen-bai",
            envelope_id=self.id(),
            event_id=None,
            header=b"header",
            stanza=b"stanza",
            ciphertext=b"ciphertext",
            evidence=b"evidence",
            outcome="received",
            code="",
            message="",
            received_at=NOW,
        )
        return replace(row, **changes)

    def case_plan(self, case: CaseRow, *writes: Write) -> Plan:
        """A case that begins."""
        event = self.event(
            case_id=case.case_id, case_seq=case.case_seq, step="case_opened"
        )
        return self.plan(insert_case(case), *writes, event=event)

    def offer_plan(
        self, referral: ReferralRow, due: datetime = NOW, recipient: str = "yen-bai"
    ) -> Plan:
        """An offer with its envelope in the outbox."""
        event = self.event(
            referral_id=referral.referral_id,
            referral_no=referral.referral_no,
            case_id=referral.case_id,
            author_seq=referral.sent_seq,
            subject=self.digest(),
        )
        sent = self.sent(event, recipient=recipient)
        writes = (insert_referral(referral), *insert_envelope_sent(sent, due))
        return self.plan(*writes, event=event)

    def next_plan(
        self, referral: ReferralRow, number: int, due: datetime = NOW, **changes: Any
    ) -> Plan:
        """One more step of a referral with its envelope in the outbox."""
        event = self.event(
            referral_id=referral.referral_id,
            referral_no=number,
            case_id=referral.case_id,
            author_seq=number,
            subject=self.digest(),
        )
        event = replace(event, **changes)
        sent = self.sent(event, recipient=referral.peer)
        return self.plan(*insert_envelope_sent(sent, due), event=event)


@pytest.fixture(scope="session")
def made() -> Made:
    return Made()


@pytest.fixture
def offered(founded, made, signer):
    """Writes one offer for each recipient named; their digests."""

    async def write(*recipients, due=None):
        plans = [
            made.offer_plan(
                made.referral(peer=each), due=due or made.now, recipient=each
            )
            for each in recipients
        ]
        await write_batch(founded, signer, plans)
        return [plan.event.subject for plan in plans]

    return write
