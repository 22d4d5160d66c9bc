"""Whose work a batch makes: nobody is left asleep whom it concerns."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.node.domain.handoff import Step
from services.node.flows.changes import _MADE_BY, STILL, Concern, change_of
from services.node.store.queries import query
from services.node.store.writes import WRITE_ORDER, Write

POLICIES = Path(__file__).parents[4] / "deploy" / "policy"
LOOKED_AT = {
    "outbox": Concern.OUTBOX,
    "recall_due": Concern.RECALLS,
    "recall_taken": Concern.RECALLS,
    "timer": Concern.CLOCKS,
    "attachment": Concern.FILES,
}
"""The tables that the loops look at, beside the referrals and their events."""
ENDS = {
    "stop_timers",
    "stop_case_timers",
    "stop_clocks_of_case",
    "stop_timers_named",
    "stop_started",
    "pause_timer",
}
"""What makes clocks ring later or not at all."""


def planned(step: Step | None, *names: str, referral: bytes | None = b"r") -> Any:
    """As much of a plan as is looked at."""
    event = None if step is None else SimpleNamespace(referral_id=referral, step=step)
    writes = tuple(Write(each, ()) for each in names)
    return SimpleNamespace(event=event, writes=writes)


def test_every_row_that_a_loop_looks_for_wakes_it():
    for name in WRITE_ORDER:
        words = query(name).split("\n", 1)[1].replace("(", " ").split()
        written = {
            words[at + 1]
            for at, word in enumerate(words[:-1])
            if word in {"INTO", "UPDATE"}
        }
        for table in written & set(LOOKED_AT):
            if name not in ENDS and name != "apply_refusal":
                assert _MADE_BY.get(name) == LOOKED_AT[table], name


def test_a_step_that_owes_nothing_leaves_every_referral_in_its_state():
    for page in POLICIES.glob("*/steps.csv"):
        with page.open(encoding="utf-8") as rows:
            moving = {
                row["step"] for row in csv.DictReader(rows) if row["to_state"] != "="
            }
        assert not {each.value for each in STILL} & moving, page.parent.name


@pytest.mark.parametrize("step", [each for each in Step if each not in STILL])
def test_a_step_that_may_move_a_referral_makes_the_node_look_what_it_owes(step):
    change = change_of([planned(step)], announced=False)
    assert change is not None
    assert change.concerns == {Concern.ANSWERS, Concern.RECALLS}
    assert set(change.referrals) == {b"r"}


def test_a_word_about_how_it_goes_wakes_whoever_brings_it_and_nobody_else():
    plans = [planned(Step.FEEDBACK, "update_referral", "insert_outbox")]
    change = change_of(plans, announced=False)
    assert change is not None
    assert change.concerns == {Concern.OUTBOX}
    told = change_of(plans, announced=True)
    assert told is not None
    assert told.concerns == {Concern.OUTBOX, Concern.WEBHOOKS}


def test_what_is_not_understood_wakes_everybody():
    assert change_of([planned(Step.FEEDBACK), planned(None)], announced=False) is None


def test_an_act_in_a_case_owes_no_answer_in_a_referral():
    change = change_of([planned(Step.OFFER, referral=None)], announced=False)
    assert change is not None
    assert change.concerns == frozenset()
    assert not change.referrals
