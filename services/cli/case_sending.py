"""`relais case send`: what leaves only by two officers, once the second approved it."""

from __future__ import annotations

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
from services.node.domain.second_person import Sending
from services.node.rpc.desk_client import DeskClient


def send(
    case: CaseArgument,
    officer: OfficerOption,
    approval: ApprovalOption = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Send what a second officer approved: exactly that, and once."""

    async def sent(desk: DeskClient) -> None:
        if not approval:
            raise missing(ApprovalKind.SENDING)
        number = await approval_id(desk, officer, approval, case)
        act = await approved_act(desk, officer, number, Sending)
        made = await desk.send(officer, case, act, approval_id=number)
        say = Console(highlight=False, soft_wrap=True).print
        say(f"Offered to {act.recipient}: referral {made.referral_id.hex()}.")

    at_desk(node, socket, state, network, sent)
