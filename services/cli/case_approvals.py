"""`relais case ask-approval`, `approvals`, `approval`, `approve`: the second officer.

One officer asks for exactly one act; another reads it and says yes or no herself.
Whoever asked then acts with the number of the approval (``--approval``).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.cli.case_desk import (
    STATE,
    CaseArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.case_options import (
    AnonymiseOption,
    DeleteOption,
    OutstandingOption,
    PurposeOption,
    RecipientOption,
    RetainOption,
    day,
)
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.approvals import ApprovalAnswer, ApprovedAct
from services.node.domain.best_interests import BestInterests
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.closure import ClosureReason
from services.node.domain.errors import InvalidInputError
from services.node.domain.override import OverrideAsked
from services.node.domain.second_person import Sending
from services.node.domain.tables import VIETNAM
from services.node.rpc.approval_values import ApprovalOpened, ApprovalRead
from services.node.rpc.desk_client import DeskClient

A = TypeVar("A", CaseDetails, OverrideAsked, Sending)

ask = typer.Typer(help="Ask a second officer for what needs two.", no_args_is_help=True)

_WHOLE = re.compile(r"[0-9a-f]{32}")
_ID_DIGITS = 8
_MOST_LISTED = 500
_MOST_HOURS = 24 * 365
"""A year: what no policy allows, and every clock can still add."""

ApprovalArgument = Annotated[
    str, typer.Argument(help="The approval, or how its number begins.")
]
ApprovalOption = Annotated[
    str,
    typer.Option(
        "--approval",
        help="The second officer's approval of exactly this, or how its number begins.",
    ),
]
SecondOption = Annotated[
    str,
    typer.Option("--as", "--officer", help="Staff pseudonym of the second officer."),
]
OpenedOption = Annotated[
    str, typer.Option("--category", help="The one data category that it opens.")
]
HoursOption = Annotated[
    int,
    typer.Option(min=1, max=_MOST_HOURS, help="Hours until it has to be reviewed."),
]


@ask.command("closure")
def ask_closure(
    case: CaseArgument,
    officer: OfficerOption,
    reason: Annotated[str, typer.Option(help=f"One of {', '.join(ClosureReason)}.")],
    retain_until: RetainOption,
    anonymise_at: AnonymiseOption,
    delete_at: DeleteOption,
    outstanding: OutstandingOption = None,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Ask for the approval of closing a case."""
    details = CaseDetails(
        reason=reason,
        outstanding=tuple(outstanding or ()),
        retain_until=day("--retain-until", retain_until),
        anonymise_at=day("--anonymise-at", anonymise_at),
        delete_at=day("--delete-at", delete_at),
    )

    async def asked(desk: DeskClient) -> None:
        then = f"relais case act {case} close"
        await _ask(desk, officer, case, details, then)

    at_desk(node, socket, state, network, asked)


@ask.command("override")
def ask_override(
    case: CaseArgument,
    officer: OfficerOption,
    recipient: RecipientOption,
    purpose: PurposeOption,
    category: OpenedOption,
    law: Annotated[str, typer.Option(help="The law that it rests on, cited.")],
    reason: Annotated[str, typer.Option(help="Why; kept sealed.")],
    hours: HoursOption = 24,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Ask for the approval of opening one category to one member without consent."""

    async def asked(desk: DeskClient) -> None:
        now = (await desk.get_status()).case_now
        review_by = now + timedelta(hours=hours)
        act = OverrideAsked(recipient, purpose, category, law, reason, review_by)
        await _ask(desk, officer, case, act, f"relais case override {case}")

    at_desk(node, socket, state, network, asked)


async def _ask(
    desk: DeskClient, officer: str, case: str, act: ApprovedAct, then: str
) -> None:
    made = await desk.ask_approval(officer, case, act)
    number = made.approval_id.hex()
    say = Console(highlight=False, soft_wrap=True).print
    say(f"Approval {number} is asked for (leaf {made.ledger_index}). Nothing is done.")
    say(f"Until {_when(made.expires_at)}, another officer than {officer} reads it:")
    say(f"  relais case approve {number} --as …")
    say("Then you do exactly this:")
    say(f"  {then} --officer {officer} --approval {number}")


def approvals(
    officer: OfficerOption,
    case: Annotated[str, typer.Option(help="All of one case, answered or not.")] = "",
    mine: Annotated[
        bool, typer.Option("--mine", help="All that this officer asked for.")
    ] = False,
    my_unit: Annotated[
        bool, typer.Option("--my-unit", help="Only what her own unit asked for.")
    ] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List what waits for the second word of this officer."""

    async def read(desk: DeskClient) -> None:
        found = await desk.list_approvals(
            officer, case, asked_by_me=mine, my_unit=my_unit, limit=_MOST_LISTED
        )
        _print_list(Console(), found)

    at_desk(node, socket, state, network, read)


def approval(
    number: ApprovalArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show exactly what is to be approved."""

    async def read(desk: DeskClient) -> None:
        wanted = await approval_id(desk, officer, number)
        _print_opened(await desk.get_approval(officer, wanted))

    at_desk(node, socket, state, network, read)


def approve(
    number: ApprovalArgument,
    officer: SecondOption,
    refuse: Annotated[
        str, typer.Option(help="Say no instead, and why; kept sealed.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="It was read before; do not ask again.")
    ] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Read what a colleague wants to do, and approve exactly that, or refuse it."""

    async def answer(desk: DeskClient) -> None:
        wanted = await approval_id(desk, officer, number)
        _print_opened(await desk.get_approval(officer, wanted))
        if not refuse and not yes:
            typer.confirm("Do you approve exactly this?", abort=True)
        said = ApprovalAnswer.REFUSED if refuse else ApprovalAnswer.APPROVED
        index = await desk.answer_approval(officer, wanted, said, refuse)
        say = Console(highlight=False, soft_wrap=True).print
        say(f"Approval {wanted.hex()} is {said} by {officer} (leaf {index}).")

    at_desk(node, socket, state, network, answer)


async def approval_id(
    desk: DeskClient, officer: str, begin: str, case: str = ""
) -> bytes:
    """The one approval whose number begins so; a whole number as it is.

    It is looked for in the ``case``, or in what waits for the officer. Raises
    InvalidInputError ``cli.which_approval``.
    """
    wanted = begin.strip().lower()
    if _WHOLE.fullmatch(wanted):
        return bytes.fromhex(wanted)
    listed = await desk.list_approvals(officer, case, limit=_MOST_LISTED)
    found = [
        each.approval_id
        for each in listed
        if wanted and each.approval_id.hex().startswith(wanted)
    ]
    if len(found) != 1:
        raise InvalidInputError(
            "cli.which_approval",
            f"{len(found)} approvals have a number that begins so.",
            where="APPROVAL",
            remedy="Copy it from: relais case approvals",
        )
    return found[0]


def _print_list(console: Console, found: tuple[ApprovalRead, ...]) -> None:
    table = Table(
        *("approval", "for", "case", "asked by", "until", "state", "answered by"),
        box=box.SIMPLE,
        pad_edge=False,
    )
    for each in found:
        table.add_row(
            each.approval_id.hex()[:_ID_DIGITS],
            each.kind,
            each.case_pseudonym,
            f"{each.asked_by} ({each.asked_unit})",
            _when(each.expires_at),
            each.state,
            each.answered_by,
        )
    console.print(table)


def _print_opened(read: ApprovalOpened) -> None:
    line, act = read.approval, read.act
    say = Console(highlight=False, soft_wrap=True).print
    say(
        f"Approval {line.approval_id.hex()} for {line.kind} of {line.case_pseudonym},"
        f" asked by {line.asked_by} ({line.asked_unit}): {line.state}."
    )
    for name, value in (*_facts(act), *_leaving(read)):
        say(f"  {name}: {escape(value)}")
    if read.changed:
        say("  This is no longer what would leave: it has to be asked for anew.")
    if read.reason:
        say(f"  answered by {line.answered_by}: {escape(read.reason)}")


def _facts(act: ApprovedAct) -> list[tuple[str, str]]:
    if isinstance(act, OverrideAsked):
        return [
            ("opens", f"{act.category} to {act.recipient} for {act.purpose}"),
            ("law", act.law),
            ("reason", act.reason),
            ("to be reviewed by", _when(act.review_by)),
        ]
    if isinstance(act, Sending):
        said = act.offer
        return [
            ("sends", f"{', '.join(act.categories)} to {act.recipient}"),
            ("for", f"{said.referral_type}, {said.priority}"),
            ("need", said.need or "not told"),
            ("files", str(len(act.attachment_ids))),
            *_best(act.best_interests),
        ]
    if isinstance(act, ArrivalAsked):
        return [
            ("arrived", _when(act.arrived_at)),
            ("in the referral", act.referral_id.hex()),
            ("digits entered", act.handover_code or "none"),
        ]
    return [
        ("reason", act.reason),
        ("still open", ", ".join(act.outstanding) or "nothing"),
        ("kept until", _when(act.retain_until)),
        ("without names from", _when(act.anonymise_at)),
        ("deleted by", _when(act.delete_at)),
    ]


def _best(said: BestInterests | None) -> list[tuple[str, str]]:
    if said is None:
        return []
    return [
        ("considered", ", ".join(said.considered)),
        ("best because", said.reasons),
        ("decided by", said.decided_by),
    ]


def _leaving(read: ApprovalOpened) -> list[tuple[str, str]]:
    """What would open to the recipient, field by field."""
    return [
        (f"{record.category} {each.field}", ", ".join(each.values))
        for record in read.leaving
        for each in record.answers
    ]


async def approved_act(
    desk: DeskClient, officer: str, wanted: bytes, kind: type[A]
) -> A:
    """What exactly an approval is for; raises InvalidInputError for another kind."""
    read = await desk.get_approval(officer, wanted)
    if not isinstance(read.act, kind):
        raise InvalidInputError(
            "cli.other_approval",
            f"This approval is for another act: {read.approval.kind}.",
            where="--approval",
            remedy="Copy it from: relais case approvals",
        )
    return read.act


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
