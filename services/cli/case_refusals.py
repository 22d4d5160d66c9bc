"""`relais case refuse`: a no is a result, and is recorded like a yes.

Promises that a refusal asks for no more than who said no to what, and how: no
reason, and no list of what was explained.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from services.cli.case_consents import WitnessOption
from services.cli.case_desk import (
    STATE,
    CaseArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.case_options import (
    InterpreterOption,
    LanguageOption,
    MethodOption,
    PurposeOption,
    RecipientOption,
)
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.consent_codes import Capacity, ConsentStatus, Subject
from services.node.domain.records import ConsentCopy
from services.node.rpc.desk_client import DeskClient

_FILLED_IN_BY_THE_NODE = datetime(1970, 1, 1, tzinfo=UTC)

UNKNOWN_RECIPIENT = "recorded; no member of the directory has this name"
"""A no counts whatever the name is; a slip of the pen must not go unseen."""

RefusedOption = Annotated[
    list[str],
    typer.Option(
        "--category",
        help="A data category that may not be sent, such as D2 (identity); may be "
        "given again.",
    ),
]
RefuserOption = Annotated[
    str,
    typer.Option(
        help=f"Who said no, one of {', '.join(Capacity)}; a child's own no counts "
        "without the guardian."
    ),
]


def refuse(
    case: CaseArgument,
    officer: OfficerOption,
    recipient: RecipientOption,
    purpose: PurposeOption,
    category: RefusedOption,
    language: LanguageOption,
    method: MethodOption,
    witness: WitnessOption = "",
    interpreter: InterpreterOption = "",
    capacity: RefuserOption = "adult",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Record the person's no to one purpose, recipient and these categories."""
    no = ConsentCopy(
        consent_id=b"",
        purpose=purpose,
        recipient=recipient,
        categories=tuple(dict.fromkeys(category)),
        status=ConsentStatus.REFUSED.value,
        subject=_who_refuses(capacity),
        method=method,
        language=language,
        interpreter=interpreter,
        informed_points=(),
        given_at=_FILLED_IN_BY_THE_NODE,
        valid_until=_FILLED_IN_BY_THE_NODE,
        capacity=capacity,
        witness=witness,
    )

    async def record(desk: DeskClient) -> None:
        recorded = await desk.record_answer(officer, case, no)
        say = Console(highlight=False, soft_wrap=True).print
        named = ", ".join(no.categories)
        say(f"The no is recorded ({recorded.consent_id.hex()}).")
        if not recorded.recipient_known:
            say(f"Warning: {UNKNOWN_RECIPIENT}.")
        say(f"No to {purpose}, {recipient}, {named}; to nothing else.")
        say("Nothing of this is sent. What was sent on an earlier yes is recalled.")
        say("Services do not depend on the answer; the person may say yes later.")

    at_desk(node, socket, state, network, record)


def _who_refuses(capacity: str) -> str:
    """The person, a child too, unless a guardian decides by law."""
    lacking = capacity == Capacity.LACKING
    return (Subject.GUARDIAN if lacking else Subject.SELF).value
