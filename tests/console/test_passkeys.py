"""Passkeys in a browser, over the node's real TLS; and the way beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from gateway.web.visitors import SESSION_COOKIE
from services.cli.office import ADMINISTRATOR
from tests.console.authenticators import Authenticator, made_up
from tests.console.consoles import PROVINCE
from tests.console.waiting import proven_ago

OFFICER = "officer-34"
ADD = 'form[action="/account/passkeys"] button'
SIGN_IN = 'form[action="/sign-in/passkey"] button'
LISTED = 'form[action="/account/passkeys/remove"]'
ASKED = "[data-passkey]"


def proved(consoles, seat) -> None:
    """The password once more: a passkey is added after a recent proof only."""
    seat.go("/account/prove")
    seat.page.fill("#password", consoles.staff[PROVINCE, OFFICER].password)
    seat.press('form[action="/account/prove"][novalidate] button:not([type=button])')
    assert seat.path == "/account"


def enrolled(consoles, seat) -> Authenticator:
    """The officer adds a passkey on the page of the account."""
    proved(consoles, seat)
    before = seat.page.locator(LISTED).count()
    device = Authenticator(seat.page)
    seat.page.click(ADD)
    seat.page.locator(LISTED).nth(before).wait_for()
    assert len(device.credentials) == 1
    return device


def signed_in_by(consoles, seat) -> None:
    """Presses the button of the passkey; the session is the officer's from now on."""
    seat.go("/sign-in")
    seat.page.click(SIGN_IN)
    seat.page.wait_for_url(seat.origin + "/")
    (token,) = [
        each["value"]
        for each in seat.page.context.cookies()
        if each["name"] == SESSION_COOKIE
    ]
    consoles.tokens[PROVINCE, OFFICER] = token


def events(wires) -> list[str]:
    """What the administrator reads of sign-ins, the newest first."""
    text = wires.ask(PROVINCE, "/node", officer=ADMINISTRATOR).text
    listed = text[text.index("Sign-ins</h2>") :]
    return [each.split("</li>")[0] for each in listed.split("<li>")[1:]]


def test_an_officer_adds_a_passkey_signs_out_and_signs_in_with_it(consoles, seats):
    seat = seats.at(PROVINCE, OFFICER)
    enrolled(consoles, seat)
    seat.press('form[action="/sign-out"] button')
    assert seat.path == "/sign-in"
    signed_in_by(consoles, seat)
    assert OFFICER in seat.page.inner_text("header")


def test_a_passkey_unlocks_and_proves_as_a_password_does(consoles, seats):
    seat = seats.at(PROVINCE, OFFICER)
    enrolled(consoles, seat)
    seat.press('form[action="/lock"] button')
    assert seat.path == "/locked"
    seat.page.click('form[action="/locked"]:not([novalidate]) button')
    seat.page.wait_for_url(seat.origin + "/")
    seat.go("/account/prove?next=/cases")
    seat.page.click('form[action="/account/prove"]:not([novalidate]) button')
    seat.page.wait_for_url(seat.origin + "/cases")


def test_a_prompt_that_is_dismissed_leaves_a_calm_sentence_and_the_other_way(seats):
    seat = seats.at(PROVINCE)
    seat.go("/sign-in")
    device = Authenticator(seat.page, verifies=False)
    device.hold(made_up(urlsplit(seat.origin).hostname))
    for _ in range(2):  # and it may be tried again
        seat.page.click(SIGN_IN)
        seat.page.get_by_role("status").get_by_text("nothing was changed").wait_for()
    assert seat.path == "/sign-in"
    assert seat.problems == ""
    assert seat.page.locator("#password").is_visible()
    assert seat.page.locator("#code").is_visible()


def test_a_dismissed_prompt_makes_no_passkey(consoles, seats):
    seat = seats.at(PROVINCE, OFFICER)
    proved(consoles, seat)
    before = seat.page.locator(LISTED).count()
    Authenticator(seat.page, verifies=False)
    seat.page.click(ADD)
    seat.page.get_by_role("status").get_by_text("No passkey was made").wait_for()
    seat.go("/account")
    assert seat.page.locator(LISTED).count() == before


def test_a_device_that_has_one_says_so_and_gets_no_second(consoles, seats):
    seat = seats.at(PROVINCE, OFFICER)
    device = enrolled(consoles, seat)
    seat.page.click(ADD)
    seat.page.get_by_role("status").get_by_text("already has a passkey").wait_for()
    assert len(device.credentials) == 1


@pytest.mark.parametrize("how", ["unknown", "forged"])
def test_a_passkey_that_is_not_the_officer_s_is_refused_and_kept_in_the_log(
    consoles, seats, wires, how
):
    host = urlsplit(consoles.origin(PROVINCE)).hostname
    wrong = made_up(host)
    if how == "forged":
        # The officer's own credential, and somebody else's key to it.
        own = enrolled(consoles, seats.at(PROVINCE, OFFICER)).credentials[0]
        wrong |= {name: own[name] for name in ("credentialId", "userHandle")}
        wrong["signCount"] = 1000
    before = events(wires)
    seat = seats.at(PROVINCE)
    seat.refusals_expected()
    seat.go("/sign-in")
    Authenticator(seat.page).hold(wrong)
    seat.page.click(SIGN_IN)
    seat.page.locator(".govuk-error-summary").wait_for()
    assert seat.path == "/sign-in/passkey"
    assert OFFICER not in seat.page.content()
    fresh = events(wires)
    assert len(fresh) > len(before) or fresh[0] != before[0]
    assert "failed" in fresh[0].lower()


def test_whose_proof_is_old_is_asked_for_one_and_then_adds(consoles, seats):
    seat = seats.at(PROVINCE, OFFICER)
    seat.go("/account")
    Authenticator(seat.page)
    proven_ago(consoles, PROVINCE, OFFICER, timedelta(minutes=6))
    before = seat.page.locator(LISTED).count()
    seat.page.click(ADD)
    seat.page.wait_for_url("**/account/prove?next=*account")
    seat.page.fill("#password", consoles.staff[PROVINCE, OFFICER].password)
    seat.press('form[action="/account/prove"][novalidate] button:not([type=button])')
    seat.page.click(ADD)
    seat.page.locator(LISTED).nth(before).wait_for()


def test_without_scripts_nothing_speaks_of_passkeys_and_the_rest_works(seats):
    seat = seats.at(PROVINCE, scripts=False)
    seat.go("/sign-in")
    assert not seat.page.locator(ASKED).is_visible()
    assert "passkey" not in seat.main.lower()
    assert seat.page.locator("#password").is_visible()


def test_another_password_asks_for_a_proof_and_the_old_one_counts_no_more(
    consoles, wires
):
    key = PROVINCE, "officer-33"
    known = consoles.staff[key]
    chosen = "bốn con trâu lội suối"

    def proved(password: str):
        place = "/account/prove"
        return wires.send(
            PROVINCE, place, known.officer, place, password=password
        ).status_code

    def choose(password: str):
        place = "/account/password"
        return wires.send(PROVINCE, place, known.officer, "/account", password=password)

    assert proved(known.password) == 303
    short = choose("ngắn")
    assert short.status_code == 400
    assert 'id="password-error"' in short.text
    assert choose(chosen).headers["location"] == "/account?done=password"
    consoles.staff[key] = replace(known, password=chosen)
    assert (proved(known.password), proved(chosen)) == (403, 303)
