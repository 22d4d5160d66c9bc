"""The nearest who may be asked stands on top."""

from datetime import UTC, datetime
from itertools import permutations

from gateway.forms.ranking import ranked
from services.node.domain.closed_to_new import ClosedToNew
from services.node.domain.offices import Population
from services.node.rpc.work_values import MemberDetailsRead, MemberWordRead
from tests.unit.gateway.forms.cards import card

NEAR, BUSY = card("near"), card("busy", waiting=3, opening="closed")
OPEN, FAR = card("open", waiting=9, opening="open"), card("far", 1, opening="open")
ABROAD = card("abroad", 2, languages=("vi",), opening="open")


def names(cards):
    return [each.name for each in cards]


def test_the_nearest_stand_on_top_whatever_the_order_they_came_in():
    wanted = ["open", "near", "busy", "far", "abroad"]
    for order in permutations((NEAR, BUSY, OPEN, FAR, ABROAD)):
        assert names(ranked(order, ())) == wanted


def test_who_reads_a_language_of_the_person_or_the_need_comes_before_who_does_not():
    reads = card("reads", languages=("hmn",), waiting=5)
    assert names(ranked((NEAR, reads), ("vi", "hmn"))) == ["reads", "near"]


def test_who_does_not_help_such_a_person_comes_last_and_may_be_asked_all_the_same():
    refuses = card("refuses", not_for=("men",), opening="open")
    found = ranked((refuses, NEAR, ABROAD), (), (Population.MEN,))
    assert names(found) == ["near", "abroad", "refuses"]
    assert names(ranked((refuses, NEAR), ())) == ["refuses", "near"]


def test_who_receives_nobody_new_comes_last_for_what_it_says_and_may_be_asked():
    said = datetime(2026, 3, 2, tzinfo=UTC)
    full = ClosedToNew(said, said, ("reception",), "full")
    word = MemberWordRead(said, False, False, full)
    closed = card("closed", opening="open", word=word)
    assert names(ranked((closed, NEAR, ABROAD), (), (), "reception")) == [
        "near",
        "abroad",
        "closed",
    ]
    assert names(ranked((NEAR, closed), (), (), "legal_aid")) == ["closed", "near"]


def test_whose_node_is_not_reached_comes_after_whose_is():
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    known = MemberDetailsRead(long_ago, False, long_ago, "open", 0, 0, 0)
    assert names(ranked((card("a", details=known), NEAR), ())) == ["near", "a"]
