"""What the pages use of GOV.UK Frontend is in the style and the script, and no more."""

from __future__ import annotations

import re
from pathlib import Path

GATEWAY = Path(__file__).parents[4] / "gateway"
STYLE, SCRIPT = (
    (GATEWAY / "assets" / "source" / name).read_text("utf-8")
    for name in ("console.scss", "console.js")
)
OURS = (GATEWAY / "assets" / "source" / "_parts.scss").read_text("utf-8")
PAGES = "\n".join(
    path.read_text("utf-8") for path in (GATEWAY / "templates").rglob("*.html")
)
STYLED = set(re.findall(r"govuk/components/([a-z-]+)\"", STYLE))
NEEDS_SCRIPT = {
    "accordion",
    "character-count",
    "error-summary",
    "exit-this-page",
    "file-upload",
    "notification-banner",
    "password-input",
    "skip-link",
    "tabs",
}
"""Those that do something by themselves; buttons and radios do only if told to."""
BY_HAND = {"back-link", "inset-text", "pagination", "panel", "footer", "table"}
"""Components of which pages use the classes, without the macro."""


def used() -> set[str]:
    return set(re.findall(r"components/([a-z-]+)/macro", PAGES))


def test_every_component_of_a_page_has_its_style():
    assert used() - STYLED == set()
    written = {each for each in BY_HAND if f"govuk-{each}" in PAGES}
    assert written - STYLED == set()


def test_every_component_that_needs_a_script_has_it():
    imported = set(re.findall(r"govuk/components/([a-z-]+)/", SCRIPT))
    assert (used() & NEEDS_SCRIPT) - imported == set()
    assert imported - used() == set()


def test_every_override_of_a_page_is_there():
    wanted = set(re.findall(r"govuk-!-[a-z0-9-]+", PAGES))
    found = {
        each.replace("\\", "") for each in re.findall(r"govuk-\\!-[a-z0-9-]+", OURS)
    }
    assert wanted - found == set()
