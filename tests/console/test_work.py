"""S2 and S10 in a browser: whose work it is, what has no clock, and corridors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.console.consoles import HOTLINE, HOUSE, LIAISON, PROVINCE
from tests.console.drafts import kept, whole_draft
from tests.console.home_scenes import asked_home
from tests.console.scenes import CANARY
from tests.console.screens import A_MAN

_TRIES = 300
"""Until another node has heard: half a minute, on a machine with much to do."""


def at(seat, group, whose=""):
    """Opens a group of work and leafs through it; what all of its pages list."""
    path, shown = (
        f"/?group={group}" + (whose and (whose if "=" in whose else f"&whose={whose}")),
        "",
    )
    while path:
        seat.go(path)
        shown += seat.page.locator("#work").inner_html()
        onward = seat.page.locator("main a[rel=next]")
        path = onward.get_attribute("href") if onward.count() else ""
    return shown


def test_work_is_everybodys_a_units_or_ones_own(seats, scenes):
    sent = scenes.sent(giver=HOTLINE, receiver=PROVINCE)
    first = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    other_unit = seats.at(PROVINCE, "officer-21", "en", scripts=False)
    assert sent.path not in at(first, "needs_me", "me")
    for seat in (first, other_unit):
        assert sent.path in at(seat, "needs_me", "unit")
    first.go(sent.path)
    first.press('form[action$="/claim"] button')
    assert sent.path in at(first, "needs_me", "me")
    assert sent.path in at(first, "needs_me", "unit")
    assert sent.path not in at(other_unit, "needs_me", "me")
    assert sent.path not in at(other_unit, "needs_me", "unit")
    assert first.page.locator(".relais-whose a[aria-current]").inner_text() == "My unit"


def test_what_one_sent_is_ones_own_and_ones_units(seats, scenes):
    sent = scenes.sent()
    sender = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    colleague = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    other_unit = seats.at(PROVINCE, "officer-21", "en", scripts=False)
    assert sent.path in at(sender, "waiting_on_others", "me")
    assert sent.path not in at(colleague, "waiting_on_others", "me")
    assert sent.path in at(colleague, "waiting_on_others", "unit")
    assert sent.path not in at(other_unit, "waiting_on_others", "unit")


def test_what_was_begun_is_found_again_by_who_began_it(seats, scenes):
    number = kept(scenes, whole_draft(scenes.case(PROVINCE, "officer-14")))
    author = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    assert f"/refer/{number}/check" in at(author, "drafts")
    tile = author.page.locator('.relais-tile:has(a[href*="drafts"])').inner_text()
    assert int(tile.split()[0]) >= 1
    other = seats.at(PROVINCE, "officer-21", "en", scripts=False)
    assert f"/refer/{number}" not in at(other, "drafts")


def test_what_a_person_took_back_is_noticed_where_it_was_shown(seats, scenes):
    sent = scenes.taken_back(scenes.accepted(scenes.sent()))
    manager = seats.at(HOUSE, "manager-1", "en", scripts=False)
    for _ in range(40):
        if sent.path in at(manager, "notices"):
            break
        manager.page.wait_for_timeout(250)
    assert "The person took this back" in manager.main
    assert manager.page.locator(f'#work a[href="{sent.path}"]').count() >= 1
    assert CANARY not in manager.page.content()


def test_a_corridor_says_who_must_answer_at_both_ends(seats, scenes):
    offered = scenes.sent(LIAISON, PROVINCE, "voluntary_return")
    going = asked_home(scenes)
    receiver = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    receiver.go("/exchange")
    heading = receiver.page.locator("h2").first.inner_text()
    assert heading == "China → Vietnam"
    receiver.press(f'main a[href="/exchange?peer={LIAISON}#open"]')
    ours, theirs = receiver.page.locator("#open table").all()
    assert offered.path in ours.inner_html()
    assert going.path in theirs.inner_html()
    assert CANARY not in receiver.page.content()
    assert "Time there now" in receiver.main
    points = receiver.page.locator("section", has_text="Contact points: China")
    row = points.locator("tr", has_text="Yunnan").first.inner_text()
    # Its hours and its telephone, whatever the hour of the test is.
    assert "answers now" in row or "Opens next:" in row
    assert "000 000" in row
    assert "How it is reached" in receiver.main
    receiver.go(offered.path)
    assert "Needs translation" in receiver.main
    assert "written in Vietnamese" in receiver.main
    giver = seats.at(LIAISON, "liaison-5", "en", scripts=False)
    giver.go(f"/exchange?peer={PROVINCE}")
    ours, theirs = giver.page.locator("#open table").all()
    assert going.path in ours.inner_html()
    assert offered.path in theirs.inner_html()
    tells_the_national_desk(giver, offered.path)


def tells_the_national_desk(giver, path):
    """Their turn, and silence: the ministry is told in codes, with a reason, once."""
    giver.refusals_expected()
    giver.go(path)
    giver.press(f'main a[href="{path}/escalate"]')
    assert "Ministry" in giver.main
    giver.press()
    assert "Reason" in giver.problems
    giver.page.check("[name=reason][value=cannot_wait]")
    giver.press()
    assert giver.path.startswith("/referrals/")
    assert giver.path != path
    assert "The person cannot wait for the limit" in giver.main
    assert "level=" not in giver.main
    told = giver.path
    giver.go(path)
    assert giver.page.locator(f'main a[href="{path}/escalate"]').count() == 0
    assert giver.page.locator(f'main a[href="{told}"]').count() == 1
    giver.go(f"{path}/escalate")
    assert giver.path == path


def test_what_was_chosen_in_the_directory_outlives_a_language_and_can_be_undone(seats):
    seat = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    seat.go("/directory?serves=men&open=now")
    house, guard = "Hoa Ban House", "Border guard of Lao Cai"
    assert seat.page.get_by_text(guard).count() == 1
    assert seat.page.get_by_text(house).count() == 0
    seat.press('button[lang="fr"]')
    assert seat.page.locator("html").get_attribute("lang") == "fr"
    assert seat.page.input_value("#serves") == "men"
    assert seat.page.is_checked("[name=open]")
    seat.press('button[lang="en"]')
    seat.page.select_option("#need", "reception")
    seat.press("main form button")
    undo = seat.page.locator("main ul a")
    assert [each.split(":")[0] for each in undo.all_inner_texts()] == [
        "What you want to ask for",
        "For whom",
    ]
    undo.nth(1).click()
    assert seat.page.get_by_text(house).count() == 1


def test_who_does_not_help_such_a_person_is_said_where_one_chooses(seats, scenes):
    seat = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    against = "Reason against It says that it does not help: Men or Boys"
    for records, wanted in (((A_MAN,), 1), ((), 0)):
        case = scenes.case(PROVINCE, "officer-14", records)
        draft = replace(whole_draft(case), recipient="", categories=(), answer=())
        seat.go(f"/refer/{kept(scenes, draft)}/where")
        hint = seat.page.locator("main .govuk-radios__hint")
        assert hint.count() == 1
        assert "Not for: Men; Who cannot take stairs" in hint.inner_text()
        assert hint.inner_text().count(against) == wanted


def test_marked_rows_are_assigned_and_nothing_marked_is_lost(seats, scenes):
    sent = scenes.sent()
    mark = f"tr:has(a[href='{sent.path}']) input[name=work]"
    manager = seats.at(HOUSE, "manager-1", "en", scripts=False)
    second = seats.at(HOUSE, "manager-2", "en")
    manager.go("/")
    while not manager.page.locator(mark).count():
        manager.press("main a[rel=next]")
    manager.page.check(mark)
    manager.refusals_expected()
    manager.press("button[value=assign]")
    assert "Choose who is to work on it." in manager.main
    assert manager.page.is_checked(mark)
    manager.page.select_option("#assignee", "manager-2")
    manager.press("button[value=assign]")
    assert "Assigned: 1." in manager.main
    assert sent.path in at(second, "needs_me", "me")
    row = second.page.locator(f"tr:has(a[href='{sent.path}'])").inner_text()
    assert "Assigned to manager-2 by manager-1 on" in row
    # Nobody here knows the person yet: a page without a case has no name to show.
    second.go(f"/?whose=me&peer={PROVINCE}")
    second.page.click("main details summary:has-text('Show names')")
    second.page.select_option("#names_reason", "somebody_asks")
    second.press("form[action='/today/names'] button")
    assert "No row on this page is of a case" in second.main
    assert second.page.locator("[data-person]").count() == 0
    # With scripts, what is marked stays while the list would show what is new.
    second.go("/")
    second.page.check("#work-1")
    second.page.evaluate("document.activeElement.blur()")
    scenes.sent()
    second.page.wait_for_selector(".relais-news a")
    assert second.page.is_checked("#work-1")
    at(second, "needs_me", "me")
    second.page.check(mark)
    second.press("button[value=back]")
    assert "Taken back: 1." in second.main
    # A refusal stands at the address of the form: read again, it is the list.
    second.go("/today/assign")
    assert second.path == "/"
    assert sent.path not in at(second, "needs_me", "me")


def test_whoever_may_not_assign_is_shown_no_marks(seats, scenes):
    sent = scenes.sent(receiver=PROVINCE, giver=HOTLINE)
    officer = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    assert sent.path in at(officer, "needs_me")
    assert officer.page.locator("[name=work], #assignee").count() == 0


def test_names_are_shown_on_one_page_for_a_reason_that_each_case_keeps(seats, scenes):
    sent = scenes.accepted(scenes.sent())
    scenes.sees(PROVINCE, sent, "in_service")
    officer = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    looked = f"/cases/{sent.case}/looks"
    officer.go("/?group=waiting_on_others")
    while not officer.page.locator(f"main a[href='{sent.path}']").count():
        officer.press("main a[rel=next]")
    address = officer.page.url
    assert officer.page.locator("[data-person]").count() == 0
    officer.refusals_expected()
    officer.page.click("main details summary")
    officer.press("form[action='/today/names'] button")
    assert "Say why you need the names." in officer.main
    assert officer.page.locator("[data-person]").count() == 0
    officer.page.select_option("#names_reason", "somebody_asks")
    officer.press("form[action='/today/names'] button")
    row = f"tr:has(a[href='{sent.path}']) [data-person]"
    assert CANARY.split()[1] in officer.page.inner_text(row)
    others = officer.page.locator("[data-person]").all_inner_texts()
    assert all(others), "no row stays empty"
    assert CANARY.split()[1] not in officer.page.title() + officer.page.url
    officer.page.goto(address)
    assert officer.page.locator("[data-person]").count() == 0
    officer.go(looked)
    assert "Showed the name" in officer.main
    assert "Somebody rings or comes" in officer.main


def test_a_view_is_kept_under_a_name_by_its_officer_alone(seats, scenes):
    ours, theirs = scenes.sent(), scenes.sent(PROVINCE, LIAISON, "family_tracing")
    officer = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    officer.go("/?group=waiting_on_others")
    officer.page.click("section details summary")
    officer.page.select_option("#peer", HOUSE)
    officer.press("form[method=get] button")
    officer.refusals_expected()
    officer.press("form[action='/today/views'] button")
    assert "Name the view in one short line." in officer.main
    officer.page.fill("#view_name", "What the house owes")
    officer.press("form[action='/today/views'] button")
    officer.go("/")
    officer.press("section a:text('What the house owes')")
    assert officer.page.input_value("#peer") == HOUSE
    shown = at(officer, "waiting_on_others", f"&peer={HOUSE}")
    assert ours.path in shown
    assert theirs.path not in shown
    officer.go("/?group=waiting_on_others&peer=xyz")
    assert officer.page.input_value("#peer") == ""
    # A view too many is refused in its own words, and what was typed stays.
    for number in range(12):
        officer.page.click("section details summary")
        officer.page.fill("#view_name", f"View {number}")
        officer.press("form[action='/today/views'] button")
    assert "view.too_many" in officer.main
    assert officer.page.locator("#view_name").is_visible()
    assert officer.page.input_value("#view_name") == "View 11"
    officer.go("/")
    colleague = seats.at(PROVINCE, "officer-11", "en", scripts=False)
    colleague.go("/")
    assert "What the house owes" not in colleague.page.content()
    officer.press("form[action$='/drop'] button")
    assert "What the house owes" not in officer.page.content()


def test_a_house_that_is_closed_to_new_says_so_and_comes_last_and_may_be_asked(
    seats, scenes
):
    house = seats.at(HOUSE, "manager-1", "en", scripts=False)
    house.go("/directory")
    house.page.click('main a[href="/directory/closed"]')
    house.refusals_expected()
    house.press('form[action$="/closed"] button')
    assert house.problems.count("Fill this in") == 2
    house.page.check('[name="closed_reason"][value="full"]')
    until = datetime.now(UTC) + timedelta(days=2)
    house.page.fill("#closed_until", f"{until:%Y-%m-%dT09:00}")
    house.press('form[action$="/closed"] button')
    assert "no free place" in house.main
    sender = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    path = f"/refer/{kept(scenes, whole_draft(scenes.case(PROVINCE, 'officer-14')))}"
    for _ in range(_TRIES):
        sender.go(f"{path}/where")
        if "Closed to new" in sender.main:
            break
        sender.page.wait_for_timeout(100)
    last = sender.page.locator("[name=recipient]").last
    assert last.get_attribute("value") == HOUSE
    sender.go(f"{path}/check")
    assert "You can send it all the same." in sender.main
    assert sender.page.get_by_role("button", name="Seal and send").count() == 1
    house.go("/directory/closed")
    assert house.page.input_value("#closed_until") == f"{until:%Y-%m-%dT09:00}"
    house.press('form[action$="/end"] button')
    assert "no free place" not in house.main
