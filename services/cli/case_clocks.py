"""Clocks in plain words on a terminal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from services.node.domain.errors import InvalidInputError
from services.node.domain.tables import VIETNAM
from services.node.rpc.clock_values import ClockRead, ClocksRead

ClockArgument = Annotated[
    str, typer.Argument(help="The clock, as relais case clocks shows it.")
]
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_RINGS_FOR = {
    "reminder": "reminds its officer",
    "L1": "goes to another duty officer (L1)",
    "L2": "goes to the head (L2)",
    "L3": "goes to the province's coordinator (L3)",
    "L4": "goes to the ministry (L4)",
    "L5": "goes to police and border guard (L5)",
    "expiry": "declares the offer expired",
}


def clock_id(text: str) -> bytes:
    """The id that 32 hexadecimal digits spell; raises InvalidInputError."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise InvalidInputError(
            "cli.bad_clock",
            "A clock is named by hexadecimal digits.",
            where="CLOCK",
            remedy="Copy it from: relais case clocks",
        ) from error


def print_clocks(console: Console, read: ClocksRead) -> None:
    """What runs, how long it still has, and what happens next."""
    if not read.clocks:
        console.print("No clock runs.", highlight=False)
        return
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("clock", "deadline", "of", "due", "how it stands", "then"):
        table.add_column(heading, overflow="fold")
    for each in read.clocks:
        table.add_row(
            each.clock_id.hex(),
            each.deadline.replace("_", " "),
            _of(each),
            _when(each.due_at),
            standing(each, read.now),
            _then(each),
        )
    console.print(table)


def standing(clock: ClockRead, now: datetime) -> str:
    """How a clock stands, in one phrase."""
    if _is_set(clock.stopped_at):
        return f"met {_when(clock.stopped_at)}"
    if clock.pause_reason:
        return f"stands still for {clock.pause_reason.replace('_', ' ')}"
    if clock.overdue:
        return f"overdue by {_span(now - clock.due_at)}"
    return f"{_span(clock.due_at - now)} left"


def _of(clock: ClockRead) -> str:
    if not clock.peer:
        return clock.case_pseudonym
    return f"{clock.referral_type.replace('_', ' ')} with {clock.peer}"


def _then(clock: ClockRead) -> str:
    rang = f"rang: {', '.join(clock.rang)}" if clock.rang else ""
    if not clock.next_level:
        return rang
    following = f"{_when(clock.next_ring_at)} {_RINGS_FOR[clock.next_level]}"
    return f"{rang}; {following}" if rang else following


def _span(span: timedelta) -> str:
    days, rest = divmod(span, _DAY)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%Y-%m-%d %H:%M}"


def _is_set(instant: datetime) -> bool:
    return instant.timestamp() != 0
