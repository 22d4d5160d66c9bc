"""Policy tables, their problems, changes and rulings on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

from services.cli.policy_files import Checked, Proposal
from services.node.domain.policy_changes import ChangeKind, RowChange
from services.node.domain.tables import VIETNAM
from services.node.rpc.desk_values import EventExplained, RulingRead

_OPEN = "open"


def print_checked(console: Console, checked: Checked) -> None:
    """What is wrong if anything is; otherwise what each table holds."""
    if checked.problems:
        table = _table("file", "row", "column", "problem")
        for each in checked.problems:
            file = f"{each.table}.csv" if each.table else ""
            table.add_row(file, str(each.row or ""), each.column, each.text)
        console.print(table)
        console.print(f"{len(checked.problems)} problem(s).", highlight=False)
        return
    table = _table("table", "rows", "unverified", "from", "to")
    for name, found in checked.tables.items():
        rules = [row.rule for row in found.rows]
        ends = [rule.valid_to for rule in rules]
        last = max((each for each in ends if each is not None), default=None)
        table.add_row(
            name,
            str(len(rules)),
            str(sum(not rule.verified for rule in rules)),
            str(min((rule.valid_from for rule in rules), default="")),
            _OPEN if None in ends else str(last or ""),
        )
    console.print(table)
    rows = sum(len(found.rows) for found in checked.tables.values())
    console.print(f"{rows} row(s), no problem.", highlight=False)


def print_proposal(console: Console, proposal: Proposal) -> None:
    """Version, digest, and every row that would change."""
    say = console.print
    against = proposal.in_force or "nothing"
    say(f"Policy {proposal.version}, against {against} in force.", highlight=False)
    say(f"SHA-256 {proposal.digest.hex()}", highlight=False)
    for change in proposal.changes:
        for line in change_lines(change):
            say(line, highlight=False, markup=False)
    counted = ", ".join(
        f"{sum(each.kind is kind for each in proposal.changes)} {kind}"
        for kind in ChangeKind
    )
    say(f"{counted}.", highlight=False)


def print_explained(console: Console, steps: Iterable[EventExplained]) -> None:
    """Each handoff with its version, and the rows that decided about it."""
    say = console.print
    for step in steps:
        when = f"{step.happened_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
        said = f"{step.step}, policy {step.policy_version}"
        if step.ruled_by != step.policy_version:
            said += f" (not adopted here; asked is {step.ruled_by})"
        towards = f" -> {step.recipient}" if step.recipient else ""
        say(f"{when} {step.author}{towards}: {said}", highlight=False)
        for each in step.rulings:
            place = f"{each.table} row {each.row}" if each.table else "no row"
            say(f"  {place}: {each.decided}", highlight=False, markup=False)
            if each.table:
                say(f"      {_proof(each)}", highlight=False, markup=False)


def _proof(ruling: RulingRead) -> str:
    """On what the row rests, in one line."""
    until = ruling.valid_to or "open"
    mark = "verified" if ruling.verified else "not verified"
    return f"{ruling.law}; {ruling.valid_from} to {until}; {mark}"


def change_lines(change: RowChange) -> Iterable[str]:
    """One change in words: its rows, and what differs cell by cell."""
    if change.kind is ChangeKind.CHANGED:
        yield f"~ {change.table} row {change.before} -> {change.after}: " + _told(
            change.row
        )
        for column, before, after in change.cells:
            yield f"    {column}: {before or '(empty)'} -> {after or '(empty)'}"
    elif change.kind is ChangeKind.ADDED:
        yield f"+ {change.table} row {change.after}: {_told(change.row)}"
    else:
        yield f"- {change.table} row {change.before}: {_told(change.row)}"


def _told(row: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{column} {cell}" for column, cell in row if cell)


def _table(*headings: str) -> Table:
    return Table(*headings, box=box.SIMPLE, pad_edge=False)
