"""Numbers in addresses and forms, as far as a node's own reach.

What is beyond it is refused as what nobody meant, before a node is asked.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

Start = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""How many rows of a list are left out."""
Offset = Annotated[int, Query(ge=0, le=2**40)]
"""Where a piece of a file begins, in bytes."""
VersionNumber = Annotated[int, Query(ge=0, le=2**40)]
"""A version of what was written; 0 for none."""
EntryIndex = Annotated[int, Path(ge=0, le=2**63 - 1)]
"""An entry of a ledger."""
EntryNamed = Annotated[int | None, Query(ge=0, le=2**63 - 1)]
"""An entry of a ledger, where one is named."""
_MOST_DIGITS = 15


def whole_number(text: str) -> int | None:
    """A number as a program writes it, of at most 15 digits; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None
