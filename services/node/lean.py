"""Imported first by every kind: keeps out what a node never uses.

structlog imports rich where it is installed, to draw tracebacks on terminals. A
node writes none, and without rich it starts a tenth faster; twenty nodes on one
machine notice. The package ``holidays`` reads in every country of the world when one
is asked for: a node knows the days of Viet Nam, and the other 250 are 8 MiB.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

sys.modules.setdefault("rich", None)  # type: ignore[arg-type] # import's own "absent"


def _one_country_at_a_time() -> None:
    """A package of countries that reads in none until it is named."""
    spec = find_spec("holidays")
    if spec is None or spec.origin is None:
        return
    countries = ModuleType(f"{spec.name}.countries")
    countries.__path__ = [str(Path(spec.origin).parent / "countries")]
    sys.modules.setdefault(countries.__name__, countries)


_one_country_at_a_time()
