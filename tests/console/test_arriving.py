"""Somebody is awaited, missed and found, as both ends see it, on forms alone."""

from __future__ import annotations

import re

from tests.console.consoles import HOUSE, PROVINCE
from tests.console.seats import Seat

PHONE = "+84 000 000 000"


def promised(manager: Seat, officer: Seat, path: str) -> None:
    """The house says when and where it waits; a telephone alone is not enough."""
    manager.go(path)
    manager.page.select_option("#expected_zone", "Asia/Shanghai")
    manager.page.fill("#contact_phone", PHONE)
    manager.refusals_expected()
    manager.press('form[action$="/accept"] button')
    problems = manager.page.inner_html(".govuk-error-summary")
    assert "#expected_at" in problems
    assert manager.page.input_value("#contact_phone") == PHONE
    manager.page.fill("#expected_at", "2026-03-02T15:30")
    manager.press('form[action$="/accept"] button')
    assert manager.page.input_value("#contact_phone") == PHONE
    manager.page.select_option("#contact_function", "duty_officer")
    manager.press('form[action$="/accept"] button')
    assert PHONE in manager.page.inner_text(".govuk-notification-banner")
    officer.go(path)
    # 15:30 in Shanghai is 14:30 in Viet Nam, and both are told.
    told = set(re.findall(r"\d\d:\d\d", officer.main))
    assert {"14:30", "15:30"} <= told
    assert PHONE in officer.main
    # The timeline of the case tells the promise too.
    officer.press('main a[href^="/cases/"]')
    assert {"14:30", "15:30"} <= set(re.findall(r"\d\d:\d\d", officer.main))


def two_sign(manager: Seat, colleague: Seat) -> None:
    """Nobody records an arrival alone without a reason: a colleague signs it."""
    manager.press()
    assert "#signed_by" in manager.page.inner_html(".govuk-error-summary")
    manager.page.check("[name=signed_by][value=nobody]")
    manager.press()
    assert "#unsigned_reason" in manager.page.inner_html(".govuk-error-summary")
    # Without a scan there is no such choice: the page says how one gets here.
    assert manager.page.locator("[name=signed_by][value=thumbprint]").count() == 0
    assert manager.page.locator("main a[href$='/files'][target=_blank]").count() == 1
    manager.page.check("[name=signed_by][value=second_officer]")
    manager.press()
    asked = manager.path
    assert asked.startswith("/approvals/")
    colleague.go(asked)
    colleague.press("button[value=approved]")
    # It waits for whoever asked, who is told so.
    manager.go("/?group=notices")
    manager.press(f'main li:has(strong) a[href="{asked}"]')
    manager.press()


def test_who_is_awaited_and_does_not_arrive_is_missed_at_both_ends(seats, scenes):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "en", scripts=False)
    officer = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    promised(manager, officer, sent.path)
    scenes.sees(HOUSE, sent, "in_service")
    # Whoever is expected on this day stands on the first page, with both words.
    manager.go("/")
    expected = manager.page.locator(f"section li:has(a[href='{sent.path}'])")
    # On the clock of the house, whatever clock it was promised on.
    assert re.findall(r"\d\d:\d\d", expected.inner_text()) == ["14:30"]
    assert expected.locator(f"a[href='{sent.path}/arrival']").count() == 1
    manager.press(f'section a[href="{sent.path}/not_arrived"]')
    assert PHONE in manager.main
    manager.page.fill("#known", "The bus came without her.")
    manager.press()
    assert "The bus came without her." in manager.page.content()
    manager.page.select_option("#reason", "nothing_known")
    manager.page.select_option("#known_language", "en")
    manager.press()
    assert manager.path == sent.path
    for _ in range(40):
        officer.go("/?group=notices")
        if officer.page.locator(f'main a[href="{sent.path}"]').count():
            break
        officer.page.wait_for_timeout(250)
    assert "The person did not arrive" in officer.main
    officer.press(f'main a[href="{sent.path}"]')
    assert "Nothing is known" in officer.page.inner_text("[data-missing]")
    assert "The bus came without her." in officer.main
    # Whoever hears of her where she set out ends the alarm, with one word.
    officer.page.click("[data-missing] summary")
    officer.press("[data-missing] form button")
    assert officer.page.locator("[data-missing]").count() == 0
    assert "was found" in officer.page.inner_text(".govuk-notification-banner")
    for _ in range(40):
        manager.go(sent.path)
        if not manager.page.locator("[data-missing]").count():
            break
        manager.page.wait_for_timeout(250)
    assert "was found" in manager.main
    first = manager.page.locator("main a.govuk-button").first
    assert first.get_attribute("href") == f"{sent.path}/arrival"
    manager.press(f'main a[href="{sent.path}/arrival"]')
    manager.page.fill("#arrived_at", "2026-03-02T08:00")
    two_sign(manager, seats.at(HOUSE, "manager-2", "en", scripts=False))
    assert manager.path == sent.path
    assert "A second officer of ours · manager-2" in manager.main
    manager.go("/")
    assert not expected.count()
    manager.go(sent.path)
    assert manager.page.locator("[data-missing]").count() == 0
