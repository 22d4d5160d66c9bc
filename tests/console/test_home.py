"""S9 in a browser: where the way home stands, the plan, visits, and minors."""

from __future__ import annotations

from services.node.domain.bodies_return import Suspension
from tests.console.consoles import HOUSE, LIAISON, PROVINCE
from tests.console.home_scenes import (
    WISH,
    asked_home,
    at_home,
    case_at,
    placed,
    planned_home,
)
from tests.console.scenes import CANARY
from tests.console.test_return import filled

OFFICER = "officer-11"
CURRENT = '.relais-stages [aria-current="step"]'


def test_both_ends_see_the_same_stage_of_a_return_and_whose_turn_it_is(seats, scenes):
    sent = planned_home(scenes)
    receiver = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    giver = seats.at(LIAISON, "liaison-5", "en", scripts=False)
    receiver.go(f"/cases/{case_at(scenes, PROVINCE, sent)}/return")
    giver.go(f"/cases/{case_at(scenes, LIAISON, sent)}/return")
    for seat in (receiver, giver):
        current = seat.page.locator(CURRENT)
        assert current.count() == 1
        assert "Asked once more" in current.inner_text()
        assert "Now" in current.inner_text()
        assert "Lao Cai" in seat.page.inner_text(".relais-stages") or seat is giver
        assert CANARY not in seat.page.content()
        # Who has to act stands beside what comes now, and both signed the risk.
        assert "Yunnan" in current.inner_text()
        signed = seat.page.locator("dt", has_text="Signed by")
        assert signed.count() == 2
        assert "Second signature" not in seat.main
    assert "It is our turn." in giver.main
    assert "It is the turn of" in receiver.main
    giver.press(f'main a[href="{sent.path}/reconsent"]')
    assert giver.path == f"{sent.path}/reconsent"


def test_to_stop_stands_apart_and_a_stopped_return_says_so(seats, scenes):
    sent = asked_home(scenes)
    giver = seats.at(LIAISON, "liaison-5", "en", scripts=False)
    case = case_at(scenes, LIAISON, sent)
    giver.go(f"/cases/{case}/return")
    assert "Risk assessment by both sides" in giver.page.locator(CURRENT).inner_text()
    stopping = giver.page.locator("h2", has_text="To stop or to wait")
    after = stopping.locator("xpath=following-sibling::ul").first
    assert after.locator(f'a[href="{sent.path}/withdrawal"]').count() == 1
    scenes.step(LIAISON, sent, Suspension("health"))
    giver.go(f"/cases/{case}/return")
    assert "Stopped here" in giver.page.locator(CURRENT).inner_text()
    assert "without any penalty" in giver.main


def test_a_case_without_a_return_says_what_comes_here(seats, scenes):
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(f"/cases/{scenes.case(PROVINCE, OFFICER)}/return")
    assert "No return is under way" in officer.main
    assert officer.page.locator(".relais-stages").count() == 0


def test_a_plan_is_made_on_forms_and_what_the_law_refuses_stays_typed(seats, scenes):
    code = placed(scenes, PROVINCE, OFFICER, by_law=False)
    officer = seats.at(PROVINCE, OFFICER, "vi", scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{code}/reintegration")
    officer.press(f'main a[href="/cases/{code}/plan"]')
    officer.press()
    assert officer.problems
    filled(
        officer,
        {"plan_stage": "crisis", "goal_domain": "finance", "objective": WISH},
    )
    filled(officer, {"entitlement": "k", "poor_household": "no"})
    officer.press()
    assert "plan.not_entitled" in officer.main
    assert officer.page.input_value("#objective") == WISH
    officer.page.select_option("#entitlement", "")
    officer.press()
    assert officer.path == f"/cases/{code}/reintegration"
    assert WISH in officer.main
    officer.press(f'main a[href="/cases/{code}/plan/goals/0/actions/new"]')
    filled(
        officer,
        {"action_what": "Hỏi lớp học may", "action_who": HOUSE},
    )
    filled(officer, {"action_status": "open"})
    officer.press()
    assert "Hỏi lớp học may" in officer.main
    officer.press(f'main a[href="/cases/{code}/plan/goals/new"]')
    filled(officer, {"goal_domain": "health", "objective": "Khám sức khỏe."})
    officer.press()
    assert officer.page.locator(".relais-goal").count() == 2
    assert WISH in officer.main
    # A colleague changes the goal while it stands open here: neither loses a word.
    colleague = seats.at(PROVINCE, "officer-14", "en", scripts=False)
    for seat in (officer, colleague):
        seat.go(f"/cases/{code}/plan/goals/1")
    assert colleague.page.input_value("#said_in") == "en"
    filled(colleague, {"objective": "A dentist."})
    colleague.page.select_option("#said_in", "fr")
    colleague.press()
    filled(officer, {"objective": "Khám mắt."})
    officer.press()
    assert "case.plan_changed" in officer.problems
    (met,) = officer.page.locator("#met tbody tr").all_inner_texts()
    assert "Khám mắt." in met
    assert "A dentist." in met
    filled(officer, {"objective": "Khám mắt và răng."})
    officer.press()
    assert officer.path == f"/cases/{code}/reintegration"
    assert "Khám mắt và răng." in officer.main
    # What is in which language is kept, of what stood before as well.
    assert officer.page.locator('.relais-goal [lang="vi"]').count() > 1
    colleague.go(f"/cases/{code}/plan/versions")
    rows = colleague.page.locator("#changes tbody tr").all_inner_texts()
    assert ["A dentist." in each and "Khám mắt và răng." in each for each in rows] == [
        True
    ]
    assert colleague.page.locator('#changes [lang="fr"]').inner_text() == "A dentist."


def test_visits_are_told_apart_as_done_next_and_to_come(seats, scenes):
    code = at_home(scenes, PROVINCE, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(f"/cases/{code}/reintegration")
    rows = officer.page.locator("tbody tr").all_inner_texts()
    visits = [each for each in rows if "follow-up" in each]
    assert "Done" in visits[0]
    assert "Stable" in visits[0]
    assert "Next" in visits[1]
    assert all("To come" in each for each in visits[2:])
    assert len(visits) == 6
    officer.press(f'main a[href="/cases/{code}/follow-up"]')
    filled(officer, {"follow_kind": "in_care", "follow_mode": "visit"})
    filled(officer, {"follow_result": "unsafe"})
    officer.press()
    assert officer.path == f"/cases/{code}/reintegration"
    banner = officer.page.inner_text(".govuk-notification-banner").lower()
    assert "refer" in banner


def test_another_unit_says_why_and_comes_to_the_plan_it_asked_for(seats, scenes):
    code = at_home(scenes, PROVINCE, OFFICER)
    other = seats.at(PROVINCE, "officer-21", "en", scripts=False)
    other.go(f"/cases/{code}/reintegration")
    assert other.path == f"/cases/{code}/reason"
    assert WISH not in other.page.content()
    other.page.check("input[name=reason][value=supervision]")
    other.press()
    assert other.path == f"/cases/{code}/reintegration"
    assert WISH in other.main


def test_a_minor_is_recorded_under_a_code_and_changed_later(seats, scenes):
    code = placed(scenes, PROVINCE, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(f"/cases/{code}/reintegration")
    officer.press(f'main a[href="/cases/{code}/minors/new"]')
    filled(officer, {"minor_status": "accompanying_minor", "minor_age": "presumed"})
    filled(officer, {"guardian": "none", "sex": "Feminine"})
    officer.press()
    link = officer.page.locator(f'main a[href^="/cases/{code}/minors/R-"]')
    assert link.count() == 1
    link.click()
    assert officer.page.locator("[name=guardian][value=none]").is_checked()
    filled(officer, {"guardian": "relative"})
    officer.press()
    assert "relative" in officer.main.lower()
    assert link.count() == 1


def test_a_deadline_stands_still_for_a_reason_and_is_shown_until_it_goes_on(
    seats, scenes
):
    code = at_home(scenes, PROVINCE, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{code}")
    # Nobody is called by the name that machines use, in the picture neither.
    assert PROVINCE not in officer.page.locator("main").text_content()
    # A limit that the policy lets stand still; others offer no such thing.
    first_plan = officer.page.locator("main li", has_text="First reintegration plan")
    first_plan.locator('a[href$="/pause"]').click()
    officer.press()
    assert officer.problems
    filled(officer, {"pause_reason": "illness"})
    officer.press()
    assert officer.path == f"/cases/{code}"
    stands = first_plan.inner_text()
    assert "stands still since" in stands
    assert "Illness" in stands
    first_plan.locator('form[action$="/resume"] button').click()
    assert "stands still" not in first_plan.inner_text()
    assert "left" in first_plan.inner_text()
