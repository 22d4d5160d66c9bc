"""`relais case answers`, `withdraw` and `receipt`: the person's yes and no.

A withdrawal is effective at once; the receipt is what an officer reads out to the
person, or prints.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from services.cli.case_desk import (
    STATE,
    CaseArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.case_options import InterpreterOption, MethodOption
from services.cli.case_tables import print_overrides, print_standings
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.errors import InvalidInputError
from services.node.domain.records import ConsentCopy
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_receipts import WithdrawalAsked

AnswerOption = Annotated[
    str,
    typer.Option(
        "--answer", help="The answer that ends, or how its number begins; else all."
    ),
]
EndedOption = Annotated[
    list[str] | None,
    typer.Option("--category", help="Only this category; may be given again."),
]
WitnessOption = Annotated[str, typer.Option(help="Pseudonym of who heard it.")]


def answers(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List what the person agreed to and refused, how each stands, and overrides."""

    async def read(desk: DeskClient) -> None:
        found = await desk.list_consents(officer, case)
        print_standings(Console(), found.standings)
        if found.overrides:
            print_overrides(Console(), found.overrides)

    at_desk(node, socket, state, network, read)


def withdraw(
    case: CaseArgument,
    officer: OfficerOption,
    method: MethodOption,
    answer: AnswerOption = "",
    category: EndedOption = None,
    interpreter: InterpreterOption = "",
    witness: WitnessOption = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """End what the person agreed to: one answer, or every one that stands."""

    async def end(desk: DeskClient) -> None:
        say = Console(highlight=False, soft_wrap=True).print
        for each in await _ending(desk, officer, case, answer):
            asked = WithdrawalAsked(
                consent_id=each.consent_id,
                method=method,
                categories=tuple(category or ()),
                interpreter=interpreter,
                witness=witness,
            )
            done = await desk.withdraw_consent(officer, case, asked)
            named = ", ".join(asked.categories or each.categories)
            say(
                f"Ended: {each.purpose} to {each.recipient}, {named} ({done.hex()}).",
            )
        say(f"What went out is recalled. See: relais case receipt {case}")

    at_desk(node, socket, state, network, end)


def receipt(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Tell the person, in plain words, what became of every no."""

    async def read(desk: DeskClient) -> None:
        say = Console(highlight=False, soft_wrap=True).print
        receipts = await desk.read_receipts(officer, case)
        for each in receipts:
            for sentence in each.sentences:
                say(sentence)
            say("")
        if not receipts:
            say("You have not said no to anything.")

    at_desk(node, socket, state, network, read)


async def _ending(
    desk: DeskClient, officer: str, case: str, begin: str
) -> list[ConsentCopy]:
    """The answers that end: the one named, or all that were given and stand."""
    read = await desk.list_consents(officer, case)
    wanted = begin.strip().lower()
    found = [
        each
        for each in read.consents
        if each.status == ConsentStatus.GIVEN
        and each.consent_id.hex().startswith(wanted)
        and not _is_over(each, read.consents)
    ]
    if wanted and len(found) != 1:
        raise InvalidInputError(
            "cli.which_answer",
            f"{len(found)} answers that stand have a number that begins so.",
            where="--answer",
            remedy="Give more of the number; without --answer every answer ends.",
        )
    return found


def _is_over(answer: ConsentCopy, consents: tuple[ConsentCopy, ...]) -> bool:
    """Whether a later no names the same purpose, recipient and categories."""
    ended = {
        category
        for each in consents
        if each.status != ConsentStatus.GIVEN
        and (each.purpose, each.recipient) == (answer.purpose, answer.recipient)
        and each.given_at >= answer.given_at
        for category in each.categories
    }
    return set(answer.categories) <= ended
