"""`relais …` as somebody types it, read in once for all tests instead of each time.

That it runs as a process of its own is tried by the README's commands and the demos.
"""

from __future__ import annotations

import io
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from services.cli.main import main

Done = subprocess.CompletedProcess[str]


def relais(*words: str, columns: int = 200) -> Done:
    """Run the command to its end; what it said and its exit code."""
    said, complained, code = io.StringIO(), io.StringIO(), 0
    with (
        redirect_stdout(said),
        redirect_stderr(complained),
        patch.dict(os.environ, COLUMNS=str(columns)),
        patch("sys.stdin", io.StringIO()),  # nobody is there to answer
    ):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return Done(words, code, said.getvalue(), complained.getvalue())
