"""A menu offers what the node allows, and nothing else."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.web.navigation import PLACES, first_place, places_for
from gateway.words.words import load
from services.node.domain.errors import NotPermittedError
from services.node.domain.functions import Function
from services.node.domain.people import Officer, Role, acts_of, check_may
from services.node.rpc.callers import CALLERS
from services.node.rpc.sign_in_values import SessionRead

TABS = Path(__file__).parents[4] / "gateway" / "templates" / "parts" / "case_tabs.html"
AT = datetime(2027, 1, 4, tzinfo=UTC)
DESK = "/relais.desk.v1."
ASKED_FIRST = {
    "/": DESK + "WorkService/GetWorklist",
    "/cases": DESK + "CaseService/ListCases",
    "/refer": DESK + "WorkService/ListNeeds",
    "/exchange": DESK + "WorkService/ListCorridors",
    "/approvals": DESK + "ApprovalService/ListApprovals",
    "/directory": DESK + "WorkService/ListMembers",
    "/ledger": DESK + "LedgerService/ListOwnEntries",
    "/audit": DESK + "LedgerService/ListEntries",
    "/node": DESK + "UpkeepService/GetUpkeep",
}
"""What each screen of the menu asks of the node."""


def signed_in(role: Role, functions: tuple[Function, ...]) -> SessionRead:
    acts = tuple(sorted(acts_of(role, functions)))
    return SessionRead(
        "o-1", role, "desk", "m", False, "password", AT, AT, AT, AT, "en", acts
    )


@pytest.mark.parametrize("functions", [(), (Function.MISSION,)])
def test_every_role_is_offered_the_screens_that_the_node_allows_it(functions) -> None:
    offered, allowed = set(), set()
    for role, place in itertools.product(Role, PLACES):
        if place in places_for(signed_in(role, functions)):
            offered.add((role, place.path))
        row = CALLERS[ASKED_FIRST[place.path]]
        assert row.act is not None
        try:
            check_may(Officer("o-1", role, "desk", True), row.act, functions=functions)
            allowed.add((role, place.path))
        except NotPermittedError as error:
            assert error.code == "people.role_may_not"
    assert offered == allowed
    mission = Function.MISSION in functions
    assert ((Role.AGENCY_OFFICER, "/exchange") in offered) is mission


def test_a_role_begins_where_it_may_be() -> None:
    assert first_place(signed_in(Role.AGENCY_OFFICER, ())) == "/"
    assert first_place(signed_in(Role.AUDITOR, ())) == "/audit"
    assert first_place(signed_in(Role.NODE, ())) == "/account"


@pytest.mark.parametrize("words", load().all.values(), ids=lambda each: each.lang)
def test_no_two_places_or_tabs_of_a_case_are_called_the_same(words) -> None:
    tabs = re.findall(r'words\.gettext\("([^"]+)"\)\)', TABS.read_text("utf-8"))
    assert "Consent" in tabs
    names = [*tabs, *(each.name for each in PLACES), "Back"]
    said = Counter(words.gettext(each) for each in names)
    assert [name for name, count in said.items() if count > 1] == []
