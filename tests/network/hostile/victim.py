"""A member whose real node is attacked: its desk, and a look at what it stored."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import grpc

from relais.casefile.v1 import record_pb2
from relais.desk.v1 import (
    case_pb2,
    case_pb2_grpc,
    consent_pb2,
    consent_pb2_grpc,
    node_pb2,
    node_pb2_grpc,
    referral_pb2,
    referral_pb2_grpc,
)
from relais.envelope.v1 import body_pb2
from services.cli.network import Network
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.handoff import Body
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.rpc.conversions import body_to
from tests.network.hostile.hostile_peer import OPTIONS, refusal_in
from tests.superuser import Superuser

BUSINESS = (
    "referral",
    "event",
    "cases",
    "case_alias",
    "case_record",
    "answerability",
    "consent",
    "data_key",
    "part_key",
    "envelope_sent",
)
"""What a refused envelope must not touch. A refusal may use up a number."""

_NO_RING = (
    " WHERE NOT EXISTS (SELECT FROM timer_ring AS r WHERE r.event_id = t.event_id)"
)
_ROWS = " UNION ALL ".join(
    f"SELECT '{each}' || (to_jsonb(t) - 'received_seq')::text FROM {each} AS t"  # noqa: S608 - names of ours
    + (_NO_RING if each == "event" else "")
    for each in BUSINESS
)
_DAY = 24 * 60 * 60 * 1000
_LEAVES = """
SELECT (SELECT size FROM ledger_head) - (SELECT count(*) FROM timer_ring)
"""

_STORED = f"SELECT md5(string_agg(s, ',' ORDER BY s)) FROM ({_ROWS}) AS every(s)"  # noqa: S608 - as above


class Victim:
    """One running node, driven by its own officer over the local socket."""

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.officer = f"{name}-1"
        self.network = network

    @cached_property
    def channel(self) -> grpc.Channel:
        """The local listener."""
        return grpc.insecure_channel(
            f"unix:{self.network.local_socket(self.name)}", OPTIONS
        )

    @cached_property
    def node(self) -> Any:
        """Status, officers, clock."""
        return node_pb2_grpc.NodeServiceStub(self.channel)

    @cached_property
    def cases(self) -> Any:
        """Cases."""
        return case_pb2_grpc.CaseServiceStub(self.channel)

    @cached_property
    def consents(self) -> Any:
        """Answers of the person."""
        return consent_pb2_grpc.ConsentServiceStub(self.channel)

    @cached_property
    def referrals(self) -> Any:
        """Referrals."""
        return referral_pb2_grpc.ReferralServiceStub(self.channel)

    def call(self, method: Any, request: Any) -> Any:
        """Call the desk; raises the RelaisError that it refuses with."""
        try:
            return method(request, timeout=30)
        except grpc.RpcError as error:
            raise refusal_in(error) from error

    def keep_officer(self, by: str, pseudonym: str, role: str, **said: Any) -> None:
        """Add an officer, or change one."""
        officer = node_pb2.Officer(
            pseudonym=pseudonym, role=role, unit="desk", **{"active": True, **said}
        )
        request = node_pb2.KeepOfficerRequest(acting_officer=by, officer=officer)
        self.call(self.node.KeepOfficer, request)

    def status(self) -> node_pb2.GetStatusResponse:
        """The node's own status."""
        status: node_pb2.GetStatusResponse = self.call(
            self.node.GetStatus, node_pb2.GetStatusRequest()
        )
        return status

    def size(self) -> int:
        """Leaves in the ledger, but for clocks: they ring when they are due."""
        return int(self._looks.value(_LEAVES))

    def stored(self) -> str:
        """A fingerprint of everything that a step could change."""
        return str(self._looks.value(_STORED))

    @cached_property
    def _looks(self) -> Superuser:
        """Every attack takes several looks; a psql for each would cost most of it."""
        return Superuser(self.network.state.cluster, self.name)

    def close(self) -> None:
        """Looks no more."""
        if "_looks" in self.__dict__:
            self._looks.close()

    def query(self, sql: str) -> str:
        """What the database answers to its superuser."""
        return self.network.state.cluster.query(sql, database=self.name).strip()

    def open_case(self, **records: dict[str, str]) -> str:
        """A new case with these fields by category, else the sex in D1 alone."""
        records = records or {"D1": {"prs_Gender": "Feminine"}}
        request = case_pb2.OpenCaseRequest(
            officer=self.officer,
            door="partner",
            records=[
                record_pb2.CategoryRecord(
                    category=category,
                    answers=[
                        record_pb2.Answer(field=field, values=[value])
                        for field, value in fields.items()
                    ],
                )
                for category, fields in records.items()
            ],
        )
        opened = self.call(self.cases.OpenCase, request)
        return str(opened.case_pseudonym)

    def make_offer(self, recipient: str, referral_type: str) -> bytes:
        """Offer the minimal profile and nothing else; the referral's id."""
        case = self.open_case()
        purpose = PURPOSE_OF[ReferralType(referral_type)]
        self.agree(case, purpose, recipient, "D1")
        return self.offer_case(case, recipient, referral_type, "D1")

    def offer_case(
        self, case: str, recipient: str, referral_type: str, *categories: str
    ) -> bytes:
        """Offer these categories of a case; the referral's id."""
        request = referral_pb2.MakeOfferRequest(
            officer=self.officer,
            case_pseudonym=case,
            recipient=recipient,
            offer=body_pb2.Offer(referral_type=referral_type, priority="urgent"),
            categories=categories,
        )
        return bytes(self.call(self.referrals.MakeOffer, request).referral_id)

    def agree(
        self,
        case: str,
        purpose: str,
        recipient: str,
        *categories: str,
        status: str = "given",
    ) -> None:
        """The person's answer to this purpose and recipient."""
        now = self.status().case_now
        consent = record_pb2.ConsentCopy(
            purpose=purpose,
            recipient=recipient,
            categories=categories,
            status=status,
            subject="self",
            method="oral_witnessed",
            witness="o-2",
            language="vi",
            informed_points=INFORMED_POINTS,
            given_at=now,
            valid_until=now + 30 * _DAY,
        )
        request = consent_pb2.RecordConsentRequest(
            officer=self.officer, case_pseudonym=case, consent=consent
        )
        self.call(self.consents.RecordConsent, request)

    def add_record(self, case: str, category: str, field: str, value: str) -> None:
        """One field that this member learned itself."""
        record = record_pb2.CategoryRecord(
            category=category,
            answers=[record_pb2.Answer(field=field, values=[value])],
        )
        request = case_pb2.AddRecordRequest(
            officer=self.officer, case_pseudonym=case, record=record
        )
        self.call(self.cases.AddRecord, request)

    def fields_of(self, case: str) -> dict[str, set[str]]:
        """The fields that this member holds of a case, by category."""
        request = case_pb2.ReadRecordsRequest(officer=self.officer, case_pseudonym=case)
        records = self.call(self.cases.ReadRecords, request).records
        return {
            record.category: {answer.field for answer in record.answers}
            for record in records
        }

    def answerable(self, case: str) -> str:
        """What this member is for a case."""
        request = case_pb2.GetCaseRequest(officer=self.officer, case_pseudonym=case)
        return str(self.call(self.cases.GetCase, request).answerable)

    def step(self, referral_id: bytes, **body: Any) -> referral_pb2.TakeStepResponse:
        """Take the next step by hand."""
        request = referral_pb2.TakeStepRequest(
            officer=self.officer,
            referral_id=referral_id,
            body=body_pb2.Body(**body),
        )
        taken: referral_pb2.TakeStepResponse = self.call(
            self.referrals.TakeStep, request
        )
        return taken

    def take(
        self, referral_id: bytes, body: Body, **said: Any
    ) -> referral_pb2.TakeStepResponse:
        """Take the step that ``body`` is the content of."""
        request = referral_pb2.TakeStepRequest(
            officer=self.officer, referral_id=referral_id, body=body_to(body), **said
        )
        taken: referral_pb2.TakeStepResponse = self.call(
            self.referrals.TakeStep, request
        )
        return taken

    def digest_of(self, referral_id: bytes, step: str) -> bytes:
        """The envelope digest of the newest step of this kind."""
        steps = self.referral(referral_id).steps
        return bytes([each.digest for each in steps if each.step == step][-1])

    def referral(self, referral_id: bytes) -> Any:
        """A referral with its steps."""
        request = referral_pb2.GetReferralRequest(
            officer=self.officer, referral_id=referral_id
        )
        return self.call(self.referrals.GetReferral, request)

    def wait(self, referral_id: bytes, *states: str) -> Any:
        """Wait until the referral is in one of the states."""
        request = referral_pb2.AwaitReferralRequest(
            officer=self.officer,
            referral_id=referral_id,
            states=states,
            timeout_seconds=20,
        )
        found = self.call(self.referrals.AwaitReferral, request).referral
        assert found.state in states
        return found
