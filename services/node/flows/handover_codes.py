"""The code of a handover: six digits that one side shows and the other enters.

Promises: the giver's node makes the digits with its minutes and sends them sealed;
they are shown to the giver's officers and to nobody at the receiver, so whoever can
show them at the gate comes from the giver. That few may be tried is for whoever
takes the answer in; what must agree is in rules_gate.py.
Source: console.md section 7, S8.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from services.node.domain.bodies_return import Minutes
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import Body

_CODES = 1_000_000


def with_code(body: Body) -> Body:
    """The body of a step as it is taken here: minutes get their digits.

    Raises InvalidInputError ``handover.code_is_made`` for minutes that bring some.
    """
    if not isinstance(body, Minutes):
        return body
    if body.handover_code:
        raise InvalidInputError(
            "handover.code_is_made",
            "The digits of the minutes are made by the node.",
            where="handover_code",
            remedy="Leave them empty, and show those that the node tells.",
        )
    return replace(body, handover_code=f"{secrets.randbelow(_CODES):06d}")


def as_shown(body: Body, *, to_giver: bool) -> Body:
    """The body as officers see it: the digits of minutes are the giver's to show."""
    if isinstance(body, Minutes) and not to_giver:
        return replace(body, handover_code="")
    return body
