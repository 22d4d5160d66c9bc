"""What is best for a child is weighed, said and approved before anything leaves."""

from __future__ import annotations

from tests.console.consoles import PROVINCE
from tests.console.drafts import childs_draft, kept
from tests.console.scenes import IDENTITY, known
from tests.console.test_return import filled

OFFICER = "officer-14"
CHILD = known("D1", prs_Gender="Feminine", local_age_band="9_17")
WHY = "Em muốn ở gần mẹ; mẹ được đánh giá là an toàn."


def test_a_child_is_referred_once_a_second_officer_approved_what_is_best(seats, scenes):
    code = scenes.case(PROVINCE, OFFICER, (CHILD, IDENTITY))
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    # Said before one begins, and asked for whatever the form knew.
    officer.go(f"/refer?case={code}")
    assert "This person is a child" in officer.main
    form = f"/refer/{kept(scenes, childs_draft(code))}"
    officer.go(f"{form}/check")
    assert officer.path == f"{form}/interests"
    officer.refusals_expected()
    officer.press()
    assert officer.problems
    filled(officer, {"considered": "views", "best_reasons": WHY})
    filled(officer, {"best_language": "vi", "decided_by": "child_protection"})
    officer.press()
    assert officer.path == f"{form}/callback"
    officer.press()
    assert officer.path == f"{form}/check"
    assert officer.page.locator(f'main [lang="vi"]:text("{WHY}")').count() == 1
    officer.press()
    asked = officer.path
    assert asked.startswith("/approvals/")
    officer.go(f"{form}/check")
    assert "It waits for a second person" in officer.main
    second = seats.at(PROVINCE, "officer-11", "fr", scripts=False)
    second.go("/approvals")
    second.press(f'main a[href="{asked}"]')
    assert WHY in second.main
    assert "Le service de protection de l’enfance" in second.main
    second.press("main button[value=approved]")
    officer.go(asked)
    officer.press()
    assert officer.path == f"{form}/check"
    officer.press()
    assert officer.path.startswith("/referrals/")


def test_an_adult_is_asked_alone(seats, scenes):
    code = scenes.case(PROVINCE, OFFICER)
    officer = seats.at(PROVINCE, OFFICER, "en", scripts=False)
    officer.go(f"/refer?case={code}")
    assert "page 1 of 6" in officer.main
    assert "decides what is best" not in officer.main
