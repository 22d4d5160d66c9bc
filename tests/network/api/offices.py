"""Three members with a gateway each, and programs that talk to their APIs by TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from services.cli.gateways import Gateways
from services.cli.network import Network
from services.cli.office import ADMINISTRATOR, AUDITOR, OFFICE, enter
from services.cli.staff_sign_ins import StaffSignIn, enrol_staff
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.node_client import NodeClient
from services.node.rpc.sign_in_client import SignInClient
from tests.console.aside import aside
from tests.network.api.receivers import HOST, certify
from tests.network.part_of_vietnam import part_of_vietnam

HOTLINE, PROVINCE, HOUSE = "hotline-hanoi", "lao-cai", "nha-hoa-ban"
FOUNDER = "ministry"
CLOCK = "2026-03-02T08:00:00+07:00"
STAFF = {
    HOTLINE: (OfficerRead("operator-7", "operator", "calls", active=True),),
    PROVINCE: (
        OfficerRead("officer-11", "officer", "victim-support", active=True),
        OfficerRead("officer-12", "officer", "victim-support", active=True),
        OfficerRead("officer-21", "officer", "reintegration", active=True),
        OfficerRead("lead-1", "supervisor", "victim-support", active=True),
    ),
    HOUSE: (OfficerRead("manager-1", "manager", "house", active=True),),
}
PREFIX = "/api/v1"


def key() -> str:
    """A fresh key of an act."""
    return str(uuid4())


@dataclass
class Program:
    """Whoever holds a token at one member's API."""

    client: httpx.Client
    token: str = ""
    second: Callable[[], None] = lambda: None
    """Confirms whatever waits for a second person at that member."""

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        act: str = "",
        **headers: str,
    ) -> httpx.Response:
        """One request; names of headers have underscores for dashes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if act:
            sent["Idempotency-Key"] = act
        return self.client.request(method, PREFIX + path, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        """What is there."""
        return self._good(self.ask("GET", path, **headers))

    def post(self, path: str, body: Any = None, *, act: str = "") -> Any:
        """What an act answers."""
        return self._good(self.ask("POST", path, body, act=act or key()))

    def put(self, path: str, body: Any = None) -> Any:
        """What is kept."""
        return self._good(self.ask("PUT", path, body, act=key()))

    def let_in(self, asked: dict[str, Any]) -> Any:
        """A program, confirmed by a second person."""
        made = self.post("/clients", asked)
        assert made["waits"]
        self.second()
        return made

    def refused(self, *asked: Any, **more: Any) -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = self.ask(*asked, **more)
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == answer.status_code
        assert body["type"] == f"urn:relais:error:{body['code']}"
        return answer.status_code, body["code"]

    @staticmethod
    def _good(answer: httpx.Response) -> Any:
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json() if answer.content else None


@dataclass
class Offices:
    """The network, its gateways, and the tokens of its staff."""

    network: Network
    gateways: Gateways
    staff: dict[tuple[str, str], StaffSignIn]
    clients: dict[str, httpx.Client] = field(default_factory=dict)
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def program(self, member: str, token: str = "") -> Program:
        """Somebody at a member's API, by real TLS."""
        if member not in self.clients:
            origin = urlsplit(self.gateways.config(member).origin)
            trusted = ssl.create_default_context(
                cafile=str(self.gateways.config(member).certificate)
            )
            # The name is the gateway's; no resolver of this machine has to know it.
            self.clients[member] = httpx.Client(
                base_url=f"https://127.0.0.1:{origin.port}",
                headers={"Host": origin.netloc},
                verify=trusted,
                timeout=60,
                transport=_Named(origin.hostname or "", trusted),
            )
        return Program(
            self.clients[member], token, lambda: aside(self._confirm(member))
        )

    def signed_in(self, member: str, officer: str) -> Program:
        """An officer, signed in by the API itself and once."""
        if (member, officer) not in self.tokens:
            known = self.staff[member, officer]
            # Enrolling used this half minute's code; the next counts already.
            code = known.code(datetime.now(UTC) + timedelta(seconds=30))
            said = {"officer": officer, "password": known.password, "code": code}
            found = self.program(member).post("/sessions", said)
            self.tokens[member, officer] = found["token"]
        return self.program(member, self.tokens[member, officer])

    async def _confirm(self, member: str) -> None:
        place = self.network.place(member)
        second = STAFF[member][-1].pseudonym
        async with NodeClient(place.local_socket, member) as client:
            for each in await client.list_admissions(second):
                await client.answer_admission(second, each.admission_id, confirmed=True)


class _Named(httpx.HTTPTransport):
    def __init__(self, name: str, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted)
        self._name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = self._name
        return super().handle_request(request)


@contextmanager
def open_offices() -> Iterator[Offices]:
    """The offices, running; removed at the end."""
    with part_of_vietnam((*STAFF, FOUNDER), CLOCK) as network:
        _name_receivers(network)
        gateways = Gateways(network, STAFF)
        gateways.start()
        offices = Offices(network, gateways, asyncio.run(_enrolled(network)))
        try:
            yield offices
        finally:
            for client in offices.clients.values():
                client.close()
            gateways.stop()


def _name_receivers(network: Network) -> None:
    """Events of the province may go to this machine, but by its number only."""
    place = network.place(PROVINCE)
    certificate = certify(place.folder)
    with place.config.open("a", encoding="utf-8") as config:
        config.write(
            f'\n[webhooks]\nprivate_hosts = ["{HOST}"]\nauthorities = "{certificate}"\n'
        )
    network.kill(PROVINCE)
    network.restart(PROVINCE)


async def _enrolled(network: Network) -> dict[tuple[str, str], StaffSignIn]:
    found: dict[tuple[str, str], StaffSignIn] = {}
    for member, officers in STAFF.items():
        place = network.place(member)
        async with SignInClient(place.local_socket, member) as client:
            await enter(client, (*OFFICE, *officers))
        names = [each.pseudonym for each in officers]
        names += [ADMINISTRATOR, AUDITOR] if member == PROVINCE else []
        made = await enrol_staff(place, names, lambda: datetime.now(UTC))
        found |= {(member, name): made[name] for name in names}
    return found
