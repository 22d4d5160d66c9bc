"""`relais case`: case sheets, drafts and cases, at one member's own node.

``import`` is a dry run unless told otherwise. Nothing leaves the node before an
officer has confirmed purpose, recipient and the person's consent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli import (
    case_approvals,
    case_attachments,
    case_sending,
    referral_commands,
)
from services.cli.case_attachments import AttachmentOption, named_attachment
from services.cli.case_clocks import ClockArgument, clock_id, print_clocks
from services.cli.case_consents import answers, receipt, withdraw
from services.cli.case_desk import (
    STATE,
    CaseArgument,
    DraftArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.case_options import (
    BestOption,
    CapacityOption,
    CategoryOption,
    ConsentOption,
    ConsideredOption,
    DecidedOption,
    DoorOption,
    InterpreterOption,
    LanguageOption,
    MethodOption,
    NeedOption,
    PriorityOption,
    PurposeOption,
    RecipientOption,
    TypeOption,
    WitnessOption,
)
from services.cli.case_overrides import override, review
from services.cli.case_referring import (
    Confirmation,
    Referred,
    best_interests,
    check_confirmation,
    check_draft,
    refer,
)
from services.cli.case_refusals import refuse
from services.cli.case_tables import (
    print_case,
    print_cases,
    print_draft,
    print_drafts,
    print_sheet,
)
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.workbook import read_workbook
from services.node.domain.casesheet import case_sheets
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import SheetRead

app = typer.Typer(help="Work on cases at one member's node.", no_args_is_help=True)
app.command()(referral_commands.referrals)
app.command()(referral_commands.referral)
app.command()(referral_commands.step)
app.command()(answers)
app.command()(withdraw)
app.command()(receipt)
app.command()(refuse)
app.add_typer(case_approvals.ask, name="ask-approval")
app.command()(case_approvals.approvals)
app.command()(case_approvals.approval)
app.command()(case_approvals.approve)
app.command()(case_sending.send)
app.command()(case_attachments.attach)
app.command()(case_attachments.attachments)
app.command()(case_attachments.fetch)
app.command()(override)
app.command()(review)


@app.command("import")
def import_sheet(
    file: Annotated[Path, typer.Argument(help="An HTCDS 2.0 case sheet (.xlsx).")],
    officer: OfficerOption,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the rows as the officer's drafts.")
    ] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Read a case sheet and say what it holds; exit 1 if a row was refused."""
    sheets = case_sheets(read_workbook(file))

    async def read(desk: DeskClient) -> list[SheetRead]:
        return [await desk.import_sheet(officer, each, keep=keep) for each in sheets]

    found = at_desk(node, socket, state, network, read)
    console = Console()
    for sheet, each in zip(sheets, found, strict=True):
        print_sheet(console, sheet.name, each, kept=keep)
    if any(finding.refused for each in found for finding in each.findings):
        raise typer.Exit(1)


@app.command()
def drafts(
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the officer's drafts."""

    async def read(desk: DeskClient) -> None:
        print_drafts(Console(), await desk.list_drafts(officer))

    at_desk(node, socket, state, network, read)


@app.command("draft")
def show_draft(
    draft: DraftArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Open one draft, for its own officer: look at whom it is about, then confirm."""

    async def read(desk: DeskClient) -> None:
        draft_id = await _draft_id(desk, officer, draft)
        print_draft(Console(), await desk.read_draft(officer, draft_id))

    at_desk(node, socket, state, network, read)


@app.command()
def confirm(
    draft: DraftArgument,
    officer: OfficerOption,
    recipient: RecipientOption,
    purpose: PurposeOption,
    category: CategoryOption,
    language: LanguageOption,
    method: MethodOption,
    door: DoorOption,
    consent: ConsentOption,
    referral_type: TypeOption = "reception",
    interpreter: InterpreterOption = "",
    capacity: CapacityOption = "adult",
    witness: WitnessOption = "",
    priority: PriorityOption = "normal",
    need: NeedOption = "",
    considered: ConsideredOption = None,
    best: BestOption = "",
    decided_by: DecidedOption = "member",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Make a draft a case, record the person's yes, and offer the referral."""
    person = (recipient, purpose, category, language, method, consent)
    how = (referral_type, interpreter, priority, need, capacity, witness)
    decided = best_interests(considered, best, decided_by)
    said = Confirmation(*person, *how, decided)
    check_confirmation(said)

    async def send(desk: DeskClient) -> None:
        await _confirm(desk, officer, draft, door, said)

    at_desk(node, socket, state, network, send)


@app.command("refer")
def refer_case(
    case: CaseArgument,
    officer: OfficerOption,
    recipient: RecipientOption,
    purpose: PurposeOption,
    category: CategoryOption,
    language: LanguageOption,
    method: MethodOption,
    consent: ConsentOption,
    referral_type: TypeOption = "reception",
    interpreter: InterpreterOption = "",
    capacity: CapacityOption = "adult",
    witness: WitnessOption = "",
    priority: PriorityOption = "normal",
    need: NeedOption = "",
    considered: ConsideredOption = None,
    best: BestOption = "",
    decided_by: DecidedOption = "member",
    attachment: AttachmentOption = None,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Record the person's yes for a case that there is, and offer the referral."""
    person = (recipient, purpose, category, language, method, consent)
    how = (referral_type, interpreter, priority, need, capacity, witness)
    decided = best_interests(considered, best, decided_by)
    said = Confirmation(*person, *how, decided)
    check_confirmation(said)

    async def send(desk: DeskClient) -> None:
        files = [
            await named_attachment(desk, officer, case, each)
            for each in attachment or ()
        ]
        _print_referred(case, said, await refer(desk, officer, case, said, files))

    at_desk(node, socket, state, network, send)


@app.command("list")
def list_cases(
    officer: OfficerOption,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the newest cases."""

    async def read(desk: DeskClient) -> None:
        print_cases(Console(), await desk.list_cases(officer, limit))

    at_desk(node, socket, state, network, read)


@app.command()
def show(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show who answered, the referrals, and what happened; nothing sealed."""

    async def read(desk: DeskClient) -> None:
        print_case(Console(), await desk.get_case(officer, case))

    at_desk(node, socket, state, network, read)


@app.command()
def clocks(
    officer: OfficerOption,
    case: Annotated[
        str, typer.Argument(help="This member's number of the case; none for all.")
    ] = "",
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what is over and not met.")
    ] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show by when somebody has to do something, and what rang."""

    async def read(desk: DeskClient) -> None:
        print_clocks(Console(), await desk.list_clocks(officer, case, overdue=overdue))

    at_desk(node, socket, state, network, read)


@app.command()
def pause(
    clock: ClockArgument,
    reason: Annotated[str, typer.Argument(help="A reason that the policy names.")],
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Let a clock stand still; what is left is left when it goes on."""

    async def write(desk: DeskClient) -> None:
        index = await desk.pause_clock(officer, clock_id(clock), reason)
        Console(highlight=False).print(f"It stands still for {reason} (leaf {index}).")

    at_desk(node, socket, state, network, write)


@app.command()
def resume(
    clock: ClockArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Let a clock go on."""

    async def write(desk: DeskClient) -> None:
        index = await desk.resume_clock(officer, clock_id(clock))
        Console(highlight=False).print(f"It runs again (leaf {index}).")

    at_desk(node, socket, state, network, write)


async def _confirm(
    desk: DeskClient, officer: str, draft: str, door: str, said: Confirmation
) -> None:
    draft_id = await _draft_id(desk, officer, draft)
    await check_draft(desk, officer, draft_id, door, said)
    confirmed = await desk.confirm_draft(officer, draft_id, door)
    case = confirmed.case_pseudonym
    say = Console(highlight=False, soft_wrap=True).print
    say(f"The draft is case {case} now; nothing has left this node.")
    try:
        referred = await refer(desk, officer, case, said)
    except RelaisError:
        say(f"Nothing was sent. Correct it, and run: relais case refer {case}")
        raise
    _print_referred(case, said, referred)


def _print_referred(case: str, said: Confirmation, referred: Referred) -> None:
    say = Console(highlight=False, soft_wrap=True).print
    say(f"The yes is recorded ({referred.consent_id.hex()}).")
    if referred.approval_id:
        number = referred.approval_id.hex()
        kept = ", ".join(referred.by_two) or "This referral"
        say(f"Nothing is sent: {kept} leaves to {said.recipient} only by two officers.")
        say(f"Approval {number} is asked for. Another officer reads it:")
        say(f"  relais case approve {number} --as …")
        say("Then you send exactly this:")
        say(f"  relais case send {case} --approval {number}")
        return
    say(f"Offered to {said.recipient}: referral {referred.referral_id.hex()}.")


async def _draft_id(desk: DeskClient, officer: str, begin: str) -> bytes:
    """The one draft whose number begins so."""
    wanted = begin.strip().lower()
    found = [
        each.draft_id
        for each in await desk.list_drafts(officer)
        if wanted and each.draft_id.hex().startswith(wanted)
    ]
    if len(found) != 1:
        raise InvalidInputError(
            "cli.which_draft",
            f"{len(found)} drafts of this officer have a number that begins so.",
            where="DRAFT",
            remedy="Copy it from: relais case drafts",
        )
    return found[0]
