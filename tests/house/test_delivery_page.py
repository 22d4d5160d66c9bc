"""docs/delivery.md names no test that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "delivery.md").read_text("utf-8")
NAMED = set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE))


def defined() -> set[str]:
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(
            r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE
        )
    }


def test_every_test_that_a_promise_names_is_there():
    assert NAMED - defined() == set()


def test_every_promise_names_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    promises = [line for line in rows if not line.startswith("| we promise")]
    assert promises
    assert [line for line in promises if "`test_" not in line] == []
