"""A case is known under another alias to every member, and none tells a province.

The real engine, from a hotline's first call on: what a member stores, and what it
can open, holds nothing of where the case came from but the name of its own peer.
"""

from __future__ import annotations

import pytest

from services.node.domain.bodies import Acceptance
from services.node.domain.identifiers import parse_alias
from services.node.flows.said import said_in
from tests.store.person import Person
from tests.store.town import Town

FIRST, SECOND, THIRD = "lao-cai", "son-la", "nha-hoa-ban"
ALIASES = "SELECT alias FROM referral WHERE peer = $1 ORDER BY offered_at"
OWN = "SELECT pseudonym FROM cases"


@pytest.fixture
async def person(town: Town) -> Person:
    person = Person(town)
    await person.open(FIRST)
    return person


async def texts(town: Town, member: str, sql: str, *arguments: object) -> list[str]:
    return [row[0] for row in await town.rows(member, sql, *arguments)]


async def handed_on(person: Person, giver: str, receiver: str) -> None:
    """A reception that the receiver takes over."""
    await person.offer(giver, receiver, "reception", sealed=True)
    await person.town.settle_all()
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await person.town.settle_all()


async def stored(town: Town, member: str) -> bytes:
    """Every row of every table but the directory, which lists everybody."""
    tables = await texts(
        town,
        member,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_name NOT IN ('directory_leaf', 'migration') ORDER BY 1",
    )
    found = b""
    for table in tables:
        rows = await town.rows(member, f'SELECT * FROM "{table}"')  # noqa: S608 - listed just before
        for row in rows:
            for cell in row.values():
                found += cell if isinstance(cell, bytes) else str(cell).encode()
                found += b"\n"
    return found


async def test_two_offers_to_one_member_share_the_alias_and_to_another_never(
    person: Person,
) -> None:
    for receiver in (SECOND, THIRD, SECOND):
        await person.offer(FIRST, receiver, "reception", sealed=False)
    town = person.town
    await town.settle_all()
    second = await texts(town, FIRST, ALIASES, SECOND)
    third = await texts(town, FIRST, ALIASES, THIRD)
    assert second == await texts(town, SECOND, ALIASES, FIRST)
    assert (len(second), len(set(second)), len(third)) == (2, 1, 1)
    names = [second[0], third[0], *await texts(town, FIRST, OWN)]
    assert len(set(names)) == 3
    assert [parse_alias(each) for each in names] == names


async def test_another_case_at_the_same_two_members_has_another_alias(
    person: Person,
) -> None:
    other = Person(person.town)
    await other.open(FIRST)
    for each in (person, other):
        await each.offer(FIRST, SECOND, "reception", sealed=False)
    aliases = await texts(person.town, FIRST, ALIASES, SECOND)
    assert len(set(aliases)) == 2


async def test_on_the_way_back_the_alias_is_the_one_that_both_know(
    person: Person,
) -> None:
    await handed_on(person, FIRST, SECOND)
    await handed_on(person, SECOND, FIRST)
    aliases = await texts(person.town, FIRST, ALIASES, SECOND)
    assert (len(aliases), len(set(aliases))) == (2, 1)


async def test_who_is_third_learns_neither_the_first_member_nor_its_names(
    person: Person,
) -> None:
    town = person.town
    await handed_on(person, FIRST, SECOND)
    await handed_on(person, SECOND, THIRD)
    kept = await stored(town, THIRD)
    own = town.members[THIRD].own
    async with own.database.connection() as connection:
        said = await said_in(own, connection, person.referrals[-1].referral_id)
    kept += repr(said).encode()
    assert SECOND.encode() in kept
    assert FIRST.encode() not in kept
    names = [
        *await texts(town, FIRST, OWN),
        *await texts(town, SECOND, OWN),
        *await texts(town, FIRST, ALIASES, SECOND),
    ]
    assert [each for each in names if each.encode() in kept] == []
