"""Another unit says why before it opens a case, wherever the page about it stands."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from gateway.web.visitors import REASON_COOKIE
from tests.console.consoles import PROVINCE
from tests.console.drafts import kept, whole_draft

OFFICER = "officer-14"


def test_another_unit_says_why_before_it_sees_a_person(wires, scenes):
    case = scenes.case(PROVINCE, OFFICER)
    path = f"/cases/{case}/person"
    assert wires.ask(PROVINCE, path, officer="officer-11").status_code == 200
    answer = wires.ask(PROVINCE, path, officer="officer-21")
    assert answer.status_code == 303
    asked = f"/cases/{case}/reason"
    assert answer.headers["location"] == f"{asked}?next={quote(path, safe='')}"
    none = wires.send(PROVINCE, asked, "officer-21", asked, reason="on_duty")
    assert none.status_code == 200
    said = wires.send(PROVINCE, asked, "officer-21", asked, reason="cover", next=path)
    assert (said.status_code, said.headers["location"]) == (303, path)
    held = {REASON_COOKIE: said.cookies[REASON_COOKIE]}
    assert wires.ask(PROVINCE, path, officer="officer-21", cookies=held).is_success
    for away in ("https://evil.invalid", "/cases/R-0000-0000/person", "//x"):
        said = wires.send(
            PROVINCE, asked, "officer-21", asked, reason="cover", next=away
        )
        assert said.headers["location"] == f"/cases/{case}"
    # A new referral is about the case too, though its address does not say so.
    begin = f"/refer?case={case}"
    why = f"{asked}?next={quote(begin, safe='')}"
    answer = wires.ask(PROVINCE, begin, officer="officer-21")
    assert answer.headers["location"] == why
    said = wires.send(PROVINCE, asked, "officer-21", asked, reason="cover", next=begin)
    assert said.headers["location"] == begin
    begun = wires.ask(PROVINCE, begin, officer="officer-21", cookies=held)
    assert begun.headers["location"].startswith("/refer/")
    draft = kept(scenes, replace(whole_draft(case), recipient=""), "officer-21")
    where = f"/refer/{draft}/where"
    assert wires.ask(PROVINCE, where, officer="officer-21", cookies=held).is_success
    answer = wires.ask(PROVINCE, where, officer="officer-21")
    assert answer.headers["location"] == f"{asked}?next={quote(where, safe='')}"


def test_a_reason_for_a_referral_holds_for_its_case_and_for_no_other(wires, scenes):
    sent, other = scenes.accepted(scenes.sent()), scenes.sent()
    who = {"officer": "officer-21"}
    answer = wires.ask(PROVINCE, sent.path, **who)
    assert answer.headers["location"].startswith(f"{sent.path}/reason?next=")
    said = wires.send(
        PROVINCE,
        f"{sent.path}/reason",
        "officer-21",
        f"{sent.path}/reason",
        reason="supervision",
    )
    assert said.headers["location"] == sent.path
    held = {REASON_COOKIE: said.cookies[REASON_COOKIE]}
    for path in (
        sent.path,
        f"/cases/{sent.case}",
        f"/cases/{sent.case}/person",
        f"/cases/{sent.case}/answers",
        f"/cases/{sent.case}/documents",
    ):
        assert wires.ask(PROVINCE, path, **who).status_code == 303, path
        assert wires.ask(PROVINCE, path, cookies=held, **who).is_success, path
    for path in (other.path, f"/cases/{other.case}/person"):
        assert wires.ask(PROVINCE, path, cookies=held, **who).status_code == 303


def test_whoever_says_why_after_a_press_comes_back_to_the_page_of_the_button(
    wires, scenes
):
    """Not to the address that the button sends to: nothing can be read there."""
    case = scenes.case(PROVINCE, OFFICER)
    form = f"/cases/{case}/person/D1"
    pressed = wires.send(PROVINCE, form, "officer-21", "/account")
    assert pressed.status_code == 303
    assert pressed.headers["location"] == f"/cases/{case}/reason"
