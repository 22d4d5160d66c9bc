"""What needs a second officer before it leaves, and which versions of it would.

What the second officer approves are versions: a category that was written anew
meanwhile, or cut by another policy, is something else. They are named by a hash of
their numbers, so that nothing about the person stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.node.domain.categories import Category
from services.node.domain.errors import NotLawfulError
from services.node.domain.second_person import Sending
from services.node.flows.own import OwnMember
from services.node.keys.encoding import lp, sha256
from services.node.store import cases as case_store
from services.node.store.pool import Connection

_LABEL = "relais/v1/sending"


def needing(
    own: OwnMember, recipient: str, categories: Sequence[str], on: date
) -> tuple[Category, ...]:
    """Of these categories, those that leave to there only by two officers.

    ``on`` is the day in Viet Nam. Raises what the directory raises for a recipient
    that it does not list.
    """
    directory = own.adopted.directory
    here, there = directory.member(own.name), directory.active_member(recipient)
    countries = (here.country, there.country)
    return own.adopted.policy.second_person.needed_for(categories, countries, on)


def not_needed() -> NotLawfulError:
    """The error for asking a second officer where one is enough."""
    return NotLawfulError(
        "approval.not_needed",
        "This can be sent without a second officer.",
        where="act",
        remedy="Offer it.",
    )


async def exactly(
    own: OwnMember, connection: Connection, case_id: bytes, asked: Sending
) -> Sending:
    """The same with what goes of the case as it stands now, in one order.

    On which answers it rests is left out: the node looks at them when it sends.
    """
    rows = await case_store.newest_records(connection, case_id)
    categories = tuple(each for each in Category if each in set(asked.categories))
    # A follow-up goes with what stands beside it: both are named.
    versions = [
        lp(each, " ".join(str(row.record_id) for row in rows if row.category == each))
        for each in categories
    ]
    return replace(
        asked,
        offer=replace(asked.offer, basis_ids=()),
        categories=categories,
        attachment_ids=tuple(sorted(set(asked.attachment_ids))),
        contents=sha256(lp(_LABEL, own.policy_version, *versions)),
    )
