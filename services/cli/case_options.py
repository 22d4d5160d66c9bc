"""What an officer confirms before a referral goes out, as options.

What has no default is asked for where it is not given and somebody is there to
answer; consent is never presumed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from services.node.domain.best_interests import Decider, Factor
from services.node.domain.case_details import NO_INSTANT
from services.node.domain.consent_codes import Capacity, Method, Purpose
from services.node.domain.errors import InvalidInputError
from services.node.domain.tables import VIETNAM

RecipientOption = Annotated[str, typer.Option(prompt="To which member")]
PurposeOption = Annotated[
    str,
    typer.Option(
        prompt="For which purpose (such as reception_shelter)",
        help=f"One of {', '.join(Purpose)}.",
    ),
]
CategoryOption = Annotated[
    list[str],
    typer.Option(
        help="A data category to send, such as D1 (profile) or D2 (identity); "
        "may be given again."
    ),
]
LanguageOption = Annotated[
    str, typer.Option(prompt="In which language was the person asked (such as vi)")
]
ConsentOption = Annotated[
    bool,
    typer.Option(
        prompt="Informed of every point, did the person say yes to exactly this"
    ),
]
TypeOption = Annotated[str, typer.Option("--type", help="Referral type.")]
MethodOption = Annotated[
    str, typer.Option(prompt=f"How was it said ({', '.join(Method)})")
]
DoorOption = Annotated[
    str, typer.Option(prompt="How the person came (such as rescued)")
]
InterpreterOption = Annotated[str, typer.Option(help="Pseudonym, if there was one.")]
CapacityOption = Annotated[
    str,
    typer.Option(
        help=f"Who said yes, one of {', '.join(Capacity)}; a child's yes counts only "
        "together with the guardian's."
    ),
]
ConsideredOption = Annotated[
    list[str] | None,
    typer.Option(
        help="For a child, or who cannot consent: what was considered, of "
        f"{', '.join(Factor)}; may be given again."
    ),
]
BestOption = Annotated[
    str,
    typer.Option("--best-interests", help="Why it is best, in words (vi)."),
]
DecidedOption = Annotated[
    str, typer.Option(help=f"Who decided it, one of {', '.join(Decider)}.")
]
WitnessOption = Annotated[
    str, typer.Option(help="Pseudonym of who heard a spoken yes, if no interpreter.")
]
OutstandingOption = Annotated[
    list[str] | None, typer.Option(help="Regime still open; may be given again.")
]
RetainOption = Annotated[str, typer.Option(help="Day; the data are kept.")]
AnonymiseOption = Annotated[str, typer.Option(help="Day; made anonymous.")]
DeleteOption = Annotated[str, typer.Option(help="Day; deleted.")]
PriorityOption = Annotated[str, typer.Option(help="emergency, urgent or normal.")]
NeedOption = Annotated[
    str, typer.Option(help="The need, without anything that identifies the person.")
]


def day(option: str, text: str) -> datetime:
    """The begin of a day in Viet Nam; no instant for an empty text."""
    if not text:
        return NO_INSTANT
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise InvalidInputError(
            "cli.bad_day",
            "A day is written as YYYY-MM-DD.",
            where=option,
        ) from error
