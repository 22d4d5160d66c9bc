"""What officers do all day, in a browser, with scripts and without."""

from __future__ import annotations

import pytest

from tests.console.consoles import HOUSE, PROVINCE


@pytest.mark.parametrize("scripts", [True, False])
def test_a_shelter_accepts_within_three_clicks_of_its_inbox(seats, scenes, scripts):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "vi", scripts=scripts)
    manager.go("/")
    manager.press(f'main a[href="{sent.path}"]')
    manager.press('form[action$="/accept"] button')
    assert manager.path == sent.path
    assert scenes.sees(HOUSE, sent, "accepted", "in_service")
    assert scenes.sees(PROVINCE, sent, "accepted", "in_service")
