"""What somebody sent and that could not be taken: kept at the node until it can.

A session locks, a proof or a reason is asked for, a node refuses: the form that was
sent then is kept, sealed, for its officer alone, and shown to her again on a page
from which she sends it once more. It is the same act, because its event goes along.

Promises that no proof of who somebody is (password, code, passkey) is ever kept.
Leaves to the browser what is sent while the node is away: only the node keeps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData

from gateway.web.tokens import check_form_token
from gateway.web.visitors import Visitor, anybody, check_origin
from services.node.domain.errors import RelaisError

KIND = "interrupted"
"""What forms of this kind are called at the node."""

KEPT = "kept"
"""The field that names, in a form that is sent once more, what was kept of it."""

_NEVER_UNDER = (
    "/account",
    "/admissions",
    "/enrol",
    "/language",
    "/leave",
    "/lock",
    "/node",
    "/sign-",
)
"""Where proofs are given, or nothing was typed, or nobody keeps forms."""

_NEVER = frozenset({"token", "password", "code", "totp", "credential", KEPT})
_NEVER_AT = ("/reason", "/drop")


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A form as it was sent, and where to."""

    path: str
    fields: tuple[tuple[str, str], ...]


async def keep_sent(request: Request) -> str:
    """The path at which the form of this request is kept; empty if it is not."""
    path = request.url.path
    if request.method != "POST" or path.startswith(_NEVER_UNDER):
        return ""
    if path.endswith(_NEVER_AT):
        return ""
    try:
        visitor = await anybody(request)
        form = await _form_of(request, visitor)
        return await _kept(request, visitor, form)
    except (RelaisError, ValueError):
        # What cannot be kept is refused as it was; there is nothing better to say.
        return ""


async def _form_of(request: Request, visitor: Visitor) -> FormData:
    """Raises NotPermittedError for what this site did not show to this visitor."""
    known = getattr(request.state, "sent", None)
    if isinstance(known, FormData):
        return known
    check_origin(request, visitor.site)
    form = await request.form(max_files=0)
    check_form_token(visitor.secret, str(form.get("token", "")))
    return form


async def _kept(request: Request, visitor: Visitor, form: FormData) -> str:
    fields = _worth_keeping(form.multi_items())
    if visitor.session is None or not fields:
        return ""
    before = str(form.get(KEPT, ""))
    kept = await visitor.site.node.forms.acting(visitor.token).keep_form(
        "",
        KIND,
        to_bytes(Interrupted(request.url.path, fields)),
        form_id=bytes.fromhex(before) if before else b"",
        case=str(request.path_params.get("code", "")),
    )
    return f"/kept/{kept.form_id.hex()}"


def _worth_keeping(items: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    """The fields, unless nothing was typed or chosen in any but those of the page."""
    found = tuple(
        (name, value)
        for name, value in items
        if isinstance(value, str) and name not in _NEVER
    )
    typed = any(value for name, value in found if name not in {"event", "next"})
    return found if typed else ()


def to_bytes(form: Interrupted) -> bytes:
    """As the node keeps it."""
    return json.dumps({"path": form.path, "fields": form.fields}).encode()


def from_bytes(raw: bytes) -> Interrupted:
    """As it was kept."""
    found = json.loads(raw)
    return Interrupted(
        str(found["path"]),
        tuple((str(name), str(value)) for name, value in found["fields"]),
    )
