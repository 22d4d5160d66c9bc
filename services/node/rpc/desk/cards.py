"""Cards of members as contract messages."""

from __future__ import annotations

from relais.desk.v1 import work_pb2
from relais.directory.v1 import entry_pb2
from relais.exchange.v1 import probe_pb2
from services.node.flows.acquaintance import Acquaintance
from services.node.flows.closed_to_new import Word
from services.node.flows.members import MemberCard
from services.node.rpc.desk.render import millis
from services.node.wire.mapping import to_message


def member_card(card: MemberCard) -> work_pb2.MemberCard:
    """What the directory says of a member, and what this node knows of it."""
    member = card.member
    return work_pb2.MemberCard(
        name=member.name,
        kind=member.kind,
        functions=member.functions,
        country=member.country,
        province=member.description.province,
        names=[
            work_pb2.MemberName(language=each.language, name=each.name)
            for each in member.description.names
        ],
        active=member.active,
        may_offer=card.may_offer,
        waiting=card.waiting,
        office=None
        if member.description.office is None
        else to_message(member.description.office, entry_pb2.Office),
        second_person_for=card.second_person_for,
        agreements=[
            work_pb2.Agreement(law=each.law, since=each.valid_from.isoformat())
            for each in card.agreements
        ],
        distance=card.distance,
        opening=card.opening,
        opens_at=millis(card.opens_at),
        details=None if card.known is None else _details(card.known),
        word=_word(card.word),
    )


def _word(word: Word) -> work_pb2.MemberWord:
    closed = word.closed
    return work_pb2.MemberWord(
        heard_at=millis(word.heard_at),
        stale=word.stale,
        untold=word.untold,
        closed=None if closed is None else to_message(closed, probe_pb2.ClosedToNew),
    )


def _details(known: Acquaintance) -> work_pb2.MemberDetails:
    answers = known.answers
    median = answers.median
    return work_pb2.MemberDetails(
        said_at=millis(known.said_at),
        stale=known.stale,
        heard_at=millis(known.heard_at),
        circuit=known.circuit,
        asked=answers.asked,
        answered=answers.answered,
        # Never 0, which says that there are too few answers.
        median_seconds=0 if median is None else max(int(median.total_seconds()), 1),
    )
