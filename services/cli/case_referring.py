"""An officer's word: purpose, recipient and consent, and only then an offer.

Promises that nothing is sent without the person's recorded *yes* to this purpose,
this recipient and these data categories; the answer is recorded first, as a
record of its own, and the offer rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.node.domain.best_interests import (
    BestInterests,
    Decider,
    check_decided,
)
from services.node.domain.bodies import Offer
from services.node.domain.categories import Category
from services.node.domain.consent_codes import (
    INFORMED_POINTS,
    Capacity,
    Method,
    Subject,
)
from services.node.domain.errors import InvalidInputError
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, Priority, ReferralType
from services.node.domain.second_person import Sending
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfferChecked

_FILLED_IN_BY_THE_NODE = datetime(1970, 1, 1, tzinfo=UTC)

_WHO_ANSWERS = {
    Capacity.ADULT: Subject.SELF,
    Capacity.SUPPORTED: Subject.SELF,
    Capacity.CHILD_ASSENT_PLUS_GUARDIAN: Subject.BOTH,
    Capacity.LACKING: Subject.GUARDIAN,
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the officer confirms before a referral goes out.

    ``consents`` is true if the person, informed of every point, said yes to
    exactly this; ``category`` may name one twice.
    """

    recipient: str
    purpose: str
    category: Sequence[str]
    language: str
    method: str
    consents: bool
    referral_type: str
    interpreter: str
    priority: str
    need: str
    capacity: str = Capacity.ADULT.value
    witness: str = ""
    best_interests: BestInterests | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        """Each category once."""
        return tuple(dict.fromkeys(self.category))


@dataclass(frozen=True, slots=True)
class Referred:
    """The consent record and the referral that rests on it.

    Where it leaves only by two officers nothing is sent: ``referral_id`` is empty and
    ``approval_id`` the approval that is asked for; ``by_two`` are the categories.
    """

    consent_id: bytes
    referral_id: bytes
    approval_id: bytes = b""
    by_two: tuple[str, ...] = ()


def check_confirmation(said: Confirmation) -> None:
    """Raise InvalidInputError for what no node would accept, before anything is done.

    Codes: ``cli.unknown_code``, ``cli.other_purpose``, ``cli.no_consent``.
    """
    for option, value, codes in (
        ("--type", said.referral_type, ReferralType),
        ("--priority", said.priority, Priority),
        ("--method", said.method, Method),
        ("--capacity", said.capacity, Capacity),
        *(("--category", each, Category) for each in said.categories),
    ):
        _check_code(option, value, codes)
    expected = PURPOSE_OF[ReferralType(said.referral_type)]
    if said.purpose != expected:
        raise InvalidInputError(
            "cli.other_purpose",
            f"A {said.referral_type} referral serves the purpose {expected}.",
            where="--purpose",
            remedy="Ask the person about that purpose, or choose another type.",
        )
    if not said.consents:
        raise InvalidInputError(
            "cli.no_consent",
            "Without the person's yes to this, nothing is sent.",
            where="--consent",
            remedy="Ask the person; a ticked box for the interview is no such yes.",
        )


async def check_draft(
    desk: DeskClient, officer: str, draft_id: bytes, door: str, said: Confirmation
) -> None:
    """Raise what the node would refuse of this, while the draft is still a draft."""
    checked = await desk.check_referral(
        officer,
        draft_id,
        said.recipient,
        _offer(said),
        said.categories,
        _consent(said),
        door=door,
    )
    _check_best(said, checked)


async def refer(
    desk: DeskClient,
    officer: str,
    case: str,
    said: Confirmation,
    attachment_ids: Sequence[bytes] = (),
) -> Referred:
    """Check everything, record the answer, then offer, or ask a second officer.

    The offer tells the minimal profile out of the case's own records.
    """
    consent = _consent(said)
    checked = await desk.check_referral(
        officer, case, said.recipient, _offer(said), said.categories, consent
    )
    _check_best(said, checked)
    consent_id = await desk.record_consent(officer, case, consent)
    if checked.second_person_for or checked.best_interests_for:
        files = tuple(attachment_ids)
        act = Sending(
            said.recipient,
            checked.offer,
            said.categories,
            files,
            best_interests=said.best_interests,
        )
        asked = await desk.ask_approval(officer, case, act)
        by_two = checked.second_person_for
        return Referred(consent_id, b"", asked.approval_id, by_two)
    made = await desk.make_offer(
        officer,
        case,
        said.recipient,
        checked.offer,
        said.categories,
        attachment_ids=attachment_ids,
    )
    return Referred(consent_id, made.referral_id)


def best_interests(
    considered: Sequence[str] | None, reasons: str, decided_by: str
) -> BestInterests | None:
    """What was decided for the person, in Vietnamese; None where nothing is said."""
    if not (considered or reasons):
        return None
    return BestInterests(tuple(considered or ()), reasons, "vi", decided_by)


def _check_best(said: Confirmation, checked: OfferChecked) -> None:
    """Raise what the node would refuse, before the answer is recorded."""
    named = [Decider(each) for each in checked.best_interests_deciders]
    check_decided(said.best_interests, named)


def _offer(said: Confirmation) -> Offer:
    return Offer(
        referral_type=said.referral_type,
        priority=said.priority,
        services=(),
        age_band="",
        sex="",
        languages=(),
        constraints=(),
        need=said.need,
        need_language="vi" if said.need else "",
        basis_ids=(),
    )


def _consent(said: Confirmation) -> ConsentCopy:
    return ConsentCopy(
        consent_id=b"",
        purpose=said.purpose,
        recipient=said.recipient,
        categories=said.categories,
        status="given",
        subject=_WHO_ANSWERS[Capacity(said.capacity)].value,
        method=said.method,
        language=said.language,
        interpreter=said.interpreter,
        informed_points=INFORMED_POINTS,
        given_at=_FILLED_IN_BY_THE_NODE,
        valid_until=_FILLED_IN_BY_THE_NODE,
        capacity=said.capacity,
        witness=said.witness,
    )


def _check_code(option: str, value: str, codes: Iterable[StrEnum]) -> None:
    known = [str(each) for each in codes]
    if value not in known:
        raise InvalidInputError(
            "cli.unknown_code",
            f"It is one of {', '.join(known)}.",
            where=option,
        )
