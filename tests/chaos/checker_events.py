"""Nothing half-applied: each event has its one leaf, each leaf its one event.

And each number that orders them is there once and without a gap: ``referral_no``
in a referral, ``case_seq`` in a case, in the order in which the ledger has them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from tests.chaos.findings import Finding
from tests.chaos.reading import Member, Members, Row

_EVENT_KIND = 1


def events_and_leaves(
    members: Members, confirmed: Iterable[tuple[str, bytes]]
) -> Iterator[Finding]:
    """Check every member by itself, and that what was confirmed stands."""
    for member in members.by_name.values():
        yield from _leaves(member)
        yield from _numbers(member)
    # A withdrawal stands under its own id among the person's answers.
    stands = {
        name: {row["event_id"] for row in member.table("events")}
        | {row["consent_id"] for row in member.table("consents")}
        for name, member in members.by_name.items()
    }
    for name, event_id in confirmed:
        if event_id not in stands[name]:
            yield Finding("act.lost", name, f"{event_id.hex()} was confirmed")


def _leaves(member: Member) -> Iterator[Finding]:
    name, events = member.name, member.table("events")
    for row in events:
        if row["subject"] not in member.leaf_of:
            yield Finding("event.without_leaf", name, row["event_id"].hex())
    subjects = {row["subject"] for row in events}
    # What was known already, or refused for good, is logged and is no event.
    no_event = {
        row["digest"]
        for row in member.table("received")
        if row["outcome"] in {"duplicate", "refused"}
    }
    openings = {row["subject"] for row in member.table("openings")}
    for leaf in member.table("leaves"):
        subject = leaf["subject"]
        if leaf["leaf"][1] != _EVENT_KIND:
            continue
        if subject not in subjects and subject not in no_event:
            yield Finding("leaf.without_event", name, f"leaf {leaf['index']}")
        if subject not in openings:
            yield Finding("leaf.without_opening", name, f"leaf {leaf['index']}")
    for subject, times in Counter(row["event_id"] for row in events).items():
        if times > 1:
            yield Finding("event.doubled", name, subject.hex())


def _numbers(member: Member) -> Iterator[Finding]:
    by_referral: dict[bytes, list[Row]] = defaultdict(list)
    by_case: dict[bytes, list[Row]] = defaultdict(list)
    for row in member.table("events"):
        if row["referral_no"] is not None:
            by_referral[row["referral_id"]].append(row)
        if row["case_seq"] is not None:
            by_case[row["case_id"]].append(row)
    for referral in member.table("referrals"):
        rows = by_referral[referral["referral_id"]]
        yield from _counted(
            member, rows, "referral_no", referral["referral_no"], "referral"
        )
    for case in member.table("cases"):
        rows = by_case[case["case_id"]]
        yield from _counted(member, rows, "case_seq", case["case_seq"], "case")


def _counted(
    member: Member, rows: list[Row], number: str, last: int, what: str
) -> Iterator[Finding]:
    rows = sorted(rows, key=lambda row: int(row[number]))
    numbers = [row[number] for row in rows]
    if numbers != list(range(1, last + 1)):
        yield Finding(
            f"{what}.gap", member.name, f"{number} goes {numbers}, its row says {last}"
        )
    indexes = [
        member.leaf_of[row["subject"]]["index"]
        for row in rows
        if row["subject"] in member.leaf_of
    ]
    if indexes != sorted(indexes):
        yield Finding(
            f"{what}.swapped", member.name, f"{number} and ledger differ in order"
        )
