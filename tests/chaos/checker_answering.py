"""Exactly one answers for each person, and nothing is told without a ground.

A person is the cases that transfers and returns lead through. The periods of all
their members form one chain: each begins with the very event by which the one before
it ended, so that on the merged ledgers exactly one answers at every moment (I1), and
the receiver's begins with its own leaf, never on send (I2).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos.findings import Finding
from tests.chaos.reading import Member, Members, Row

_Case = tuple[str, bytes]
_Told = dict[tuple[str, bytes], set[str]]
"""Categories told, by member and referral."""
_MOVING = {"release": "release", "minutes": "countersignature"}
_WAITING = frozenset({"offered", "opened", "asked", "accepted"})


def answering(members: Members) -> Iterator[Finding]:
    """Check every person, every move, and every disclosure."""
    for person in _persons(members).values():
        yield from _chain(members, person)
    yield from _moves(members)
    told: _Told = defaultdict(set)
    for name, member in members.by_name.items():
        for row in member.table("disclosures"):
            told[name, row["referral_id"]].add(row["category"])
        yield from _disclosed(member)
    for member in members.by_name.values():
        yield from _held(members, member, told)


def _persons(members: Members) -> dict[_Case, set[_Case]]:
    """Cases that belong together, by one of them."""
    ends: dict[bytes, list[_Case]] = defaultdict(list)
    parent: dict[_Case, _Case] = {}
    for name, member in members.by_name.items():
        for row in member.table("cases"):
            parent[name, row["case_id"]] = (name, row["case_id"])
        for row in member.table("referrals"):
            if row["moves_on"] != "never" and row["case_id"] is not None:
                ends[row["referral_id"]].append((name, row["case_id"]))

    def top(case: _Case) -> _Case:
        while parent[case] != case:
            case = parent[case]
        return case

    for cases in ends.values():
        for case in cases[1:]:
            parent[top(case)] = top(cases[0])
    persons: dict[_Case, set[_Case]] = defaultdict(set)
    for case in parent:
        persons[top(case)].add(case)
    return persons


def _chain(members: Members, person: set[_Case]) -> Iterator[Finding]:
    told = ", ".join(f"{name} {case.hex()[:8]}" for name, case in sorted(person))
    states: dict[_Case, str] = {}
    periods: list[tuple[str, Row]] = []
    for name, member in members.by_name.items():
        cases = {case for at, case in person if at == name}
        for row in member.table("cases") if cases else ():
            if row["case_id"] in cases:
                states[name, row["case_id"]] = row["answerable"]
        periods += [
            (name, row)
            for row in (member.table("periods") if cases else ())
            if row["case_id"] in cases
        ]
    answer = {at for at, state in states.items() if state in {"answerable", "closed"}}
    if "handed_unconfirmed" in states.values():
        yield Finding("answering.unconfirmed", "", told)
    if not periods and not answer:
        # Only a task was asked for: nobody handed this person over here.
        return
    if len(answer) != 1:
        yield Finding(
            "answering.not_one", "", f"{len(answer)} answer for one person: {told}"
        )
    open_at = {(name, row["case_id"]) for name, row in periods if _is_open(row)}
    if open_at != answer:
        yield Finding("answering.half_applied", "", f"periods and cases differ: {told}")
    yield from _joined(periods, told)


def _is_open(row: Row) -> bool:
    return row["until_event"] is None


def _joined(periods: list[tuple[str, Row]], told: str) -> Iterator[Finding]:
    """Each period but the first begins where exactly one other ended."""
    begun = Counter(
        (name, row["since_event"], row["from_member"])
        for name, row in periods
        if row["from_member"]
    )
    ended = Counter(
        (row["to_member"], row["until_event"], name)
        for name, row in periods
        if row["to_member"]
    )
    firsts = sum(not row["from_member"] for _, row in periods)
    if firsts != 1:
        yield Finding("answering.begins", "", f"{firsts} first periods: {told}")
    if begun != ended:
        yield Finding("answering.gap", "", f"a period begins where none ended: {told}")


def _moves(members: Members) -> Iterator[Finding]:
    """Each release or countersignature that counts moved it, at both ends."""
    since = {
        (name, row["since_event"])
        for name, member in members.by_name.items()
        for row in member.table("periods")
    }
    until = {
        (name, row["until_event"])
        for name, member in members.by_name.items()
        for row in member.table("periods")
    }
    for name, member in members.by_name.items():
        moving = {
            row["referral_id"]: (row["side"], _MOVING.get(row["moves_on"]))
            for row in member.table("referrals")
        }
        refused = {
            row["event_id"] for row in member.table("sent") if row["state"] == "refused"
        }
        for event in member.table("events"):
            side, step = moving.get(event["referral_id"], ("", None))
            if event["step"] != step or event["event_id"] in refused:
                continue
            known = since if side == "receiver" else until
            if (name, event["event_id"]) not in known:
                yield Finding("answering.not_moved", name, event["event_id"].hex())


def _disclosed(member: Member) -> Iterator[Finding]:
    """I6: each category told to somebody rests on a yes of the person, or on law."""
    consents = {
        (row["case_id"], row["consent_id"]): row
        for row in member.table("consents")
        if row["status"] == "given"
    }
    states = {r["referral_id"]: r["state"] for r in member.table("referrals")}
    for row in member.table("disclosures"):
        yes = consents.get((row["case_id"], row["basis_id"]))
        if row["basis_kind"] == "consent" and (
            yes is None
            or row["category"] not in yes["categories"]
            or (yes["recipient"], yes["purpose"]) != (row["recipient"], row["purpose"])
        ):
            what = f"{row['category']} in {row['referral_id'].hex()}"
            yield Finding("disclosure.without_ground", member.name, what)
    for row in member.table("part_keys"):
        if states.get(row["referral_id"]) not in _WAITING:
            yield Finding("part_key.left", member.name, row["referral_id"].hex())


def _held(members: Members, member: Member, told: _Told) -> Iterator[Finding]:
    """What a member holds from another, that other told it."""
    sources: dict[tuple[bytes, str], set[str]] = defaultdict(set)
    for row in member.table("referrals"):
        sources[row["case_id"], row["peer"]] |= told[row["peer"], row["referral_id"]]
    for row in member.table("records"):
        case, source = row["case_id"], row["source"]
        if source not in members.by_name or source == member.name:
            continue
        if row["category"] not in sources[case, source]:
            what = f"{row['category']} from {source}"
            yield Finding("record.from_nowhere", member.name, what)
