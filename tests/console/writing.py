"""A referral written page by page in a browser, as an officer does it."""

from __future__ import annotations

from tests.console.consoles import HOUSE
from tests.console.scenes import NEED
from tests.console.seats import Seat


def begun(seat: Seat) -> str:
    """Opens a case by a door and writes the profile down; its code."""
    seat.go("/refer")
    seat.page.select_option("#door", "rescued")
    seat.press()
    code = seat.page.locator("main .relais-code").first.inner_text()
    form = seat.path
    seat.go(f"/cases/{code}/person/D1")
    seat.page.check("input[name=prs_Gender][value=Feminine]")
    seat.page.select_option("#local_age_band", "24_26")
    seat.press()
    assert seat.path == f"/cases/{code}/person"
    seat.go(form)
    return code


def asked(seat: Seat, answer: str) -> None:
    """What is needed, of whom, and what the person says to it."""
    page = seat.page
    page.select_option("#referral_type", "reception")
    page.check("input[name=priority][value=normal]")
    page.check("input[name=constraints][value=step_free]")
    page.fill("#need", NEED)
    page.select_option("#need_language", "vi")
    seat.press()
    page.check(f"[name=recipient][value={HOUSE}]")
    seat.press()
    page.check("input[name=categories][value=D1]")
    seat.press()
    answered(seat, answer)


def answered(seat: Seat, answer: str) -> None:
    """What the person says to it; whoever agrees was told everything."""
    page = seat.page
    page.check(f"input[name=answer][value={answer}]")
    page.check("input[name=capacity][value=adult]")
    page.check("input[name=method][value=written]")
    page.select_option("#consent_language", "vi")
    if answer == "given":
        for each in page.locator("input[name=informed_points]").all():
            each.check()
        page.fill("#valid_days", "90")
    seat.press()
    assert seat.problems == ""
    if answer == "given":
        # By when and whom to ring: the rules and the directory say it.
        assert seat.path.endswith("/callback")
        seat.press()


def asked_sooner_after_all(officer: Seat, form: str, later: str) -> None:
    """An emergency leaves less time: its page says so, and keeps what was typed."""
    need, check = (form.replace("/callback", f"/{name}") for name in ("need", "check"))
    for priority, path in (("emergency", form), ("normal", check)):
        officer.go(need)
        officer.page.check(f"input[name=priority][value={priority}]")
        officer.press()
        officer.go(check)
        assert officer.path == path
        officer.go(form)
        assert officer.page.input_value("#answer_by") == later
        wrong = officer.page.locator("#answer_by-error").count()
        assert wrong == (priority == "emergency")
