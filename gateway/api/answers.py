"""Answers: a value as JSON with its ETag, and pages of a list.

Promises that the same representation has the same tag, and that one that the caller
has already is not sent again (304).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, create_model
from starlette.responses import Response

from gateway.api.shapes import json_of, model_of
from services.node.domain.errors import InvalidInputError

USUAL, MOST = 50, 200
_LARGEST = 2**31 - 1
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str,
    Query(max_length=100, description="What ``next`` of the page before said; opaque."),
]


def answer(
    request: Request, value: Any, *, status: int = 200, varying: Sequence[str] = ()
) -> Response:
    """A value as JSON; ``varying`` fields are no reason to send it again."""
    body = value if isinstance(value, Mapping) else json_of(value)
    response = Response(dumped(body), status_code=status, media_type="application/json")
    if request.method == "GET":
        tag = tag_of(body, varying)
        if names(request.headers.get("if-none-match", ""), tag):
            response = Response(status_code=304)
        response.headers["ETag"] = tag
    return response


def dumped(body: Any) -> bytes:
    """The bytes of JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(body: Any, varying: Sequence[str] = ()) -> str:
    """A strong tag of the whole, or a weak one of all but what varies by itself."""
    if not varying:
        return f'"{sha256(dumped(body)).hexdigest()[:40]}"'
    kept = {name: each for name, each in body.items() if name not in varying}
    return f"W/{tag_of(kept)}"


def names(header: str, tag: str) -> bool:
    """Whether a header of tags names this one, or any."""
    bare = tag.removeprefix("W/")
    named = [each.strip().removeprefix("W/") for each in header.split(",")]
    return header.strip() == "*" or bare in named


def read_cursor(cursor: str) -> int:
    """Where a page begins; raises InvalidInputError ``api.bad_cursor``."""
    if not cursor:
        return 0
    try:
        number = int(urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST:
        raise InvalidInputError(
            "api.bad_cursor",
            "The cursor is none that a page of this list gave.",
            where="query.cursor",
            remedy="Begin without one.",
        )
    return number


def cursor_of(number: int) -> str:
    """A cursor that begins there."""
    return urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def page(items: Sequence[Any], following: int | None) -> dict[str, Any]:
    """A page; ``following`` is where the next begins, None at the end."""
    return {
        "items": json_of(tuple(items)),
        "next": None if following is None else cursor_of(following),
    }


def offset_page(items: Sequence[Any], start: int, limit: int) -> dict[str, Any]:
    """A page of a list that is counted from its top."""
    return page(items, start + limit if len(items) == limit else None)


def part_page(items: Sequence[Any], start: int, limit: int) -> dict[str, Any]:
    """A page of a list that the node tells whole."""
    end = start + limit
    return page(items[start:end], end if len(items) > end else None)


@cache
def page_of(value_class: type) -> type[BaseModel]:
    """The schema of a page."""
    model = model_of(value_class)
    return create_model(
        f"{model.__name__}Page",
        __config__=ConfigDict(extra="forbid"),
        __doc__="A page of a list; next is null at its end.",
        items=(list[model], ...),  # type: ignore[valid-type] # made at run time
        next=(str | None, ...),
    )
