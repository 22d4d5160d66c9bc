"""The built style and scripts: which file a name stands for, under a hashed name.

``make assets`` builds them into ``gateway/assets/built``, which is never
committed. A gateway without them is refused at its start.
"""

from __future__ import annotations

import json
from pathlib import Path

from services.node.domain.errors import ConfigError

BUILT_FOLDER = Path(__file__).resolve().parents[1] / "assets" / "built"


def load_manifest(folder: Path = BUILT_FOLDER) -> dict[str, str]:
    """Name to path; raises ``ConfigError`` if nothing was built."""
    try:
        found = json.loads((folder / "manifest.json").read_text("utf-8"))
    except OSError:
        raise ConfigError(
            ("the style and scripts are not built; run: make assets",),
            where=str(folder),
        ) from None
    return {name: f"/built/{file}" for name, file in found.items()}
