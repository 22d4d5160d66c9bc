"""What was typed is there again, whatever came between the page and the node."""

from __future__ import annotations

import pytest

from gateway.web.visitors import REASON_COOKIE
from services.node.rpc.sign_in_client import SignInClient
from tests.console.aside import aside
from tests.console.consoles import PROVINCE
from tests.console.screens import OTHER_UNIT

TYPED = "Em thích trồng rau.\nEm dậy sớm."
LATE = "officer-32"


def typed_at(seat, case):
    """A record that is filled in and not sent yet."""
    seat.go(f"/cases/{case}/person/D2")
    place = seat.page.locator("main form[novalidate] textarea, main input[type=text]")
    place.first.fill(TYPED.splitlines()[0])
    return place.first.get_attribute("name")


async def locked(consoles, officer):
    """The session is locked, as after a quarter of an hour."""
    socket = consoles.network.config(PROVINCE).local.gateway_socket
    token = await consoles.signed_in(PROVINCE, officer)
    async with SignInClient(socket, PROVINCE) as client:
        await client.acting(token).lock_session()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_sent_into_a_locked_session_is_sent_again_after_it(
    seats, scenes, consoles, scripts
):
    case = scenes.case(PROVINCE, LATE)
    seat = seats.at(PROVINCE, LATE, "en", scripts=scripts)
    seat.refusals_expected()
    name = typed_at(seat, case)
    aside(locked(consoles, LATE))
    seat.press()
    assert seat.path == "/locked"
    assert TYPED.splitlines()[0] not in seat.page.content()
    seat.page.fill("#password", consoles.staff[PROVINCE, LATE].password)
    seat.press()
    assert seat.path.startswith("/kept/")
    assert TYPED.splitlines()[0] in seat.main
    seat.press('main form:not([action^="/kept"]) button')
    assert seat.path == f"/cases/{case}/person"
    assert TYPED.splitlines()[0] in seat.main
    assert name
    # What was taken is no draft any more.
    seat.go("/?group=drafts")
    assert seat.page.locator('main a[href^="/kept/"]').count() == 0


def test_a_reason_that_ran_out_costs_no_word(seats, scenes):
    case = scenes.case(PROVINCE)
    seat = seats.at(PROVINCE, OTHER_UNIT, "en", scripts=False)
    seat.refusals_expected()
    seat.go(f"/cases/{case}")
    for _ in range(2):
        seat.page.locator("input[name=reason]").first.check()
        seat.press()
        if seat.path.startswith("/kept/"):
            break
        typed_at(seat, case)
        seat.page.context.clear_cookies(name=REASON_COOKIE)
        seat.press()
        assert seat.path == f"/cases/{case}/reason"
    assert TYPED.splitlines()[0] in seat.main
    seat.press('main form:not([action^="/kept"]) button')
    assert seat.path == f"/cases/{case}/person"
    assert TYPED.splitlines()[0] in seat.main
