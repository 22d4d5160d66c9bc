"""ConsentService on the local listener."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from relais.casefile.v1 import record_pb2
from relais.desk.v1 import consent_pb2, consent_pb2_grpc
from services.node.domain.categories import Category
from services.node.domain.consent import (
    all_standing,
    family_may_be_told,
    valid_until,
)
from services.node.domain.consent_codes import (
    FAMILY,
    Capacity,
    ConsentStatus,
    Purpose,
    Subject,
)
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
)
from services.node.domain.identifiers import new_id, parse_alias
from services.node.domain.override import Override, OverrideAsked, Verdict
from services.node.domain.plain_words import categories_words, not_listed
from services.node.domain.records import ConsentCopy
from services.node.flows.consents import consents_of, overrides_of
from services.node.flows.disclose import age_in
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.foresee import foreseen
from services.node.flows.receipts import receipts_of
from services.node.flows.record_answers import (
    RecordConsent,
    RecordOverride,
    ReviewOverride,
)
from services.node.rpc.calls import acting_officer
from services.node.rpc.conversions import consent_from, consent_to, event_id_from
from services.node.rpc.desk.desk import Desk, instant_or
from services.node.rpc.desk.receipts import receipt_to, standing_to
from services.node.rpc.desk.render import millis
from services.node.wire.mapping import from_message, from_millis, to_message


def completed(desk: Desk, message: record_pb2.ConsentCopy) -> ConsentCopy:
    """An answer with what was left to the node filled in: id, instant, validity.

    Who answered alone answered as an adult unless it says otherwise.
    """
    consent = consent_from(message)
    given_at = instant_or(message.given_at, desk.now().case)
    purpose = _code(Purpose, consent.purpose, "purpose")
    until = (
        from_millis(message.valid_until)
        if message.valid_until
        else valid_until(purpose, given_at, desk.own.adopted.policy.deadlines)
    )
    capacity = consent.capacity
    if not capacity and consent.subject == Subject.SELF:
        capacity = Capacity.ADULT.value
    return replace(
        consent,
        consent_id=event_id_from(consent.consent_id, new_id()),
        capacity=capacity,
        given_at=given_at,
        valid_until=until,
    )


class ConsentServicer(consent_pb2_grpc.ConsentServiceServicer):
    """Records what the person answered, and emergency overrides."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def RecordConsent(
        self, request: consent_pb2.RecordConsentRequest, context: Any
    ) -> consent_pb2.RecordConsentResponse:
        """Record one answer, a refusal too."""
        desk, officer = self._desk, acting_officer()
        consent = completed(desk, request.consent)
        logged = await desk.submit(
            RecordConsent(
                desk.own,
                officer,
                parse_alias(request.case_pseudonym),
                consent,
                desk.now(),
            )
        )
        named = {*desk.own.adopted.directory.members, FAMILY}
        return consent_pb2.RecordConsentResponse(
            consent_id=consent.consent_id,
            ledger_index=logged.index,
            recipient_unknown=consent.recipient not in named,
        )

    async def WithdrawConsent(
        self, request: consent_pb2.WithdrawConsentRequest, context: Any
    ) -> consent_pb2.WithdrawConsentResponse:
        """End an answer at once, or some of its categories."""
        desk = self._desk
        pseudonym, moment = parse_alias(request.case_pseudonym), desk.now()
        ended = await self._held(pseudonym, request.consent_id)
        withdrawal = replace(
            _no_longer(ended, tuple(request.categories), moment.case),
            consent_id=event_id_from(request.event_id, new_id()),
            subject=request.subject or Subject.SELF.value,
            method=request.method,
            language=request.language or ended.language,
            interpreter=request.interpreter,
            witness=request.witness,
        )
        logged = await desk.submit(
            RecordConsent(
                desk.own,
                acting_officer(),
                pseudonym,
                withdrawal,
                moment,
            )
        )
        return consent_pb2.WithdrawConsentResponse(
            consent_id=withdrawal.consent_id, ledger_index=logged.index
        )

    async def CheckWithdrawal(
        self, request: consent_pb2.CheckWithdrawalRequest, context: Any
    ) -> consent_pb2.CheckWithdrawalResponse:
        """Tell what a withdrawal would do; nothing is recorded."""
        pseudonym, moment = parse_alias(request.case_pseudonym), self._desk.now()
        ended = await self._held(pseudonym, request.consent_id)
        withdrawal = replace(
            _no_longer(ended, tuple(request.categories), moment.case),
            consent_id=new_id(),
        )
        found = await foreseen(self._desk.own, pseudonym, withdrawal, moment)
        return consent_pb2.CheckWithdrawalResponse(
            categories=found.categories,
            told=[to_message(each, consent_pb2.WouldTell) for each in found.told],
        )

    async def _held(self, pseudonym: str, consent_id: bytes) -> ConsentCopy:
        own = self._desk.own
        async with own.database.connection() as connection:
            case = await case_named(connection, pseudonym)
            key = await data_key(own, connection, case.case_id, CASE_SCOPE)
            for each in await consents_of(connection, case.case_id, key):
                if each.consent_id == consent_id:
                    return each
        raise NotFoundError(
            "consent.unknown",
            "This case holds no such answer of the person.",
            where="consent_id",
            remedy="Take its number from the list of answers.",
        )

    async def ReadReceipts(
        self, request: consent_pb2.ReadReceiptsRequest, context: Any
    ) -> consent_pb2.ReadReceiptsResponse:
        """Tell what became of every no of the person."""
        found = await receipts_of(self._desk.own, parse_alias(request.case_pseudonym))
        return consent_pb2.ReadReceiptsResponse(
            receipts=[receipt_to(each) for each in found]
        )

    async def RecordOverride(
        self, request: consent_pb2.RecordOverrideRequest, context: Any
    ) -> consent_pb2.RecordOverrideResponse:
        """Record an emergency override that a second officer approved."""
        desk = self._desk
        override_id = event_id_from(request.override_id, new_id())
        logged = await desk.submit(
            RecordOverride(
                own=desk.own,
                first=acting_officer(),
                override_id=override_id,
                case_pseudonym=parse_alias(request.case_pseudonym),
                asked=from_message(request, OverrideAsked),
                approval_id=event_id_from(request.approval_id, b""),
                moment=desk.now(),
            )
        )
        return consent_pb2.RecordOverrideResponse(
            override_id=override_id, ledger_index=logged.index
        )

    async def ReviewOverride(
        self, request: consent_pb2.ReviewOverrideRequest, context: Any
    ) -> consent_pb2.ReviewOverrideResponse:
        """Record the review of an override."""
        desk = self._desk
        logged = await desk.submit(
            ReviewOverride(
                own=desk.own,
                reviewer=acting_officer(),
                event_id=event_id_from(request.event_id, new_id()),
                case_pseudonym=parse_alias(request.case_pseudonym),
                override_id=request.override_id,
                verdict=_code(Verdict, request.review, "review"),
                moment=desk.now(),
            )
        )
        return consent_pb2.ReviewOverrideResponse(ledger_index=logged.index)

    async def ListConsents(
        self, request: consent_pb2.ListConsentsRequest, context: Any
    ) -> consent_pb2.ListConsentsResponse:
        """List answers, overrides, and what the family may be told by them."""
        own = self._desk.own
        async with own.database.connection() as connection:
            case = await case_named(connection, parse_alias(request.case_pseudonym))
            key = await data_key(own, connection, case.case_id, CASE_SCOPE)
            consents = await consents_of(connection, case.case_id, key)
            overrides = await overrides_of(connection, case.case_id, key)
            age = await age_in(own, connection, case.case_id)
        now = self._desk.now().case
        deadlines = own.adopted.policy.deadlines
        told = family_may_be_told(consents, now, age)
        return consent_pb2.ListConsentsResponse(
            consents=[consent_to(each) for each in consents],
            overrides=[_summary(each) for each in overrides],
            family_may_be_told=told,
            standings=[
                standing_to(each, now, deadlines)
                for each in all_standing(consents, now, age)
            ],
        )


def _no_longer(
    ended: ConsentCopy, wanted: tuple[str, ...], at: datetime
) -> ConsentCopy:
    """The answer as withdrawn, for these categories of it; all where none is named."""
    return replace(
        ended,
        status=ConsentStatus.WITHDRAWN.value,
        categories=_some(wanted, ended.categories),
        informed_points=(),
        evidence_hash=b"",
        given_at=at,
    )


def _some(wanted: tuple[str, ...], held: tuple[str, ...]) -> tuple[str, ...]:
    """The categories that are withdrawn; all of the answer's where none is named."""
    if not set(wanted) <= set(held):
        raise InvalidInputError(
            "consent.not_in_answer",
            f"The answer names {categories_words(map(Category, held))} and nothing"
            " else.",
            where="categories",
            remedy="Withdraw what it names; record a refusal for anything else.",
        )
    return wanted or held


def _summary(override: Override) -> consent_pb2.OverrideSummary:
    return consent_pb2.OverrideSummary(
        override_id=override.override_id,
        recipient=override.recipient,
        purpose=override.purpose.value,
        category=override.category.value,
        law=override.law,
        first_officer=override.first_officer,
        second_officer=override.second_officer,
        review_by=millis(override.review_by),
        review="" if override.verdict is None else override.verdict.value,
        reason=override.reason,
        recorded_at=millis(override.recorded_at),
        reviewed_by=override.reviewed_by or "",
        reviewed_at=millis(override.reviewed_at),
    )


def _code(codes: Any, value: str, field: str) -> Any:
    """The code of a list; raises InvalidInputError naming those that there are."""
    if value not in set(codes):
        raise InvalidInputError(
            "call.unknown_code",
            not_listed(field, codes),
            where=field,
            remedy="Choose one of them.",
        )
    return codes(value)
