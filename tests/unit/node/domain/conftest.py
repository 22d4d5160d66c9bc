"""The seed policy, a good consent record, and officers of an invented member."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.policy import TABLES, Policy, parse_policy
from services.node.domain.records import ConsentCopy

SEED = Path(__file__).parents[4] / "deploy" / "policy" / "vietnam-2018"


@pytest.fixture(scope="session")
def seed() -> dict[str, bytes]:
    return {name: (SEED / f"{name}.csv").read_bytes() for name in TABLES}


@pytest.fixture(scope="session")
def policy(seed) -> Policy:
    return parse_policy("vn-2018.1", seed)


@pytest.fixture(scope="session")
def good_consent() -> ConsentCopy:
    return ConsentCopy(
        consent_id=bytes(16),
        purpose="voluntary_return",
        recipient="lao-cai",
        categories=("D1", "D2"),
        status="given",
        subject="self",
        method="oral_witnessed",
        language="hmn",
        interpreter="int-4",
        informed_points=INFORMED_POINTS,
        given_at=datetime(2018, 3, 10, 2, tzinfo=UTC),
        valid_until=datetime(2018, 6, 8, 2, tzinfo=UTC),
    )
