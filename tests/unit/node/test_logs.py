from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from services.node.logs import ALLOWED_KEYS, drop_unknown_keys, name_of_exception


def test_a_key_that_is_not_on_the_list_is_never_written():
    event = {
        "event": "call.answered",
        "name": "somebody",
        "phone": "+84000",
        "code": "ok",
    }
    assert drop_unknown_keys(None, "", event) == {
        "event": "call.answered",
        "code": "ok",
    }


def test_the_text_of_an_exception_is_never_written():
    try:
        int("a name that must not be seen")
    except ValueError:
        written = name_of_exception(None, "", {"exc_info": sys.exc_info()})
    assert "must not be seen" not in str(written)
    assert written["exception"].startswith("ValueError in test_logs.py:")


def test_every_key_that_may_be_written_is_described():
    root = Path(__file__).resolve().parents[3]
    page = (root / "docs" / "logging.md").read_text("utf-8")
    common = {"event", "level", "timestamp", "member"}
    assert {key for key in ALLOWED_KEYS - common if f"`{key}`" not in page} == set()


def test_no_key_of_an_event_is_dropped_unseen():
    """What the page promises of an event would be missing from its line."""
    root = Path(__file__).resolve().parents[3] / "services" / "node"
    levels = {"debug", "info", "warning", "error", "exception"}
    said = {
        (call.args[0].value, keyword.arg)
        for file in root.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in levels
        and call.args
        and isinstance(call.args[0], ast.Constant)
        for keyword in call.keywords
        if keyword.arg
    }
    assert ("access.pruned", "looks") in said
    assert sorted(each for each in said if each[1] not in ALLOWED_KEYS) == []


def test_every_event_that_is_logged_is_described():
    root = Path(__file__).resolve().parents[3]
    page = (root / "docs" / "logging.md").read_text("utf-8")
    logged = re.compile(
        r"""\.(?:debug|info|warning|error|exception)\(\s*"([a-z_.]+)\""""
    )
    events = {
        event
        for file in (root / "services" / "node").rglob("*.py")
        for event in logged.findall(file.read_text("utf-8"))
    }
    assert "call.answered" in events
    assert {event for event in events if f"`{event}`" not in page} == set()
