"""What is typed stays text, and a person's name stays on the pages made for it."""

from __future__ import annotations

import re

from services.node.domain.bodies import Question
from tests.console.consoles import HOUSE, PROVINCE, Consoles
from tests.console.scenes import CANARY, known
from tests.console.screen import Screen
from tests.console.seats import Seat

OFFICER = "officer-14"
EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
ONLY_HERE = {"person", "record-error", "approval-sending", "refer-check-by-two"}
"""The screens that are made for what is known about the person: whoever sends,
and the second of two officers, reads exactly what would leave."""


def shows_only_text(seat: Seat, path: str, text: str) -> None:
    seat.go(path)
    assert seat.page.locator("main img, main script, main i").count() == 0, path
    assert text in seat.main, path


def test_what_somebody_typed_is_shown_as_text(seats, scenes):
    name = "<i onmouseover=alert(3)>Láxanh</i>"
    profile = known("D1", prs_Gender="Feminine", local_age_band="24_26")
    case = scenes.case(records=(profile, known("D2", "vi", prs_FirstName=name)))
    sent = scenes.sent(need=EVIL, case=case)
    scenes.step(HOUSE, sent, Question(EVIL, "vi"))
    scenes.sees(PROVINCE, sent, "asked")
    officer = seats.at(PROVINCE, OFFICER)
    shows_only_text(officer, sent.path, EVIL)
    shows_only_text(officer, f"/cases/{case}/person", name)
    shows_only_text(seats.at(HOUSE, "manager-1"), sent.path, EVIL)


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
    assert officer.page.url.endswith("/search")
    assert officer.page.locator("img, main script").count() == 0


def test_a_name_stands_on_the_pages_made_for_it_and_nowhere_else(
    wires, screens: tuple[Screen, ...], consoles: Consoles
):
    given, family = CANARY.split()
    seen = set()
    for screen in screens:
        text = wires.ask(screen.member, screen.path, officer=screen.officer).text
        if given in text or family in text:
            seen.add(screen.name)
            # Not in its title, and in no address that it leads to.
            assert (
                re.findall(rf'<title>[^<]*{given}|(?:href|src)="[^"]*{given}', text)
                == []
            )
        assert given not in screen.path
    assert seen == ONLY_HERE
    logs = [each.read_text("utf-8") for each in consoles.network.logs.glob("*.log")]
    assert len(logs) > len(consoles.gateways.origins())
    assert not any(given in each or family in each for each in logs)


def test_nothing_that_names_somebody_may_be_kept_by_a_browser(wires, scenes):
    case = scenes.case(PROVINCE, OFFICER)
    answer = wires.ask(PROVINCE, f"/cases/{case}/person", officer=OFFICER)
    assert CANARY.split()[0] in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
