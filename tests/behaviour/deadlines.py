"""Do the clocks of a policy run as long as law, standard and proposal say?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from services.node.domain.errors import NotFoundError
from services.node.domain.policy import Policy
from services.node.domain.referrals import Priority
from services.node.domain.tables import VIETNAM
from tests.behaviour.lines import DAY, FAR, agrees, in_order
from tests.expect import deadlines as expected

COLUMNS = ("deadline", "priorities", "value", "unit", "starts", "met_by")
ALL = " ".join(sorted(Priority))
AT_NIGHT = time(23, 59, tzinfo=VIETNAM)
AT_DAWN = time(0, 0, tzinfo=VIETNAM)


def check_a_clock_runs_from_its_first_day_to_its_last(policy: Policy) -> None:
    for name, priorities, value, unit, _, _, since, until, _ in expected.LINES:
        for priority in Priority if priorities == "*" else [Priority(priorities)]:
            last = until or FAR
            for start in (
                datetime.combine(since, AT_DAWN),
                datetime.combine(last, AT_NIGHT),
            ):
                try:
                    due = policy.deadlines.due(name, start, priority=priority)
                except NotFoundError as missing:
                    raise AssertionError(name, start) from missing
                assert due == _after(start, value, unit), (name, start)


def check_a_trigger_starts_the_clocks_of_its_answers(policy: Policy) -> None:
    start = datetime(2024, 3, 5, 2, tzinfo=UTC)
    named = {word for row in policy.deadlines.rows for word in row.starts or ()}
    for trigger in sorted(named | _words("starts")):
        for priority in Priority:
            found = policy.deadlines.started_by({trigger}, priority, start)
            told = {
                name
                for name, of, _, _, starts, _, since, until, _ in expected.LINES
                if trigger in starts.split()
                and of in {"*", priority.value}
                and since <= start.date() <= (until or FAR)
            }
            assert {row.deadline for row in found} == told, (trigger, priority)


def check_a_trigger_meets_the_clocks_that_wait_for_it(policy: Policy) -> None:
    named = {word for row in policy.deadlines.rows for word in row.met_by or ()}
    for trigger in sorted(named | _words("met_by")):
        told = {line[0] for line in expected.LINES if trigger in line[5].split()}
        assert policy.deadlines.met_by({trigger}) == told, trigger


def _words(column: str) -> set[str]:
    index = COLUMNS.index(column)
    return {word for line in expected.LINES for word in str(line[index]).split()}


def check_every_line_is_a_row_with_its_law_and_mark(policy: Policy) -> None:
    lines = [
        (
            name,
            in_order(ALL if priority == "*" else priority),
            value,
            unit,
            in_order(starts),
            in_order(met_by),
            *rest,
        )
        for name, priority, value, unit, starts, met_by, *rest in expected.LINES
    ]
    agrees(policy.deadlines.rows, COLUMNS, lines)


def _after(start: datetime, value: int, unit: str) -> datetime:
    """Counted by hand: no holiday lies in the way of the days that are tried."""
    if unit == "months":
        month = start.month - 1 + value
        return start.replace(year=start.year + month // 12, month=month % 12 + 1)
    if unit == "working_days":
        due = start
        while value:
            due += DAY
            value -= due.isoweekday() <= 5
        return due
    return start + timedelta(**{unit: value})
