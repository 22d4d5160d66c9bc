"""What a verified extract proves and what it does not, in words for a court."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from services.cli.audit_extract import ExtractReport

_PROVES = """It proves that each entry above stands, unaltered, at its number in the
ledger whose head the member signed; that what is said of it is what the member logged
then; and, where another member is named, that this member's own signed ledger has the
same event. The sealed envelopes beside the entries are those that were logged."""
_LEAVES = """It does not prove that the case has no other entry, nor that the member
shows everybody the same ledger: verify the whole log together with those of other
members for that. It says nothing about who the person is. The day is the one that the
member stated. The code and the instant of the extract are said and not proved."""


def show_extract(report: ExtractReport, console: Console) -> None:
    """Print what is proved, what is wrong, and what is not proved."""
    asked = f"code {report.code}" if report.code else "entries by number"
    made = report.made_at.isoformat(timespec="seconds")
    console.print(
        f"Extract of the ledger of {report.member}: {asked}, made {made}.",
        highlight=False,
    )
    if report.entries:
        console.print(_entries(report))
    if not report.sound:
        table = Table("member", "where", "fault", "detail")
        for fault in report.faults:
            table.add_row(fault.member, fault.place, fault.kind.value, fault.detail)
        console.print(table)
        console.print(
            f"[bold red]{len(report.faults)} fault(s)[/]: this extract proves nothing "
            "about the entries that are named as wrong.",
            highlight=False,
        )
    else:
        _sound(report, console)
    if report.fingerprint:
        words = f"Directory: {report.fingerprint}"
        console.print(f"{words} (compare it with one that you trust)", highlight=False)


def _sound(report: ExtractReport, console: Console) -> None:
    both = sum(bool(each.proved_by) for each in report.entries)
    counted = (
        f"Verified: {len(report.entries)} event(s) under the head of {report.size} "
        f"leaves that {report.member} signed, {both} of them by another member too"
    )
    if report.erased:
        counted += f", {report.erased} opening(s) erased"
    witnesses = "No witness has signed the head."
    if report.cosigned_by:
        names = ", ".join(report.cosigned_by)
        witnesses = f"Under the head stand further signatures, unverified: {names}."
    for text in (f"{counted}.", witnesses, _PROVES, _LEAVES):
        console.print(" ".join(text.split()), highlight=False)


def _entries(report: ExtractReport) -> Table:
    table = Table("entry", "day", "what", "role", "with", "how", "proved too by")
    for each in report.entries:
        day = "" if each.day is None else each.day.isoformat()
        table.add_row(
            str(each.index),
            day,
            each.step,
            each.role,
            each.counterparty,
            each.outcome,
            each.proved_by,
        )
    return table
