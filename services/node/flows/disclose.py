"""What of a case may go to one member: policy ∩ consent, or an override.

And of each category only the fields within the receiver's limit: they are cut
before anything is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.node.domain.bodies import Offer, Question, Reply
from services.node.domain.case_states import Track
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import (
    AGE_CATEGORIES,
    Age,
    age_after,
    age_of,
)
from services.node.domain.disclosure import Basis, Request, decide
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.handoff import Body
from services.node.domain.limits import cut
from services.node.domain.override import Override
from services.node.domain.plain_words import categories_words
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import day_of
from services.node.domain.telltale import TELLING, check_no_telltale
from services.node.domain.versions import laid_over
from services.node.flows.case_standing import case_now
from services.node.flows.consents import consents_of, overrides_of
from services.node.flows.footing import CASE_SCOPE, data_key
from services.node.flows.own import OwnMember
from services.node.flows.release import RECORD_TABLE
from services.node.flows.vault import DataKey
from services.node.store import cases as case_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, RecordRow
from services.node.wire.handoffs import decode_record


async def bases_for(
    own: OwnMember,
    connection: Connection,
    case: CaseRow,
    case_key: DataKey,
    recipient: str,
    referral_type: ReferralType,
    categories: Sequence[str],
    now: datetime,
) -> tuple[Basis, ...]:
    """One basis a category; raises NotLawfulError where there is none.

    ``now`` is on the case clock.
    """
    return bases_in(
        own,
        recipient,
        referral_type,
        categories,
        await consents_of(connection, case.case_id, case_key),
        await overrides_of(connection, case.case_id, case_key),
        await age_in(own, connection, case.case_id),
        now,
    )


def bases_in(
    own: OwnMember,
    recipient: str,
    referral_type: ReferralType,
    categories: Sequence[str],
    consents: Sequence[ConsentCopy],
    overrides: Sequence[Override],
    age: Age,
    now: datetime,
) -> tuple[Basis, ...]:
    """The same out of these answers and overrides, and what is known of the age."""
    policy = own.adopted.policy
    competence = policy.may_send.competence(
        referral_type,
        own.functions_of(own.name),
        own.functions_of(recipient),
        day_of(now),
    )
    request = Request(
        recipient,
        competence.receiver_functions,
        referral_type,
        [_category(code) for code in categories],
    )
    return decide(policy, request, consents, overrides, now, age)


async def age_in(own: OwnMember, connection: Connection, case_id: bytes) -> Age:
    """What is known of the person's age: written down, doubted, or confirmed."""
    rows = await case_store.newest_records(connection, case_id)
    records = [open_record(own, row) for row in rows if row.category in AGE_CATEGORIES]
    age = age_of(records, own.adopted.policy.deadlines)
    case = await case_store.case_by_id(connection, case_id)
    if case is None:
        return age
    key = await data_key(own, connection, case_id, CASE_SCOPE)
    now = await case_now(connection, case, key)
    return age_after(age, now.standing.on(Track.AGE))


async def check_texts(
    own: OwnMember, connection: Connection, case_id: bytes, body: Body
) -> None:
    """Raise NotLawfulError if a free text of ``body`` says who the person is.

    Only the texts that cross before the release are asked about.
    """
    where, texts = free_texts(body)
    if not any(texts):
        return
    rows = await case_store.newest_records(connection, case_id)
    records = [open_record(own, row) for row in rows if row.category in TELLING]
    check_no_telltale(texts, records, where)


def free_texts(body: Body) -> tuple[str, tuple[str, ...]]:
    """The field and the texts that the author wrote freely; no field if none."""
    if isinstance(body, Offer):
        # The telephone too: a person's own is no call-back.
        beside = (body.contact_phone, body.contact_hours)
        return "need", (body.need, *body.constraints, *beside)
    if isinstance(body, Question | Reply):
        return "text", (body.text,)
    return "", ()


async def records_of(
    own: OwnMember, connection: Connection, case_id: bytes
) -> dict[str, CategoryRecord]:
    """What a case holds of every category, opened.

    Of services and plan (D11) that is what stands there and the newest follow-up.
    """
    found: dict[str, CategoryRecord] = {}
    rows = await case_store.newest_records(connection, case_id)
    for row in sorted(rows, key=lambda each: (each.recorded_at, each.number)):
        later, before = open_record(own, row), found.get(row.category)
        found[row.category] = later if before is None else laid_over(before, later)
    return dict(sorted(found.items(), key=lambda each: each[0]))


async def numbered_records_of(
    own: OwnMember, connection: Connection, case_id: bytes
) -> tuple[tuple[CategoryRecord, int], ...]:
    """The version of every category that stands now, each with its number."""
    rows = await case_store.newest_records(connection, case_id)
    return tuple(
        (open_record(own, row), row.number) for row in rows if not row.follow_up
    )


async def records_to_send(
    own: OwnMember,
    connection: Connection,
    case_id: bytes,
    bases: Sequence[Basis],
    now: datetime,
) -> tuple[CategoryRecord, ...]:
    """One record a basis out of the case; raises what ``cut_to_bases`` raises."""
    return cut_to_bases(own, await records_of(own, connection, case_id), bases, now)


def cut_to_bases(
    own: OwnMember,
    held: Mapping[str, CategoryRecord],
    bases: Sequence[Basis],
    now: datetime,
) -> tuple[CategoryRecord, ...]:
    """One record a basis, cut down to what its receiver may get.

    Raises NotFoundError ``case.category_missing`` for a category not held,
    NotLawfulError ``disclosure.nothing_left`` for one of which nothing may go.
    """
    missing = [each.category for each in bases if each.category not in held]
    if missing:
        raise NotFoundError(
            "case.category_missing",
            f"This case holds nothing of {categories_words(missing)}.",
            remedy="Record it first, or leave it out.",
        )
    limits = own.adopted.policy.limits
    return tuple(
        cut(limits, each.need, held[each.category], day_of(now)) for each in bases
    )


def open_record(own: OwnMember, row: RecordRow) -> CategoryRecord:
    """What one row seals; raises VerificationError if it was changed."""
    key = own.vault.open_key(None, row.epoch, row.wrapped)
    return decode_record(
        # A record's number is all that its key and aad are bound to.
        key.open_numbered(RECORD_TABLE, row.record_id, row.nonce, row.sealed)
    )


def _category(code: str) -> Category:
    try:
        return Category(code)
    except ValueError as error:
        raise InvalidInputError(
            "case.unknown_category",
            "A data category is D0 to D13.",
            remedy="Name one of them.",
        ) from error
