"""Cases, drafts and case sheets as tables on a terminal.

Nothing sealed stands in them, but in ``print_draft``, which its officer asks for.
"""

from __future__ import annotations

from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.node.domain.htcds import choices, fields
from services.node.domain.tables import VIETNAM
from services.node.rpc.consent_values import OverrideRead, StandingRead
from services.node.rpc.desk_values import (
    CaseLine,
    CaseRead,
    ConversationRead,
    DraftOpened,
    DraftRead,
    ImportedRead,
    ReferralRead,
    SheetRead,
)

_SHOWN_ALLOWED = 12
_ID_DIGITS = 8


def print_sheet(console: Console, sheet: str, read: SheetRead, *, kept: bool) -> None:
    """What was understood of a sheet, and what was not."""
    if read.findings:
        table = _table("sheet", "row", "column", "finding", "allowed")
        for each in read.findings:
            table.add_row(
                sheet,
                str(each.row) if each.row else "",
                each.column,
                f"[bold red]refused[/] {each.message}"
                if each.refused
                else each.message,
                _shortened(each.allowed),
            )
        console.print(table)
    refused = len({each.row for each in read.findings if each.refused})
    drafts = sum(each.status == "draft" for each in read.rows)
    history = sum(each.status == "history" for each in read.rows)
    known = sum(each.known for each in read.rows)
    console.print(
        f"{sheet}: {drafts} draft(s), {history} closed, {refused} refused; "
        f"{known} known from before.",
        highlight=False,
    )
    if kept:
        for row in read.rows:
            console.print(f"row {row.row} → {_became(row)}", highlight=False)
    else:
        console.print(
            "Dry run: nothing was kept. Run it again with --keep.", highlight=False
        )


def print_drafts(console: Console, drafts: tuple[DraftRead, ...]) -> None:
    """An officer's drafts."""
    columns = ("draft", "sheet", "row", "status", "age", "sex", "categories")
    table = _table(*columns, "interview", "since")
    for each in drafts:
        table.add_row(
            each.draft_id.hex()[:_ID_DIGITS],
            each.sheet,
            str(each.row),
            each.status,
            each.age_band,
            each.sex,
            " ".join(each.categories),
            "yes" if each.interview_consent else "no",
            _when(each.imported_at),
        )
    console.print(table)


def print_draft(console: Console, opened: DraftOpened) -> None:
    """Everything that one draft holds, as the sheet's own labels say it."""
    draft = opened.draft
    console.print(
        f"Draft {draft.draft_id.hex()[:_ID_DIGITS]}, {draft.status}: "
        f"{draft.sheet}, row {draft.row}",
        highlight=False,
    )
    table = _table("category", "what", "answer")
    for record in opened.records:
        for answer in record.answers:
            field = fields().get(answer.field)
            table.add_row(
                record.category,
                answer.field if field is None else field.label,
                escape(", ".join(_label(answer.field, each) for each in answer.values)),
            )
    console.print(table)


def print_cases(console: Console, cases: tuple[CaseLine, ...]) -> None:
    """The newest cases."""
    table = _table("case", "phase", "answerable", "opened")
    for each in cases:
        table.add_row(
            each.case_pseudonym, each.phase, each.answerable, _when(each.opened_at)
        )
    console.print(table)


def print_case(console: Console, case: CaseRead) -> None:
    """One case: who answered, the referrals, and what happened."""
    console.print(
        f"{case.case_pseudonym}: {case.phase}, {case.answerable}, door {case.door}",
        highlight=False,
    )
    periods = _table("answerable from", "by", "until", "by", "handed to")
    for period in case.periods:
        over = bool(period.until_step)
        periods.add_row(
            _when(period.since_at),
            period.since_step,
            _when(period.until_at) if over else "",
            period.until_step,
            period.to_member,
        )
    console.print(periods)
    print_referrals(console, case.referrals)
    timeline = _table("when", "who", "did", "towards", "leaf", "receipt")
    for entry in case.timeline:
        timeline.add_row(
            _when(entry.happened_at),
            f"{entry.author} {entry.actor}",
            entry.step,
            entry.peer,
            str(entry.own_index),
            str(entry.receipt_index) if entry.receipted else entry.delivery,
        )
    console.print(timeline)


def print_referrals(console: Console, referrals: tuple[ReferralRead, ...]) -> None:
    """Referrals: how far each came, whose turn it is, what may be done now."""
    table = _table("referral", "type", "with", "as", "state", "reached", "turn")
    for each in referrals:
        table.add_row(
            each.referral_id.hex()[:_ID_DIGITS],
            each.referral_type,
            each.peer,
            each.side,
            each.state,
            _reached(each),
            _turn(each),
        )
    table.columns[0].no_wrap = True
    console.print(table)
    for each in referrals:
        steps = " ".join(each.open_steps) or "nothing"
        console.print(
            f"{each.referral_id.hex()[:_ID_DIGITS]} {each.alias}: may do now: {steps}",
            highlight=False,
            soft_wrap=True,
        )


def print_conversation(console: Console, read: ConversationRead) -> None:
    """One referral: what was said in it; nothing sealed."""
    print_referrals(console, (read.referral,))
    for each in read.referral.still_open:
        console.print(
            f"Still open, to be revoked or recalled: referral {each.hex()}",
            highlight=False,
        )
    said = _table("when", "who", "said", "envelope")
    for step in read.steps:
        said.add_row(_when(step.happened_at), step.author, step.step, step.digest.hex())
    console.print(said)


def _reached(referral: ReferralRead) -> str:
    if referral.opened:
        return "opened"
    return "delivered" if referral.delivered else "under way"


def _turn(referral: ReferralRead) -> str:
    if not referral.must_act:
        return ""
    return "ours" if referral.must_act == referral.side else referral.peer


def print_standings(console: Console, standings: tuple[StandingRead, ...]) -> None:
    """How each question that the person was asked stands now."""
    table = _table("purpose", "recipient", "category", "stands", "until", "answer")
    for each in standings:
        ends = each.valid_until.astimezone(VIETNAM).date().isoformat()
        table.add_row(
            each.purpose,
            each.recipient,
            each.category,
            f"{each.standing}, ends soon" if each.expiring else each.standing,
            ends if each.standing == "yes" else "",
            each.consent_id.hex()[:_ID_DIGITS],
        )
    console.print(table)


def print_overrides(console: Console, overrides: tuple[OverrideRead, ...]) -> None:
    """What was opened without consent, by whom, and what the review found."""
    table = _table("override", "purpose", "recipient", "category", "by", "review")
    for each in overrides:
        due = f"{each.review_by.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
        table.add_row(
            each.override_id.hex()[:_ID_DIGITS],
            each.purpose,
            each.recipient,
            each.category,
            f"{each.first_officer}, {each.second_officer}",
            each.review or f"due {due}",
        )
    console.print(table)


def _table(*headings: str) -> Table:
    return Table(*headings, box=box.SIMPLE, pad_edge=False)


def _label(field: str, value: str) -> str:
    """The label of a code in a field's list; any other value as it is."""
    labels = {choice.value: choice.label for choice in choices(field)}
    return labels.get(value, value)


def _became(row: ImportedRead) -> str:
    if row.of_another:
        return "a draft of another officer"
    known = ", known from before" if row.known else ""
    return f"{row.draft_id.hex()[:_ID_DIGITS]} ({row.status}{known})"


def _shortened(allowed: tuple[str, ...]) -> str:
    more = len(allowed) - _SHOWN_ALLOWED
    shown = ", ".join(allowed[:_SHOWN_ALLOWED])
    return f"{shown} and {more} more" if more > 0 else shown


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
