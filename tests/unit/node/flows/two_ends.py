"""A member as far as clocks know it, and what a step does to clocks there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

from services.node.domain.functions import Function
from services.node.domain.policy import TABLES, Policy, parse_policy
from services.node.domain.tables import VIETNAM
from services.node.flows.effects import Happened
from services.node.flows.own import OwnMember
from services.node.flows.timers import step_clocks
from services.node.store.rows import CaseRow, ReferralRow

SEEDS = Path(__file__).resolve().parents[4] / "deploy" / "policy" / "vietnam-2018"
TABLES_READ = {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
POLICY = parse_policy("test", TABLES_READ)
FUNCTIONS = {
    "hotline-hanoi": frozenset({Function.HOTLINE}),
    "lao-cai": frozenset({Function.PROVINCE_SOCIAL}),
    "police": frozenset({Function.POLICE}),
    "liaison": frozenset({Function.FOREIGN_LIAISON}),
}


class Adopted:
    def __init__(self, policy: Policy) -> None:
        self.policy = policy


class Whose:
    """A member as far as clocks know it."""

    def __init__(self, name: str, policy: Policy = POLICY) -> None:
        self.name, self.adopted = name, Adopted(policy)

    def functions_of(self, member: str) -> frozenset[Function]:
        return FUNCTIONS[member]


def own_of(name: str, policy: Policy = POLICY) -> OwnMember:
    return cast("OwnMember", Whose(name, policy))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


CASE = CaseRow(
    b"c" * 16,
    "R-0000-0000",
    "hotline",
    "reception",
    "answerable",
    4,
    at("2018-03-05 09:00"),
    "",
)


def referral(
    side="giver", peer="lao-cai", priority="normal", kind="reception", state="offered"
):
    now = at("2018-03-05 09:00")
    return ReferralRow(
        referral_id=b"r" * 16,
        case_id=b"c" * 16,
        side=side,
        peer=peer,
        alias="R-0000-0000",
        referral_type=kind,
        priority=priority,
        moves_on="release",
        state=state,
        referral_no=1,
        sent_seq=1,
        received_seq=0,
        last_event=b"p" * 16,
        offer_event=b"o" * 16,
        offered_at=now,
        updated_at=now,
    )


def started(writes):
    """Deadline to when it rings, of the clocks that these writes start."""
    found = {}
    for write in writes:
        if write.query.startswith("insert_timer"):
            rings, ring_at = write.arguments[10:12]
            found[write.arguments[1]] = dict(zip(rings, ring_at, strict=True))
    return found


def met(writes):
    return {
        deadline
        for write in writes
        if write.query == "stop_timers"
        for deadline in write.arguments[1]
    }


def after(step, when, *, own="hotline-hanoi", here=True, found=False, **changes):
    what = Happened(b"e" * 16, step, at(when), at(when), here, found)
    return step_clocks(own_of(own), referral(**changes), what)
