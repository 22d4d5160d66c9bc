"""Every screen of the console: filled, empty, in error, and with the longest words.

Promises: what is listed here is looked at by the tests of accessibility, of width
and of privacy, and photographed by ``make screens``. A new page is added here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gateway.forms import referral as draft_forms
from gateway.forms.referral import Draft
from services.cli.office import ADMINISTRATOR, AUDITOR, enter
from services.node.domain.bodies import Decline, Question
from services.node.domain.bodies_return import Suspension
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.documents import DocumentKind
from services.node.domain.identifiers import new_id
from services.node.domain.override import OverrideAsked
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.ledger_client import LedgerClient
from services.node.rpc.ledger_values import EntrySought
from services.node.rpc.sign_in_client import SignInClient
from tests.console.aside import aside
from tests.console.consoles import GUARD, HOUSE, LIAISON, PROVINCE, Consoles
from tests.console.home_scenes import (
    asked_home,
    at_home,
    case_at,
    placed,
    planned_home,
)
from tests.console.scenes import NEED, Scenes, Sent
from tests.console.seats import Seat
from tests.console.told import told

OFFICER, MANAGER, OTHER_UNIT, LOCKED = (
    "officer-14",
    "manager-1",
    "officer-21",
    "officer-31",
)
GUEST = "officer-51"
"""Invited, and never enrolled."""
LONG_NEED = (NEED + " ") * 40 + "khôngcókhoảngtrắng" * 12


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: whose, where, and what is pressed to see it."""

    name: str
    member: str
    officer: str
    path: str
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()

    def open(self, seat: Seat) -> None:
        """Shows it at the seat of its officer."""
        seat.go(self.path)
        for field, value in self.fill:
            seat.page.fill(field, value)
        if self.press:
            seat.press(self.press)


def every_screen(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    """Brings about what the screens show, and lists them."""
    return (
        *_doors(consoles),
        *_referring(scenes),
        *_cases(scenes),
        *_house(scenes),
        *_approvals(scenes),
        *_home(scenes),
        Screen("today-empty", GUARD, "guard-9", "/"),
        Screen("waiting-empty", GUARD, "guard-9", "/?group=waiting_on_others"),
        Screen("notices-empty", GUARD, "guard-9", "/?group=notices"),
        Screen("drafts-empty", GUARD, "guard-9", "/?group=drafts"),
        Screen("exchange-empty", GUARD, "guard-9", "/exchange"),
        Screen("today-mine-empty", GUARD, "guard-9", "/?whose=me"),
        Screen("cases-empty", GUARD, "guard-9", "/cases"),
        Screen("node", PROVINCE, ADMINISTRATOR, "/node"),
        Screen("node-error", PROVINCE, ADMINISTRATOR, "/node", _FORM),
        *_audit(consoles, scenes),
        Screen("webhooks", PROVINCE, ADMINISTRATOR, "/node/webhooks"),
        Screen("webhooks-empty", GUARD, ADMINISTRATOR, "/node/webhooks"),
        Screen("refused-role", PROVINCE, AUDITOR, "/cases"),
        Screen("refused-unknown", PROVINCE, OFFICER, "/nothing-here"),
    )


_FORM = "main form[novalidate] button:not([type=button])"


def _audit(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    overridden(scenes)
    offer, answer = aside(_entries(consoles))

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, AUDITOR, path, press)

    mistyped = "?code=zz&since=zz"
    return (
        at("audit", "/audit"),
        at("audit-verified", "/audit", "main form button"),
        at("audit-concern", "/audit/concerns/override_unreviewed"),
        at("audit-concern-empty", "/audit/concerns/disputed"),
        at("audit-entries", "/audit/entries"),
        at("audit-entries-some", "/audit/entries?kind=offer"),
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


def _doors(consoles: Consoles) -> tuple[Screen, ...]:
    code = aside(_invited(consoles))
    invited = (("#code", code),)
    aside(_locked(consoles))
    aside(told(consoles, PROVINCE, OFFICER))
    return (
        Screen("sign-in", PROVINCE, "", "/sign-in"),
        Screen("sign-in-error", PROVINCE, "", "/sign-in", _FORM),
        Screen("enrol", PROVINCE, "", "/enrol"),
        Screen("enrol-error", PROVINCE, "", "/enrol", _FORM),
        Screen("enrol-password", PROVINCE, "", "/enrol", _FORM, invited),
        Screen("locked", PROVINCE, LOCKED, "/locked"),
        Screen("verify", PROVINCE, "", "/verify"),
        Screen("verify-error", PROVINCE, "", "/verify?code=zz&digits=zz"),
        Screen("blank", PROVINCE, "", "/blank"),
        Screen("account", PROVINCE, OFFICER, "/account"),
    )


async def _invited(consoles: Consoles) -> str:
    socket = consoles.network.local_socket(PROVINCE)
    async with SignInClient(socket, PROVINCE) as client:
        await enter(client, (OfficerRead(GUEST, "officer", "new-unit", active=True),))
        return (await client.invite_officer(ADMINISTRATOR, GUEST, reset=True)).code


async def _locked(consoles: Consoles) -> None:
    socket = consoles.network.config(PROVINCE).local.gateway_socket
    async with SignInClient(socket, PROVINCE) as client:
        await client.acting(await consoles.signed_in(PROVINCE, LOCKED)).lock_session()


def _referring(scenes: Scenes) -> tuple[Screen, ...]:
    whole = whole_draft(scenes.case(PROVINCE, OFFICER))
    answered = replace(whole, categories=())
    asked = replace(answered, answer=())
    needed = replace(asked, recipient="")
    refused = replace(whole, answer=(("answer", ("refused",)), *_ANSWER[1:]))
    drafts = {
        "need": replace(needed, referral_type="", priority=""),
        "where": needed,
        "answer": asked,
        "show": answered,
        "check": whole,
    }
    found = [
        Screen("refer", PROVINCE, OFFICER, "/refer"),
        Screen("refer-error", PROVINCE, OFFICER, "/refer", _FORM),
    ]
    for page, draft in drafts.items():
        path = f"/refer/{kept(scenes, draft)}/{page}"
        found.append(Screen(f"refer-{page}", PROVINCE, OFFICER, path))
        if page in {"need", "where", "answer"}:
            found.append(Screen(f"refer-{page}-error", PROVINCE, OFFICER, path, _FORM))
    for name, draft in (
        ("refused", refused),
        ("longest", replace(whole, need=LONG_NEED)),
        ("unlawful", replace(whole, categories=("D1", "D3"))),
    ):
        path = f"/refer/{kept(scenes, draft)}/check"
        found.append(Screen(f"refer-check-{name}", PROVINCE, OFFICER, path))
    return tuple(found)


_ANSWER = (
    ("answer", ("given",)),
    ("capacity", ("adult",)),
    ("method", ("written",)),
    ("consent_language", ("vi",)),
    ("interpreter", ("",)),
    ("consent_witness", ("",)),
    ("informed_points", tuple(INFORMED_POINTS)),
    ("valid_days", ("90",)),
)


def whole_draft(case: str) -> Draft:
    """A referral that is written and not sent."""
    return Draft(
        case,
        referral_type="reception",
        priority="urgent",
        need=NEED,
        need_language="vi",
        recipient=HOUSE,
        categories=("D1",),
        answer=_ANSWER,
        event=new_id().hex(),
    )


def kept(scenes: Scenes, draft: Draft) -> str:
    """Keeps it at the node; its number."""

    async def act(desk: DeskClient, who: str) -> str:
        line = await desk.keep_form(
            who, draft_forms.KIND, draft_forms.to_bytes(draft), case=draft.case
        )
        return line.form_id.hex()

    return scenes.at(PROVINCE, act, OFFICER)


def _cases(scenes: Scenes) -> tuple[Screen, ...]:
    sent = scenes.accepted(scenes.sent(need=LONG_NEED))
    fresh = scenes.case(PROVINCE, OFFICER, ())
    case, bare = f"/cases/{sent.case}", f"/cases/{fresh}"

    def at(name: str, path: str, press: str = "", officer: str = OFFICER) -> Screen:
        return Screen(name, PROVINCE, officer, path, press)

    return (
        at("today", "/"),
        at("waiting", "/?group=waiting_on_others"),
        at("today-unit", "/?whose=unit"),
        at("drafts", "/?group=drafts"),
        at("exchange", "/exchange"),
        at("exchange-with", f"/exchange?peer={HOUSE}"),
        at("cases", "/cases"),
        at("directory", "/directory"),
        at("directory-some", "/directory?need=reception"),
        at("directory-none", "/directory?need=reception&country=CN"),
        at("case", case),
        at("case-done", f"{bare}?done=set_risk_level"),
        at("case-fresh", bare),
        at("person", f"{case}/person"),
        at("person-empty", f"{bare}/person"),
        at("record", f"{case}/person/D1"),
        at("record-error", f"{case}/person/D2", _FORM),
        at("answers", f"{case}/answers"),
        at("answers-empty", f"{bare}/answers"),
        at("looks", f"{case}/looks"),
        at("looks-empty", f"{bare}/looks"),
        at("act", f"{bare}/acts/close"),
        at("act-error", f"{bare}/acts/close", _FORM),
        at("documents", f"{case}/documents"),
        at("documents-empty", f"{bare}/documents"),
        *(at(f"document-{each}", f"{case}/documents/{each}") for each in DocumentKind),
        at("document-error", f"{case}/documents/consent_form", _FORM),
        at("verify-none", f"/verify/{sent.case}/{'0' * 32}"),
        at("reason", f"{case}/reason", officer=OTHER_UNIT),
        at("sent", sent.path),
    )


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


def _approvals(scenes: Scenes) -> tuple[Screen, ...]:
    case = scenes.case(PROVINCE, OFFICER)

    async def ask(desk: DeskClient, who: str) -> str:
        return (await desk.ask_approval(who, case, OVERRIDE)).approval_id.hex()

    mine, theirs = (scenes.at(PROVINCE, ask, each) for each in (OFFICER, "officer-11"))

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, OFFICER, path, press)

    return (
        at("approvals", "/approvals"),
        Screen("approvals-empty", GUARD, "guard-9", "/approvals"),
        at("approval-asked", f"/approvals/{mine}"),
        at("approval-waiting", f"/approvals/{theirs}"),
        at("override", f"/cases/{case}/override"),
        at("override-error", f"/cases/{case}/override", _FORM),
        at("prove", "/account/prove"),
        at("search", "/search"),
        at("search-none", f"/search?code={scenes.case(HOUSE)}"),
        at("search-error", "/search?code=zz"),
    )


def _home(scenes: Scenes) -> tuple[Screen, ...]:
    sent, stopped = planned_home(scenes), asked_home(scenes)
    scenes.step(LIAISON, stopped, Suspension("health"))
    scenes.sees(PROVINCE, stopped, "suspended")
    home, over = (case_at(scenes, PROVINCE, each) for each in (sent, stopped))
    full = f"/cases/{at_home(scenes)}"
    bare = f"/cases/{placed(scenes)}"

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, "officer-11", path, press)

    return (
        at("exchange-border", f"/exchange?peer={LIAISON}"),
        at("notices", "/?group=notices"),
        at("return", f"/cases/{home}/return"),
        at("return-stopped", f"/cases/{over}/return"),
        at("return-empty", f"{bare}/return"),
        at("reintegration", f"{full}/reintegration"),
        at("reintegration-empty", f"{bare}/reintegration"),
        at("follow-up", f"{full}/follow-up"),
        at("follow-up-error", f"{full}/follow-up", _FORM),
        at("plan", f"{bare}/plan"),
        at("plan-error", f"{bare}/plan", _FORM),
        at("goal", f"{full}/plan/goals/0"),
        at("action", f"{full}/plan/goals/0/actions/0"),
        at("minor", f"{full}/minors/new"),
        at("minor-error", f"{full}/minors/new", _FORM),
    )


def _house(scenes: Scenes) -> tuple[Screen, ...]:
    waiting, asked, mine = scenes.sent(), scenes.sent(), scenes.sent()
    scenes.step(HOUSE, asked, Question("Cần phiên dịch không?", "vi"))
    scenes.accepted(mine)
    claimed, back = scenes.sent(), scenes.sent()
    scenes.at(HOUSE, lambda desk, who: desk.claim_referral(who, claimed.referral_id))
    scenes.step(HOUSE, back, Decline("no_capacity", GUARD))
    scenes.sees(PROVINCE, back, "declined")
    scenes.taken_back(scenes.accepted(scenes.sent()))

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, HOUSE, MANAGER, path, press)

    return (
        at("inbox", "/"),
        at("notices-house", "/?group=notices"),
        at("incoming", waiting.path),
        at("asked", asked.path),
        at("question", f"{waiting.path}/question"),
        at("question-error", f"{waiting.path}/question", _FORM),
        at("decline", f"{waiting.path}/decline"),
        at("decline-error", f"{waiting.path}/decline", _FORM),
        at("claimed", claimed.path),
        Screen("claimed-by-other", HOUSE, "manager-2", claimed.path),
        at("forward", f"{waiting.path}/forward"),
        at("forward-error", f"{waiting.path}/forward", _FORM),
        at("accepted", f"{mine.path}?done=accept"),
        Screen("came-back", PROVINCE, OFFICER, back.path),
        Screen("onward", PROVINCE, OFFICER, f"{back.path}/forward"),
        at("received", mine.path),
        at("received-case", _case_at_house(scenes, mine)),
    )


def _case_at_house(scenes: Scenes, sent: Sent) -> str:
    async def act(desk: DeskClient, who: str) -> str:
        found = await desk.get_referral(who, sent.referral_id)
        return f"/cases/{found.referral.case_pseudonym}"

    return scenes.at(HOUSE, act)
