"""docs/errors.md is the list of stable codes: all of them, and no others."""

from __future__ import annotations

import re
import subprocess
import sys

ROW = re.compile(r"^\| `([a-z_]+)\.([a-z_]+)` \| (.*?) \|", re.MULTILINE)
CODE = re.compile(r"[a-z]_[a-z]")
KEEPERS = {"call", "casesheet", "cli", "directory", "envelope", "keys", "ledger"}
"""Families that speak of files, fields and bytes to whoever keeps a node."""


def test_every_code_is_listed_with_a_sentence_and_no_other(root):
    check = subprocess.run(
        [sys.executable, "docs/list_errors.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.stdout == ""
    assert check.returncode == 0, check.stderr


def test_no_sentence_for_a_case_worker_holds_a_code(root):
    """Words come first; the codes and the rule follow in parentheses."""
    rows = ROW.findall((root / "docs" / "errors.md").read_text("utf-8"))
    told = {
        f"{family}.{name}": sentence.partition(" (")[0]
        for family, name, sentence in rows
        if family not in KEEPERS
    }
    assert "case.step_not_lawful" in told
    assert [code for code, sentence in told.items() if CODE.search(sentence)] == []
