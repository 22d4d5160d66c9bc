"""The repository as the house rules see it: what git tracks or would track."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "proto/gen/"


@dataclass(frozen=True)
class Source:
    """One hand-written Python module."""

    name: str
    text: str
    tree: ast.Module


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[str]:
    """Every file that belongs to the repository, generated code aside."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(set(listing.split("\0")) - {""})
    return [
        name
        for name in names
        if not name.startswith(GENERATED) and (ROOT / name).is_file()
    ]


@pytest.fixture(scope="session")
def texts(files: list[str]) -> dict[str, str]:
    """Name to text of every file that is text."""
    found = {}
    for name in files:
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw:
            found[name] = raw.decode("utf-8")
    return found


@pytest.fixture(scope="session")
def sources(texts: dict[str, str]) -> list[Source]:
    return [
        Source(name, text, ast.parse(text))
        for name, text in texts.items()
        if name.endswith(".py")
    ]


@pytest.fixture(scope="session")
def services(sources: list[Source]) -> list[Source]:
    return [each for each in sources if each.name.startswith(("services/", "gateway/"))]
