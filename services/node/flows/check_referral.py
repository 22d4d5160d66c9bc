"""Whether an offer would stand, before anything is opened, recorded or sent.

Promises the same refusals that the case, the consent record and the offer would
meet one after the other, so that a slip of the hand costs nothing. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.node.domain.best_interests import Concern, Decider, asked_for, concern_of
from services.node.domain.bodies import Offer
from services.node.domain.categories import Category
from services.node.domain.coming_of_age import AGE_CATEGORIES, Age, age_of
from services.node.domain.consent import check_consent
from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import MovesOn
from services.node.domain.identifiers import new_alias
from services.node.domain.override import Override
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.tables import day_of
from services.node.domain.telltale import check_no_telltale
from services.node.domain.terms import AnswerTimes, answer_times
from services.node.flows.consents import consents_of, overrides_of
from services.node.flows.disclose import (
    age_in,
    bases_in,
    cut_to_bases,
    free_texts,
    records_of,
)
from services.node.flows.footing import (
    CASE_SCOPE,
    Footing,
    case_named,
    data_key,
    new_case,
)
from services.node.flows.intake import open_draft, profiled
from services.node.flows.make_offer import MakeOffer
from services.node.flows.open_case import check_opening
from services.node.flows.sending import needing
from services.node.flows.take_step import check_answerable


@dataclass(frozen=True, slots=True)
class Checked:
    """An offer as it would stand, with its profile.

    ``second_person_for`` are the categories that leave only by two officers,
    ``leaving`` is what would open to the recipient once it accepts. Where it is
    decided for the person what is best, ``concern`` is why, ``deciders`` by whom.
    ``times`` are the policy's limits of an answer; None where it sets none.
    """

    offer: Offer
    second_person_for: tuple[Category, ...]
    leaving: tuple[CategoryRecord, ...]
    concern: Concern | None
    deciders: tuple[Decider, ...]
    times: AnswerTimes | None


async def check_for_draft(
    would: MakeOffer, consent: ConsentCopy, draft_id: bytes, door: str
) -> Checked:
    """The offer of the case that the officer's draft would become.

    Raises what confirming it, recording the answer and offering would raise.
    """
    own, moment = would.own, would.moment
    draft = await open_draft(own, would.actor.pseudonym, draft_id)
    check_opening(door, draft.row.status)
    answerable = Answerability.ANSWERABLE.value
    opened = new_case(own, door, "reception", answerable, would.actor.pseudonym, moment)
    would.referral(opened.case, new_alias())
    aged = [each for each in draft.records if each.category in AGE_CATEGORIES]
    age = age_of(aged, own.adopted.policy.deadlines)
    return _checked(would, draft.records, (consent,), (), age)


async def check_for_case(would: MakeOffer, consent: ConsentCopy) -> Checked:
    """The offer of a case that there is; raises what the two acts would raise."""
    own = would.own
    async with own.database.connection() as connection:
        case = await case_named(connection, would.case_pseudonym)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        held = await records_of(own, connection, case.case_id)
        consents = await consents_of(connection, case.case_id, key)
        overrides = await overrides_of(connection, case.case_id, key)
        age = await age_in(own, connection, case.case_id)
    referral = would.referral(case, new_alias())
    if referral.moves_on != MovesOn.NEVER:
        check_answerable(Footing(referral, case, key))
    return _checked(would, tuple(held.values()), (*consents, consent), overrides, age)


def _checked(
    would: MakeOffer,
    records: Sequence[CategoryRecord],
    consents: Sequence[ConsentCopy],
    overrides: Sequence[Override],
    age: Age,
) -> Checked:
    """The offer with its profile, if the last of the answers makes it lawful."""
    check_consent(consents[-1])
    where, texts = free_texts(would.offer)
    check_no_telltale(texts, records, where)
    bases = bases_in(
        would.own,
        would.recipient,
        ReferralType(would.offer.referral_type),
        would.categories,
        consents,
        overrides,
        age,
        would.moment.case,
    )
    held = {each.category: each for each in records}
    leaving = cut_to_bases(would.own, held, bases, would.moment.case)
    on = day_of(would.moment.case)
    by_two = needing(would.own, would.recipient, would.categories, on)
    found = concern_of(age, consents, would.moment.case)
    concern = asked_for(found, would.offer.referral_type)
    deciders = would.own.adopted.policy.best_interests.deciders(concern, on)
    offer = profiled(would.offer, records, would.moment)
    return Checked(
        offer,
        by_two,
        leaving,
        concern if deciders else None,
        deciders,
        _times(would),
    )


def _times(would: MakeOffer) -> AnswerTimes | None:
    deadlines = would.own.adopted.policy.deadlines
    try:
        return answer_times(
            deadlines, Priority(would.offer.priority), would.moment.case
        )
    except NotFoundError:
        # A policy without these limits lets every offer stand.
        return None
