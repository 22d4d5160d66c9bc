"""Quantities follow the law of the day."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import NotFoundError


def test_a_cell_of_the_statistics_has_a_least_size_by_standard(policy) -> None:
    row = policy.quantities.row("statistics_min_cell", date(2026, 1, 1))
    assert (row.value, row.unit, row.rule.verified) == (10, "persons", True)


def test_what_a_licence_needs_ends_with_the_law_of_2011(policy) -> None:
    row = policy.quantities.row("establishment_room", date(2025, 6, 30))
    assert (row.value, row.unit) == (5, "square_metres_per_person")
    with pytest.raises(NotFoundError) as caught:
        policy.quantities.row("establishment_room", date(2025, 7, 1))
    assert caught.value.code == "policy.no_quantity"
