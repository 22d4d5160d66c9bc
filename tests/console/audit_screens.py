"""Screens of what two people decide, and of the auditor who looks at it later."""

from __future__ import annotations

from datetime import UTC, datetime

from services.cli.office import AUDITOR
from services.node.domain.override import OverrideAsked
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.second_person import Sending
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.ledger_client import LedgerClient
from services.node.rpc.ledger_values import EntrySought
from tests.console.aside import aside
from tests.console.consoles import GUARD, HOUSE, LIAISON, PROVINCE, Consoles
from tests.console.scenes import NEED, Scenes, asking, yes
from tests.console.screen import FORM, OFFICER, Screen

OVERRIDE = OverrideAsked(
    recipient=GUARD,
    purpose="border_handover",
    category="D7",
    law="Law 53/2024/QH15",
    reason=NEED,
    review_by=datetime(2026, 3, 3, 1, 0, tzinfo=UTC),
)


def overridden(scenes: Scenes) -> str:
    """An emergency override of two officers that nobody has reviewed; its case."""
    case = scenes.case(PROVINCE, OFFICER)

    async def asks(desk: DeskClient, who: str) -> bytes:
        return (await desk.ask_approval(who, case, OVERRIDE)).approval_id

    asked = scenes.at(PROVINCE, asks, OFFICER)

    async def answers(desk: DeskClient, who: str) -> None:
        await desk.answer_approval(who, asked, "approved")

    async def acts(desk: DeskClient, who: str) -> None:
        await desk.record_override(who, case, OVERRIDE, asked)

    scenes.at(PROVINCE, answers, "officer-11")
    scenes.at(PROVINCE, acts, OFFICER)
    return case


def reviewed_at(scenes: Scenes, case: str) -> str:
    """Where the newest override of a case is read and reviewed."""

    async def find(desk: DeskClient, who: str) -> str:
        (*_, newest) = (await desk.list_consents(who, case)).overrides
        return newest.override_id.hex()

    return f"/cases/{case}/overrides/{scenes.at(PROVINCE, find)}"


def approval_screens(scenes: Scenes) -> tuple[Screen, ...]:
    case = scenes.case(PROVINCE, OFFICER)

    async def ask(desk: DeskClient, who: str) -> str:
        return (await desk.ask_approval(who, case, OVERRIDE)).approval_id.hex()

    async def send(desk: DeskClient, who: str) -> str:
        answer = yes(PURPOSE_OF[ReferralType.TRACING], LIAISON, "D1", "D2")
        await desk.record_consent(who, case, answer)
        act = Sending(LIAISON, asking("tracing", NEED, "urgent"), ("D1", "D2"))
        return (await desk.ask_approval(who, case, act)).approval_id.hex()

    mine, theirs = (scenes.at(PROVINCE, ask, each) for each in (OFFICER, "officer-11"))
    abroad = scenes.at(PROVINCE, send, "officer-11")

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, OFFICER, path, press)

    def searched(name: str, code: str) -> Screen:
        return Screen(name, PROVINCE, OFFICER, "/search", FORM, (("#code", code),))

    return (
        at("approvals", "/approvals"),
        Screen("approvals-empty", GUARD, "guard-9", "/approvals"),
        at("approval-asked", f"/approvals/{mine}"),
        at("approval-waiting", f"/approvals/{theirs}"),
        at("approval-sending", f"/approvals/{abroad}"),
        at("override", f"/cases/{case}/override"),
        at("override-error", f"/cases/{case}/override", FORM),
        at("prove", "/account/prove"),
        at("search", "/search"),
        searched("search-none", scenes.case(HOUSE)),
        searched("search-error", "zz"),
    )


def audit_screens(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    case = overridden(scenes)
    review = reviewed_at(scenes, case)
    offer, answer = aside(_entries(consoles))

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, AUDITOR, path, press)

    mistyped = "?code=zz&since=zz"
    return (
        at("audit", "/audit"),
        Screen("answers-overridden", PROVINCE, OFFICER, f"/cases/{case}/answers"),
        Screen("override-review-error", PROVINCE, "officer-11", review, FORM),
        Screen("own-ledger", PROVINCE, OFFICER, "/ledger"),
        Screen("own-ledger-none", PROVINCE, OFFICER, "/ledger?kind=dispute"),
        Screen(
            "own-ledger-unanswered", PROVINCE, OFFICER, "/ledger/concerns/unanswered"
        ),
        at("audit-verified", "/audit", "main form button"),
        at("audit-concern", "/audit/concerns/override_unreviewed"),
        at("audit-concern-empty", "/audit/concerns/disputed"),
        at("audit-entries", "/audit/entries"),
        at("audit-entries-some", "/audit/entries?kind=offer"),
        at("audit-entries-code", f"/audit/entries?code={case}"),
        at("audit-entries-none", "/audit/entries?kind=dispute"),
        at("audit-entries-error", f"/audit/entries{mistyped}"),
        at("audit-entry-first", "/audit/entries/0"),
        at("audit-entry-sent", f"/audit/entries/{offer}"),
        at("audit-entry-received", f"/audit/entries/{answer}"),
        at("audit-looks", "/audit/looks"),
        at("audit-looks-none", "/audit/looks?staff=nobody"),
        at("audit-looks-error", f"/audit/looks{mistyped}"),
    )


async def _entries(consoles: Consoles) -> tuple[int, int]:
    """An entry of something sent, and one of something received."""
    socket = consoles.network.local_socket(PROVINCE)
    async with LedgerClient(socket, PROVINCE) as client:
        found = [
            (await client.list_entries(AUDITOR, EntrySought(kind=each), 1)).entries
            for each in ("offer", "accept")
        ]
    (sent,), (received,) = found
    return sent.index, received.index
