"""The seed behaves as the hand-written expectations say, table by table."""

from __future__ import annotations

import pytest

from services.node.domain.policy import TABLES
from tests.behaviour.every import checks_of

CHECKS = [
    pytest.param(check, id=f"{table}-{check.__name__.removeprefix('check_')}")
    for table in TABLES
    for check in checks_of(table)
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_seed(policy, check) -> None:
    check(policy)


def test_a_table_without_checks_is_named() -> None:
    with pytest.raises(LookupError, match="table colours has no check"):
        checks_of("colours")
