"""Where programs are told: tried and switched off at the page of the node."""

from __future__ import annotations

import pytest

from services.cli.office import ADMINISTRATOR
from tests.console.aside import aside
from tests.console.consoles import PROVINCE
from tests.console.told import told


@pytest.mark.parametrize("scripts", [True, False])
def test_an_address_is_tried_switched_off_and_on_again(seats, consoles, scripts):
    aside(told(consoles, PROVINCE, "officer-14"))
    seat = seats.at(PROVINCE, ADMINISTRATOR, "en", scripts=scripts)
    seat.go("/node")
    seat.page.click("text=Where programs are told what happens")
    card = seat.page.locator(".govuk-summary-card").nth(1)
    assert "a-long-path" in card.inner_text()
    card.get_by_role("button", name="Send a test event").click()
    # Nobody is at that address.
    for _ in range(50):
        if "fails" in card.inner_text():
            break
        seat.page.reload()
        seat.page.wait_for_timeout(100)
    assert "unreachable" in card.inner_text()
    card.get_by_role("button", name="Disable").click()
    assert "Disabled by the administrator" in card.inner_text()
    assert card.get_by_role("button", name="Send a test event").count() == 0
    card.get_by_role("button", name="Enable").click()
    assert "works" in card.inner_text()
    card.get_by_role("button", name="Disable").click()
