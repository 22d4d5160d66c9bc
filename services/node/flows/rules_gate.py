"""What must agree from the departure to the arrival (domain.md §5.e, §6.2).

Nobody sets out on a stale wish. A handover has two sides: the receiver signs the
same minutes or disputes them, and new minutes solve a dispute. An arrival is never
refused for being early or late; that is an alarm's business.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime

from services.node.domain.arrivals import check_known
from services.node.domain.bodies import Release
from services.node.domain.bodies_return import (
    Appointment,
    Arrival,
    CheckIn,
    Countersignature,
    Departure,
    Dispute,
    GateArrival,
    Minutes,
    NonArrival,
    Reconsent,
    Witness,
)
from services.node.domain.both_sign import check_call, check_signed
from services.node.domain.deadlines import check_reconsent_fresh
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handing import check_confirmed, check_handed
from services.node.domain.handoff import Step
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.return_codes import (
    Condition,
    Discrepancy,
    EscortCode,
    IdentityMatch,
    KnownBy,
)
from services.node.flows.ground import (
    Ground,
    check_code,
    check_codes,
    check_digest,
    check_member,
    check_passed,
    check_persons,
    check_slug,
    mismatch,
)
from services.node.flows.moment import CASE_SKEW
from services.node.flows.rules_return import check_risk_valid

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def departure(ground: Ground, body: Departure) -> None:
    """They set out as many as appointed, on a fresh wish and a valid assessment."""
    meeting = ground.newest(Appointment)
    check_passed(ground, "departed_at", body.departed_at)
    if body.persons != meeting.persons:
        raise mismatch("persons", "the appointment")
    _check_fresh(ground, max(meeting.at, body.departed_at))
    check_risk_valid(ground, max(meeting.at, body.departed_at))


def check_in(ground: Ground, body: CheckIn) -> None:
    """The escort says how it goes, by one code."""
    check_code("condition", body.condition, Condition)
    check_passed(ground, "at", body.at)


def gate_arrival(ground: Ground, body: GateArrival) -> None:
    """They are at the gate that was agreed, early or late."""
    check_passed(ground, "at", body.at)
    if body.gate != ground.newest(Appointment).gate:
        raise mismatch("gate", "the appointment")


def minutes(ground: Ground, body: Minutes) -> None:
    """The giver's side: this gate, these persons, a wish that is still fresh."""
    check_code("identity_match", body.identity_match, IdentityMatch)
    check_code("condition", body.condition, Condition)
    check_codes("escort", body.escort, EscortCode)
    check_handed(body, _released(ground) if body.medicines else ())
    if body.handover_code and not _SIX_DIGITS.fullmatch(body.handover_code):
        raise mismatch("handover_code", "six digits")
    check_passed(ground, "handed_over_at", body.handed_over_at)
    _check_fresh(ground, body.handed_over_at)
    came_at = ground.newest(GateArrival).at
    _check_after("handed_over_at", body.handed_over_at, came_at)
    meeting = ground.newest(Appointment)
    if body.gate != meeting.gate:
        raise mismatch("gate", "the appointment")
    if body.persons != meeting.persons:
        raise mismatch("persons", "the appointment")


def _released(ground: Ground) -> set[str]:
    """The categories whose keys the giver released in this referral."""
    return {each.category for each in ground.newest(Release).bases}


def countersignature(ground: Ground, body: Countersignature) -> None:
    """The receiver's side of the same minutes, and a match on both."""
    handed = ground.newest(Minutes)
    if body.minutes_digest != ground.digest_of(Step.MINUTES):
        raise mismatch("minutes_digest", "the minutes that were sent")
    if body.persons != handed.persons:
        raise mismatch("persons", "the minutes; dispute them instead")
    if body.identity_match != handed.identity_match or body.identity_match != "match":
        raise mismatch("identity_match", "a match on both sides; dispute instead")
    check_passed(ground, "received_at", body.received_at)
    # The other member's clock wrote the minutes: nodes may differ a little.
    _check_after("received_at", body.received_at, handed.handed_over_at - CASE_SKEW)
    check_member(ground, "witness", body.witness)
    _check_known(handed, body)
    check_call(body)
    if body.called_at is not None:
        check_passed(ground, "called_at", body.called_at)
    check_confirmed(handed, body)
    if len(body.witness_event) != (ID_BYTES if body.witness else 0):
        raise mismatch("witness_event", "the witness: name both, or neither")


def _check_known(handed: Minutes, body: Countersignature) -> None:
    """Who says that it was shown the code names the very digits of the minutes."""
    if body.giver_known_by:
        check_code("giver_known_by", body.giver_known_by, KnownBy)
    by_code = body.giver_known_by == KnownBy.CODE
    if by_code != bool(body.handover_code) or (by_code and not handed.handover_code):
        raise InvalidInputError(
            "handover.code_missing",
            "The digits go with the answer that the giver showed them, and the other"
            " way round.",
            where="handover_code",
            remedy="Enter the six digits, or say how else the giver was known.",
        )
    if by_code:
        check_digits(handed.handover_code, body.handover_code)


def check_digits(shown: str, entered: str) -> None:
    """Raise InvalidInputError ``handover.wrong_code`` but for those of the minutes."""
    if not hmac.compare_digest(entered.encode(), shown.encode()):
        raise InvalidInputError(
            "handover.wrong_code",
            "These are not the digits of the minutes.",
            where="handover_code",
            remedy="Ask the giver to show them once more, or call it by the number"
            " in the directory. Receive nobody from whoever cannot show them.",
        )


def dispute(ground: Ground, body: Dispute) -> None:
    """What differs, by codes; the giver stays answerable until it is solved."""
    ground.newest(Minutes)
    if body.minutes_digest != ground.digest_of(Step.MINUTES):
        raise mismatch("minutes_digest", "the minutes that were sent")
    check_codes("discrepancies", body.discrepancies, Discrepancy)
    if not body.discrepancies:
        raise NotLawfulError(
            "return.nothing_disputed",
            "A dispute says what differs from the minutes.",
            where="discrepancies",
            remedy="Name at least one discrepancy, or countersign.",
        )


def witness(ground: Ground, body: Witness) -> None:
    """What a third member saw; the minutes are those of another referral."""
    check_digest("minutes_digest", body.minutes_digest)
    check_slug("gate", body.gate)
    check_persons(body.persons)
    check_passed(ground, "seen_at", body.seen_at)


def arrival(ground: Ground, body: Arrival) -> None:
    """It is told when it has happened, and who else signed it."""
    check_passed(ground, "arrived_at", body.arrived_at)
    check_signed(body)
    if body.handover_code:
        check_digits(ground.newest(Minutes).handover_code, body.handover_code)


def not_arrived(ground: Ground, body: NonArrival) -> None:
    """It is told as soon as it is noticed; nobody has to know why first."""
    check_passed(ground, "noticed_at", body.noticed_at)
    check_known(body.reason, body.text, body.language)


def _check_after(field: str, at: datetime, before: datetime) -> None:
    """Nobody is handed over before they came, or received before that."""
    if at < before:
        raise NotLawfulError(
            "return.before_it_began",
            f"It lies before what it follows on ({before.isoformat()}).",
            where=field,
            remedy="Write down when it really happened.",
        )


def _check_fresh(ground: Ground, at: datetime) -> None:
    asked_at = ground.newest(Reconsent).consent.given_at
    check_reconsent_fresh(ground.policy.deadlines, asked_at, at)
