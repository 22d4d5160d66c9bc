"""Programs are let in, and their keys taken back, by the administrator only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from services.cli.office import ADMINISTRATOR, AUDITOR
from services.node.domain.errors import RelaisError
from services.node.rpc.api_clients import ApiClients
from tests.console.aside import aside
from tests.console.consoles import GUARD, HOUSE, Consoles
from tests.console.let_in import proved
from tests.console.told import told
from tests.console.waiting import proven_ago

SECOND = "manager-2"


def test_a_key_is_taken_back_after_its_effect_was_read(wires, consoles: Consoles):
    program = aside(told(consoles, HOUSE, "manager-1")).hex()
    path = f"/node/programs/{program}/end"
    listed = wires.ask(HOUSE, "/node/programs", officer=ADMINISTRATOR).text
    assert f'href="{path}"' in listed
    assert wires.ask(HOUSE, path, officer=AUDITOR).status_code == 403
    asked = wires.ask(HOUSE, path, officer=ADMINISTRATOR)
    assert "the program is refused" in asked.text
    assert "cannot be undone" in asked.text
    assert wires.send(HOUSE, path, AUDITOR, "/audit").status_code == 403
    done = wires.send(HOUSE, path, ADMINISTRATOR, path)
    assert done.status_code == 303
    after = wires.ask(HOUSE, "/node/programs", officer=ADMINISTRATOR).text
    assert path not in after
    assert f"taken back</strong> {ADMINISTRATOR}" in after
    assert wires.ask(HOUSE, path, officer=ADMINISTRATOR).status_code == 404

    async def again() -> None:
        socket = consoles.network.local_socket(HOUSE)
        async with ApiClients(socket) as clients:
            await clients.revoke_client(ADMINISTRATOR, bytes.fromhex(program))

    with pytest.raises(RelaisError) as gone:
        aside(again())
    assert gone.value.code == "client.unknown"


def test_what_opens_something_is_shown_once_to_who_lets_a_program_in(
    wires, consoles: Consoles
):
    path, name = "/node/programs/new", "register of the house"
    assert wires.ask(HOUSE, path, officer=AUDITOR).status_code == 403
    asked = {
        "program_name": name,
        "acts_as": "manager-1",
        "scopes": "read_cases",
        "ends_on": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
    }

    def see(place: str, who: str = ADMINISTRATOR) -> str:
        return str(wires.ask(HOUSE, place, officer=who).text)

    def send(place: str, shown_on: str, **fields: str) -> str:
        answer = wires.send(HOUSE, place, ADMINISTRATOR, shown_on, **fields)
        return f"{answer.status_code} {answer.text}"

    proven_ago(consoles, HOUSE, ADMINISTRATOR, timedelta(minutes=6))
    asks = wires.send(HOUSE, path, ADMINISTRATOR, path, **asked).headers["location"]
    back = parse_qs(urlsplit(asks).query)["next"][0]
    assert f'value="{name}"' in see(back)
    aside(proved(consoles, HOUSE))
    wrong = send(path, path, **asked, certificate="zz")
    assert wrong.startswith("400")
    assert "client.bad_certificate" in wrong
    for kept in (f'value="{name}"', 'value="zz"', 'value="read_cases" checked'):
        assert kept in wrong
    key = _secret(send(path, path, **asked))
    waits = see("/admissions", SECOND)
    block = waits[waits.index(name) :]
    confirm = _first(r'action="(/admissions/[0-9a-f]+/answer)"', block)
    wires.send(HOUSE, confirm, SECOND, "/admissions", answer="confirmed")
    listed = see("/node/programs")
    assert name in listed
    assert key not in listed
    newest = _first(r"/node/programs/([0-9a-f]+)/end", listed)
    hook = {"program": newest, "address": "https://register.invalid/house"}
    new = "/node/webhooks/new"
    first = _secret(send(new, new, **hook, told_of="case.changed"))
    hooks = "/node/webhooks"
    shown = see(hooks)
    assert first not in shown
    again = _first(r'action="(/node/webhooks/[0-9a-f]+/secret)"', shown)
    assert _secret(send(again, hooks)) not in {first, key}


def test_rules_tell_ladders_versions_languages_and_peers_their_agreements(wires):
    rules = wires.ask(HOUSE, "/node/rules", officer=ADMINISTRATOR).text
    for said in (
        "Level 4: national coordinator",
        "after 150 per cent of the time",
        "every other deadline",
        "Consent",
        "zh-Hans",
        "Newest code",
    ):
        assert said in rules, said
    peers = wires.ask(GUARD, "/node/peers", officer=ADMINISTRATOR).text
    assert peers.count("Agreement in force") >= 1
    assert "since 14/03/2011" in peers or "since 10/10/2005" in peers


def _secret(page: str) -> str:
    assert page.startswith("200"), page
    return _first(r'id="secret">([^<]+)<', page)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]
