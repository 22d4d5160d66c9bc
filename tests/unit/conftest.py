"""Unit tests touch nothing: no network, and no file but their own."""

from __future__ import annotations

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def no_network() -> None:
    """Bans sockets; asyncio's own pair of unix sockets is the exception.

    The plugin lifts the ban after each test.
    """
    pytest_socket.disable_socket(allow_unix_socket=True)
