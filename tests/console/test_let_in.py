"""Nobody alone lets a colleague in, and every change says first what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cli.office import ADMINISTRATOR
from services.node.rpc.desk_values import OfficerRead
from tests.console.aside import aside
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.let_in import asked
from tests.console.waiting import proven_ago

SECOND = "officer-21"


@pytest.mark.parametrize(
    ("scripts", "who"), [(True, "officer-71"), (False, "officer-72")]
)
def test_a_colleague_is_entered_invited_and_let_in_by_two(
    seats, consoles, scripts, who
):
    # The proof of who she is, that the change asks for.
    aside(asked(consoles))
    office = seats.at(PROVINCE, ADMINISTRATOR, "en", scripts=scripts)
    office.go("/node")
    office.page.click("text=Enter an officer")
    office.page.fill("#pseudonym", who)
    office.page.select_option("#role", "officer")
    office.page.fill("#unit", "victim-support")
    office.press()
    assert "second person" in office.main
    office.press()
    assert office.path == "/node"
    entry = office.page.locator("main li").filter(has_text=who)
    entry.get_by_role("link", name="Invite").click()
    assert "72 hours" in office.main
    office.press()
    assert "The code opens nothing until a second person" in office.main
    second = seats.at(PROVINCE, SECOND, "en", scripts=scripts)
    second.go("/?group=notices")
    second.page.click("text=to be let in")
    for _ in range(2):
        block = second.page.locator(f"h2:has-text('{who}') ~ form").first
        block.get_by_role("button", name="let in").click()
    assert who not in second.main
    office.go("/node")
    row = office.page.locator("tr").filter(has_text=who)
    row.get_by_role("link", name="Left").click()
    assert "At once" in office.main
    office.press()
    assert row.get_by_role("link", name="Is back").count() == 1


def test_what_a_leaver_works_on_is_handed_over_with_the_leaving(
    seats, scenes, consoles
):
    who = "manager-9"
    sent = scenes.sent()

    async def given(desk, manager):
        for each in (who, "manager-8"):
            entered = OfficerRead(each, "manager", "house", active=True)
            await desk.keep_officer(ADMINISTRATOR, entered)
        await desk.assign_work(manager, who, referrals=(sent.referral_id,))

    async def left(desk, _manager):
        gone = OfficerRead("manager-8", "manager", "house", active=False)
        await desk.keep_officer(ADMINISTRATOR, gone)

    scenes.at(HOUSE, given)
    office = seats.at(HOUSE, ADMINISTRATOR, "en", scripts=False)
    proven_ago(consoles, HOUSE, ADMINISTRATOR, timedelta(minutes=6))
    office.go(f"/node/officers/{who}/leave")
    assert "1 piece of work is assigned to this officer" in office.main
    assert "referral without a case · assigned by manager-1" in office.main
    office.page.select_option("#hand_over_to", "manager-2")
    office.press()
    assert office.path == "/account/prove"
    office.page.fill("#password", consoles.staff[HOUSE, ADMINISTRATOR].password)
    office.press()
    # What was chosen before the proof is chosen still.
    assert office.page.input_value("#hand_over_to") == "manager-2"
    # And after a refusal: whoever was chosen left first.
    office.page.select_option("#hand_over_to", "manager-8")
    scenes.at(HOUSE, left)
    office.refusals_expected()
    office.press()
    assert "manager-8" in office.main
    assert office.page.input_value("#hand_over_to") == "manager-8"
    office.page.select_option("#hand_over_to", "manager-2")
    office.press()
    assert office.path == "/node"
    second = seats.at(HOUSE, "manager-2", "en", scripts=False)
    second.go("/?whose=me")
    row = second.page.locator(f"tr:has(a[href='{sent.path}'])").inner_text()
    assert f"Assigned to manager-2 by {ADMINISTRATOR}" in row
