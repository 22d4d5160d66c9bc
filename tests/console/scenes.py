"""What happened before: cases and referrals, brought about over the nodes' sockets.

The person is invented, and her name is a canary: it may stand on the one page that
shows what is known about her, and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from services.node.domain.bodies import Acceptance, Offer
from services.node.domain.bodies_return import NonArrival
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.handoff import Body
from services.node.domain.notes import Note
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.second_person import Sending
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_receipts import WithdrawalAsked
from tests.console.aside import aside
from tests.console.consoles import HOUSE, LIAISON, PROVINCE, STAFF, Consoles
from tests.promised import as_demanded

T = TypeVar("T")
CANARY = "Sươngkhuya Hoamướp"
"""The name that must not be seen where it need not be."""
WHEN_THE_NODE_SAYS = datetime(1970, 1, 1, tzinfo=UTC)
NEED = "Một chỗ ở an toàn trong vài tuần."


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral, its case at the giver, and where it is looked at."""

    case: str
    referral_id: bytes

    @property
    def path(self) -> str:
        """Its page at either end."""
        return f"/referrals/{self.referral_id.hex()}"


def known(category: str, language: str = "", **answers: str) -> CategoryRecord:
    """What is known of one category."""
    return CategoryRecord(
        category,
        tuple(Answer(name, (value,), language) for name, value in answers.items()),
    )


PROFILE = known(
    "D1", prs_Gender="Feminine", prs_Citizenship="VN", local_age_band="24_26"
)
IDENTITY = known(
    "D2", prs_FirstName=CANARY.split(maxsplit=1)[0], prs_SecondName=CANARY.split()[1]
)


async def by_a_colleague(
    desk: DeskClient, who: str, case: str, asked: Sending
) -> bytes:
    """The approval of another officer, for what leaves the country."""
    number = (await desk.ask_approval(who, case, asked)).approval_id
    (first, second, *_) = (each.pseudonym for each in STAFF[desk.member])
    await desk.answer_approval(second if who == first else first, number, "approved")
    return number


class Scenes:
    """Brings about what a test begins with."""

    def __init__(self, consoles: Consoles) -> None:
        self._consoles = consoles

    def case(
        self,
        member: str = PROVINCE,
        officer: str = "",
        records: tuple[CategoryRecord, ...] = (PROFILE, IDENTITY),
    ) -> str:
        """A case that this member has just opened; its code."""

        async def act(desk: DeskClient, who: str) -> str:
            return (await desk.open_case(who, "rescued", records)).case_pseudonym

        return self.at(member, act, officer)

    def escalated(self, sent: Sent) -> Sent:
        """The national desk is told that the receiver is silent; that escalation."""

        async def act(desk: DeskClient, who: str) -> bytes:
            told = await desk.escalate(who, sent.referral_id, "not_reached")
            return told.referral_id

        return Sent(sent.case, self.at(PROVINCE, act))

    def sent(
        self,
        giver: str = PROVINCE,
        receiver: str = HOUSE,
        kind: str = "reception",
        need: str = NEED,
        case: str = "",
        priority: str = "normal",
    ) -> Sent:
        """A referral that the person agreed to, and that has come to its receiver."""
        code = case or self.case(giver)

        async def act(desk: DeskClient, who: str) -> bytes:
            answer = yes(PURPOSE_OF[ReferralType(kind)], receiver, "D1", "D2")
            await desk.record_consent(who, code, answer)
            offer = asking(kind, need, priority)
            known = ("D1", "D2")
            approval = b""
            if LIAISON in {giver, receiver}:
                asked = Sending(receiver, offer, known)
                approval = await by_a_colleague(desk, who, code, asked)
            made = await desk.make_offer(
                who, code, receiver, offer, known, approval_id=approval
            )
            return made.referral_id

        found = Sent(code, self.at(giver, act))
        self.sees(receiver, found)
        return found

    def accepted(self, sent: Sent, receiver: str = HOUSE) -> Sent:
        """The receiver said yes, and has what was sealed; nobody is missed soon."""

        async def act(desk: DeskClient, who: str) -> None:
            now = (await desk.get_status()).case_now
            kind = (await desk.await_referral(who, sent.referral_id)).referral_type
            body = as_demanded(kind, Acceptance(), now)
            await desk.take_step(who, sent.referral_id, body)

        self.at(receiver, act)
        self.sees(receiver, sent, "in_service")
        return sent

    def missed(self) -> Sent:
        """Somebody who was promised a bed and a telephone, and who did not arrive."""
        sent = self.sent()

        async def now(desk: DeskClient, _: str) -> datetime:
            return (await desk.get_status()).case_now

        begun = self.at(HOUSE, now)
        promise = Acceptance(
            expected_at=begun + timedelta(hours=6),
            expected_zone="Asia/Shanghai",
            contact_function="duty_officer",
            contact_phone="+84 000 000 000",
            contact_hours="06:00–22:00",
        )
        self.step(HOUSE, sent, promise)
        self.sees(HOUSE, sent, "in_service")
        words = "Xe buýt đã về bến, không có ai xuống."
        self.step(HOUSE, sent, NonArrival(begun, "nothing_known", words, "vi"))
        return sent

    def taken_back(self, sent: Sent, giver: str = PROVINCE) -> Sent:
        """The person takes back what she agreed to; the receiver is told by itself."""

        async def act(desk: DeskClient, who: str) -> None:
            given = (await desk.list_consents(who, sent.case)).consents[0].consent_id
            asked = WithdrawalAsked(given, "oral_witnessed", witness="w-1")
            await desk.withdraw_consent(who, sent.case, asked)

        self.at(giver, act)
        return sent

    def acknowledged(self, sent: Sent) -> Sent:
        """Waits until whoever was told of the person's noes has answered."""

        async def act(desk: DeskClient, who: str) -> None:
            async with asyncio.timeout(30):
                while True:
                    found = await desk.read_receipts(who, sent.case)
                    states = {told.state for each in found for told in each.told}
                    if states == {"acknowledged"}:
                        return
                    await asyncio.sleep(0.1)

        self.at(PROVINCE, act)
        return sent

    def answer(self, sent: Sent) -> str:
        """The number of the person's first answer, as addresses name it."""

        async def act(desk: DeskClient, who: str) -> str:
            found = await desk.list_consents(who, sent.case)
            return found.consents[0].consent_id.hex()

        return self.at(PROVINCE, act)

    def noted(self, sent: Sent, text: str) -> None:
        """An internal note at the giver."""

        async def act(desk: DeskClient, who: str) -> None:
            await desk.keep_note(who, sent.case, Note(text, "vi"))

        self.at(PROVINCE, act)

    def step(self, member: str, sent: Sent, body: Body) -> None:
        """A member's first officer takes a step."""

        async def act(desk: DeskClient, who: str) -> None:
            await desk.take_step(who, sent.referral_id, body)

        self.at(member, act)

    def sees(self, member: str, sent: Sent, *states: str) -> str:
        """Waits until a member has the referral in one of these states."""

        async def act(desk: DeskClient, who: str) -> str:
            found = await desk.await_referral(who, sent.referral_id, *states)
            return found.state

        return self.at(member, act)

    def at(
        self,
        member: str,
        act: Callable[[DeskClient, str], Awaitable[T]],
        officer: str = "",
    ) -> T:
        """Acts as an officer of a member, the first if none is named."""
        socket = self._consoles.network.local_socket(member)
        who = officer or STAFF[member][0].pseudonym

        async def acting() -> T:
            async with DeskClient(socket, member) as desk:
                return await act(desk, who)

        return aside(acting())


def yes(purpose: str, recipient: str, *categories: str) -> ConsentCopy:
    """The person's yes, said before a witness."""
    return ConsentCopy(
        consent_id=b"",
        purpose=purpose,
        recipient=recipient,
        categories=categories,
        status="given",
        subject="self",
        method="oral_witnessed",
        language="vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=WHEN_THE_NODE_SAYS,
        valid_until=WHEN_THE_NODE_SAYS,
        witness="w-1",
    )


def asking(kind: str, need: str = NEED, priority: str = "normal") -> Offer:
    """An offer; the node fills in the minimal profile."""
    return Offer(
        referral_type=kind,
        priority=priority,
        services=(),
        age_band="",
        sex="",
        languages=(),
        constraints=("step_free",),
        need=need,
        need_language="vi" if need else "",
        basis_ids=(),
    )
