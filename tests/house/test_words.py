"""Names and words: a room says what it holds, and texts say what is true anywhere."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

FORBIDDEN_ROOMS = {"utils", "helpers", "common", "misc", "manager", "core", "shared"}
THIS_FILE = "tests/house/test_words.py"


def matches(texts: dict[str, str], pattern: str) -> list[str]:
    rule = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts.items()
        if name != THIS_FILE and not name.startswith("requirements")
        for number, line in enumerate(text.splitlines(), start=1)
        if rule.search(line)
    ]


def test_no_room_is_named_after_nothing(files):
    assert [
        name
        for name in files
        if FORBIDDEN_ROOMS & {part.split(".")[0] for part in PurePosixPath(name).parts}
    ] == []


def test_no_text_names_a_path_of_one_machine(texts):
    assert matches(texts, r"(?<![\w.])/(home|root|work|Users)/\w") == []


def test_no_text_names_a_package_index(texts):
    places = r"index-url|/simple/|\.whl\b|p[y]pi\.org|python[h]osted|npm[j]s"
    assert matches(texts, places) == []


def test_nothing_is_left_to_be_done_later(texts):
    python = {name: text for name, text in texts.items() if name.endswith(".py")}
    assert matches(python, r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError") == []


def test_responsibility_is_never_called_custody(texts):
    """That word means detention."""
    assert matches(texts, r"(?i)\bcustod(y|ian|ial)\b") == []
