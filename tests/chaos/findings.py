"""What a checker finds: a name of the fault, whose database, and what it saw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold."""

    fault: str
    member: str
    what: str

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.fault} at {self.member or 'the network'}: {self.what}"
