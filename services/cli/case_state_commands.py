"""`relais case state`, `act`, `plan` and `follow-up`: where a case is, moving it on.

A refused act prints the rule that forbids it and what is open instead.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from services.cli.case_approvals import ApprovalOption, approval_id, approved_act
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
    RetainOption,
    day,
)
from services.cli.case_state_tables import (
    print_next,
    print_plan,
    print_state,
    print_taken,
)
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.case_details import NO_DETAILS, CaseDetails
from services.node.domain.follow_ups import (
    FOLLOW_UP_KINDS,
    FOLLOW_UP_MODES,
    FOLLOW_UP_RESULTS,
)
from services.node.domain.officers_acts import OFFICERS_ACTS
from services.node.rpc.desk_client import DeskClient

app = typer.Typer(no_args_is_help=True)

ActArgument = Annotated[
    str,
    typer.Argument(
        help=f"One of {', '.join(OFFICERS_ACTS)}; `relais case state` says which."
    ),
]


@app.command("state")
def show_state(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show what a case is in, what may be done now, and what the law grants."""

    async def read(desk: DeskClient) -> None:
        print_state(Console(), case, await desk.get_case_state(officer, case))

    at_desk(node, socket, state, network, read)


@app.command("act")
def take_act(
    case: CaseArgument,
    act: ActArgument,
    officer: OfficerOption,
    placement: Annotated[
        str, typer.Option(help="home, relatives or establishment.")
    ] = "",
    decided_by: Annotated[str, typer.Option(help="Who decided, as a code.")] = "",
    victim_paper: Annotated[str, typer.Option(help="Kind of the victim paper.")] = "",
    reason: Annotated[str, typer.Option(help="Reason code, such as of closing.")] = "",
    risk_level: Annotated[str, typer.Option(help="low, medium, high, extreme.")] = "",
    until: Annotated[str, typer.Option(help="Day until when it holds.")] = "",
    outstanding: OutstandingOption = None,
    retain_until: RetainOption = "",
    anonymise_at: AnonymiseOption = "",
    delete_at: DeleteOption = "",
    approval: ApprovalOption = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Move a case on by one act; a refusal names the rule and what is open.

    With an approval, what it approved is said, unless something else is given.
    """
    details = CaseDetails(
        placement=placement,
        decided_by=decided_by,
        victim_paper_type=victim_paper,
        reason=reason,
        risk_level=risk_level,
        until=day("--until", until),
        outstanding=tuple(outstanding or ()),
        retain_until=day("--retain-until", retain_until),
        anonymise_at=day("--anonymise-at", anonymise_at),
        delete_at=day("--delete-at", delete_at),
    )

    async def take(desk: DeskClient) -> None:
        said, number = details, b""
        if approval:
            number = await approval_id(desk, officer, approval, case)
        if approval and details == NO_DETAILS:
            said = await approved_act(desk, officer, number, CaseDetails)
        taken = await desk.take_case_step(officer, case, act, said, approval_id=number)
        print_taken(Console(), case, taken)

    at_desk(node, socket, state, network, take)


@app.command("plan")
def show_plan(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show the reintegration plan, and the follow-ups planned and done."""

    async def read(desk: DeskClient) -> None:
        print_plan(Console(), await desk.get_plan(officer, case))

    at_desk(node, socket, state, network, read)


@app.command("follow-up")
def note_follow_up(
    case: CaseArgument,
    officer: OfficerOption,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(FOLLOW_UP_KINDS)}.")],
    mode: Annotated[str, typer.Option(help=f"One of {', '.join(FOLLOW_UP_MODES)}.")],
    result: Annotated[
        str, typer.Option(help=f"One of {', '.join(FOLLOW_UP_RESULTS)}.")
    ],
    planned: Annotated[
        str, typer.Option("--next", help="Code of what was agreed to come next.")
    ] = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Note a follow-up with the person, and say what its result asks for."""

    async def note(desk: DeskClient) -> None:
        done = await desk.record_follow_up(
            officer, case, kind, mode, result, next_action=planned
        )
        print_next(Console(), case, done)

    at_desk(node, socket, state, network, note)
