"""A small network with a console before every node, and staff who sign in there.

Everybody has a one-time code of each half minute, and a code works once. So each
officer signs in once, over the node's own socket, and browsers are handed the
cookie; that the page of the sign-in does the same is shown by a test of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.cli.gateways import Gateways
from services.cli.network import Network
from services.cli.office import ADMINISTRATOR, AUDITOR, OFFICE, enter
from services.cli.staff_sign_ins import StaffSignIn, enrol_staff
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_client import SignInClient
from tests.console.aside import aside
from tests.network.part_of_vietnam import part_of_vietnam

HOTLINE, PROVINCE, HOUSE = "hotline-hanoi", "lao-cai", "nha-hoa-ban"
LIAISON, GUARD = "liaison-yunnan", "border-guard-lao-cai"
THIRD_FOUNDER = "ministry"
"""A network is founded by three; this one has no console here."""
CLOCK = "2026-03-02T08:00:00+07:00"
_NEXT_CODE = timedelta(seconds=30)


def _works(pseudonym: str, role: str, unit: str) -> OfficerRead:
    return OfficerRead(pseudonym, role, unit, active=True)


STAFF = {
    HOTLINE: (_works("operator-7", "operator", "calls"),),
    PROVINCE: (
        _works("officer-11", "officer", "victim-support"),
        _works("officer-14", "officer", "victim-support"),
        _works("officer-21", "officer", "reintegration"),
        # For what ends a session or changes how one is spoken to.
        _works("officer-31", "officer", "victim-support"),
        _works("officer-32", "officer", "victim-support"),
        _works("officer-33", "officer", "victim-support"),
        # Signs in with passkeys.
        _works("officer-34", "officer", "victim-support"),
        # Is idle for so long that the session locks.
        _works("officer-35", "officer", "victim-support"),
        # Nothing is ever assigned to this unit.
        _works("officer-41", "officer", "new-unit"),
    ),
    HOUSE: (
        _works("manager-1", "manager", "house"),
        _works("manager-2", "manager", "house"),
        # Signs in once, on a page.
        _works("manager-3", "manager", "house"),
    ),
    LIAISON: (
        _works("liaison-5", "liaison", "returns"),
        _works("liaison-6", "liaison", "returns"),
    ),
    GUARD: (
        _works("guard-9", "agency_officer", "gate"),
        # Sees an exchange in which nothing is open.
        _works("supervisor-8", "supervisor", "gate"),
    ),
}


@dataclass(frozen=True)
class Consoles:
    """The network, its gateways, and the sign-ins of its staff."""

    network: Network
    gateways: Gateways
    staff: dict[tuple[str, str], StaffSignIn]
    tokens: dict[tuple[str, str], str]

    def origin(self, member: str) -> str:
        """``https://host:port`` of a member's console."""
        return self.gateways.config(member).origin

    def token(self, member: str, officer: str) -> str:
        """The session token of an officer, who signs in at the first question."""
        return aside(self.signed_in(member, officer))

    async def signed_in(self, member: str, officer: str) -> str:
        """As ``token``, for who waits for it in a loop."""
        key = (member, officer)
        if key not in self.tokens:
            self.tokens[key] = await self._sign_in(member, self.staff[key])
        return self.tokens[key]

    async def _sign_in(self, member: str, known: StaffSignIn) -> str:
        socket = self.network.config(member).local.gateway_socket
        async with SignInClient(socket, member) as client:
            found = await client.sign_in(
                known.officer, known.password, known.code(code_time())
            )
        return found.token


def code_time() -> datetime:
    """When the next code is shown: it counts already, and enrolling used the last."""
    return datetime.now(UTC) + _NEXT_CODE


@contextmanager
def open_consoles() -> Iterator[Consoles]:
    """The consoles of five members, running; removed at the end.

    Raises:
        ConfigError: style and scripts were never built.
    """
    with part_of_vietnam((*STAFF, THIRD_FOUNDER), CLOCK) as network:
        gateways = Gateways(network, STAFF)
        gateways.start()
        try:
            staff = aside(_enrolled(network))
            yield Consoles(network, gateways, staff, {})
        finally:
            gateways.stop()


async def _enrolled(network: Network) -> dict[tuple[str, str], StaffSignIn]:
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731

    async def at(member: str) -> list[tuple[tuple[str, str], StaffSignIn]]:
        place = network.place(member)
        async with SignInClient(place.local_socket, member) as client:
            await enter(client, (*OFFICE, *STAFF[member]))
        officers = [each.pseudonym for each in STAFF[member]]
        if member in {PROVINCE, GUARD, HOUSE}:
            officers += [ADMINISTRATOR, AUDITOR]
        made = await enrol_staff(place, officers, now)
        return [((member, name), each) for name, each in made.items()]

    found = await asyncio.gather(*map(at, STAFF))
    return dict(pair for pairs in found for pair in pairs)
