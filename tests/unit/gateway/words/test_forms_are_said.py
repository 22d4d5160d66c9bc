"""What forms and pages ask the catalogues for is there."""

import re
from pathlib import Path

from gateway.console.approvals import override_fields
from gateway.console.clocks import pause_fields
from gateway.console.letting_in import program_fields, webhook_fields
from gateway.console.overrides import REVIEW_FIELDS
from gateway.forms.accompany import ACTION, FOLLOW_UP, GOAL, MINOR, PLAN
from gateway.forms.acts import FIELDS as OF_ACTS
from gateway.forms.arriving import PROMISE_FIELDS
from gateway.forms.closing import closing_fields
from gateway.forms.fields import Field, Widget
from gateway.forms.forward import AWAY, away_fields
from gateway.forms.handing import medicine_fields
from gateway.forms.records import EDITABLE, fields_of_category
from gateway.forms.referral import (
    category_fields,
    interests_fields,
    need_fields,
    recipient_fields,
)
from gateway.forms.said import CONSENT_FIELDS, RISK_FIELDS
from gateway.forms.steps import FIELDS as OF_STEPS
from gateway.web.templates import environment
from gateway.words.catalogues import CODES, read_catalogue
from gateway.words.words import load, numbered
from services.node.domain.best_interests import Decider

ROOT = Path(__file__).parents[4]
GATEWAY = ROOT / "gateway"
ENGLISH = load().all["en"]
WORDS = {(each.context, each.id) for each in read_catalogue("en", CODES) if each.id}
FIELDS = (
    *(field for fields in OF_ACTS.values() for field in fields),
    *(field for fields in OF_STEPS.values() for field in fields),
    *CONSENT_FIELDS,
    *RISK_FIELDS,
    *medicine_fields(20),
    *need_fields((), ()),
    *recipient_fields(()),
    *category_fields(()),
    *interests_fields(tuple(Decider)),
    *override_fields(()),
    *REVIEW_FIELDS,
    *pause_fields(()),
    *program_fields(()),
    *webhook_fields(()),
    *away_fields(AWAY, ()),
    *closing_fields(()),
    *FOLLOW_UP,
    *PLAN,
    *GOAL,
    *ACTION,
    *MINOR,
)
OF_RECORDS = tuple(each for name in EDITABLE for each in fields_of_category(name))
NO_LISTS = {"", "handed", "member", "scale", "tongue", "zone"}
"""Members have names, a scale has numbers, languages and cities those of CLDR."""


def pages():
    for folder, ending in (
        ("templates", "html"),
        ("console", "py"),
        ("papers", "py"),
        ("web", "py"),
    ):
        for path in (GATEWAY / folder).rglob(f"*.{ending}"):
            yield path.read_text("utf-8")


def test_every_field_of_a_form_has_a_name():
    assert (
        sorted(
            {
                each.name
                for each in FIELDS
                if ("label", numbered(each.name)) not in WORDS
            }
        )
        == []
    )


def test_every_field_that_a_page_makes_itself_has_a_name():
    made = {
        name
        for page in pages()
        for name in re.findall(r'\bField\(\s*"(\w+)",\s*Widget\.', page)
    }
    assert {"given_to", "review_hours", "unit"} <= made
    assert sorted(name for name in made if ("label", name) not in WORDS) == []


def test_every_hour_that_is_typed_says_on_whose_clock():
    ask = vars(environment({}).get_template("parts/fields.html").module)["ask"]
    hours = dict(
        re.findall(
            r'\bField\(\s*f?"([^"]+)",\s*Widget\.INSTANT([^()]*)\)',
            "".join(path.read_text("utf-8") for path in GATEWAY.rglob("*.py")),
        )
    )
    assert {"answer_by", "expected_at", "at", "called_at", "handed_over_at"} <= set(
        hours
    )
    for name, rest in hours.items():
        clock = re.findall(r'clock="(\w+)"', rest)
        field = Field(name.format(row=1), Widget.INSTANT, clock="".join(clock))
        shown = ask(ENGLISH, field, {}, {}, {}, None)
        assert ("Time in Viet Nam" in shown) == (not clock), name
    assert {each.clock for each in PROMISE_FIELDS if each.clock} <= {
        each.name for each in PROMISE_FIELDS
    }


def test_every_answer_that_may_be_chosen_has_words():
    chosen = {
        (each.words, str(code))
        for each in (*FIELDS, *OF_RECORDS)
        if each.words not in NO_LISTS
        for code in each.codes
    }
    assert sorted(chosen - WORDS) == []


def test_everything_that_may_be_wrong_with_a_field_has_a_sentence():
    found = set()
    for path in (GATEWAY / "forms").glob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'ValueError\(\s*"(\w+)"', text))
        found |= set(re.findall(r'FieldProblem\([^()]*"(\w+)"\)', text))
    cells = ROOT / "services" / "node" / "domain" / "casesheet_cells.py"
    found |= set(re.findall(r'"casesheet\.(\w+)"', cells.read_text("utf-8")))
    assert {"missing", "unknown", "too_long"} <= found
    assert sorted(code for code in found if ("problem", code) not in WORDS) == []


def test_pages_name_lists_that_exist():
    named = {name for page in pages() for name in re.findall(r'\.code\("(\w+)"', page)}
    assert named
    assert sorted(named - {name for name, _ in WORDS}) == []
