"""`relais case override` and `review`: without consent, by two, for a day.

Whether the law, the officers and the hours will do is for the node to say; its
refusals are shown as they come.
"""

from __future__ import annotations

import re
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
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.approvals import ApprovalKind, missing
from services.node.domain.errors import InvalidInputError
from services.node.domain.override import OverrideAsked, Verdict
from services.node.domain.tables import VIETNAM
from services.node.rpc.desk_client import DeskClient

_WHOLE = re.compile(r"[0-9a-f]{32}")
OverrideArgument = Annotated[
    str, typer.Argument(help="The override, or how its number begins.")
]
ResultOption = Annotated[
    str, typer.Option("--result", help=f"One of {', '.join(Verdict)}.")
]


def override(
    case: CaseArgument,
    officer: OfficerOption,
    approval: ApprovalOption = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """In an emergency, open one category to one member without consent.

    What exactly stands in the approval, which is asked for first.
    """

    async def record(desk: DeskClient) -> None:
        if not approval:
            raise missing(ApprovalKind.OVERRIDE)
        number = await approval_id(desk, officer, approval, case)
        asked = await approved_act(desk, officer, number, OverrideAsked)
        made = (await desk.record_override(officer, case, asked, number)).hex()
        by = f"{asked.review_by.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
        say = Console(highlight=False, soft_wrap=True).print
        opened = f"{asked.category} to {asked.recipient} for {asked.purpose}"
        say(f"Override {made}: {opened}.")
        say("A no of the person goes before it. Nothing is sent by this alone.")
        say(f"To be reviewed by {by}, by another officer than {officer}:")
        say(f"  relais case review {case} {made} --officer … --result …")

    at_desk(node, socket, state, network, record)


def review(
    case: CaseArgument,
    override_id: OverrideArgument,
    officer: OfficerOption,
    result: ResultOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Record what an officer who did not ask for an override finds of it."""

    async def record(desk: DeskClient) -> None:
        found = await _override_id(desk, officer, case, override_id)
        index = await desk.review_override(officer, case, found, result)
        say = Console(highlight=False, soft_wrap=True).print
        say(f"Override {found.hex()} is {result} (leaf {index}).")
        if result == Verdict.WITHDRAWN:
            say("Nothing rests on it any more; what went out is recalled.")

    at_desk(node, socket, state, network, record)


async def _override_id(desk: DeskClient, officer: str, case: str, begin: str) -> bytes:
    """The one override of the case whose number begins so; a whole one as it is."""
    wanted = begin.strip().lower()
    if _WHOLE.fullmatch(wanted):
        return bytes.fromhex(wanted)
    read = await desk.list_consents(officer, case)
    found = [
        each.override_id
        for each in read.overrides
        if wanted and each.override_id.hex().startswith(wanted)
    ]
    if len(found) != 1:
        raise InvalidInputError(
            "cli.which_override",
            f"{len(found)} overrides of this case have a number that begins so.",
            where="OVERRIDE",
            remedy="Copy it from: relais case answers",
        )
    return found[0]
