"""Internal notes: what an officer writes for colleagues of the same member.

Promises what a good note is. A note is no handoff: no step carries one, and nothing
that goes to another member is made of one (console.md section 7, S7: notes inside
and messages to a partner differ).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.node.domain.errors import InvalidInputError

LONGEST_NOTE = 4000
"""Characters."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its language (BCP 47)."""

    text: str
    language: str


def check_note(note: Note) -> None:
    """Raise InvalidInputError: ``note.no_words`` or ``note.too_long``."""
    if not note.text.strip() or not _LANGUAGE.fullmatch(note.language):
        raise InvalidInputError(
            "note.no_words",
            "A note has words, and names their language.",
            where="note",
            remedy="Write the note, and the language (such as vi).",
        )
    if len(note.text) > LONGEST_NOTE:
        raise InvalidInputError(
            "note.too_long",
            f"A note has at most {LONGEST_NOTE} characters.",
            where="note.text",
            remedy="Write it as several notes.",
        )
