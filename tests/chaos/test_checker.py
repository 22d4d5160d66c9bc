"""The checker finds what it is there to find: each planted fault, by its name.

Each fault is planted in copies of the databases that a clean run left, by whoever
owns PostgreSQL: no right and no key of theirs keeps a fault out. Where a fault needs
a ledger that fits it, the ledger is left as it is: an honest one would not fit.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.chaos.checker import check
from tests.chaos.conftest import Run
from tests.chaos.plan import HOTLINE, LAO_CAI
from tests.chaos.reading import Members, policy_steps, read_member
from tests.fault.person import FIRST_NAME
from tests.fault.small_network import CLOCK


@dataclass
class Copies:
    """Copies of the run's databases, made when a fault is planted in one."""

    run: Run
    names: dict[str, str] = field(default_factory=dict)

    def plant(self, member: str, sql: str) -> None:
        """Run ``sql`` on a copy of the member's database, past every constraint."""
        for name, chosen in _CHOSEN.items():
            sql = sql.replace(name, chosen)
        cluster = self.run.world.network.state.cluster
        if member not in self.names:
            copy = self.names[member] = f"{member} planted"
            cluster.query(f'CREATE DATABASE "{copy}" TEMPLATE "{member}";')
        cluster.query(
            f"SET session_replication_role = replica;\n{sql}",
            database=self.names[member],
        )

    def found(self) -> set[str]:
        """The names of what the checker finds in copies and originals together."""
        network = self.run.world.network
        members = dict(self.run.members.by_name)
        for name, copy in self.names.items():
            folder = network.place(name).folder
            members[name] = asyncio.run(read_member(name, folder, copy))
        steps = policy_steps(network.declared.policy, CLOCK[:10])
        confirmed = self.run.report.told.confirmed
        return {each.fault for each in check(Members(members), steps, confirmed)}

    def remove(self) -> None:
        """Drop them."""
        for copy in self.names.values():
            self.run.world.network.state.cluster.query(f'DROP DATABASE "{copy}";')


@pytest.fixture
def copies(run: Run) -> Iterator[Copies]:
    made = Copies(run)
    yield made
    made.remove()


_CHOSEN = {
    ":a_name": f"'{FIRST_NAME}'",
    ":one_received": "(SELECT digest FROM envelope_received WHERE outcome = 'received'"
    " ORDER BY digest LIMIT 1)",
    ":one_sent": "(SELECT digest FROM envelope_sent ORDER BY digest LIMIT 1)",
}
"""The handoff that a fault is planted in."""

PLANTED = {
    "a handoff lost: nothing of it is left at its recipient": (
        {"handoff.lost", "handoff.gap"},
        LAO_CAI,
        """
        CREATE TEMP TABLE gone AS SELECT :one_received AS digest;
        DELETE FROM event WHERE subject IN (SELECT digest FROM gone);
        DELETE FROM envelope_received WHERE digest IN (SELECT digest FROM gone);
        """,
    ),
    "a handoff lost: never brought": (
        {"handoff.unsettled"},
        HOTLINE,
        "UPDATE outbox SET state = 'waiting' WHERE digest = :one_sent;",
    ),
    "a handoff doubled: one event received in two envelopes": (
        {"handoff.doubled", "handoff.from_nowhere"},
        LAO_CAI,
        """
        INSERT INTO envelope_received
        SELECT sha256(digest), sender, substr(sha256(envelope_id), 1, 16), event_id,
            header, stanza, ciphertext, evidence, outcome, code, message, received_at
        FROM envelope_received WHERE digest = :one_received;
        """,
    ),
    "a handoff doubled: one event sent in two envelopes": (
        {"handoff.doubled"},
        HOTLINE,
        """
        INSERT INTO envelope_sent
        SELECT sha256(digest), substr(sha256(envelope_id), 1, 16), event_id,
            referral_id, recipient, header, stanza, ciphertext
        FROM envelope_sent WHERE digest = :one_sent;
        """,
    ),
    "two handoffs of one referral swapped": (
        {"handoff.swapped"},
        LAO_CAI,
        """
        CREATE TEMP TABLE one AS SELECT referral_id, author FROM event
        WHERE author_seq = 2 AND author <> 'lao-cai' ORDER BY event_id LIMIT 1;
        CREATE TEMP TABLE two AS SELECT l.index, l.leaf, l.subject,
            (SELECT o.index FROM ledger_leaf AS o INNER JOIN event AS f
                ON o.subject = f.subject
            INNER JOIN one AS n
                ON f.referral_id = n.referral_id AND f.author = n.author
            WHERE f.author_seq = 3 - e.author_seq) AS other
        FROM ledger_leaf AS l INNER JOIN event AS e ON l.subject = e.subject
        INNER JOIN one AS n ON e.referral_id = n.referral_id AND e.author = n.author
        WHERE e.author_seq IN (1, 2);
        DELETE FROM ledger_leaf WHERE index IN (SELECT index FROM two);
        INSERT INTO ledger_leaf (index, leaf, subject)
        SELECT other, leaf, subject FROM two;
        """,
    ),
    "half-applied: an event without its leaf": (
        {"event.without_leaf", "ledger.gap"},
        LAO_CAI,
        "DELETE FROM ledger_leaf WHERE subject = :one_received;",
    ),
    "half-applied: a leaf without its event": (
        {"leaf.without_event", "handoff.half_applied"},
        LAO_CAI,
        "DELETE FROM event WHERE subject = :one_received;",
    ),
    "half-applied: events without the state that follows": (
        {"referral.half_applied", "referral.differs"},
        LAO_CAI,
        (
            "UPDATE referral SET state = 'offered' WHERE referral_id = (SELECT"
            " referral_id"
            " FROM referral WHERE state = 'in_service' ORDER BY referral_id LIMIT 1);"
        ),
    ),
    "half-applied: a receipt that was not kept": (
        {"receipt.missing"},
        HOTLINE,
        "DELETE FROM receipt WHERE digest = :one_sent;",
    ),
    "an act that was confirmed is gone": (
        {"act.lost"},
        HOTLINE,
        "DELETE FROM event WHERE step = 'case_opened';",
    ),
    "a receipt for another leaf": (
        {"receipt.false"},
        HOTLINE,
        (
            "UPDATE receipt SET evidence = (SELECT evidence FROM receipt WHERE"
            " digest <>"
            " :one_sent ORDER BY digest LIMIT 1) WHERE digest = :one_sent;"
        ),
    ),
    "nobody answers for one person": (
        {"answering.not_one", "answering.half_applied"},
        LAO_CAI,
        (
            "UPDATE cases SET answerable = 'handed' WHERE case_id = (SELECT"
            " case_id FROM"
            " cases WHERE answerable = 'answerable' ORDER BY case_id LIMIT 1);"
        ),
    ),
    "two answer for one person": (
        {"answering.not_one"},
        HOTLINE,
        (
            "UPDATE cases SET answerable = 'answerable' WHERE case_id = (SELECT case_id"
            " FROM cases WHERE answerable = 'handed' ORDER BY case_id LIMIT 1);"
        ),
    ),
    "who answers moved by nothing": (
        {"answering.gap"},
        LAO_CAI,
        (
            "UPDATE answerability SET since_event = sha256(since_event) WHERE"
            " from_member <> '';"
        ),
    ),
    "a leaf rewritten": (
        {"ledger.rewritten", "ledger.head"},
        HOTLINE,
        (
            "UPDATE ledger_leaf SET leaf = overlay(leaf PLACING '\\x00'::bytea FROM 50)"
            " WHERE index = 3;"
        ),
    ),
    "a ledger cut back to an older head": (
        {"ledger.shrunk", "ledger.guard"},
        HOTLINE,
        """
        CREATE TEMP TABLE kept AS SELECT max(size) AS size FROM ledger_checkpoint
        WHERE size < (SELECT size / 2 FROM ledger_head);
        DELETE FROM ledger_leaf WHERE index >= (SELECT size FROM kept);
        DELETE FROM ledger_checkpoint WHERE size > (SELECT size FROM kept);
        UPDATE ledger_head SET size = (SELECT size FROM kept);
        """,
    ),
    "a name beside what is sealed": (
        {"name.readable"},
        HOTLINE,
        "UPDATE outbox SET last_problem = :a_name;",
    ),
    "a name in unsealed bytes": (
        {"name.readable"},
        LAO_CAI,
        "UPDATE timer SET started_by = convert_to(:a_name, 'UTF8');",
    ),
    "identity told without a yes": (
        {"disclosure.without_ground"},
        HOTLINE,
        "UPDATE consent SET categories = '{}' WHERE status = 'given';",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_checker_names_a_planted_fault(copies, what):
    named, member, sql = PLANTED[what]
    copies.plant(member, sql)
    assert named <= copies.found()


def test_the_checker_finds_nothing_in_a_copy_without_a_fault(copies):
    for member in (HOTLINE, LAO_CAI):
        copies.plant(member, "SELECT 1;")
    assert copies.found() == set()


def test_the_checker_shares_no_code_with_the_nodes():
    look = (
        "import sys, tests.chaos.checker\n"
        "print([each for each in sys.modules if each.split('.')[0] == 'services'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
