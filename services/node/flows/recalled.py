"""A recall as it arrives: what it named can no longer be read here.

Promises that the keys of what this very referral brought are dropped (and marked,
so that the at-rest epoch is rotated), but for what the law keeps, which is sealed;
that the copies of the ended answers count as withdrawn from then on; and that
whoever got something from here on such a copy is recalled in turn. What this
member recorded or asked itself is its own and stays.

Leaves to others: saying so to the sender (``recall``). Old pages of the database
and backups still hold what a dropped key once opened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.node.domain.bodies import Recall
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.handoff import Handoff
from services.node.domain.handshake_codes import KeepGround
from services.node.domain.identifiers import ID_BYTES, new_id
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.tables import day_of
from services.node.domain.withdrawals import Ended, ended_by_answer
from services.node.flows.consents import consents_of
from services.node.flows.footing import Footing
from services.node.flows.own import OwnMember
from services.node.flows.recalling import Cause, recalls_owed
from services.node.flows.release import consent_row
from services.node.keys.encoding import sha256
from services.node.store import cases as case_store
from services.node.store import consents as consent_store
from services.node.store.pool import Connection
from services.node.store.recalls import (
    RecallTakenRow,
    drop_data_key,
    insert_recall_taken,
    seal_data_key,
)
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import Write


async def recalled_rows(
    own: OwnMember,
    connection: Connection,
    footing: Footing,
    handoff: Handoff,
    now: datetime,
) -> tuple[Write, ...]:
    """The rows of a recall that is lawful; ``now`` is on the case clock."""
    recall = handoff.body
    if not isinstance(recall, Recall):
        return ()
    case, referral = footing.case, footing.referral
    if case is None:
        # Nothing was ever opened here: there is nothing that could be read.
        return (_taken(handoff, list(recall.categories), [], [], now),)
    known = await _known_copies(connection, case, footing, handoff.from_)
    named = [known[each] for each in recall.consent_ids if each in known]
    keys = await case_store.data_keys_of(connection, case.case_id)
    mine = {
        scope.partition(":")[0]: scope
        for scope in keys
        if scope.endswith(f":{referral.referral_id.hex()}")
    }
    about_others = _is_about_others(own, referral, named, recall)
    writes, deleted, kept, grounds = [], [], [], []
    for category in recall.categories or sorted(mine):
        scope = mine.get(category, "")
        ground = _ground(own, referral, category, now) if scope else None
        if scope and about_others:
            kept.append(category)
            grounds.append(KeepGround.OTHER_CONSENT.value)
        elif ground is None:
            deleted.append(category)
            writes.append(drop_data_key(case.case_id, scope, handoff.event_id, now))
        else:
            kept.append(category)
            grounds.append(ground)
            writes.append(seal_data_key(case.case_id, scope, f"kept:{scope}"))
    writes.append(_taken(handoff, deleted, kept, grounds, now))
    everything = await consents_of(connection, case.case_id, footing.key)
    for copy in named:
        ended = _withdrawn(copy, recall, handoff)
        writes.append(consent_row(case.case_id, footing.key, handoff.from_, ended))
        writes += await _passed_on(
            connection, case, (copy, ended), everything, handoff, now
        )
    return tuple(writes)


async def _passed_on(
    connection: Connection,
    case: CaseRow,
    copies: tuple[ConsentCopy, ConsentCopy],
    everything: tuple[ConsentCopy, ...],
    handoff: Handoff,
    now: datetime,
) -> tuple[Write, ...]:
    """The recalls that this member owes in turn; ``copies`` before and after."""
    copy, ended = copies
    over: Ended | None = ended_by_answer(ended, everything, now)
    if over is None:
        return ()
    over = replace(over, basis_ids=(copy.consent_id,))
    only_on = frozenset({copy.consent_id})
    cause = Cause(case.case_id, handoff.event_id, now, only_on)
    return await recalls_owed(connection, cause, over, ends_wish=True)


def _withdrawn(copy: ConsentCopy, recall: Recall, handoff: Handoff) -> ConsentCopy:
    """The same answer, withdrawn by this recall for the categories that it names."""
    categories = tuple(
        each
        for each in copy.categories
        if not recall.categories or each in recall.categories
    )
    return replace(
        copy,
        consent_id=ended_copy_id(handoff.event_id, copy.consent_id),
        categories=categories or copy.categories,
        status=ConsentStatus.WITHDRAWN.value,
        given_at=handoff.happened_at,
    )


def ended_copy_id(recall_event: bytes, consent_id: bytes) -> bytes:
    """By which id a copy of an answer stands as withdrawn by this recall."""
    return sha256(b"relais/v1/recalled" + recall_event + consent_id)[:ID_BYTES]


def _is_about_others(
    own: OwnMember, referral: ReferralRow, named: list[ConsentCopy], recall: Recall
) -> bool:
    """Whether only answers about other recipients ended: no data of this referral."""
    purpose = PURPOSE_OF[ReferralType(referral.referral_type)]
    return len(named) == len(recall.consent_ids) > 0 and all(
        (each.purpose, each.recipient) != (purpose, own.name) for each in named
    )


async def _known_copies(
    connection: Connection, case: CaseRow, footing: Footing, holder: str
) -> dict[bytes, ConsentCopy]:
    """The answers that came from this sender, by their id."""
    rows = await consent_store.consents_of(connection, case.case_id)
    from_sender = {row.consent_id for row in rows if row.holder == holder}
    return {
        each.consent_id: each
        for each in await consents_of(connection, case.case_id, footing.key)
        if each.consent_id in from_sender and each.status == ConsentStatus.GIVEN
    }


def _ground(
    own: OwnMember, referral: ReferralRow, category: str, now: datetime
) -> str | None:
    referral_type, today = ReferralType(referral.referral_type), day_of(now)
    row = own.adopted.policy.retention.kept(
        own.functions_of(own.name), PURPOSE_OF[referral_type], category, today
    )
    return None if row is None else row.ground.value


def _taken(
    handoff: Handoff,
    deleted: list[str],
    kept: list[str],
    grounds: list[str],
    now: datetime,
) -> Write:
    return insert_recall_taken(
        RecallTakenRow(
            acknowledgement_event=new_id(),
            recall_event=handoff.event_id,
            referral_id=handoff.referral_id,
            deleted=deleted,
            kept=kept,
            grounds=grounds,
            taken_at=now,
        )
    )
