"""Programs that prove themselves by a client certificate, by real TLS."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from services.cli.gateways import GatewayPlace
from services.cli.office import ADMINISTRATOR
from services.cli.ports import HOST, choose_free, let_go
from services.node.domain.errors import NotPermittedError
from services.node.rpc.desk_client import DeskClient
from tests.network.api.authority import Authority
from tests.network.api.offices import PREFIX, PROVINCE, Program, key
from tests.network.api.test_api import new_case

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def administrator(offices):
    return offices.signed_in(PROVINCE, ADMINISTRATOR)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "own")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "other")


@pytest.fixture(scope="module")
def port(offices, authority, tmp_path_factory):
    """A second gateway of the province, with a listener for programs."""
    config = offices.gateways.config(PROVINCE)
    chosen = choose_free(("console", "programs"))
    usual = GatewayPlace(offices.network.place(PROVINCE)).config.read_text("utf-8")
    other = usual.replace(f"port = {config.port}\n", f"port = {chosen['console']}\n")
    assert other != usual
    file = tmp_path_factory.mktemp("gateway") / "gateway.toml"
    file.write_text(
        f"{other}\n[programs]\nport = {chosen['programs']}\n"
        f'authorities = "{authority.file}"\n'
    )
    let_go(chosen.values())
    told, tells = os.pipe()
    command = [sys.executable, "-m", "gateway", "--config", str(file)]
    process = subprocess.Popen([*command, "--ready-fd", str(tells)], pass_fds=[tells])
    os.close(tells)
    try:
        assert os.read(told, 6) == b"ready\n"
        yield chosen["programs"]
    finally:
        os.close(told)
        process.terminate()
        process.wait(10)


class Named(httpx.HTTPTransport):
    """No resolver of this machine has to know the gateway's name."""

    def __init__(self, name, context):
        super().__init__(verify=context)
        self._name = name

    def handle_request(self, request):
        request.extensions["sni_hostname"] = self._name
        return super().handle_request(request)


@pytest.fixture
def calling(offices, port):
    """A program that calls with a certificate, or without."""
    config = offices.gateways.config(PROVINCE)
    name = urlsplit(config.origin).hostname
    opened = []

    def call(held=None, token=""):
        context = ssl.create_default_context(cafile=str(config.certificate))
        if held is not None:
            context.load_cert_chain(held.file)
        client = httpx.Client(
            base_url=f"https://{HOST}:{port}",
            headers={"Host": name},
            transport=Named(name, context),
            timeout=60,
        )
        opened.append(client)
        return Program(client, token)

    yield call
    for client in opened:
        client.close()


def register(administrator, held, *scopes):
    asked = {
        "name": "register",
        "officer": "officer-11",
        "scopes": list(scopes),
        "expires_at": (datetime.now(UTC) + 30 * DAY).isoformat(),
        "spki_sha256": held.spki,
    }
    return administrator.let_in(asked)


def shut_out(program):
    """The handshake itself ends it; there is no answer."""
    with pytest.raises(httpx.TransportError):
        program.ask("GET", "/cases")
    return True


def test_a_certificate_opens_what_its_program_may_and_no_more(
    offices, administrator, authority, calling
):
    new_case(offices.signed_in(PROVINCE, "officer-11"))
    held = authority.issue("register")
    made = register(administrator, held, "read_cases")
    assert made["key"] == ""
    program = calling(held)
    assert program.get("/cases")["items"]
    me = program.get("/session")
    assert (me["officer"], me["scopes"]) == ("officer-11", ["read_cases"])
    opening = program.refused("POST", "/cases", {"door": "rescued"}, act=key())
    assert opening == (403, "client.scope_missing")
    listed = administrator.get("/clients?limit=200")["items"]
    (shown,) = (each for each in listed if each["client_id"] == made["client_id"])
    assert (shown["spki_sha256"], bool(shown["used_on"])) == (held.spki, True)


def test_a_renewed_certificate_of_the_same_key_is_the_same_program(
    administrator, authority, calling
):
    held = authority.issue("renewed")
    register(administrator, held, "read_cases")
    assert calling(held).ask("GET", "/cases").status_code == 200
    renewed = authority.issue("renewed-again", life=2 * DAY, key=held.key)
    assert calling(renewed).ask("GET", "/cases").status_code == 200


def test_a_certificate_that_no_program_has_opens_nothing(authority, calling):
    unknown = calling(authority.issue("unknown"))
    assert unknown.refused("GET", "/cases") == (401, "client.ended")


def test_one_that_was_taken_back_opens_nothing_from_then_on(
    administrator, authority, calling
):
    held = authority.issue("taken-back")
    made = register(administrator, held, "read_cases")
    program = calling(held)
    assert program.ask("GET", "/cases").status_code == 200
    gone = administrator.ask("DELETE", f"/clients/{made['client_id']}")
    assert gone.status_code == 204
    # On the very connection that it had open.
    assert program.refused("GET", "/cases") == (401, "client.ended")


def test_nobody_gets_through_the_handshake_by_another_authority_or_out_of_time(
    administrator, authority, stranger, calling
):
    over = authority.issue("over", from_now=-2 * DAY)
    early = authority.issue("early", from_now=DAY)
    foreign = stranger.issue("foreign")
    for held in (over, early, foreign):
        register(administrator, held, "read_cases")
        assert shut_out(calling(held))
    assert shut_out(calling())


def test_a_certificate_that_ends_while_its_connection_is_open_opens_nothing(
    administrator, authority, calling
):
    held, program = _called_in_time(administrator, authority, calling)
    time.sleep(max(0, _left(held)))
    assert program.refused("GET", "/cases") == (401, "client.ended")


def _called_in_time(administrator, authority, calling):
    """One that ends soon, and its program, which called before: it may take a while."""
    for seconds in (4, 40):
        life = timedelta(seconds=seconds)
        held = authority.issue(f"ending-{seconds}", from_now=timedelta(), life=life)
        register(administrator, held, "read_cases")
        program = calling(held)
        with suppress(httpx.TransportError):
            answer = program.ask("GET", "/cases")
            if answer.status_code == 200:
                return held, program
        assert _left(held) < 1, "it was shut out before its certificate ended"
    pytest.fail("it never got through in time")


def _left(held):
    ends = held.certificate.not_valid_after_utc
    return (ends - datetime.now(UTC)).total_seconds() + 1


def test_no_two_programs_have_one_certificate(administrator, authority):
    held = authority.issue("twice")
    register(administrator, held, "read_cases")
    asked = {
        "name": "second",
        "officer": "officer-11",
        "scopes": ["read_cases"],
        "expires_at": (datetime.now(UTC) + DAY).isoformat(),
        "spki_sha256": held.spki,
    }
    taken = administrator.refused("POST", "/clients", asked)
    assert taken == (409, "client.certificate_taken")
    short = administrator.refused("POST", "/clients", asked | {"spki_sha256": "00"})
    assert short == (400, "client.bad_certificate")


def test_the_listener_for_programs_serves_no_console(authority, calling):
    program = calling(authority.issue("curious"))
    for path in ("/sign-in", "/", "/built/x"):
        assert program.client.get(path).status_code == 404
    assert program.client.get(f"{PREFIX}/openapi.json").status_code == 200


async def test_a_certificate_says_nothing_at_the_command_lines_socket(
    offices, administrator, authority
):
    held = authority.issue("inside")
    register(administrator, held, "read_cases")
    der = ssl.PEM_cert_to_DER_cert(held.file.read_text().partition("-----BEGIN P")[0])
    place = offices.network.place(PROVINCE)
    async with DeskClient(place.local_socket) as desk:
        with pytest.raises(NotPermittedError) as refused:
            await desk.acting("", certificate=der).list_cases("")
    assert refused.value.code == "people.unknown"
