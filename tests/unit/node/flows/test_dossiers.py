"""What goes abroad for the first time starts the clock of its dossier."""

from __future__ import annotations

import pytest

from services.node.domain.handoff import Step
from tests.unit.node.flows.two_ends import (
    after,
    at,
    started,
)


@pytest.mark.parametrize(
    ("step", "peer", "side"),
    [(Step.OFFER, "liaison", "giver"), (Step.FEEDBACK, "liaison", "receiver")],
)
def test_what_goes_abroad_first_starts_the_sixty_days_of_its_dossier(
    step, peer, side
) -> None:
    kind = {"peer": peer, "kind": "voluntary_return", "side": side}
    writes = after(step, "2026-01-01 09:00", **kind)
    (first,) = [w for w in writes if w.query == "insert_timer_of_first_transfer"]
    assert first.arguments[-1] == peer
    assert started([first]) == {
        "transfer_impact_dossier": {
            "reminder:inside:50": at("2026-01-31 09:00"),
            "reminder:inside:80": at("2026-02-18 09:00"),
            "L1:inside:100": at("2026-03-02 09:00"),
            "L2:inside:150": at("2026-04-01 09:00"),
        }
    }


@pytest.mark.parametrize(
    ("step", "when", "who"),
    [
        (Step.OFFER, "2025-12-31 23:59", {"peer": "liaison"}),  # before that law
        (Step.OFFER, "2026-01-01 09:00", {}),  # within Viet Nam
        (Step.OFFER, "2026-01-01 09:00", {"peer": "liaison", "here": False}),
        (Step.OFFER, "2026-01-01 09:00", {"own": "liaison"}),  # no sender of ours
        (Step.ACCEPT, "2026-01-01 09:00", {"peer": "liaison"}),  # tells nothing
    ],
)
def test_nothing_else_is_a_first_transfer(step, when, who) -> None:
    writes = after(step, when, kind="voluntary_return", **who)
    assert "transfer_impact_dossier" not in started(writes)
