"""docs/errors.md is the list of stable codes: all of them, and no others."""

from __future__ import annotations

import subprocess
import sys


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
