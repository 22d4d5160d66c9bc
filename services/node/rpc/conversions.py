"""Between contract messages and the values that flows know, both ways, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relais.casefile.v1 import approval_pb2, record_pb2
from relais.envelope.v1 import body_pb2, payload_pb2
from relais.exchange.v1 import deliver_pb2
from services.node.domain.approvals import ApprovedAct
from services.node.domain.best_interests import BestInterests
from services.node.domain.bodies import Offer
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.flows.exchange import MOST_CONSIGNMENTS, Delivery, DeliveryAnswer
from services.node.wire.approvals import ApprovalAsked
from services.node.wire.mapping import from_message, to_message

_EVENT_BYTES = 16


@dataclass(frozen=True, slots=True)
class _BodyHolder:
    """A payload of which only the body is looked at."""

    body: Body


def delivery_from(message: deliver_pb2.DeliverRequest) -> Delivery:
    """A batch as it came; raises InvalidInputError for one that is too long."""
    _bounded(len(message.consignments))
    return from_message(message, Delivery)


def _bounded(count: int) -> None:
    if count > MOST_CONSIGNMENTS:
        raise InvalidInputError(
            "deliver.too_many",
            f"The batch holds {count} items; at most {MOST_CONSIGNMENTS} are taken.",
            remedy="Send them in several batches.",
        )


def delivery_to(delivery: Delivery) -> deliver_pb2.DeliverRequest:
    """A batch as it goes."""
    message: deliver_pb2.DeliverRequest = to_message(
        delivery, deliver_pb2.DeliverRequest
    )
    return message


def answer_from(message: deliver_pb2.DeliverResponse) -> DeliveryAnswer:
    """The answers to a batch as they came; as many at most as a batch holds."""
    _bounded(len(message.answers))
    return from_message(message, DeliveryAnswer)


def answer_to(answer: DeliveryAnswer) -> deliver_pb2.DeliverResponse:
    """The answers to a batch as they go."""
    message: deliver_pb2.DeliverResponse = to_message(
        answer, deliver_pb2.DeliverResponse
    )
    return message


def record_from(message: record_pb2.CategoryRecord) -> CategoryRecord:
    """A data category."""
    return from_message(message, CategoryRecord)


def record_to(record: CategoryRecord) -> record_pb2.CategoryRecord:
    """A data category."""
    message: record_pb2.CategoryRecord = to_message(record, record_pb2.CategoryRecord)
    return message


def consent_from(message: record_pb2.ConsentCopy) -> ConsentCopy:
    """A consent record."""
    return from_message(message, ConsentCopy)


def consent_to(consent: ConsentCopy) -> record_pb2.ConsentCopy:
    """A consent record."""
    message: record_pb2.ConsentCopy = to_message(consent, record_pb2.ConsentCopy)
    return message


def offer_from(message: body_pb2.Offer) -> Offer:
    """An offer."""
    return from_message(message, Offer)


def offer_to(offer: Offer) -> body_pb2.Offer:
    """An offer."""
    message: body_pb2.Offer = to_message(offer, body_pb2.Offer)
    return message


def body_from(message: body_pb2.Body) -> Body:
    """What a step says; raises InvalidInputError if nothing is set."""
    holder = payload_pb2.Payload(body=message)
    return from_message(holder, _BodyHolder).body


def body_to(body: Body) -> body_pb2.Body:
    """What a step says."""
    holder: Any = to_message(_BodyHolder(body), payload_pb2.Payload)
    said: body_pb2.Body = holder.body
    return said


def approved_act_from(message: approval_pb2.ApprovedAct) -> ApprovedAct:
    """What is to be approved; raises InvalidInputError for nothing that is known."""
    return from_message(approval_pb2.ApprovalAsked(act=message), ApprovalAsked).act


def approved_act_to(act: ApprovedAct) -> approval_pb2.ApprovedAct:
    """What is to be approved."""
    asked: Any = to_message(ApprovalAsked(act), approval_pb2.ApprovalAsked)
    said: approval_pb2.ApprovedAct = asked.act
    return said


def best_interests_from(request: Any) -> BestInterests | None:
    """Why it is best for the person, as a request says; None where it says nothing."""
    if not request.HasField("best_interests"):
        return None
    return from_message(request.best_interests, BestInterests)


def best_interests_to(
    said: BestInterests | None,
) -> approval_pb2.BestInterests | None:
    """Why it is best for the person; None where nothing is said."""
    if said is None:
        return None
    message: approval_pb2.BestInterests = to_message(said, approval_pb2.BestInterests)
    return message


def event_id_from(given: bytes, fresh: bytes) -> bytes:
    """The id that a request gives its act, or a fresh one."""
    if given and len(given) != _EVENT_BYTES:
        raise InvalidInputError(
            "call.bad_event_id",
            "event_id is 16 random bytes or empty.",
            where="event_id",
        )
    return given or fresh
