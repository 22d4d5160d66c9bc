"""Views of the worklist that an officer keeps under a name: few, and its own alone.

The name is what somebody typed and may say something about a person: it is sealed,
with the filters. Source: console.md section 4.1 (saved filters).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.identifiers import ID_BYTES, new_id
from services.node.flows.own import OwnMember
from services.node.flows.work import WorkGroup
from services.node.store import views as view_store
from services.node.store.views import ViewRow

MOST_VIEWS = 12
"""Of one officer: more is a list to search in."""
LONGEST_NAME = 60
"""Characters of a name."""
WHOSE = frozenset({"", "unit", "me"})
"""Whose work: everybody's, that of the officer's unit, or the officer's own."""
_TABLE = "saved_view"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named view; ``peer`` is a member with whom the work is, empty for all."""

    view_id: bytes
    name: str = field(repr=False)
    group: str
    whose: str
    peer: str


async def views_of(own: OwnMember, officer: str) -> list[SavedView]:
    """An officer's views, in the order in which they were kept."""
    async with own.database.connection() as connection:
        rows = await view_store.views_of(connection, officer)
    return [_opened(own, row) for row in rows]


async def keep_view(
    own: OwnMember, officer: str, view: SavedView, now: datetime
) -> SavedView:
    """Keep a view; the same id again keeps what stands there.

    Raises InvalidInputError ``view.malformed`` and NotLawfulError ``view.too_many``.
    """
    view = replace(view, view_id=view.view_id or new_id(), name=view.name.strip())
    _check(own, view)
    said = json.dumps([view.name, view.group, view.whose, view.peer]).encode()
    nonce, sealed = own.audit_key.seal(_TABLE, view.view_id, said)
    row = ViewRow(view.view_id, nonce, sealed)
    async with own.database.transaction() as connection:
        await view_store.keep_view(connection, row, officer, now, MOST_VIEWS)
        kept = await view_store.views_of(connection, officer)
    found = next((each for each in kept if each.view_id == view.view_id), None)
    if found is None:
        raise NotLawfulError(
            "view.too_many",
            f"An officer keeps {MOST_VIEWS} views at most.",
            remedy="Delete one that you need no more.",
        )
    return _opened(own, found)


async def drop_view(own: OwnMember, officer: str, view_id: bytes) -> None:
    """Delete a view of this officer; one that is gone is gone."""
    async with own.database.transaction() as connection:
        await view_store.drop_view(connection, view_id, officer)


def _check(own: OwnMember, view: SavedView) -> None:
    named = 0 < len(view.name) <= LONGEST_NAME and view.name.isprintable()
    sound = (
        named
        and len(view.view_id) == ID_BYTES
        and view.group in set(WorkGroup)
        and view.whose in WHOSE
        and (not view.peer or view.peer in own.adopted.directory.members)
    )
    if not sound:
        raise InvalidInputError(
            "view.malformed",
            "A view has a name in one short line, and filters that the list knows.",
            where="filters" if named else "name",
            remedy=f"Name it with at most {LONGEST_NAME} characters.",
        )


def _opened(own: OwnMember, row: ViewRow) -> SavedView:
    raw = own.audit_key.open(_TABLE, row.view_id, row.nonce, row.sealed)
    name, group, whose, peer = json.loads(raw)
    return SavedView(row.view_id, name, group, whose, peer)
