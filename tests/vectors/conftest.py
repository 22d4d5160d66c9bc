"""Where the test vectors are, and what happens if they are not there.

RELAIS_VECTORS names the folder. A plain clone lacks it and says so; under CI
(``CI`` set) a missing folder fails, so that CI can never pass without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOT_RUN = "RELAIS_VECTORS names no folder: vectors not run"

Load = Callable[[str], Any]


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of vectors that are not on PyPI."""
    named = os.environ.get("RELAIS_VECTORS", "")
    folder = Path(named)
    if named and folder.is_dir():
        return folder
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(f"{NOT_RUN}, and CI must run them")
    pytest.skip(NOT_RUN)


@pytest.fixture(scope="session")
def load(vectors: Path) -> Load:
    """Read one JSON file of the folder."""

    def read(name: str) -> Any:
        return json.loads((vectors / name).read_text(encoding="utf-8"))

    return read
