"""The form of an internal note: a text, and the language in which it is written."""

from __future__ import annotations

from gateway.forms.fields import Field, Typed, Widget, read_fields
from gateway.forms.languages import LANGUAGES
from services.node.domain.notes import Note

NOTE_FIELDS = (
    Field("note_text", Widget.LONG_TEXT),
    Field("note_language", Widget.CHOICE, LANGUAGES, "tongue"),
)


def read_note(form: Typed) -> Note:
    """The note; raises FormError with every problem."""
    values = read_fields(NOTE_FIELDS, form)
    return Note(str(values["note_text"]), str(values["note_language"]))
