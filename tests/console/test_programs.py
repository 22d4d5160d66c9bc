"""A key that leaked is taken back in the console, and by the administrator only."""

from __future__ import annotations

import pytest

from services.cli.office import ADMINISTRATOR, AUDITOR
from services.node.domain.errors import RelaisError
from services.node.rpc.api_clients import ApiClients
from tests.console.aside import aside
from tests.console.consoles import GUARD, HOUSE, Consoles
from tests.console.told import told


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
