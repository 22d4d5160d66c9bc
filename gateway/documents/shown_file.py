"""Reads one file on its input and writes a page of it as a marked picture.

A process of its own, started by ``showing``: what decodes a picture that somebody
else made has bounds of memory and time, opens nothing, and ends with it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import typst

_HERE = Path(__file__)
_TEMPLATE = _HERE.parent / "templates" / f"{_HERE.stem}.typ"
_MEMORY = 1536 * 1024 * 1024
_CPU_SECONDS = 20
_PPI = 72


def main() -> None:
    """A line of JSON, then the file; the picture goes out."""
    said = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # In memory and nowhere else: no clear byte lies on a disk.
    held = os.memfd_create("shown")
    while piece := sys.stdin.buffer.read(1 << 20):
        os.write(held, piece)
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        root="/proc/self/fd",
        font_paths=typst.Fonts(include_embedded_fonts=False),
        sys_inputs={"said": json.dumps(said | {"file": f"/{held}"})},
    )
    pages = compiler.compile(format="png", ppi=_PPI)
    sys.stdout.buffer.write(pages if isinstance(pages, bytes) else b"")


if __name__ == "__main__":
    main()
