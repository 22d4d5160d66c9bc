"""Three ways in which a person ends what she agreed to, played by real nodes.

Two helpers got something from one province; a copy of an answer went on from the
liaison through the province to the gate; an override went out before she was asked.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from datetime import timedelta

from rich.console import Console
from typer.testing import CliRunner

from services.cli.audit_faults import AuditReport
from services.cli.demo.answers import NEVER, offer, record
from services.cli.demo.cast import cast_of
from services.cli.demo.narrator import Narrator
from services.cli.demo.run import audited
from services.cli.demo.staff import case_workers
from services.cli.demo.stage import Acting, Stage, set_stage
from services.cli.main import app
from services.cli.network import Network
from services.node.domain.bodies import (
    Acceptance,
    Feedback,
    RecallAcknowledgement,
)
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.errors import RelaisError
from services.node.domain.override import OverrideAsked
from services.node.domain.records import ConsentCopy
from services.node.rpc.desk_receipts import ReceiptRead

CAST = cast_of(3)
PROVINCE, LAWYER, POLICE = "lao-cai", "legal-aid-lao-cai", "police-lao-cai"
LIAISON, GATE = "liaison-yunnan", "border-guard-lao-cai"
_PATIENCE = 30.0


def yes(purpose: str, recipient: str, *categories: str, **changes: str) -> ConsentCopy:
    return ConsentCopy(
        consent_id=b"",
        purpose=purpose,
        recipient=recipient,
        categories=categories,
        status=changes.get("status", "given"),
        subject="self",
        method="oral_witnessed",
        language="vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=NEVER,
        valid_until=NEVER,
        witness="w-1",
    )


PROFILE = record("D1", prs_Gender="Feminine", prs_Citizenship="VN")
IDENTITY = record("D2", prs_FirstName="Mo", prs_SecondName="Vang")
LEGAL = record("D9", local_case_status="open")


@dataclass(frozen=True)
class Withdrawn:
    """What every node holds after the withdrawals."""

    receipts: dict[str, list[ReceiptRead]]
    held: dict[str, set[str]]
    before: dict[str, set[str]]
    said: dict[str, RecallAcknowledgement]
    states: dict[str, str]
    answerable: dict[str, str]
    refused: list[list[str]]
    report: AuditReport
    standings: dict[str, str]
    foreseen: dict[str, list[tuple[str, bytes, tuple[str, ...]]]]
    case: str
    """The province's number of the case with the override."""
    sealed: int
    """How many part keys the province still holds."""
    keys: dict[str, tuple[int, int]]
    """How many keys were dropped, and how many are kept sealed."""


async def withdraw_everywhere(network: Network) -> Withdrawn:
    sockets = [(each.name, each.local_socket) for each in network.members()]
    narrator = Narrator(Console(file=io.StringIO(), width=96))
    async with set_stage(sockets, narrator) as stage:
        await stage.moves_to(0, "09:00")
        helpers = await _two_helpers(stage)
        gate = await _through_the_gate(stage)
        override = await _by_override(stage)
    report = await audited(network)
    parts = (helpers, gate, override)
    return Withdrawn(
        **{
            name: {key: at for part in parts for key, at in getattr(part, name).items()}
            for name in ("receipts", "held", "before", "said", "states", "answerable")
        },
        refused=[part.refused for part in parts],
        case=override.cases[0],
        standings=gate.standings,
        foreseen=helpers.foreseen,
        sealed=_count(network, PROVINCE, "SELECT count(*) FROM part_key"),
        report=report,
        keys={member: _keys(network, member) for member in (LAWYER, POLICE, GATE)},
    )


def _keys(network: Network, member: str) -> tuple[int, int]:
    return (
        _count(network, member, "SELECT count(*) FROM key_drop"),
        _count(
            network, member, "SELECT count(*) FROM data_key WHERE scope LIKE 'kept:%'"
        ),
    )


def _count(network: Network, member: str, sql: str) -> int:
    return int(network.state.cluster.query(sql, database=member))


def printed_at_the_province(network: Network, *arguments: str) -> str:
    """What `relais case …` prints at the province."""
    officer = case_workers(PROVINCE)[0]
    socket = str(network.local_socket(PROVINCE))
    done = CliRunner().invoke(
        app, ["case", *arguments, "--officer", officer, "--socket", socket]
    )
    assert done.exit_code == 0, done.output
    return done.output


@dataclass
class _Seen:
    receipts: dict[str, list[ReceiptRead]]
    held: dict[str, set[str]]
    before: dict[str, set[str]]
    said: dict[str, RecallAcknowledgement]
    states: dict[str, str]
    answerable: dict[str, str]
    refused: list[str]
    cases: list[str] = field(default_factory=list)
    standings: dict[str, str] = field(default_factory=dict)
    foreseen: dict[str, list[tuple[str, bytes, tuple[str, ...]]]] = field(
        default_factory=dict
    )


async def _two_helpers(stage: Stage) -> _Seen:
    """A lawyer and the police hold what a province told them; both noes are said."""
    province, seen = stage.at(PROVINCE), _Seen({}, {}, {}, {}, {}, {}, [])
    opened = await province.desk.open_case(
        province.officer, "self_returned", [PROFILE, IDENTITY, LEGAL]
    )
    case, cases = opened.case_pseudonym, {}
    asked = {
        LAWYER: ("legal_aid", "legal_aid"),
        POLICE: ("criminal_justice_cooperation", "criminal_justice"),
    }
    consents, referrals = {}, {}
    for member, (purpose, referral_type) in asked.items():
        consents[member] = await province.desk.record_consent(
            province.officer, case, yes(purpose, member, "D1", "D2", "D9")
        )
        referrals[member] = await province.offer(
            case, member, offer(CAST, referral_type, "normal", ""), "D1", "D2", "D9"
        )
        cases[member] = await stage.at(member).accept(referrals[member])
        seen.before[member] = set(await stage.at(member).holds(cases[member]))
    await stage.moves_to(1, "09:00")
    for member in asked:
        foreseen = await province.desk.check_withdrawal(
            province.officer, case, consents[member]
        )
        seen.foreseen[member] = [
            (each.member, each.referral_id, each.categories) for each in foreseen.told
        ]
        await province.withdraw(case, consents[member])
    for member in asked:
        await province.acknowledged(case, member)
        who = stage.at(member)
        seen.held[member] = set(await who.holds(cases[member]))
        _, said = await province.said(referrals[member], "recall_acknowledgement")
        assert isinstance(said, RecallAcknowledgement)
        seen.said[member] = said
        found = await province.desk.get_referral(province.officer, referrals[member])
        seen.states[member] = found.referral.state
        try:
            await province.offer(
                case, member, offer(CAST, asked[member][1], "normal", ""), "D1"
            )
        except RelaisError as error:
            seen.refused.append(error.code)
    receipts = await province.desk.read_receipts(province.officer, case)
    seen.receipts[PROVINCE] = list(receipts)
    seen.answerable[PROVINCE] = (await province.case(case)).answerable
    seen.held[PROVINCE] = set(await province.holds(case))
    return seen


async def _through_the_gate(stage: Stage) -> _Seen:
    """A copy of an answer went on: its no follows it through the province."""
    liaison, province = stage.at(LIAISON), stage.at(PROVINCE)
    gate, seen = stage.at(GATE), _Seen({}, {}, {}, {}, {}, {}, [])
    opened = await liaison.desk.open_case(
        liaison.officer, "rescued", [PROFILE, IDENTITY]
    )
    case = opened.case_pseudonym
    record_yes = liaison.desk.record_consent
    wish = await record_yes(
        liaison.officer, case, yes("voluntary_return", PROVINCE, "D1", "D2")
    )
    handover = await record_yes(
        liaison.officer, case, yes("border_handover", GATE, "D1", "D2")
    )
    home = await liaison.offer(
        case, PROVINCE, offer(CAST, "voluntary_return", "normal", ""), "D1", "D2"
    )
    there = await province.accept(home)
    meet = await province.offer(
        there, GATE, offer(CAST, "border_handover", "normal", ""), "D1", "D2"
    )
    at_gate = await gate.accept(meet)
    seen.before[GATE] = set(await gate.holds(at_gate))
    try:
        await province.step(home, Feedback("in_process", ("found_safe",)))
    except RelaisError as error:
        seen.refused.append(error.code)
    await liaison.withdraw(case, handover)
    await liaison.acknowledged(case, PROVINCE)
    await province.sees(meet, "withdrawn")
    seen.said[GATE] = await _until_said(province, meet)
    seen.held[GATE] = set(await gate.holds(at_gate))
    seen.held["the province, of who comes home"] = set(await province.holds(there))
    seen.receipts[LIAISON] = list(
        await liaison.desk.read_receipts(liaison.officer, case)
    )
    seen.states["home"] = (
        await liaison.desk.get_referral(liaison.officer, home)
    ).referral.state
    await liaison.withdraw(case, wish)
    await province.sees(home, "withdrawn")
    await _until_said(liaison, home, times=2)
    seen.held["the province, after she changed her mind"] = set(
        await province.holds(there)
    )
    seen.receipts["passed on"] = list(
        await province.desk.read_receipts(province.officer, there)
    )
    found = await liaison.desk.list_consents(liaison.officer, case)
    seen.standings = {
        f"{each.purpose} {each.category}": each.standing for each in found.standings
    }
    seen.answerable[LIAISON] = (await liaison.case(case)).answerable
    return seen


async def _by_override(stage: Stage) -> _Seen:
    """An override that its review takes back, and two that come too late."""
    province, second = stage.at(PROVINCE), stage.at(PROVINCE, 1)
    lawyer, seen = stage.at(LAWYER), _Seen({}, {}, {}, {}, {}, {}, [])
    now = await stage.moves_to(2, "09:00")
    opened = await province.desk.open_case(
        province.officer, "self_returned", [PROFILE, IDENTITY]
    )
    case = opened.case_pseudonym
    asked = OverrideAsked(
        recipient=LAWYER,
        purpose="legal_aid",
        category="D2",
        law="Law 66/2011/QH12 Art 30",
        reason="danger to life",
        review_by=now + timedelta(hours=12),
    )
    overridden = await _override(province, second, case, asked)
    urgent = offer(CAST, "legal_aid", "urgent", "")
    referral = await province.offer(case, LAWYER, urgent, "D2")
    there = await lawyer.accept(referral)
    seen.before["by override"] = set(await lawyer.holds(there))
    await second.desk.review_override(second.officer, case, overridden, "withdrawn")
    await _until_said(province, referral)
    seen.held["by override"] = set(await lawyer.holds(there))
    # She is asked at last, agrees, and takes it back before anybody opened it.
    agreed = await province.desk.record_consent(
        province.officer, case, yes("legal_aid", LAWYER, "D2")
    )
    waiting = await province.offer(case, LAWYER, urgent, "D2")
    await lawyer.sees(waiting, "offered")
    await _override(province, second, case, asked)
    await province.withdraw(case, agreed)
    await province.sees(waiting, "recalled")
    await lawyer.sees(waiting, "recalled")
    await _override(province, second, case, asked)
    for _ in ("recorded before the no", "recorded after it"):
        try:
            await province.offer(case, LAWYER, urgent, "D2")
        except RelaisError as error:
            seen.refused.append(error.code)
    try:
        await lawyer.step(waiting, Acceptance())
    except RelaisError as error:
        seen.refused.append(error.code)
    await province.acknowledged(case, LAWYER)
    seen.receipts["by override"] = list(
        await province.desk.read_receipts(province.officer, case)
    )
    seen.cases.append(case)
    return seen


async def _override(
    first: Acting, second: Acting, case: str, asked: OverrideAsked
) -> bytes:
    """As the second officer approves it."""
    approval = await first.asks_second(second, case, asked)
    return await first.desk.record_override(first.officer, case, asked, approval)


async def _until_said(
    who: Acting, referral_id: bytes, times: int = 1
) -> RecallAcknowledgement:
    """The newest of so many acknowledgements in this referral."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            found = await who.desk.get_referral(who.officer, referral_id)
            said = [
                each.body
                for each in found.steps
                if isinstance(each.body, RecallAcknowledgement)
            ]
            if len(said) == times:
                return said[-1]
            await asyncio.sleep(0.1)
