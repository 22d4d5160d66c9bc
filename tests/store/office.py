"""Officers at one member, of whom two act where one is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.node.domain.approvals import ApprovalAnswer, ApprovedAct
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.override import OverrideAsked
from services.node.domain.people import Officer, Role
from services.node.flows.approvals import AnswerApproval, AskApproval
from services.node.flows.case_step import TakeCaseStep
from services.node.flows.record_answers import RecordOverride
from services.node.store import officers
from services.node.store.rows import OfficerRow
from tests.store.person import Person

HOME = "lao-cai"
DAY, YEAR = timedelta(hours=24), timedelta(days=365)
YES, NO = ApprovalAnswer.APPROVED, ApprovalAnswer.REFUSED
FIRST = Officer("desk-1", Role.OFFICER, "desk", active=True)
SECOND = Officer("desk-2", Role.SUPERVISOR, "review", active=True)
THIRD = Officer("desk-3", Role.OFFICER, "desk", active=True)


@dataclass
class Office:
    """A person's case, and the officers who work on it."""

    person: Person
    case: str = ""

    @property
    def town(self):
        return self.person.town

    @property
    def own(self):
        return self.town.members[HOME].own

    def now(self):
        return self.town.moment(HOME)

    async def hire(self, officer: Officer) -> None:
        at = self.now().case
        row = OfficerRow(
            officer.pseudonym,
            officer.role.value,
            officer.unit,
            officer.active,
            at,
            "admin",
            at,
            "admin",
        )
        async with self.own.database.connection() as connection:
            await officers.keep_officer(connection, row)

    async def ask(self, act: ApprovedAct, officer=FIRST, case="") -> bytes:
        number = new_id()
        named = case or self.case
        ask = AskApproval(self.own, officer, number, named, act, self.now())
        await self.town.act(HOME, ask)
        return number

    async def answer(self, number, answer=YES, officer=SECOND, reason="") -> None:
        said = (self.own, officer, new_id(), number, answer, reason, self.now())
        await self.town.act(HOME, AnswerApproval(*said))

    async def approved(self, act: ApprovedAct) -> bytes:
        number = await self.ask(act)
        await self.answer(number)
        return number

    async def override(self, asked, number, officer=FIRST, case="") -> bytes:
        override_id, named = new_id(), case or self.case
        said = (self.own, officer, override_id, named, asked, number, self.now())
        await self.town.act(HOME, RecordOverride(*said))
        return override_id

    async def close(self, details, number, event_id=b"", happened_at=None):
        moment = self.now()
        act = TakeCaseStep(
            self.own,
            FIRST,
            event_id or new_id(),
            self.case,
            CaseAct.CLOSE,
            details,
            number,
            happened_at or moment.case,
            moment,
        )
        return (await self.town.act(HOME, act)).result

    def asked(self) -> OverrideAsked:
        return OverrideAsked(
            recipient="son-la",
            purpose="emergency_protection",
            category="D2",
            law="Law 66/2011/QH12 Art 30",
            reason="danger to life",
            review_by=self.now().case + timedelta(hours=12),
        )

    def closing(self) -> CaseDetails:
        now = self.now().case
        return CaseDetails(
            reason="person_requests_closure",
            retain_until=now + YEAR,
            anonymise_at=now + 2 * YEAR,
            delete_at=now + 3 * YEAR,
        )

    async def count(self, table: str) -> int:
        (row,) = await self.town.rows(HOME, f"SELECT count(*) AS n FROM {table}")  # noqa: S608
        return int(row["n"])


async def opened_office(town) -> Office:
    person = Person(town)
    await person.open(HOME)
    (case,) = await person.cases_at(HOME)
    office = Office(person, case["pseudonym"])
    for each in (FIRST, SECOND, THIRD):
        await office.hire(each)
    said = (CaseAct("receive"), CaseDetails(), b"", office.now().case, office.now())
    receive = TakeCaseStep(office.own, FIRST, new_id(), office.case, *said)
    await town.act(HOME, receive)
    return office


async def refusal(doing) -> str:
    with pytest.raises(RelaisError) as caught:
        await doing
    return caught.value.code
