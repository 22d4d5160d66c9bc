"""What each role may do."""

from __future__ import annotations

import pytest

from services.node.domain.errors import NotPermittedError
from services.node.domain.handoff import Actor
from services.node.domain.people import Act, Officer, Role, check_may, is_pseudonym

SECOND = {"approval", "override_approval", "admission"}
SHELTER = {"case", "decision", "care", "search", "own_ledger"} | SECOND
PROVINCE = SHELTER | {"exchange"}
LEADING = {"assignment", "closure_approval"}

ALLOWED = {
    "operator": {"case", "search"},
    "supervisor": PROVINCE | LEADING,
    "officer": PROVINCE,
    "manager": SHELTER | LEADING,
    "liaison": PROVINCE,
    "agency_officer": {"case", "decision", "closure_approval"} | SECOND,
    "auditor": {"audit"},
    "administrator": {"administration", "admission"},
    "node": {"automatic"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(Act))
def test_a_role_may_do_its_own_acts_and_no_others(role: Role, act: Act) -> None:
    officer = Officer("o-1", role, "desk", active=True)
    if act.value in ALLOWED[role.value]:
        check_may(officer, act)
        return
    with pytest.raises(NotPermittedError) as caught:
        check_may(officer, act)
    assert caught.value.code == "people.role_may_not"


def test_an_inactive_officer_may_do_nothing() -> None:
    with pytest.raises(NotPermittedError) as caught:
        check_may(Officer("o-1", Role.OFFICER, "desk", active=False), Act.CASE)
    assert caught.value.code == "people.inactive"


def test_an_officer_stands_in_a_handoff_as_an_actor() -> None:
    officer = Officer("o-1", Role.LIAISON, "kunming", active=True)
    assert officer.actor() == Actor("o-1", "liaison", "kunming")


@pytest.mark.parametrize(
    ("text", "is_one"), [("int-4", True), ("", False), ("two words", False)]
)
def test_a_pseudonym_is_one_short_word(text: str, is_one: bool) -> None:
    assert is_pseudonym(text) is is_one
    assert not is_pseudonym("x" * 65)
