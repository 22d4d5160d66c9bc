"""The account as a person reads it: a chain, a list of handoffs, a last line."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.audit_faults import AuditReport
from services.cli.demo.account import Account, Link, LoggedHandoff
from services.cli.demo.narrator import name
from services.node.domain.tables import VIETNAM

_STEPS = {
    "case_opened": "the case was opened",
    "release": "it accepted her",
    "countersignature": "it signed the minutes",
}


def print_chain(console: Console, chain: tuple[Link, ...]) -> None:
    """Who was answerable for her, from when to when."""
    console.print()
    console.rule(Text("Who answered for her, and when", "bold"), align="left")
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("from", "until", "answerable", "since"):
        table.add_column(heading, no_wrap=heading != "since")
    for link in chain:
        until = _when(link.until) if link.until else "today"
        since = _STEPS.get(link.since_step, link.since_step)
        table.add_row(_when(link.since), until, name(link.member), since)
    console.print(table)
    console.print("No hour without somebody, and never two at once.", highlight=False)


def print_handoffs(console: Console, account: Account) -> None:
    """Each handoff with its leaf in both ledgers."""
    console.print()
    heading = "Each handoff: leaf at the sender → receipt, a leaf at the recipient"
    console.rule(Text(heading, "bold"), align="left")
    for rows in _by_referral(account.handoffs):
        first = rows[0]
        between = f"{name(first.sender)} to {name(first.recipient)}"
        console.print(Text(between, "bold"))
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(width=18, no_wrap=True)
        table.add_column(width=25, no_wrap=True)
        table.add_column(no_wrap=True)
        for row in rows:
            table.add_row(
                f"  {_when(row.at)}",
                row.step.replace("_", " "),
                f"{name(row.sender)} {row.sender_index} → "
                f"{name(row.recipient)} {row.recipient_index}",
            )
        console.print(table)


def print_end(console: Console, account: Account, report: AuditReport) -> None:
    """What was verified, in three lines."""
    console.print()
    nodes = len(report.members)
    counted = f"{report.leaves} leaves, {report.receipts} receipts"
    for line in (
        f"{len(account.handoffs)} handoffs, each receipted and logged at both ends.",
        f"{nodes} nodes, each with its own keys, database and ledger.",
        f"{nodes} ledgers verified: {counted}; nothing was changed.",
    ):
        console.print(line, style="green", highlight=False)


def _by_referral(handoffs: tuple[LoggedHandoff, ...]) -> list[list[LoggedHandoff]]:
    first: dict[bytes, int] = {}
    for position, each in enumerate(handoffs):
        first.setdefault(each.referral_id, position)
    ordered = sorted(handoffs, key=lambda each: first[each.referral_id])
    return [list(rows) for _, rows in groupby(ordered, lambda row: row.referral_id)]


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
