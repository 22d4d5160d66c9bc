"""One small network for everything that is asked of the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.api.offices import Offices, open_offices


@pytest.fixture(scope="session")
def offices() -> Iterator[Offices]:
    with open_offices() as opened:
        yield opened
