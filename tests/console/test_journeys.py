"""What officers do all day, in a browser, with scripts and without."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.handoff import Step
from services.node.domain.tables import VIETNAM
from tests.console.amended import COLLEAGUE, amend
from tests.console.consoles import HOTLINE, HOUSE, PROVINCE
from tests.console.drafts import crossing_draft, kept, whole_draft
from tests.console.scenes import CANARY, NEED
from tests.console.screen import OFFICER
from tests.console.writing import answered, asked, asked_sooner_after_all, begun


@pytest.mark.parametrize("scripts", [True, False])
def test_a_shelter_accepts_within_three_clicks_of_its_inbox(seats, scenes, scripts):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "vi", scripts=scripts)
    manager.go("/")
    manager.press(f'main a[href="{sent.path}"]')
    manager.accept()
    assert manager.path == sent.path
    assert scenes.sees(HOUSE, sent, "accepted", "in_service")
    assert scenes.sees(PROVINCE, sent, "accepted", "in_service")


@pytest.mark.parametrize(("language", "scripts"), [("vi", False), ("en", True)])
def test_a_referral_is_written_sent_and_accepted(seats, scenes, language, scripts):
    officer = seats.at(PROVINCE, OFFICER, language, scripts=scripts)
    code = begun(officer)
    asked(officer, "given")
    assert officer.path.endswith("/check")
    form = officer.path.replace("/check", "/callback")
    now = scenes.at(PROVINCE, lambda desk, _: desk.get_status()).case_now
    by = (now + timedelta(hours=2)).astimezone(VIETNAM)
    officer.go(form)
    past = f"{by - timedelta(hours=3):%Y-%m-%dT%H:%M}"
    officer.page.fill("#answer_by", past)
    officer.page.select_option("#callback_function", "duty_officer")
    officer.refusals_expected()
    officer.press()
    assert officer.path == form
    assert officer.page.input_value("#answer_by") == past
    assert officer.page.locator("#answer_by-error").count() == 1
    assert officer.page.locator("#callback_phone-error").count() == 1
    later = f"{by + timedelta(hours=18):%Y-%m-%dT%H:%M}"
    officer.page.fill("#answer_by", later)
    officer.page.fill("#callback_phone", "000 000 019")
    officer.page.fill("#callback_hours", "08:00-17:00")
    officer.press()
    asked_sooner_after_all(officer, form, later)
    officer.page.fill("#answer_by", f"{by:%Y-%m-%dT%H:%M}")
    officer.press()
    before = officer.page.inner_text(".relais-across")
    note = {"en": "Cannot take stairs", "vi": "Không đi được cầu thang"}[language]
    assert NEED in before
    assert note in before
    officer.press()
    path = officer.path
    assert path.startswith("/referrals/")
    manager = seats.at(HOUSE, "manager-1", language, scripts=scripts)
    for _ in range(40):
        manager.go("/")
        if manager.page.locator(f'main a[href="{path}"]').count():
            break
        manager.page.wait_for_timeout(250)
    manager.press(f'main a[href="{path}"]')
    assert NEED in manager.main
    assert note in manager.main
    # The house says that it has stairs: a hint, and the answer stays its own.
    assert manager.page.locator("[data-conflicts] li").count() == 1
    # The sender's own limit runs here, and its own telephone stands here.
    assert f"{by:%d/%m/%Y}" in manager.page.inner_text(".relais-identity")
    assert f"{by:%H:%M}" in manager.page.inner_text(".relais-identity")
    assert "000 000 019" in manager.main
    manager.accept()
    assert manager.page.locator("[data-conflicts]").count() == 0
    officer.go(f"/cases/{code}")
    assert path in officer.page.content()
    officer.go(f"/cases/{code}/safety")
    assert note in officer.main


def test_a_name_crosses_the_border_by_two_and_the_form_waits(seats, scenes, consoles):
    name = CANARY.split()[1]
    code = scenes.case(PROVINCE, OFFICER)
    form = f"/refer/{kept(scenes, crossing_draft(code))}/check"
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(form)
    assert "A second person reads it first" in officer.main
    officer.press()
    asked = officer.path
    assert asked.startswith("/approvals/")
    assert name in officer.main
    assert "Another officer has to read this" in officer.main
    officer.go(form)
    assert "It waits for a second person" in officer.main
    assert officer.page.locator('main form[action$="/check"] button').count() == 0
    second = seats.at(PROVINCE, "officer-11", "vi", scripts=False)
    second.go("/?group=notices")
    second.press(f'main a[href="{asked}"]')
    assert name in second.main
    assert name not in second.page.title()
    second.press("main button[value=approved]")
    # A proof of long ago does not do.
    consoles.network.state.cluster.query(
        "UPDATE officer_session SET reauthenticated_at = signed_in_at"
        " - interval '1 hour' WHERE pseudonym = 'officer-14'",
        database=PROVINCE,
    )
    officer.go(asked)
    officer.press()
    assert officer.path == form
    officer.press()
    assert officer.path == "/account/prove"
    officer.page.fill("#password", consoles.staff[PROVINCE, OFFICER].password)
    officer.press()
    assert officer.path == form
    officer.press()
    assert officer.path.startswith("/referrals/")
    officer.go(asked)
    assert "Done" in officer.main
    assert name not in officer.main


def test_a_no_is_kept_and_nothing_goes_out(seats, scenes):
    officer = seats.at(PROVINCE, OFFICER, "en")
    code = begun(officer)
    asked(officer, "refused")
    assert "nothing goes out" in officer.main
    officer.press()
    assert officer.path == f"/cases/{code}/answers"
    assert "Refused" in officer.main

    async def referrals(desk, who):
        return (await desk.get_case(who, code)).referrals

    assert scenes.at(PROVINCE, referrals) == ()


@pytest.mark.parametrize("scripts", [True, False])
def test_who_claims_and_accepts_needs_three_clicks_from_the_inbox(
    seats, scenes, scripts
):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "en", scripts=scripts)
    manager.go("/")
    manager.press(f'main a[href="{sent.path}"]')
    manager.press('form[action$="/claim"] button')
    assert "You are on it." in manager.main
    manager.accept()
    assert manager.path == sent.path
    assert "Recorded" in manager.main
    assert scenes.sees(PROVINCE, sent, "accepted", "in_service")


def test_colleagues_see_who_is_on_it_until_it_is_given_back(seats, scenes):
    sent = scenes.sent()
    first = seats.at(HOUSE, "manager-1", "en", scripts=False)
    second = seats.at(HOUSE, "manager-2", "en", scripts=False)
    first.go(sent.path)
    first.press('form[action$="/claim"] button')
    second.go(sent.path)
    assert "manager-1 is working on it" in second.main
    assert "minutes left" in second.main
    assert second.page.locator('form[action$="/claim"]').count() == 0
    first.press('form[action$="/claim"]:has([name=release]) button')
    second.go(sent.path)
    assert "Nobody here is on it yet" in second.main
    giver = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    giver.go(sent.path)
    assert giver.page.locator(".relais-claim").count() == 0


def test_a_house_says_no_names_another_and_the_need_goes_on_to_it(seats, scenes):
    sent = scenes.sent(giver=HOTLINE, receiver=PROVINCE)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.refusals_expected()
    officer.go(sent.path)
    officer.press(f'main a[href="{sent.path}/forward"]')
    # Nobody is named by default; each of the others says what helps to choose.
    assert officer.page.is_checked("[name=alternative][value='']")
    told = officer.page.locator(".govuk-radios__hint").all_inner_texts()
    assert {"Said on" in each for each in told} == {True}
    officer.press()
    assert officer.problems
    officer.page.check("input[name=away][value=decline]")
    officer.press()
    assert "Reason" in officer.problems
    officer.page.select_option("#reason", "no_capacity")
    officer.page.check(f"[name=alternative][value={HOUSE}]")
    officer.press()
    assert officer.path == sent.path
    assert scenes.sees(HOTLINE, sent, "declined") == "declined"
    operator = seats.at(HOTLINE, "operator-7", "en", scripts=False)
    operator.go(sent.path)
    assert "No free place" in operator.main
    operator.press(f'main a[href="{sent.path}/forward"]')
    assert operator.page.is_checked(f"[name=recipient][value={HOUSE}]")
    # Whoever said no is marked and last; each says of itself what helps to choose.
    assert (
        "Asked before" in operator.page.locator(".govuk-radios__hint").last.inner_text()
    )
    assert "Not for" in operator.page.inner_text(".govuk-radios")
    operator.press()
    assert operator.path.endswith("/show")
    draft = operator.path.removesuffix("/show")
    operator.go(f"{draft}/need")
    assert operator.page.input_value("#need") == NEED


def test_what_was_meant_for_another_is_settled_when_that_one_is_asked(seats, scenes):
    sent = scenes.sent(giver=HOTLINE, receiver=PROVINCE)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(f"{sent.path}/forward")
    officer.page.check("input[name=away][value=misrouted]")
    officer.page.check(f"[name=alternative][value={HOUSE}]")
    officer.press()
    assert scenes.sees(HOTLINE, sent, "misrouted") == "misrouted"
    operator = seats.at(HOTLINE, "operator-7", "en", scripts=False)
    operator.go(f"{sent.path}/forward")
    operator.press()
    operator.page.check("input[name=categories][value=D1]")
    operator.press()
    answered(operator, "given")
    assert operator.path.endswith("/check")
    operator.press()
    assert operator.path.startswith("/referrals/")
    assert operator.path != sent.path
    assert scenes.sees(HOTLINE, sent, "rerouted") == "rerouted"
    assert scenes.sees(PROVINCE, sent, "rerouted") == "rerouted"


def test_a_question_is_asked_and_answered(seats, scenes):
    sent = scenes.sent()
    manager = seats.at(HOUSE, "manager-1", "vi", scripts=False)
    manager.go(f"{sent.path}/question")
    assert "Việc này không dừng thời hạn đó." in manager.main
    manager.page.fill("#text", "Chị ấy có cần phiên dịch không?")
    manager.page.select_option("#language", "vi")
    manager.press()
    scenes.sees(PROVINCE, sent, "asked")
    officer = seats.at(PROVINCE, OFFICER, "en")
    officer.go(sent.path)
    said = officer.page.locator('.relais-timeline [lang="vi"]').inner_text()
    assert said == "Chị ấy có cần phiên dịch không?"
    officer.press(f'main a[href="{sent.path}/answer"]')
    officer.page.fill("#text", "Có, tiếng Hmông.")
    officer.page.select_option("#language", "vi")
    officer.press()
    scenes.sees(HOUSE, sent, "opened", "offered")
    manager.go(sent.path)
    assert "Có, tiếng Hmông." in manager.main


def test_locking_keeps_what_was_typed(seats, consoles):
    officer = seats.at(PROVINCE, "officer-32", "en", scripts=False)
    officer.refusals_expected()
    begun(officer)
    officer.page.select_option("#referral_type", "reception")
    officer.page.check("input[name=priority][value=urgent]")
    officer.page.fill("#need", NEED)
    officer.page.select_option("#need_language", "vi")
    officer.press()
    form = officer.path.replace("/where", "/need")
    officer.press('form[action="/lock"] button')
    assert officer.path == "/locked"
    assert officer.page.locator("nav").count() == 0
    officer.go(form)
    assert officer.path == "/locked"
    assert NEED not in officer.page.content()
    officer.page.fill("#password", "not this one, surely")
    officer.press()
    assert officer.problems
    officer.page.fill("#password", consoles.staff[PROVINCE, "officer-32"].password)
    officer.press()
    assert officer.path == form
    assert officer.page.input_value("#need") == NEED


@pytest.mark.parametrize("scripts", [True, False])
def test_leaving_at_once_leaves_nothing_to_go_back_to(seats, consoles, scripts):
    officer = seats.at(PROVINCE, "officer-32", "en", scripts=scripts)
    officer.go("/cases")
    officer.press('form[action="/leave"] button')
    assert officer.path == "/blank"
    assert officer.page.inner_text("body").strip() == ""
    officer.page.go_back()
    assert officer.path == "/locked"
    officer.page.fill("#password", consoles.staff[PROVINCE, "officer-32"].password)
    officer.press()


def test_the_language_is_changed_for_this_officer_from_now_on(seats):
    officer = seats.at(PROVINCE, "officer-32", "en", scripts=False)
    officer.go("/cases")
    for tag, heading in (("fr", "Dossiers"), ("zh-Hans", ""), ("vi", "Các ca")):
        officer.press(f'button[name=language][value="{tag}"]')
        officer.go("/cases")
        assert officer.page.get_attribute("html", "lang") == tag
        assert heading in officer.page.inner_text("h1")


def test_a_form_that_is_sent_twice_is_one_act(wires, scenes):
    sent = scenes.sent()
    shown = wires.ask(HOUSE, f"{sent.path}/question", officer="manager-1").text
    form = {
        "token": wires.token_in(shown),
        "event": wires.event_in(shown),
        "text": "Một câu hỏi thôi.",
        "language": "vi",
    }
    for _ in range(2):
        answer = wires.ask(
            HOUSE,
            f"{sent.path}/question",
            officer="manager-1",
            method="POST",
            form=form,
        )
        assert answer.status_code == 303

    async def said(desk, who):
        found = await desk.get_referral(who, sent.referral_id)
        return [each.step for each in found.steps]

    assert scenes.at(HOUSE, said).count(Step.QUESTION) == 1


def test_a_case_is_opened_once_however_often_the_form_comes(wires):
    shown = wires.ask(PROVINCE, "/refer", officer=OFFICER).text
    form = {
        "token": wires.token_in(shown),
        "event": wires.event_in(shown),
        "door": "rescued",
    }
    codes = set()
    for _ in range(2):
        answer = wires.ask(
            PROVINCE, "/refer", officer=OFFICER, method="POST", form=form
        )
        page = wires.ask(PROVINCE, answer.headers["location"], officer=OFFICER).text
        codes.add(wires.code_in(page))
    assert len(codes) == 1


def test_a_referral_is_sent_once_however_often_its_last_page_comes(wires, scenes):
    code = scenes.case(PROVINCE, OFFICER)
    path = f"/refer/{kept(scenes, whole_draft(code))}/check"
    shown = wires.ask(PROVINCE, path, officer=OFFICER).text
    form = {"token": wires.token_in(shown)}
    first, second = (
        wires.ask(PROVINCE, path, officer=OFFICER, method="POST", form=form)
        for _ in range(2)
    )
    assert first.headers["location"].startswith("/referrals/")
    assert second.status_code in {303, 404}
    case = wires.ask(PROVINCE, f"/cases/{code}", officer=OFFICER).text
    number = first.headers["location"].split("?")[0]
    assert case.count(f'href="{number}"') == 1


def test_who_comes_second_sees_both_and_loses_nothing(seats, scenes):
    case = scenes.case(PROVINCE, OFFICER)
    form, field = f"/cases/{case}/person/D1", "#local_accompanying_minors"
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.refusals_expected()
    officer.go(form)
    amend(scenes, case, "one child", local_interpreter_needed="yes")
    officer.page.fill(field, "two children")
    officer.page.fill("#local_birth_year", "2001")
    officer.press()
    assert "Somebody else wrote here meanwhile" in officer.problems
    rows = officer.page.locator("#met tbody tr").all_inner_texts()
    (both,) = (each for each in rows if "two children" in each)
    assert "one child" in both
    assert "Both changed it" in both
    # Hers stands in the form, and of what she had not touched what stands now.
    assert officer.page.input_value(field) == "two children"
    assert officer.page.input_value("#local_birth_year") == "2001"
    chosen = officer.page.locator("[name=local_interpreter_needed]:checked")
    assert chosen.input_value() == "yes"
    assert officer.page.locator("[name=prs_Gender]:checked").count() == 0
    officer.page.fill(field, "one child, or two")
    officer.press()
    assert officer.path == f"/cases/{case}/person"
    officer.press(f'main a[href="{form}/versions"]')
    changed = officer.page.inner_text("#changes")
    assert "one child, or two" in changed
    assert "Added" in changed
    assert "Interpreter" not in changed
    written = officer.page.locator("main table").nth(1).locator("tbody tr")
    assert written.count() == 3
    assert COLLEAGUE in written.nth(1).inner_text()
    written.nth(1).locator("a").click()
    assert "Removed" in officer.page.inner_text("#changes")
