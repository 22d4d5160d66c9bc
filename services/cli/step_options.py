"""What some steps ask for, as options of their own; every field can be a --field too.

Whoever receives a person says by when she is expected; whoever confirms a handover by
telephone says with whom, when, and how the person was known.
"""

from __future__ import annotations

from typing import Annotated

import typer

from services.node.domain.arrivals import ContactFunction
from services.node.domain.both_sign import PersonKnownBy

ExpectedOption = Annotated[
    str,
    typer.Option(
        "--expected-at",
        help="With accept: by when the person is expected, such as 2018-03-28T10:00.",
    ),
]
ZoneOption = Annotated[
    str,
    typer.Option(
        "--expected-zone",
        help="With accept: the time zone in which that is said, if not Viet Nam's.",
    ),
]
CallFunctionOption = Annotated[
    str,
    typer.Option(
        "--call-function",
        help="With countersignature, where the giver was known by telephone: with"
        f" whom, one of {', '.join(ContactFunction)}.",
    ),
]
CalledOption = Annotated[
    str, typer.Option("--called-at", help="With countersignature: when that call was.")
]
KnownOption = Annotated[
    str,
    typer.Option(
        "--person-known-by",
        help="With countersignature: how the person was known, one of"
        f" {', '.join(PersonKnownBy)}.",
    ),
]


def as_fields(**options: str) -> list[str]:
    """What was given of these options, as ``name=value`` for ``step_fields``."""
    return [f"{name}={value}" for name, value in options.items() if value]
