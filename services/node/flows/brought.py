"""What one arrived step brings into its case, beside its own row and state.

A release brings keys and answers of hers, a word on the day a new answer, a recall
what is to go. Only a case that is here can take them: an offer that no case was
made for brings nothing yet.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.bodies import Release
from services.node.domain.bodies_return import Reconsent
from services.node.domain.handoff import Handoff, Step
from services.node.flows.consents import consents_of
from services.node.flows.footing import Footing
from services.node.flows.own import OwnMember
from services.node.flows.recalled import recalled_rows
from services.node.flows.release import consent_row, released_rows
from services.node.flows.said import SaidStep, required
from services.node.flows.vault import own_rows
from services.node.store import exchange as exchange_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.store.writes import Write


async def brought_rows(
    own: OwnMember,
    connection: Connection,
    footing: Footing,
    handoff: Handoff,
    steps: list[SaidStep],
    now: datetime,
) -> tuple[Write, ...]:
    """The rows; ``now`` is the case clock, ``steps`` what both said before.

    Raises what ``released_rows`` does on what this member should not have got.
    """
    with own_rows():
        writes = await recalled_rows(own, connection, footing, handoff, now)
    if footing.case is None:
        return writes
    match handoff.body:
        case Release():
            return writes + await _released(
                own, connection, (footing, footing.case), handoff, steps, now
            )
        case Reconsent(consent=consent):
            case_id = footing.case.case_id
            return (*writes, consent_row(case_id, footing.key, handoff.from_, consent))
        case _:
            return writes


async def _released(
    own: OwnMember,
    connection: Connection,
    here: tuple[Footing, CaseRow],
    handoff: Handoff,
    steps: list[SaidStep],
    now: datetime,
) -> tuple[Write, ...]:
    footing, case = here
    with own_rows():
        offer = required(steps, Step.OFFER)
        envelope_id = await exchange_store.envelope_id_of(connection, offer.digest)
        held = await consents_of(connection, case.case_id, footing.key)
    offered = (envelope_id, offer.handoff)
    return released_rows(own, case, footing.key, offered, handoff, held, now)
