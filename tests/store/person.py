"""One person on the way through a town, and what may be done about her at members.

Acts are those of the engine; what it refuses raises here. What stands at the
members is read from their databases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Decline,
    Misrouting,
    Offer,
    Opening,
    Question,
    Recall,
    Reply,
    ReturnToSender,
    Revocation,
)
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Countersignature,
    Departure,
    Dispute,
    GateArrival,
    Minutes,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    Suspension,
    TravelDocument,
    Withdrawal,
)
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.handoff import Body, Step
from services.node.domain.identifiers import new_id
from services.node.domain.people import Officer, Role
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.responsibility import AnswerabilityPeriod
from services.node.domain.steps import Side, State
from services.node.flows.make_offer import MakeOffer
from services.node.flows.open_case import AddRecord, OpenCase
from services.node.flows.record_answers import RecordConsent
from services.node.flows.said import required, said_in
from services.node.flows.take_step import TakeStep
from tests.promised import as_demanded
from tests.store.town import MEMBERS, Town

ENDS = {"decline", "misrouted", "expiry", "revocation", "recall", "withdrawal"}
HANDSHAKE_ENDED = {
    "declined",
    "misrouted",
    "expired",
    "revoked",
    "recalled",
    "void",
    "withdrawn",
    "in_service",
}
OFFICER = Officer("desk-1", Role.OFFICER, "desk", active=True)
D1 = CategoryRecord("D1", (Answer("prs_Gender", ("1",)),))
HOLDS = ("answerable", "handed_unconfirmed")
GATE = "lao_cai_hekou"
TYPES: dict[tuple[str, str], tuple[str, ...]] = {
    ("lao-cai", "son-la"): ("reception", "reintegration", "escalation"),
    ("lao-cai", "liaison-yunnan"): ("protection_abroad", "voluntary_return"),
    ("lao-cai", "nha-hoa-ban"): ("reception", "psychosocial_care"),
    ("son-la", "lao-cai"): ("reception", "reintegration", "escalation"),
    ("son-la", "liaison-yunnan"): ("protection_abroad", "voluntary_return"),
    ("son-la", "nha-hoa-ban"): ("reception", "psychosocial_care"),
    ("liaison-yunnan", "lao-cai"): ("voluntary_return", "tracing"),
    ("liaison-yunnan", "son-la"): ("voluntary_return", "tracing"),
    ("nha-hoa-ban", "lao-cai"): ("reception", "reintegration", "escalation"),
    ("nha-hoa-ban", "son-la"): ("reception", "reintegration"),
    ("nha-hoa-ban", "liaison-yunnan"): ("voluntary_return",),
}
"""Who may offer what to whom (domain.md §5.h); transfers before shares."""
PERIODS = """
SELECT
    a.since_event, a.since_at, a.from_member, a.until_event, a.until_at,
    NOT coalesce(until.author = $2 AND taken.digest IS NULL, false) AS taker_has_it,
    NOT coalesce(since.author = $2 AND told.digest IS NULL, false)
    OR a.from_member = '' AS giver_has_it
FROM answerability AS a
LEFT JOIN event AS until ON a.until_event = until.event_id
LEFT JOIN receipt AS taken ON until.subject = taken.digest
LEFT JOIN event AS since ON a.since_event = since.event_id
LEFT JOIN receipt AS told ON since.subject = told.digest
WHERE a.case_id = ANY ($1) ORDER BY a.number
"""
STEPS: dict[str, Callable[[], Body]] = {
    "opened": Opening,
    "question": lambda: Question("?", "vi"),
    "answer": lambda: Reply(".", "vi"),
    "accept": Acceptance,
    "decline": lambda: Decline("no_capacity"),
    "misrouted": Misrouting,
    "revocation": lambda: Revocation("other"),
    "recall": lambda: Recall("consent_withdrawn", (new_id(),), ("D1",)),
    "cannot_keep": lambda: CannotKeep("no_capacity"),
    "return_to_sender": lambda: ReturnToSender("service_unavailable"),
    "withdrawal": lambda: Withdrawal(new_id()),
    "suspension": lambda: Suspension("other"),
}
"""What an officer may say at any time, as far as the table lets her."""


@dataclass(frozen=True)
class Referral:
    """One referral of the person, at both ends."""

    referral_id: bytes
    giver: str
    receiver: str
    kind: str

    def member(self, side: str) -> str:
        return self.giver if side == "giver" else self.receiver


class Person:
    """One person on the way through a town."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.cases: set[bytes] = set()
        self.referrals: list[Referral] = []

    async def open(self, member: str) -> None:
        town = self.town
        act = OpenCase(
            town.members[member].own,
            OFFICER.actor(),
            new_id(),
            "rescued",
            (D1,),
            town.moment(member),
        )
        opened = await town.act(member, act)
        (row,) = await town.rows(
            member, "SELECT case_id FROM cases WHERE pseudonym = $1", opened.result
        )
        self.cases.add(row["case_id"])

    async def cases_at(self, member: str) -> list[Any]:
        """The person's cases here; an onward offer may have begun another one."""
        return await self.town.rows(
            member,
            "SELECT case_id, pseudonym, answerable FROM cases "
            "WHERE case_id = ANY ($1) OR case_id IN ("
            "SELECT case_id FROM referral WHERE referral_id = ANY ($2)) "
            "ORDER BY opened_at, pseudonym",
            list(self.cases),
            [each.referral_id for each in self.referrals],
        )

    async def state(self, referral: Referral, side: str) -> str:
        rows = await self.town.rows(
            referral.member(side),
            "SELECT state FROM referral WHERE referral_id = $1",
            referral.referral_id,
        )
        return rows[0]["state"] if rows else "none"

    async def beliefs(self) -> dict[tuple[str, bytes], str]:
        cases = await asyncio.gather(*(self.cases_at(each) for each in MEMBERS))
        return {
            (member, case["case_id"]): case["answerable"]
            for member, held in zip(MEMBERS, cases, strict=True)
            for case in held
        }

    async def periods(self) -> list[AnswerabilityPeriod]:
        """What each member knows of itself, merged."""
        found = []
        for member in MEMBERS:
            ids = [case["case_id"] for case in await self.cases_at(member)]
            rows = await self.town.rows(member, PERIODS, ids, member)
            found += [
                AnswerabilityPeriod(
                    member=member,
                    since=row["since_at"],
                    since_event=row["since_event"],
                    until=row["until_at"],
                    until_event=row["until_event"],
                    given_by=row["from_member"],
                    taker_has_it=row["taker_has_it"],
                    giver_has_it=row["giver_has_it"],
                )
                for row in rows
            ]
        return found

    async def check_ended(self, referral: Referral) -> None:
        """Both ends agree, and parts opened only on an acceptance that holds."""
        giver = await self.state(referral, "giver")
        assert giver == await self.state(referral, "receiver"), (referral, giver)
        steps = await self.town.rows(
            referral.giver,
            "SELECT step FROM event WHERE referral_id = $1 ORDER BY referral_no",
            referral.referral_id,
        )
        said = [row["step"] for row in steps]
        released = said.index("release") if "release" in said else len(said)
        assert said.count("release") + said.count("void") <= 1, said
        if "release" in said:
            assert "accept" in said[:released], said
            assert not ENDS & set(said[:released]), said
        opened = await self.town.rows(
            referral.receiver,
            "SELECT 1 FROM event WHERE referral_id = $1 AND step = 'release'",
            referral.referral_id,
        )
        assert bool(opened) == ("release" in said), said
        if giver in HANDSHAKE_ENDED:
            kept = await self.town.rows(
                referral.giver,
                "SELECT 1 FROM part_key WHERE referral_id = $1",
                referral.referral_id,
            )
            assert not kept, giver

    async def withdraw(self, referral: Referral) -> None:
        """What may go to this receiver may no longer, at the giver."""
        for case in await self.cases_at(referral.giver):
            await self.consent(
                referral.giver,
                case["pseudonym"],
                referral.receiver,
                referral.kind,
                "withdrawn",
            )

    async def offer(
        self, giver: str, receiver: str, kind: str, *, sealed: bool
    ) -> None:
        town, own = self.town, self.town.members[giver].own
        cases = await self.cases_at(giver)
        if not cases:
            return
        # Where there are several, the one for which it answers.
        held = [case for case in cases if case["answerable"] == "answerable"]
        case = (held or cases)[-1]["pseudonym"]
        moment = town.moment(giver)
        if sealed:
            await town.act(
                giver,
                AddRecord(own, OFFICER.actor(), new_id(), case, D1, moment),
            )
            await self.consent(giver, case, receiver, kind, "given")
        offer = Offer(kind, "normal", (), "adult", "1", ("vi",), (), "?", "vi", ())
        made = await town.act(
            giver,
            MakeOffer(
                own,
                OFFICER.actor(),
                new_id(),
                case,
                receiver,
                offer,
                ("D1",) if sealed else (),
                moment.case,
                moment,
            ),
        )
        self.referrals.append(Referral(made.result.referral_id, giver, receiver, kind))

    def answered(self, member: str, recipient: str, kind: str, status: str):
        now = self.town.moment(member).case
        return ConsentCopy(
            consent_id=new_id(),
            purpose=PURPOSE_OF[ReferralType(kind)].value,
            recipient=recipient,
            categories=("D1",),
            status=status,
            subject="self",
            method="oral_witnessed",
            language="vi",
            interpreter="",
            informed_points=INFORMED_POINTS,
            given_at=now,
            valid_until=now + timedelta(days=90),
            witness="officer-2",
        )

    async def consent(
        self, member: str, case: str, recipient: str, kind: str, status: str
    ) -> None:
        """Her answer about what may go to ``recipient``, at one member."""
        town = self.town
        copy = self.answered(member, recipient, kind, status)
        own, moment = town.members[member].own, town.moment(member)
        await town.act(member, RecordConsent(own, OFFICER, case, copy, moment))

    async def step(self, referral: Referral, side: str, body: Body) -> None:
        await self.town.act(referral.member(side), self.step_act(referral, side, body))

    def step_act(self, referral: Referral, side: str, body: Body) -> TakeStep:
        member = referral.member(side)
        moment = self.town.moment(member)
        return TakeStep(
            self.town.members[member].own,
            OFFICER.actor(),
            referral.referral_id,
            new_id(),
            as_demanded(referral.kind, body, moment.case),
            moment.case,
            moment,
        )

    async def open_steps(self, referral: Referral, side: str) -> list[str]:
        """Of what an officer may say at any time, what the table lets her say."""
        state = await self.state(referral, side)
        rules = self.town.founded.policy.steps
        day = self.town.case.date()
        open_now = rules.open_steps(
            ReferralType(referral.kind), State(state), Side(side), day
        )
        return [step.value for step in open_now if step.value in STEPS]

    async def digest(self, referral: Referral, side: str, step: Step) -> bytes:
        own = self.town.members[referral.member(side)].own
        async with own.database.connection() as connection:
            said = await said_in(own, connection, referral.referral_id)
        return required(said, step).digest

    async def travel(self, referral: Referral) -> None:
        """From the release to the gate, each step arriving before the next."""
        now = self.town.moment(referral.giver).case
        day, hour = timedelta(days=1), timedelta(hours=1)
        wish = self.answered(referral.giver, referral.receiver, referral.kind, "given")
        both: list[tuple[str, Callable[[], Any]]] = [
            (
                "giver",
                lambda: RiskAssessment(
                    (RiskFactor("debt", 1, 1, ""),), "low", "go", now + 30 * day
                ),
            ),
            ("receiver", lambda: self._risk(referral)),
            ("giver", lambda: TravelDocument("none_needed", "", now, now + day)),
            (
                "giver",
                lambda: ReturnPlan("land", GATE, now + hour, (), 0, "fit", True, True),
            ),
            ("receiver", lambda: self._plan(referral)),
            ("giver", lambda: Reconsent(wish)),
            ("giver", lambda: Appointment(GATE, now + hour, (), 1)),
            ("receiver", lambda: AppointmentConfirmation(GATE, now + hour)),
            ("giver", lambda: Departure(now, 1)),
            ("giver", lambda: GateArrival(GATE, now)),
        ]
        for side, make in both:
            body = make()
            if asyncio.iscoroutine(body):
                body = await body
            await self.step(referral, side, body)
            await self.town.settle_between(referral.giver, referral.receiver)

    async def _risk(self, referral: Referral) -> RiskCountersignature:
        digest = await self.digest(referral, "receiver", Step.RISK_ASSESSMENT)
        return RiskCountersignature(digest, "go")

    async def _plan(self, referral: Referral) -> PlanConfirmation:
        digest = await self.digest(referral, "receiver", Step.RETURN_PLAN)
        # A place that waited for a week: three working days before at least.
        sure = self.town.case - timedelta(days=7)
        return PlanConfirmation(digest, "establishment", sure)

    async def minutes(self, referral: Referral, digits: str = "") -> None:
        now = self.town.moment(referral.giver).case
        body = Minutes(GATE, now, 1, "match", "well", (), handover_code=digits)
        await self.step(referral, "giver", body)

    async def countersign(self, referral: Referral, *, agrees: bool) -> None:
        digest = await self.digest(referral, "receiver", Step.MINUTES)
        now = self.town.moment(referral.receiver).case
        body: Body = (
            Countersignature(digest, now, 1, "match")
            if agrees
            else Dispute(digest, ("count_mismatch",))
        )
        await self.step(referral, "receiver", body)
