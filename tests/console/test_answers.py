"""S7 in a browser: a yes is taken back, and what is written inside stays inside."""

from __future__ import annotations

from tests.console.audit_screens import overridden, reviewed_at
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.scenes import CANARY, NEED
from tests.console.screen import OFFICER as ASKER
from tests.console.test_return import filled

OFFICER = "officer-11"
WORDS = "Gọi lại cho đồng nghiệp trước khi hẹn."


def test_a_yes_is_taken_back_and_the_page_says_before_what_it_does(seats, scenes):
    sent = scenes.accepted(scenes.sent(case=scenes.case(PROVINCE, OFFICER)))
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{sent.case}/answers")
    # Who answered, in what capacity, who heard it, and what was explained first.
    for said in ("Adult who decides alone", "w-1", "How to withdraw the consent"):
        assert said in officer.main
    officer.press(f'main a[href^="/cases/{sent.case}/answers/"][href$="/withdrawal"]')
    told = officer.page.locator("main li", has_text="is told to close it")
    assert told.count() == 1
    assert "Identity" in told.inner_text()
    assert "What cannot be undone" in officer.main
    filled(officer, {"withdraw_method": "oral_witnessed"})
    officer.press()
    assert officer.problems
    assert officer.page.is_checked('[name="withdraw_method"][value="oral_witnessed"]')
    filled(officer, {"consent_witness": "w-1"})
    officer.press()
    assert officer.path == f"/cases/{sent.case}/answers"
    assert "Withdrawn" in officer.main
    scenes.acknowledged(sent)
    officer.go(f"/cases/{sent.case}/answers")
    assert "Acknowledged on" in officer.main
    assert "Can no longer be read there" in officer.main
    assert "Nobody by this answer" in officer.main
    # She answered in Vietnamese, whatever the officer reads.
    read_out = officer.page.locator("details [lang=vi]").text_content()
    assert "không còn đọc được" in read_out
    assert "tên và giấy tờ của bạn" in read_out
    # Nothing is left to take back.
    assert officer.page.locator('main a[href$="/withdrawal"]').count() == 0
    assert CANARY not in officer.page.content()


def test_a_note_is_read_by_colleagues_and_by_nobody_else(seats, scenes):
    sent = scenes.accepted(scenes.sent(case=scenes.case(PROVINCE, OFFICER)))
    officer = seats.at(PROVINCE, OFFICER, "vi", scripts=False)
    officer.refusals_expected()
    officer.go(f"/cases/{sent.case}/messages")
    officer.press(f'main a[href="/cases/{sent.case}/notes/new"]')
    assert officer.page.locator(".relais-inside").count() == 1
    assert officer.page.locator(".relais-across").count() == 0
    officer.press()
    assert officer.problems
    filled(officer, {"note_text": WORDS})
    officer.press()
    assert officer.path == f"/cases/{sent.case}/messages"
    assert WORDS in officer.page.inner_text(".relais-inside")
    assert WORDS not in officer.page.inner_text(".relais-across")

    async def there(desk, who):
        return (await desk.get_referral(who, sent.referral_id)).referral

    case = scenes.at(HOUSE, there).case_pseudonym
    manager = seats.at(HOUSE, "manager-1", "vi", scripts=False)
    for path in (f"/cases/{case}/messages", f"/cases/{case}", sent.path):
        manager.go(path)
        assert WORDS not in manager.page.content()


def test_what_was_opened_without_a_yes_is_reviewed_by_another_and_once(seats, scenes):
    """No scripts; who asked for it reads it, and is offered no review."""
    case = overridden(scenes)
    place = reviewed_at(scenes, case)
    asker = seats.at(PROVINCE, ASKER, "en", scripts=False)
    asker.go(f"/cases/{case}")
    asker.press('main .govuk-list a[href$="/answers"]')
    asker.press(f'main a[href="{place}"]')
    assert "did not ask for it" in asker.main
    assert asker.page.locator("main form").count() == 0
    reviewer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    reviewer.refusals_expected()
    reviewer.go(place)
    for said in (NEED, ASKER, "Law 53/2024/QH15", "Safety and risk"):
        assert said in reviewer.main
    reviewer.press()
    assert reviewer.problems
    filled(reviewer, {"verdict": "withdrawn"})
    reviewer.press()
    assert reviewer.path == f"/cases/{case}/answers"
    assert f"Taken back · {OFFICER}" in reviewer.main
    reviewer.go(place)
    assert reviewer.page.locator("main form").count() == 0
    asker.go(f"/cases/{case}")
    assert asker.page.locator('main .govuk-list a[href$="/answers"]').count() == 0
