"""I5: nothing about a person outside sealed fields, in no row and in no log."""

from __future__ import annotations

from collections.abc import Iterable

from tests.chaos.findings import Finding
from tests.chaos.reading import Members


def names(members: Members) -> Iterable[Finding]:
    """The name that every story's person bears, wherever it stands to be read."""
    for member in members.by_name.values():
        for place in member.readable:
            yield Finding("name.readable", member.name, f"a person's name in {place}")
