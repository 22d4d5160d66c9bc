"""On what an act in a referral or a case stands: its rows and its key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Body
from services.node.domain.identifiers import new_alias, new_id
from services.node.domain.steps import State
from services.node.flows.case_standing import (
    CaseNow,
    Followed,
    Moving,
    case_now,
    follow_step,
)
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.store import cases as case_store
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import Write, insert_case, insert_data_key

CASE_SCOPE = "case"
REFERRAL_SCOPE = "referral"


@dataclass(frozen=True, slots=True)
class Footing:
    """A referral, its case if there is one here, and the key of its salts.

    ``now`` is what the case is in.
    """

    referral: ReferralRow
    case: CaseRow | None
    key: DataKey
    now: CaseNow | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that begins with the act that carries these writes."""

    case: CaseRow
    key: DataKey
    writes: tuple[Write, ...]


async def referral_footing(
    own: OwnMember, connection: Connection, referral_id: bytes
) -> Footing | None:
    """The footing of a referral that stands here, or None."""
    referral = await referral_store.referral_by_id(connection, referral_id)
    if referral is None:
        return None
    if referral.case_id is None:
        key = await data_key(own, connection, referral_id, REFERRAL_SCOPE)
        return Footing(referral, None, key)
    case = await case_store.case_by_id(connection, referral.case_id)
    key = await data_key(own, connection, referral.case_id, CASE_SCOPE)
    now = None if case is None else await case_now(connection, case, key)
    return Footing(referral, case, key, now)


def followed_by(
    own: OwnMember,
    footing: Footing,
    state: State,
    said: tuple[str, Body],
    moving: Moving,
) -> Followed | None:
    """What the case becomes by a step that leaves its referral in ``state``."""
    if footing.now is None:
        return None
    after = replace(footing.referral, state=state.value)
    return follow_step(own, footing.now, footing.key, after, said, moving)


async def data_key(
    own: OwnMember, connection: Connection, owner: bytes, scope: str
) -> DataKey:
    """The key of a case, category or referral; raises NotFoundError if erased."""
    keys = await case_store.data_keys_of(connection, owner)
    if scope not in keys:
        raise NotFoundError(
            "keys.erased", "The key of this case or referral is no longer here."
        )
    return own.vault.open_row(keys[scope])


async def category_key(
    own: OwnMember, connection: Connection, case_id: bytes, category: str
) -> tuple[DataKey, tuple[Write, ...]]:
    """The key of one category of a case, and the row of a key that is new."""
    keys = await case_store.data_keys_of(connection, case_id)
    if category in keys:
        return own.vault.open_row(keys[category]), ()
    row, key = own.vault.new_key(case_id, category)
    return key, (insert_data_key(row),)


async def case_named(connection: Connection, pseudonym: str) -> CaseRow:
    """The case with this member's own pseudonym; raises NotFoundError."""
    case = await case_store.case_by_pseudonym(connection, pseudonym)
    if case is None:
        raise NotFoundError(
            "case.unknown",
            "No case of this member has that pseudonym.",
            remedy="Check the code; its last two characters guard against typing.",
        )
    return case


def new_case(
    own: OwnMember, door: str, phase: str, answerable: str, by: str, moment: Moment
) -> NewCase:
    """A case with its own pseudonym and key."""
    case_id = new_id()
    row, key = own.vault.new_key(case_id, CASE_SCOPE)
    case = CaseRow(
        case_id=case_id,
        pseudonym=new_alias(),
        door=door,
        phase=phase,
        answerable=answerable,
        case_seq=0,
        opened_at=moment.case,
        opened_by=by,
    )
    return NewCase(case, key, (insert_data_key(row), insert_case(case)))
