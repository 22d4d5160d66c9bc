"""The members of the directory, as somebody sees them who looks for one to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

from services.node.directory.state import Member
from services.node.domain.categories import Category
from services.node.domain.functions import Function
from services.node.domain.need_to_know import Need
from services.node.domain.offices import Opening, next_opening, opening
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.tables import Rule, day_of
from services.node.flows.acquaintance import Acquaintance
from services.node.flows.closed_to_new import Word
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.public_days import is_public_holiday


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member, and what this one may offer to it on the day asked about."""

    member: Member
    may_offer: tuple[str, ...]
    waiting: int
    second_person_for: tuple[Category, ...]
    agreements: tuple[Rule, ...]
    distance: int
    """0 in the same province, 1 in the same country, 2 abroad."""
    opening: Opening
    opens_at: datetime | None
    """When a door that is shut opens next, if that is known."""
    known: Acquaintance | None
    """Only where it was asked for."""
    word: Word
    """Whether it says that it receives nobody new."""


def member_cards(
    own: OwnMember,
    moment: Moment,
    waiting: Mapping[str, int],
    known: Mapping[str, Acquaintance],
    words: Mapping[str, Word],
) -> list[MemberCard]:
    """Every other member by name; ``waiting`` counts envelopes by recipient.

    What may be offered is told for the day of the case clock, whose door is open for
    the wire clock's now: whoever rings, rings in the real world.
    """
    on = day_of(moment.case)
    members = own.adopted.directory.members
    here, policy = members[own.name].country, own.adopted.policy
    functions = own.functions_of(own.name)

    @cache
    def may_offer(receiver: frozenset[Function]) -> tuple[str, ...]:
        # Offices are many, and kinds of offices few.
        between = policy.may_send.types_between(functions, receiver, on)
        return tuple(each.value for each in between)

    by_two, agreed = policy.second_person, policy.agreements
    cards = []
    for name, member in sorted(members.items()):
        if name == own.name:
            continue
        office = member.description.office
        is_holiday = partial(is_public_holiday, policy.calendar, member.country)
        door = opening(office, moment.wire, is_holiday)
        shut = door in {Opening.CLOSED, Opening.HOLIDAY}
        card = MemberCard(
            member,
            may_offer(own.functions_of(name)) if member.active else (),
            waiting.get(name, 0),
            by_two.needed_for(Category, (here, member.country), on),
            agreed.between(here, member.country, on),
            _distance(members[own.name], member),
            door,
            next_opening(office, moment.wire, is_holiday) if shut else None,
            known.get(name),
            words[name],
        )
        cards.append(card)
    return cards


def _distance(here: Member, there: Member) -> int:
    if there.country != here.country:
        return 2
    province = there.description.province
    return 0 if province and province == here.description.province else 1


def needs_of_member(
    own: OwnMember, name: str, referral_type: ReferralType, on: date
) -> dict[Category, Need]:
    """What a member may be told with a type of referral on that day, by category.

    Raises NotFoundError and NotPermittedError as ``active_member``, NotLawfulError
    ``referral.not_between``.
    """
    policy = own.adopted.policy
    own.adopted.directory.active_member(name)
    functions = policy.may_send.competence(
        referral_type, own.functions_of(own.name), own.functions_of(name), on
    ).receiver_functions
    purpose = PURPOSE_OF[referral_type]
    return {
        category: policy.need_to_know.allowed(functions, category, purpose, on)
        for category in Category
    }
