"""No state that does not follow: each referral is what its steps make of it.

The steps of a referral, folded in the order of ``referral_no`` over the policy's own
table, lead to the state that its row has; and both ends have the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.findings import Finding
from tests.chaos.reading import Member, Members, Row, StepRow

_STANDS = frozenset({"expiry", "recall", "revocation", "void", "withdrawal"})
"""What the giver ended stays ended at the giver, though the receiver refused it."""


def folding(members: Members, steps: list[StepRow]) -> Iterator[Finding]:
    """Check every referral at both ends."""
    by_step: dict[str, list[StepRow]] = defaultdict(list)
    for row in sorted(steps, key=lambda row: row.arrival_only):
        by_step[row.step].append(row)
    ends: dict[bytes, dict[str, Row]] = defaultdict(dict)
    for member in members.by_name.values():
        yield from _folded(member, by_step)
        for referral in member.table("referrals"):
            ends[referral["referral_id"]][member.name] = referral
    for referral_id, rows in ends.items():
        yield from _both(referral_id, rows, members)


def _both(
    referral_id: bytes, rows: dict[str, Row], members: Members
) -> Iterator[Finding]:
    states = {name: row["state"] for name, row in rows.items()}
    told = f"{referral_id.hex()}: {states}"
    if len(set(states.values())) > 1:
        yield Finding("referral.differs", "", told)
    if len(rows) == 1:
        ((name, row),) = rows.items()
        # An offer that the receiver refused for good is a referral at one end only.
        refused = any(
            each["state"] == "refused"
            for each in members.by_name[name].table("sent")
            if each["referral_id"] == referral_id
        )
        if row["side"] == "receiver" or not refused:
            yield Finding("referral.at_one_end", name, told)


def _folded(member: Member, by_step: dict[str, list[StepRow]]) -> Iterator[Finding]:
    refused = {
        row["event_id"] for row in member.table("sent") if row["state"] == "refused"
    }
    taken: dict[bytes, list[Row]] = defaultdict(list)
    for event in member.table("events"):
        if event["author_seq"] is not None:
            taken[event["referral_id"]].append(event)
    for referral in member.table("referrals"):
        events = sorted(
            taken[referral["referral_id"]], key=lambda row: int(row["referral_no"])
        )
        state, told = "none", []
        for event in events:
            told.append(f"{event['author']}: {event['step']}")
            gives = referral["side"] == "giver"
            if event["event_id"] in refused and not (
                gives and event["step"] in _STANDS
            ):
                continue
            state = _next(member, referral, event, state, by_step, bool(refused))
        if state != referral["state"]:
            yield Finding(
                "referral.half_applied",
                member.name,
                f"{referral['referral_id'].hex()} is {referral['state']}, its steps "
                f"({', '.join(told)}) lead to {state or 'nowhere'}",
            )


def _next(
    member: Member,
    referral: Row,
    event: Row,
    state: str,
    by_step: dict[str, list[StepRow]],
    has_refusals: bool,
) -> str:
    """The state after an event; empty if it is not lawful there."""
    own = event["author"] == member.name
    side = referral["side"] if own else _other(referral["side"])
    for row in by_step[event["step"]]:
        if (
            row.author == side
            and referral["referral_type"] in row.types
            and state in row.from_states
            and not (row.arrival_only and own and not has_refusals)
        ):
            return state if row.to_state == "=" else row.to_state
    return ""


def _other(side: str) -> str:
    return "receiver" if side == "giver" else "giver"
