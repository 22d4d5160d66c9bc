"""One network, one browser, and a page for whoever a test asks for.

Every page watches what the browser says: an error in its console, or a request
to anything but the own origin, fails the test that caused it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from gateway.web.assets import load_manifest
from tests.console import consoles as running
from tests.console.chromium import CHROMIUM, open_chromium
from tests.console.consoles import Consoles
from tests.console.scenes import Scenes
from tests.console.screen import Screen
from tests.console.screens import every_screen
from tests.console.seats import Seats
from tests.console.wires import Wires
from tests.warm import started_warm


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Nodes are started by a process that has read their code in already."""
    with started_warm():
        yield


@pytest.fixture(scope="session")
def consoles() -> Iterator[Consoles]:
    """Nodes and gateways; says so at once when the style was never built."""
    load_manifest()
    with running.open_consoles() as found:
        yield found


@pytest.fixture(scope="session")
def browser(consoles: Consoles) -> Iterator[Browser]:
    """One browser for everybody; says so at once when there is none."""
    if not CHROMIUM.exists():
        pytest.fail(f"There is no {CHROMIUM}; run: make test-deps", pytrace=False)
    with open_chromium(consoles) as found:
        yield found


@pytest.fixture
def seats(consoles: Consoles, browser: Browser) -> Iterator[Seats]:
    """Pages of officers; what their browsers complained about fails the test."""
    with Seats(consoles, browser) as found:
        yield found


@pytest.fixture(scope="session")
def scenes(consoles: Consoles) -> Scenes:
    """What happened before a test begins, brought about over the nodes' sockets."""
    return Scenes(consoles)


@pytest.fixture(scope="session")
def wires(consoles: Consoles) -> Iterator[Wires]:
    """Bare HTTPS to the gateways, for what no browser would send."""
    with Wires(consoles) as found:
        yield found


@pytest.fixture(scope="session")
def screens(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    """Every screen, with what it shows brought about."""
    return every_screen(consoles, scenes)
