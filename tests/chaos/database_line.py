"""The line between one node and PostgreSQL, cut at the COMMIT of a handoff.

A handoff's three transactions are those that write ``envelope_sent`` (send),
``envelope_received`` (receive) and ``receipt``. When armed, the line is lost with
the next such COMMIT: before the server has it, or with the server's answer.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.fault.postgres_line import Loss, PostgresLine, _Frontend

_PATHS = {
    "INSERT INTO envelope_sent": "send",
    "INSERT INTO envelope_received": "receive",
    "INSERT INTO receipt": "receipt",
}


@dataclass(frozen=True, slots=True)
class Struck:
    """A COMMIT that was lost: which of a handoff's transactions, and when."""

    paths: tuple[str, ...]
    at: datetime


class HandoffLine(PostgresLine):
    """Arms, strikes once, and tells of it."""

    def __init__(self, server: Path, port: int) -> None:
        super().__init__(server, port)
        self._written: dict[_Frontend, set[str]] = {}
        self._wanted: Loss | None = None
        self.struck: Struck | None = None
        self.has_struck = threading.Event()

    def strike(self, loss: Loss) -> None:
        """The next COMMIT of a handoff is lost in this way."""
        self.struck = None
        self.has_struck.clear()
        self._wanted = loss

    def relent(self) -> Struck | None:
        """Strike no more; what was struck since ``strike``."""
        self._wanted = None
        return self.struck

    def loss_at(self, frontend: _Frontend, request: str) -> Loss | None:
        if request.startswith("BEGIN"):
            self._written[frontend] = set()
        elif request.startswith("ROLLBACK"):
            self._written.pop(frontend, None)
        elif request.startswith("COMMIT"):
            return self._at_commit(self._written.pop(frontend, set()))
        elif frontend in self._written:
            for words, path in _PATHS.items():
                if words in request:
                    self._written[frontend].add(path)
        return None

    def _at_commit(self, written: set[str]) -> Loss | None:
        loss = self._wanted
        if loss is None or not written:
            return None
        self._wanted = None
        self.struck = Struck(tuple(sorted(written)), datetime.now(UTC))
        self.has_struck.set()
        return loss
