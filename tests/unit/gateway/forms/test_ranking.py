"""The nearest who may be asked stands on top."""

from itertools import permutations

from gateway.forms.ranking import ranked
from services.node.domain.offices import Office
from services.node.rpc.work_values import MemberCardRead


def card(name, distance=0, languages=(), waiting=0):
    office = Office(languages, (), "Asia/Ho_Chi_Minh", (), "", "")
    return MemberCardRead(
        name,
        "shelter",
        (),
        "VN",
        "",
        (),
        True,
        (),
        waiting,
        office,
        distance=distance,
    )


NEAR, BUSY = card("near"), card("busy", waiting=3)
OPEN, FAR = card("open", waiting=9), card("far", 1)
ABROAD = card("abroad", 2, languages=("vi",))


def test_the_nearest_stand_on_top_whatever_the_order_they_came_in():
    opens = {"near": None, "busy": False, "open": True, "far": True, "abroad": True}
    wanted = ["open", "near", "busy", "far", "abroad"]
    for order in permutations((NEAR, BUSY, OPEN, FAR, ABROAD)):
        assert [each.name for each in ranked(order, "", opens)] == wanted


def test_who_reads_the_language_of_the_need_comes_before_who_does_not():
    reads = card("reads", languages=("hmn",), waiting=5)
    found = ranked((NEAR, reads), "hmn", {})
    assert [each.name for each in found] == ["reads", "near"]
