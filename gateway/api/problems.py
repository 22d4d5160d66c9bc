"""What a refusal looks like here: problem details (RFC 9457), never a trace.

``code`` is stable and the one that the node gave; ``title``, ``detail`` and
``remedy`` say it in the language that was asked for (``Accept-Language``; English
if none was). Nothing that was sent stands in one, only the places of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.web.refusals import status_of, wait_of
from gateway.words.words import Languages, Words
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    RelaisError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"
_NOBODY = {"api.no_token", "sign_in.needed", "sign_in.over", "client.ended"}
"""Refusals after which another token may help."""
_STATUS = {
    "api.changed": HTTPStatus.PRECONDITION_FAILED,
    "api.invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "api.too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "api.bad_range": HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    "api.no_method": HTTPStatus.METHOD_NOT_ALLOWED,
} | dict.fromkeys(_NOBODY, HTTPStatus.UNAUTHORIZED)


class Place(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(extra="forbid")

    where: str
    """Where: body, query, path or header, and what is in it, with dots between."""
    problem: str
    """What kind of thing is wrong, as a code; never what was sent."""


class Problem(BaseModel):
    """Why something was refused (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str
    """``urn:relais:error:`` and the code."""
    title: str
    status: int
    detail: str
    code: str
    where: str
    remedy: str
    places: list[Place]


class BodyError(RelaisError):
    """What was sent does not have the shape that the contract asks for."""

    def __init__(self, places: Iterable[Place]) -> None:
        super().__init__(
            "api.invalid",
            "What was sent does not have the shape that this operation asks for.",
            remedy="Correct the places that are named; nothing was done.",
        )
        self.places = tuple(places)


def problem_response(request: Request, error: RelaisError) -> Response:
    """The answer to one refusal."""
    status = _STATUS.get(error.code) or status_of(error)
    words = words_of(request)
    told = words.refused(error)
    body = Problem(
        type=f"urn:relais:error:{error.code}",
        title=words.error(error.code) or status.phrase,
        status=status,
        detail=told.sentence.text,
        code=error.code,
        where=error.where,
        remedy=told.remedy.text,
        places=list(getattr(error, "places", ())),
    )
    response = Response(
        body.model_dump_json(), status_code=status, media_type=MEDIA_TYPE
    )
    spoken = dict.fromkeys((words.lang, told.sentence.lang, told.remedy.lang))
    response.headers["Content-Language"] = ", ".join(filter(None, spoken))
    response.headers["Vary"] = "Accept-Language"
    if wait_of(error):
        response.headers["Retry-After"] = str(wait_of(error))
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def words_of(request: Request) -> Words:
    """The words of the reader's language; English if none was asked for."""
    wanted = request.headers.get("accept-language", "en")
    languages: Languages = request.app.state.site.languages
    return languages.choose("", wanted)


def handle_problems(api: FastAPI) -> None:
    """Every error becomes problem details."""

    @api.exception_handler(RelaisError)
    async def _refused(request: Request, error: RelaisError) -> Response:
        return problem_response(request, error)

    @api.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(request, BodyError(map(_place, error.errors())))

    @api.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return problem_response(request, _of_http(error.status_code))

    @api.exception_handler(Exception)
    async def _fault(request: Request, _: Exception) -> Response:
        structlog.get_logger().exception("gateway.fault")
        fault = UnavailableError(
            "api.fault",
            "Something went wrong here. What was sent may not have been kept.",
            remedy="Send it again with the same Idempotency-Key.",
        )
        return problem_response(request, fault)


def _of_http(status: int) -> RelaisError:
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return InvalidInputError("api.too_large", "What was sent is too large.")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return NotPermittedError(
            "api.no_method", "This place has no operation of that method."
        )
    if status == HTTPStatus.NOT_FOUND:
        return NotFoundError(
            "api.no_operation",
            "There is no such operation here.",
            remedy="See openapi.json for those that there are.",
        )
    return BodyError([Place(where="body", problem="unreadable")])


def _place(found: dict[str, Any]) -> Place:
    return Place(where=".".join(map(str, found["loc"])), problem=str(found["type"]))


def documented() -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of every operation's refusals."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status.value: {"description": said, "content": content}
        for status, said in _SAID.items()
    }


_SAID = {
    HTTPStatus.BAD_REQUEST: "What was sent cannot be used (a rule of the node).",
    HTTPStatus.UNAUTHORIZED: "No token, or one that opens nothing any more.",
    HTTPStatus.FORBIDDEN: "The caller may not do this.",
    HTTPStatus.NOT_FOUND: "What was named is not known here.",
    HTTPStatus.CONFLICT: "A rule of the mechanism forbids it now, or it was done.",
    HTTPStatus.PRECONDITION_FAILED: "It changed since the caller looked.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What was sent is too large.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "What was sent has not the shape of the contract.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many questions; Retry-After says how long.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The node is away; try again unchanged.",
}


def problem_schemas() -> dict[str, Any]:
    """The schemas that the refusals refer to."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    places = schema.pop("$defs")
    return json.loads(json.dumps({"Problem": schema, **places}))  # type: ignore[no-any-return]
