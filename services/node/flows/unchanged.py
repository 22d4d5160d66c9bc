"""Acts that were decided on what somebody had looked at: done while it is still so.

Who looks at a case or a referral is told the index of what happened in it last. An
act that names this index is refused (``api.changed``) once anything else happened.
It is looked at when the act decides, and again under the lock of the batch, so that
of two acts that rest on the same look one is done, and nothing comes between.
The same for who writes the next version of something and says which one it was made
of (``case.record_changed``, ``case.plan_changed``).
A repetition of an act that was done is answered as it was the first time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.node.domain.errors import ConflictError, InvalidInputError
from services.node.flows.plan import (
    PLAN,
    Act,
    Decision,
    Follows,
    Plan,
    Settled,
    Unchanged,
)
from services.node.store import events as event_store
from services.node.store import versions as version_store
from services.node.store.events import NewEvent
from services.node.store.pool import Connection

_SAID = re.compile(r"(case|referral) ([0-9]{1,18})")


def parse_unchanged(text: str) -> Unchanged | None:
    """``case N`` or ``referral N`` as a call says it, or None for nothing."""
    if not text:
        return None
    said = _SAID.fullmatch(text)
    if said is None:
        raise InvalidInputError(
            "act.bad_version",
            "What an act was decided on is said as case N or referral N.",
            where="relais-unchanged",
        )
    return Unchanged(said[1], int(said[2]))


@dataclass(frozen=True, slots=True)
class IfUnchanged:
    """An act that rests on a look; its result is the act's."""

    act: Act
    rests_on: Unchanged

    async def decide(self, connection: Connection) -> Decision:
        """Raises ConflictError ``api.changed``, and what the act raises."""
        decision = await self.act.decide(connection)
        if isinstance(decision, Settled):
            return decision
        decision = replace(decision, rests_on=self.rests_on)
        if not await _is_so(connection, decision):
            raise ConflictError(
                "api.changed",
                "It changed since you looked; nothing was done.",
                where="header.if-match",
                remedy="Look again, and decide afresh.",
            )
        return decision


async def still_so(connection: Connection, plans: Sequence[Plan]) -> list[bool]:
    """Whether each plan of a batch still rests on what is so; under its lock.

    What another plan before it in the same batch does is not there to be seen yet:
    a plan that would follow one on the same case or referral decides afresh.
    """
    touched: set[bytes] = set()
    found = []
    for plan in plans:
        places = _places(plan.event)
        found.append(
            touched.isdisjoint(places)
            and await _is_so(connection, plan)
            and await _is_next(connection, plan)
        )
        if plan.rests_on is None and plan.follows is None:
            found[-1] = True
        touched |= places
    return found


async def _is_so(connection: Connection, plan: Plan) -> bool:
    if plan.rests_on is None:
        return True
    event, rests_on = plan.event, plan.rests_on
    if event is None:
        return False
    if rests_on.scope == "case":
        newest = await event_store.newest_in_case(connection, event.case_id or b"")
    else:
        newest = await event_store.newest_in_referral(
            connection, event.referral_id or b""
        )
    return newest == rests_on.last_index


async def check_follows(
    connection: Connection, case_id: bytes, follows: Follows | None
) -> None:
    """Raise ConflictError if another version stands now than the one that is named."""
    if follows is None or await _follows(connection, case_id, follows):
        return
    if follows.what == PLAN:
        raise ConflictError(
            "case.plan_changed",
            "Somebody kept another plan since you opened it; nothing was written.",
            where="based_on",
            remedy="Read the plan as it stands now, and put both together.",
        )
    raise ConflictError(
        "case.record_changed",
        "Somebody wrote here since you opened it; nothing was written.",
        where="based_on",
        remedy="Read what stands now, and put both together.",
    )


async def _follows(connection: Connection, case_id: bytes, follows: Follows) -> bool:
    if follows.what == PLAN:
        newest = await version_store.newest_plan_version(connection, case_id)
    else:
        newest = await version_store.newest_version(connection, case_id, follows.what)
    return newest == follows.number


async def _is_next(connection: Connection, plan: Plan) -> bool:
    if plan.follows is None:
        return True
    case_id = None if plan.event is None else plan.event.case_id
    return case_id is not None and await _follows(connection, case_id, plan.follows)


def _places(event: NewEvent | None) -> set[bytes]:
    if event is None:
        return set()
    return {each for each in (event.case_id, event.referral_id) if each}
