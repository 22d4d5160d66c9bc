"""What is looked at before accepting is said where it holds, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.bodies import Offer
from services.node.domain.conflicts import conflicts_of
from services.node.domain.constraints import Constraint, check_constraints
from services.node.domain.errors import InvalidInputError
from services.node.domain.offices import Office

WOMAN = Offer("reception", "normal", (), "24_26", "Feminine", ("vi",), (), "", "", ())
GIRL = replace(WOMAN, age_band="9_17")
HOUSE = Office(("vi", "en"), ("women", "girls"), "", (), "", "")
BOTH = replace(HOUSE, serves=("women", "men"))


@pytest.mark.parametrize(
    ("offer", "office", "hints"),
    [
        (WOMAN, HOUSE, ()),
        (replace(WOMAN, sex="Masculine"), HOUSE, ("group",)),
        (replace(WOMAN, constraints=("same_sex_unit",)), HOUSE, ()),
        (replace(WOMAN, constraints=("same_sex_unit",)), BOTH, ("one_sex",)),
        (replace(WOMAN, sex="", constraints=("same_sex_unit",)), HOUSE, ()),
        (replace(WOMAN, constraints=("offender_family",)), None, ("offender_family",)),
        (replace(WOMAN, constraints=("pursued", "step_free")), HOUSE, ()),
        (
            replace(WOMAN, constraints=("step_free", "pursued", "of_a_newer_version")),
            replace(HOUSE, not_for=("pursued", "wheelchair")),
            ("pursued", "step_free"),
        ),
        (GIRL, replace(HOUSE, not_for=("children_alone",)), ("child_alone",)),
        (replace(WOMAN, languages=("hmn",)), HOUSE, ("language",)),
        (replace(WOMAN, languages=("hmn",)), replace(HOUSE, languages=()), ()),
        (replace(WOMAN, languages=("en-GB",)), HOUSE, ()),
        (WOMAN, None, ()),
    ],
)
def test_a_hint_is_given_for_what_the_header_and_the_entry_say(offer, office, hints):
    assert conflicts_of(offer, office, known_here=False) == hints
    assert conflicts_of(offer, office, known_here=True) == ("known_here", *hints)


def test_this_member_says_no_safety_note_in_words_of_its_own():
    check_constraints(Constraint)
    with pytest.raises(InvalidInputError, match=r"offer\.unknown_constraint"):
        check_constraints(["same_sex_staff", "the uncle from number 12"])
