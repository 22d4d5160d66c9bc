"""The application of the API, mounted beside the console at ``/api/v1``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import Mount

from gateway.api import (
    accompaniment,
    approvals,
    case_matters,
    cases,
    clients,
    closing,
    consents,
    files,
    forms,
    ledger,
    messages,
    node,
    papers,
    referrals,
    sessions,
    upkeep,
    versions,
    webhooks,
    work,
)
from gateway.api.problems import documented, handle_problems, problem_schemas

PREFIX = "/api/v1"
VERSION = "1.0"
_ROOMS = (
    sessions,
    work,
    closing,
    cases,
    case_matters,
    versions,
    accompaniment,
    consents,
    messages,
    approvals,
    referrals,
    papers,
    files,
    forms,
    ledger,
    node,
    upkeep,
    clients,
    webhooks,
)
_SAID = """\
What a member's console does, for the member's own programs. Every operation goes
to the member's node as whoever the token stands for; the node decides. Bytes are
hex, instants RFC 3339, null where there is none. Refusals are problem details
with the node's stable code (docs/errors.md).
"""


def make_api() -> FastAPI:
    """The application; whoever mounts it gives it its site (``state.site``)."""
    api = FastAPI(
        title="Relais",
        version=VERSION,
        summary="The API of one member's node",
        description=_SAID,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=documented(),
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
    )
    for room in _ROOMS:
        api.include_router(room.router)
    handle_problems(api)
    api.openapi = lambda: _openapi(api)  # type: ignore[method-assign]
    return api


def mounted(api: FastAPI) -> Mount:
    """The application at its place, whatever characters follow.

    A path with a line break is no reason to be answered by the console's page.
    """
    mount = Mount(PREFIX, api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _openapi(api: FastAPI) -> dict[str, Any]:
    """The contract, once made; FastAPI's with what it cannot know."""
    if api.openapi_schema is None:
        found = get_openapi(
            title=api.title,
            version=api.version,
            summary=api.summary,
            description=api.description,
            routes=api.routes,
        )
        # Where the application is mounted is known only to whoever mounts it.
        found["servers"] = [{"url": PREFIX}]
        found["components"]["schemas"] |= problem_schemas()
        for method, operation in _operations(found):
            _complete(method, operation)
        api.openapi_schema = found
    return api.openapi_schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    if method == "get":
        operation["responses"]["304"] = {
            "description": "What was asked for by If-None-Match is still so."
        }
    for parameter in operation.get("parameters", ()):
        # Asked for by the act, with a code of its own where it is missing.
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True


def _operations(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in contract["paths"].values():
        yield from path.items()


def operation_ids(api: FastAPI) -> list[str]:
    """The operations in the order in which they are served."""
    return [each["operationId"] for _, each in _operations(api.openapi())]
