"""What waits, in a browser: the administrator acts on it, the sender is told."""

from __future__ import annotations

from services.cli.office import ADMINISTRATOR
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.scenes import CANARY
from tests.console.test_work import at
from tests.console.unreached import refused, waits


def test_what_was_not_received_is_given_back_and_its_sender_told(
    seats, scenes, consoles
):
    dead = refused(consoles, PROVINCE, scenes.sent())
    away = waits(consoles, PROVINCE, scenes.sent())
    sender = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    for sent, word in (
        (dead, "Not accepted by their machine"),
        (away, "On its way"),
    ):
        sender.go(sent.path)
        assert word in sender.main
        sender.go(f"/cases/{sent.case}")
        assert word in sender.main
    assert dead.path not in at(sender, "notices")

    office = seats.at(PROVINCE, ADMINISTRATOR, "en", scripts=False)
    office.go("/node")
    row = office.page.locator(f'tr:has(form[action$="/{HOUSE}/retry"])')
    assert "cannot be reached (peer.unreachable)" in row.inner_text()
    newest = office.page.locator('form[action$="/return"]').first
    button = f'form[action="{newest.get_attribute("action")}"] button'
    office.press(button)
    assert "Given back to its sender" in office.main
    assert office.page.locator(button).count() == 0
    assert dead.path in at(sender, "notices")
    assert "was not received" in sender.main
    sender.go(dead.path)
    assert "Came back, not received" in sender.main

    office.go("/node")
    office.press(f'form[action$="/{HOUSE}/retry"] button')
    for _ in range(40):
        sender.go(away.path)
        if "On its way" not in sender.main:
            break
        sender.page.wait_for_timeout(250)
    assert "Their machine has it" in sender.main
    for seat in (sender, office):
        assert CANARY not in seat.page.content()
