"""What is typed stays text, and a person's name stays on the pages made for it."""

from __future__ import annotations

import pytest

from services.node.domain.bodies import Question
from tests.console.consoles import HOUSE, PROVINCE, Consoles
from tests.console.scenes import CANARY, Scenes, known
from tests.console.screens import Screen
from tests.console.seats import Seats

OFFICER = "officer-14"
EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
ONLY_HERE = {"person", "record", "record-error"}
"""The screens that are made for what is known about the person."""


def shows_only_text(seat, path: str) -> None:
    seat.go(path)
    assert seat.page.locator("img, main script").count() == 0, path
    assert "<script>alert(2)</script>{{7*7}}" in seat.page.inner_text("main"), path


@pytest.fixture
def typed(scenes: Scenes) -> dict[str, str]:
    """Free texts that try to be more, wherever somebody can type; where they show."""
    case = scenes.case(
        records=(
            known("D1", prs_Gender="Feminine", local_age_band="25-34"),
            known("D2", "vi", prs_FirstName=EVIL, prs_SecondName="x"),
        )
    )
    sent = scenes.sent(need=EVIL, case=case)
    scenes.step(HOUSE, sent, Question(EVIL, "vi"))
    scenes.sees(PROVINCE, sent, "asked")
    return {"referral": sent.path, "person": f"/cases/{case}/person"}


def test_what_somebody_typed_is_shown_as_text(seats, typed):
    officer = seats.at(PROVINCE, OFFICER)
    for path in typed.values():
        shows_only_text(officer, path)
    shows_only_text(seats.at(HOUSE, "manager-1"), typed["referral"])


def test_a_form_that_is_shown_again_shows_what_was_typed_as_text(seats, scenes):
    case = scenes.case(PROVINCE, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{case}/override")
    for field in ("law", "why"):
        officer.page.fill(f"#{field}", EVIL)
    officer.press()
    assert officer.problems
    assert officer.page.input_value("#why") == EVIL
    assert officer.page.locator("img, main script").count() == 0
    officer.go("/search")
    officer.page.fill("#code", EVIL)
    officer.press()
    assert officer.page.input_value("#code") == EVIL
    assert officer.page.locator("img, main script").count() == 0


def test_a_name_stands_on_the_pages_made_for_it_and_nowhere_else(
    seats: Seats, screens: tuple[Screen, ...], consoles: Consoles
):
    given, family = CANARY.split()
    seen: dict[str, bool] = {}
    addresses: list[str] = []
    titles: list[str] = []
    seat = seats.at(PROVINCE, OFFICER)
    house = seats.at(HOUSE, "manager-1")
    for each in (seat, house):
        each.refusals_expected()
        each.page.on("request", lambda asked: addresses.append(asked.url))
    for screen in screens:
        if screen.officer in {OFFICER, "manager-1"}:
            at = seat if screen.member == PROVINCE else house
            screen.open(at)
            titles.append(at.page.title())
            seen[screen.name] = given in at.page.content()
            seen[screen.name] |= family in at.page.content()
    assert {name for name, found in seen.items() if found} == ONLY_HERE
    assert not any(given in each or family in each for each in (*addresses, *titles))
    logs = [each.read_text("utf-8") for each in consoles.network.logs.glob("*.log")]
    assert len(logs) > len(consoles.gateways.origins())
    assert not any(given in each or family in each for each in logs)


def test_nothing_that_names_somebody_may_be_kept_by_a_browser(wires, scenes):
    case = scenes.case(PROVINCE, OFFICER)
    answer = wires.ask(PROVINCE, f"/cases/{case}/person", officer=OFFICER)
    assert CANARY.split()[0] in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
