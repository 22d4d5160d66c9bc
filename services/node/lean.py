"""Imported first by every kind: keeps out what a node never uses.

structlog imports rich where it is installed, to draw tracebacks on terminals. A
node writes none, and without rich it starts a tenth faster; twenty nodes on one
machine notice.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rich", None)  # type: ignore[arg-type] # import's own "absent"
