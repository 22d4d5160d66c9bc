"""Reads of many acts that ask the same at the same time, as one statement.

Acts decide side by side and mostly ask the same named queries. ``Together`` takes
the questions to one query that have come in while the last statement for it ran,
and asks them at once: each set of arguments is a row of ``unnest``, and the query
stands behind it as a lateral subquery, its rows in its own order. Every act still
sees committed rows only, each statement its own snapshot, as on a connection of its
own. Nobody waits for company: the first question goes out in the loop's next round.

Promises the answers of the query itself. What cannot be asked so (a parameter that
is a list, a limit, what writes) goes out alone, and so does every question of a
statement that failed: one act's bad value is nobody else's.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.node.domain.errors import UnavailableError

if TYPE_CHECKING:
    from services.node.store.pool import Connection

Connect = Callable[[], "AbstractAsyncContextManager[Connection]"]
_MOST = 256
"""Questions of one statement."""
_PARAMETER = re.compile(r"\$(\d+)")
_ALONE = re.compile(r"\b(INSERT|UPDATE|DELETE)\b|\b(LIMIT|OFFSET) \$")


@dataclass(frozen=True, slots=True)
class _Question:
    arguments: tuple[object, ...]
    answer: asyncio.Future[list[dict[str, Any]]]


class Together:
    """Asks like a connection; one for all acts of a node."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._waiting: dict[str, list[_Question]] = defaultdict(list)
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._joined: dict[str, str | None] = {}

    async def fetch(self, sql: str, *arguments: object) -> list[Any]:
        """The rows of a query, each with its columns by name."""
        answer: asyncio.Future[list[dict[str, Any]]] = (
            asyncio.get_running_loop().create_future()
        )
        self._waiting[sql].append(_Question(arguments, answer))
        if sql not in self._asking:
            self._asking[sql] = asyncio.create_task(self._ask(sql))
        return await answer

    async def fetchrow(self, sql: str, *arguments: object) -> dict[str, Any] | None:
        """The first row, or None."""
        rows = await self.fetch(sql, *arguments)
        return rows[0] if rows else None

    async def fetchval(self, sql: str, *arguments: object) -> object:
        """The first column of the first row, or None."""
        row = await self.fetchrow(sql, *arguments)
        return None if row is None else next(iter(row.values()))

    async def _ask(self, sql: str) -> None:
        """Answer what waits for one query, until nothing does."""
        try:
            while questions := self._waiting[sql][:_MOST]:
                del self._waiting[sql][: len(questions)]
                await self._answer(sql, questions)
        finally:
            del self._asking[sql]

    async def _answer(self, sql: str, questions: list[_Question]) -> None:
        try:
            async with self._connect() as connection:
                if len(questions) == 1:
                    answers = [await _alone(connection, sql, questions[0])]
                else:
                    answers = await self._together(connection, sql, questions)
        except Exception as error:  # noqa: BLE001 - whose it is, is found out
            if len(questions) == 1 or isinstance(error, UnavailableError):
                for each in questions:
                    _tell(each, error)
                return
            for each in questions:
                await self._answer(sql, [each])
            return
        for each, rows in zip(questions, answers, strict=True):
            if not each.answer.done():
                each.answer.set_result(rows)

    async def _together(
        self, connection: Connection, sql: str, questions: list[_Question]
    ) -> list[list[dict[str, Any]]]:
        if sql not in self._joined:
            statement = await connection.prepare(sql)
            types = [(each.name, each.kind) for each in statement.get_parameters()]
            self._joined[sql] = joined(sql, types)
        text = self._joined[sql]
        if text is None:
            return [await _alone(connection, sql, each) for each in questions]
        columns = zip(*(each.arguments for each in questions), strict=True)
        answers: list[list[dict[str, Any]]] = [[] for _ in questions]
        for record in await connection.fetch(text, *map(list, columns)):
            row = dict(record)
            answers[row.pop("asked_as") - 1].append(row)
        return answers


def joined(sql: str, types: list[tuple[str, str]]) -> str | None:
    """The query for many sets of arguments at once, or None if there is none.

    ``types`` are name and kind of its parameters, as PostgreSQL finds them. The
    number of its arguments' set, from 1, is each row's column ``asked_as``.
    """
    if not types or _ALONE.search(sql) or any(kind == "array" for _, kind in types):
        return None
    arrays = ", ".join(f"${n}::{name}[]" for n, (name, _) in enumerate(types, 1))
    names = ", ".join(f"a{n}" for n in range(1, len(types) + 1))
    body = _PARAMETER.sub(r"asked.a\1", sql.rstrip().rstrip(";"))
    # Its parts are a named query and names of types: nothing that anybody said.
    return (
        f"SELECT asked.asked_as, answered.* FROM unnest({arrays})"  # noqa: S608
        f" WITH ORDINALITY AS asked ({names}, asked_as)"
        f" CROSS JOIN LATERAL (\n{body}\n) AS answered ORDER BY asked.asked_as"
    )


async def _alone(
    connection: Connection, sql: str, question: _Question
) -> list[dict[str, Any]]:
    return [dict(each) for each in await connection.fetch(sql, *question.arguments)]


def _tell(question: _Question, error: Exception) -> None:
    if not question.answer.done():
        question.answer.set_exception(error)
