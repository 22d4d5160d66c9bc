"""Everything is reached and seen without a mouse."""

from __future__ import annotations

from tests.console.consoles import HOUSE, PROVINCE

_MARKED = """() => {
  const here = document.activeElement
  // A box to tick is drawn by its label, and so is that it has the focus.
  const style = here.matches('.govuk-checkboxes__input')
    ? getComputedStyle(here.nextElementSibling, '::before') : getComputedStyle(here)
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    || style.boxShadow !== 'none' || style.backgroundColor === 'rgb(255, 221, 0)'
}"""
_HERE = "() => document.activeElement.outerHTML.slice(0, 200)"
_ENOUGH = 60


def reach(seat, selector: str) -> None:
    """Goes on by the tabulator until this has the focus; it is seen all the way."""
    for _ in range(_ENOUGH):
        seat.page.keyboard.press("Tab")
        assert seat.page.evaluate(_MARKED), seat.page.evaluate(_HERE)
        if seat.page.evaluate(
            "which => document.activeElement.matches(which)", selector
        ):
            return
    raise AssertionError(f"{selector} was not reached on {seat.path}")


def test_a_shelter_accepts_by_keyboard_alone(seats, scenes):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "vi")
    manager.go("/")
    reach(manager, f'main a[href="{sent.path}"]')
    manager.page.keyboard.press("Enter")
    manager.page.wait_for_url(f"**{sent.path}")
    reach(manager, "#expected_at")
    # The same day in every order of day and month, and the same hour of any clock.
    for keys in ("0303", "2026"):
        manager.page.keyboard.type(keys)
    manager.page.keyboard.press("ArrowRight")
    manager.page.keyboard.type("0900A")
    reach(manager, 'form[action$="/accept"] button')
    manager.page.keyboard.press("Enter")
    manager.page.wait_for_load_state()
    assert scenes.sees(HOUSE, sent, "accepted", "in_service")


def test_the_first_stop_leads_past_the_menu(seats):
    officer = seats.at(PROVINCE, "officer-14")
    officer.go("/cases")
    officer.page.keyboard.press("Tab")
    assert "govuk-skip-link" in officer.page.evaluate(_HERE)
    officer.page.keyboard.press("Enter")
    # The browser tells of where it went a moment after the key.
    officer.page.wait_for_url("**/cases#main")


def test_what_is_wrong_is_said_first_and_leads_to_its_field(seats):
    officer = seats.at(PROVINCE, "officer-14")
    officer.refusals_expected()
    officer.go("/refer")
    officer.press()
    assert officer.page.title().startswith("Error:")
    assert "govuk-error-summary" in officer.page.evaluate(_HERE)
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.press("Enter")
    assert 'id="case"' in officer.page.evaluate(_HERE)
