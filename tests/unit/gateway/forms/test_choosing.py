"""Who is shown fits everything that was chosen, and an empty page says what to undo."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from gateway.forms.choosing import (
    Page,
    Wanted,
    fits,
    loosened,
    offered,
    page_of,
    wanted_of,
)
from tests.unit.gateway.forms.cards import card

HOUSE = card(
    "house",
    serves=("women",),
    languages=("vi",),
    province="son-la",
    may_offer=("reception",),
    opening="open",
)
MEN = card("men", serves=("men",), languages=("vi", "hmn"), province="lao-cai")
LIAISON = card("liaison", country="CN", not_for=("men",), opening="closed")
CARDS = (HOUSE, MEN, LIAISON)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(), ["house", "men", "liaison"]),
        (Wanted(need="reception"), ["house"]),
        (Wanted(serves="men"), ["men"]),
        (Wanted(serves="women"), ["house", "liaison"]),
        (Wanted(province="lao-cai"), ["men"]),
        (Wanted(country="CN"), ["liaison"]),
        (Wanted(language="vi", country="VN"), ["house", "men"]),
        (Wanted(language="vi-VN", country="VN"), ["house", "men"]),
        (Wanted(open="now"), ["house"]),
    ],
)
def test_a_card_is_shown_if_everything_holds_that_was_chosen(wanted, names):
    assert [each.name for each in CARDS if fits(each, wanted)] == names


def test_what_was_typed_and_nobody_has_filters_nothing():
    choices = offered(CARDS)
    said = {"country": "XX", "language": "hmn", "open": "always", "beds": "9"}
    assert wanted_of(said, choices) == Wanted(language="hmn")


def test_a_page_keeps_what_was_chosen_and_ends_where_the_list_does():
    wanted = Wanted(open="now", language="zh-Hant")
    address = urlsplit(wanted.address("/directory", 40))
    assert address.path == "/directory"
    said = dict(parse_qsl(address.query))
    assert said.pop("start") == "40"
    assert wanted_of(said, {"open": ["now"], "language": ["zh-Hant"]}) == wanted
    assert Wanted().address("/directory") == "/directory"
    assert page_of(45, 0, 20) == Page(0, None, 20)
    assert page_of(45, 10, 20) == Page(10, 0, 30)
    assert page_of(45, 40, 20) == Page(40, 20, None)
    assert page_of(40, 20, 20) == Page(20, 0, None)
    assert page_of(45, 60, 20) == page_of(45, 0, 20)


def test_an_empty_page_names_the_filters_that_alone_keep_everybody_away():
    wanted = Wanted(language="vi", country="CN", need="reception")
    assert loosened(CARDS, wanted) == (("country", 1),)
    assert loosened(CARDS, Wanted(country="CN", language="vi")) == (
        ("country", 2),
        ("language", 1),
    )
    assert loosened(CARDS, Wanted(country="CN", language="hmn", open="now")) == ()
