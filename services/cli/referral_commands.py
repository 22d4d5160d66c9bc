"""Steps of a referral from the command line: what may be done, and doing it.

The commands stand under ``relais case``. A referral is named by how its number
begins; digests of what the other side sent are filled in from the referral, so
that an officer signs what stands there now.
"""

from __future__ import annotations

import re
from typing import Annotated

import typer
from rich.console import Console

from services.cli.case_desk import (
    STATE,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.case_tables import print_conversation, print_referrals
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.step_fields import BY_HAND, read_body, read_step
from services.cli.step_options import (
    CalledOption,
    CallFunctionOption,
    ExpectedOption,
    KnownOption,
    ZoneOption,
    as_fields,
)
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import Step
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import ConversationRead, StepTaken

_MOST = 500
_WHOLE = re.compile(r"[0-9a-f]{32}")
_SIGNED = {
    "assessment_digest": Step.RISK_ASSESSMENT,
    "plan_digest": Step.RETURN_PLAN,
    "minutes_digest": Step.MINUTES,
}
"""What a digest that was not given is the digest of."""

ReferralArgument = Annotated[
    str, typer.Argument(help="The referral, or how its number begins.")
]


def referrals(
    officer: OfficerOption,
    limit: Annotated[int, typer.Option(min=1, max=_MOST)] = 50,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the referrals that changed last, and whose turn it is."""

    async def read(desk: DeskClient) -> None:
        print_referrals(Console(), await desk.list_referrals(officer, limit))

    at_desk(node, socket, state, network, read)


def referral(
    referral_id: ReferralArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show one referral: what was said, and what may be done now."""

    async def read(desk: DeskClient) -> None:
        found = await _referral_id(desk, officer, referral_id)
        print_conversation(Console(), await desk.get_referral(officer, found))

    at_desk(node, socket, state, network, read)


def step(
    referral_id: ReferralArgument,
    name: Annotated[
        str, typer.Argument(metavar="STEP", help=f"One of {', '.join(BY_HAND)}.")
    ],
    officer: OfficerOption,
    field: Annotated[
        list[str] | None,
        typer.Option(help="A field of the step as name=value; may be given again."),
    ] = None,
    text: Annotated[
        str, typer.Option("--json", help="The step's fields as a JSON object.")
    ] = "",
    expected_at: ExpectedOption = "",
    expected_zone: ZoneOption = "",
    call_function: CallFunctionOption = "",
    called_at: CalledOption = "",
    person_known_by: KnownOption = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Take the next step of a referral."""
    wanted = read_step(name)
    given = [
        *(field or ()),
        *as_fields(
            expected_at=expected_at,
            expected_zone=expected_zone,
            call_function=call_function,
            called_at=called_at,
            person_known_by=person_known_by,
        ),
    ]

    async def take(desk: DeskClient) -> StepTaken:
        now = (await desk.get_status()).case_now
        found = await _referral_id(desk, officer, referral_id)
        digests = _digests(await desk.get_referral(officer, found))
        body = read_body(wanted, given, text, now, digests)
        return await desk.take_step(officer, found, body)

    _print_taken(wanted, at_desk(node, socket, state, network, take))


def _digests(conversation: ConversationRead) -> dict[str, bytes]:
    """The digests of what the other side sent last, by the fields that name them."""
    newest = {each.step: each.digest for each in conversation.steps}
    return {
        field: newest[step.value]
        for field, step in _SIGNED.items()
        if step.value in newest
    }


def _print_taken(wanted: Step, taken: StepTaken) -> None:
    say = Console(highlight=False, soft_wrap=True).print
    say(f"Taken: {wanted}. The referral is {taken.state} now.")
    say(f"Leaf {taken.ledger_index}, envelope {taken.digest.hex()}.")
    for each in taken.still_open:
        say(f"Still open, to be revoked or recalled: referral {each.hex()}.")


async def _referral_id(desk: DeskClient, officer: str, begin: str) -> bytes:
    """The one referral whose number begins so; a whole number is not looked up."""
    wanted = begin.strip().lower()
    if _WHOLE.fullmatch(wanted):
        return bytes.fromhex(wanted)
    found = {
        each.referral_id
        for each in await desk.list_referrals(officer, _MOST)
        if wanted and each.referral_id.hex().startswith(wanted)
    }
    if len(found) != 1:
        raise InvalidInputError(
            "cli.which_referral",
            f"{len(found)} of the newest referrals have a number that begins so.",
            where="REFERRAL",
            remedy="Copy it from: relais case referrals",
        )
    return found.pop()
