"""Nobody alone lets a colleague in, and every change says first what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cli.office import ADMINISTRATOR
from services.node.rpc.desk_values import OfficerRead
from tests.console.aside import aside
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.let_in import asked
from tests.console.screen import OFFICER
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


def leads(scenes, *, active: bool) -> None:
    """Somebody leads at the province, or left."""

    async def kept(desk, _officer):
        who = OfficerRead("supervisor-9", "supervisor", "review", active=active)
        await desk.keep_officer(ADMINISTRATOR, who)

    scenes.at(PROVINCE, kept)


def test_a_case_is_closed_once_whoever_leads_has_approved_it(seats, scenes):
    code = scenes.case(PROVINCE, OFFICER)

    async def received(desk, who):
        await desk.take_case_step(who, code, "receive")

    scenes.at(PROVINCE, received, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{code}/acts/close")
    officer.page.select_option("#reason", "person_requests_closure")
    officer.page.fill("#retain_until", "2027-03-01")
    officer.page.fill("#anonymise_at", "2032-03-01")
    officer.page.fill("#delete_at", "2031-03-01")
    officer.press()
    # Nobody leads yet: the page says whom to enter, and keeps what was filled in.
    assert "approval.nobody_leads" in officer.main
    assert officer.page.input_value("#delete_at") == "2031-03-01"
    leads(scenes, active=True)
    officer.press()
    assert "case.bad_disposition" in officer.main
    officer.page.fill("#anonymise_at", "2029-03-01")
    officer.press()
    asked = officer.path
    assert asked.startswith("/approvals/")
    colleague = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    colleague.go(asked)
    assert "Whoever leads here" in colleague.main
    assert colleague.page.locator("button[value=approved]").count() == 0

    async def approves(desk, who):
        await desk.answer_approval(who, bytes.fromhex(asked.split("/")[-1]), "approved")

    scenes.at(PROVINCE, approves, "supervisor-9")
    officer.go(asked)
    officer.press()
    leads(scenes, active=False)

    async def stands(desk, who):
        return (await desk.get_case_state(who, code)).state

    assert scenes.at(PROVINCE, stands, OFFICER) == "closed"
