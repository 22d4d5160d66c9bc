"""Every screen of the console: filled, empty, in error, and with the longest words.

Promises: what is listed here is looked at by the tests of accessibility, of width
and of privacy, and photographed by ``make screens``. A new page is added here.
"""

from __future__ import annotations

from dataclasses import replace

from services.cli.office import ADMINISTRATOR, AUDITOR, enter
from services.node.domain.bodies import Decline, Question
from services.node.domain.bodies_return import Suspension
from services.node.domain.documents import DocumentKind
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_client import SignInClient
from tests.console.amended import amended_screens
from tests.console.aside import aside
from tests.console.audit_screens import approval_screens, audit_screens
from tests.console.child_screens import screens_for_a_child
from tests.console.consoles import GUARD, HOUSE, LIAISON, PROVINCE, Consoles
from tests.console.drafts import ANSWER, crossing_draft, kept, whole_draft
from tests.console.filed import with_file
from tests.console.followed import followed
from tests.console.home_scenes import (
    asked_home,
    at_home,
    at_the_gate,
    case_at,
    placed,
    planned_home,
    written_down,
)
from tests.console.let_in import asked
from tests.console.lost import differing
from tests.console.scenes import NEED, Scenes, Sent, known
from tests.console.screen import FORM, OFFICER, Screen
from tests.console.standing import standing
from tests.console.told import told
from tests.console.unreached import refused, waits

MANAGER, OTHER_UNIT, LOCKED = (
    "manager-1",
    "officer-21",
    "officer-31",
)
GUEST = "officer-51"
"""Invited, and never enrolled."""
LONG_NEED = (NEED + " ") * 40 + "khôngcókhoảngtrắng" * 12


def every_screen(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    """Brings about what the screens show, and lists them."""
    return (
        *_doors(consoles),
        *_referring(scenes),
        *_cases(scenes),
        *_silence(scenes),
        *amended_screens(scenes),
        *_house(scenes),
        Screen(
            "node-day", PROVINCE, ADMINISTRATOR, differing(consoles, PROVINCE, HOUSE)
        ),
        *approval_screens(scenes),
        *screens_for_a_child(scenes),
        *_home(scenes),
        Screen("today-empty", GUARD, "guard-9", "/"),
        Screen("waiting-empty", GUARD, "guard-9", "/?group=waiting_on_others"),
        Screen("notices-empty", GUARD, "guard-9", "/?group=notices"),
        Screen("drafts-empty", GUARD, "guard-9", "/?group=drafts"),
        Screen("exchange-empty", GUARD, "supervisor-8", "/exchange"),
        Screen("today-mine-empty", GUARD, "guard-9", "/?whose=me"),
        Screen("cases-empty", GUARD, "guard-9", "/cases"),
        Screen("node", PROVINCE, ADMINISTRATOR, "/node"),
        Screen("node-empty", GUARD, ADMINISTRATOR, "/node"),
        *_unreached(consoles, scenes),
        *_colleagues(consoles),
        *audit_screens(consoles, scenes),
        *(
            Screen(f"node-{name}", PROVINCE, ADMINISTRATOR, f"/node/{name}")
            for name in ("upkeep", "peers", "keys", "rules")
        ),
        Screen("node-keys-next", GUARD, ADMINISTRATOR, followed(consoles, GUARD)),
        Screen("webhooks", PROVINCE, ADMINISTRATOR, "/node/webhooks"),
        Screen("webhooks-empty", GUARD, ADMINISTRATOR, "/node/webhooks"),
        Screen("programs", PROVINCE, ADMINISTRATOR, "/node/programs"),
        Screen("programs-empty", GUARD, ADMINISTRATOR, "/node/programs"),
        *(
            Screen(f"{name}-error", PROVINCE, ADMINISTRATOR, f"/node/{name}/new", FORM)
            for name in ("programs", "webhooks")
        ),
        Screen("refused-role", PROVINCE, AUDITOR, "/cases"),
        Screen("refused-unknown", PROVINCE, OFFICER, "/nothing-here"),
    )


def _doors(consoles: Consoles) -> tuple[Screen, ...]:
    code = aside(_invited(consoles))
    invited = (("#code", code),)
    aside(_locked(consoles))
    program = f"/node/programs/{aside(told(consoles, PROVINCE, OFFICER)).hex()}/end"
    return (
        Screen("sign-in", PROVINCE, "", "/sign-in"),
        Screen("sign-in-error", PROVINCE, "", "/sign-in", FORM),
        Screen("enrol", PROVINCE, "", "/enrol"),
        Screen("enrol-error", PROVINCE, "", "/enrol", FORM),
        Screen("enrol-password", PROVINCE, "", "/enrol", FORM, invited),
        Screen("locked", PROVINCE, LOCKED, "/locked"),
        Screen("verify", PROVINCE, "", "/verify"),
        Screen("verify-error", PROVINCE, "", "/verify?code=zz&digits=zz"),
        Screen("blank", PROVINCE, "", "/blank"),
        Screen("account", PROVINCE, OFFICER, "/account"),
        Screen("program-end", PROVINCE, ADMINISTRATOR, program),
    )


def _colleagues(consoles: Consoles) -> tuple[Screen, ...]:
    """Who works here, what a change does, and what waits for a second person."""
    aside(asked(consoles))
    change = "/node/officers/change"
    moved = f"{change}?sure=yes&pseudonym={OFFICER}&role=supervisor&unit=reintegration"
    return (
        Screen("colleague-form", PROVINCE, ADMINISTRATOR, change),
        Screen("colleague-error", PROVINCE, ADMINISTRATOR, change, FORM),
        Screen("colleague-change", PROVINCE, ADMINISTRATOR, moved),
        *(
            Screen(f"colleague-{what}", PROVINCE, ADMINISTRATOR, path)
            for what, path in (
                ("leave", f"/node/officers/{OFFICER}/leave"),
                ("back", f"/node/officers/{OFFICER}/back"),
                ("invite", f"/node/officers/{OFFICER}/invite"),
            )
        ),
        Screen("admissions", PROVINCE, OFFICER, "/admissions"),
        Screen("admissions-empty", GUARD, "guard-9", "/admissions"),
    )


def _unreached(consoles: Consoles, scenes: Scenes) -> tuple[Screen, ...]:
    """What waits and what was not received, for the administrator and the sender."""
    dead = refused(consoles, PROVINCE, scenes.sent())
    waits(consoles, PROVINCE, scenes.sent())
    return (Screen("sent-refused", PROVINCE, OFFICER, dead.path),)


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
    asked = replace(whole, answer=())
    shown = replace(asked, categories=())
    needed = replace(shown, recipient="")
    refused = replace(whole, answer=(("answer", ("refused",)), *ANSWER[1:]))
    drafts = {
        "need": replace(needed, referral_type="", priority=""),
        "where": replace(needed, case=scenes.case(PROVINCE, OFFICER, (A_MAN,))),
        "show": shown,
        "answer": asked,
        "callback": replace(whole, callback_phone="at the gate"),
        "check": whole,
    }
    found = [
        Screen("refer", PROVINCE, OFFICER, "/refer"),
        Screen("refer-error", PROVINCE, OFFICER, "/refer", FORM),
    ]
    for page, draft in drafts.items():
        path = f"/refer/{kept(scenes, draft)}/{page}"
        found.append(Screen(f"refer-{page}", PROVINCE, OFFICER, path))
        if page != "check":
            found.append(Screen(f"refer-{page}-error", PROVINCE, OFFICER, path, FORM))
    for name, draft in (
        ("refused", refused),
        ("longest", replace(whole, need=LONG_NEED)),
        ("by-two", crossing_draft(whole.case)),
        ("unlawful", replace(whole, categories=("D1", "D3"))),
    ):
        path = f"/refer/{kept(scenes, draft)}/check"
        found.append(Screen(f"refer-check-{name}", PROVINCE, OFFICER, path))
    return tuple(found)


A_MAN = known("D1", prs_Gender="Masculine", prs_PrimaryLanguage="hmn")
"""Whom the house of this network does not help."""


def _cases(scenes: Scenes) -> tuple[Screen, ...]:
    sent = scenes.accepted(scenes.sent(need=LONG_NEED))
    fresh = scenes.case(PROVINCE, OFFICER, ())
    filed = with_file(scenes, HOUSE)
    case, bare = f"/cases/{sent.case}", f"/cases/{fresh}"
    ended = scenes.acknowledged(scenes.taken_back(scenes.accepted(scenes.sent())))
    scenes.noted(sent, LONG_NEED)
    withdrawal = f"{case}/answers/{scenes.answer(sent)}/withdrawal"
    over = scenes.answer(ended)

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
        at("closing-error", "/directory/closed", FORM),
        at("directory-none", "/directory?need=reception&country=CN"),
        at("case", case),
        at("case-done", f"{bare}?done=set_risk_level"),
        at("case-fresh", bare),
        at("person", f"{case}/person"),
        at("person-empty", f"{bare}/person"),
        at("record", f"{case}/person/D1"),
        at("record-error", f"{case}/person/D2", FORM),
        at("answers", f"{case}/answers"),
        at("answers-empty", f"{bare}/answers"),
        at("answers-ended", f"/cases/{ended.case}/answers"),
        at("withdrawal", withdrawal),
        at("withdrawal-error", withdrawal, FORM),
        at("withdrawal-none", f"/cases/{ended.case}/answers/{over}/withdrawal"),
        at("messages", f"{case}/messages"),
        at("note", f"{case}/notes/new"),
        at("note-error", f"{case}/notes/new", FORM),
        at("messages-empty", f"{bare}/messages"),
        at("looks", f"{case}/looks"),
        at("looks-empty", f"{bare}/looks"),
        at("act", f"{bare}/acts/close"),
        at("act-error", f"{bare}/acts/close", FORM),
        at("files", f"/cases/{filed.case}/files"),
        at("files-small", f"/cases/{filed.case}/files?small=yes"),
        at("files-empty", f"{bare}/files"),
        at("files-error", f"{bare}/files", "form[data-upload] button"),
        at("file", f"/cases/{filed.case}/files/{filed.file}"),
        at("documents", f"{case}/documents"),
        at("documents-empty", f"{bare}/documents"),
        *(at(f"document-{each}", f"{case}/documents/{each}") for each in DocumentKind),
        at("document-error", f"{case}/documents/consent_form", FORM),
        at("verify-none", f"/verify/{sent.case}/{'0' * 32}"),
        at("reason", f"{case}/reason", officer=OTHER_UNIT),
        at("sent", sent.path),
    )


def _silence(scenes: Scenes) -> tuple[Screen, ...]:
    silent, told = scenes.sent(), scenes.escalated(scenes.sent())
    path = f"{silent.path}/escalate"
    return (
        Screen("escalate-error", PROVINCE, OFFICER, path, FORM),
        Screen("escalated", PROVINCE, OFFICER, told.path),
    )


def _home(scenes: Scenes) -> tuple[Screen, ...]:
    sent, stopped = planned_home(scenes), asked_home(scenes)
    scenes.step(LIAISON, stopped, Suspension("health"))
    scenes.sees(PROVINCE, stopped, "suspended")
    gate = at_the_gate(scenes)
    home, over = (case_at(scenes, PROVINCE, each) for each in (sent, stopped))
    reintegrating = at_home(scenes)
    full, pause = f"/cases/{reintegrating}", standing(scenes, reintegrating)
    bare = f"/cases/{placed(scenes)}"
    written_down(scenes, home)

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, PROVINCE, "officer-11", path, press)

    return (
        Screen("minutes", LIAISON, "liaison-5", gate.path),
        at("to-countersign", gate.path),
        at("countersignature", f"{gate.path}/countersignature"),
        at("countersignature-error", f"{gate.path}/countersignature", FORM),
        at("exchange-border", f"/exchange?peer={LIAISON}"),
        at("notices", "/?group=notices"),
        at("services", f"/cases/{home}/services"),
        at("services-plan", f"{full}/services"),
        at("safety", f"/cases/{home}/safety"),
        at("return", f"/cases/{home}/return"),
        at("return-stopped", f"/cases/{over}/return"),
        at("return-empty", f"{bare}/return"),
        at("reintegration", f"{full}/reintegration"),
        at("plan-versions", f"{full}/plan/versions"),
        at("reintegration-empty", f"{bare}/reintegration"),
        at("follow-up", f"{full}/follow-up"),
        at("follow-up-error", f"{full}/follow-up", FORM),
        at("plan", f"{bare}/plan"),
        at("plan-error", f"{bare}/plan", FORM),
        at("goal", f"{full}/plan/goals/0"),
        at("action", f"{full}/plan/goals/0/actions/0"),
        at("case-standing", full),
        at("clock-pause-error", pause, FORM),
        at("minor", f"{full}/minors/new"),
        at("minor-error", f"{full}/minors/new", FORM),
    )


def _house(scenes: Scenes) -> tuple[Screen, ...]:
    waiting, asked, mine = scenes.sent(), scenes.sent(), scenes.sent()
    scenes.step(HOUSE, asked, Question("Cần phiên dịch không?", "vi"))
    scenes.accepted(mine)
    claimed, back = scenes.sent(), scenes.sent()

    async def assigned(desk: DeskClient, who: str) -> None:
        await desk.assign_work(who, MANAGER, referrals=(waiting.referral_id,))

    scenes.at(HOUSE, assigned)
    scenes.at(HOUSE, lambda desk, who: desk.claim_referral(who, claimed.referral_id))
    scenes.step(HOUSE, back, Decline("no_capacity", GUARD))
    scenes.sees(PROVINCE, back, "declined")
    scenes.taken_back(scenes.accepted(scenes.sent()))
    missed = scenes.missed()

    def at(name: str, path: str, press: str = "") -> Screen:
        return Screen(name, HOUSE, MANAGER, path, press)

    return (
        at("inbox", "/"),
        at("inbox-unmarked", "/", "button[value=assign]"),
        at("notices-house", "/?group=notices"),
        at("incoming", waiting.path),
        at("asked", asked.path),
        at("question", f"{waiting.path}/question"),
        at("question-error", f"{waiting.path}/question", FORM),
        at("decline", f"{waiting.path}/decline"),
        at("decline-error", f"{waiting.path}/decline", FORM),
        at("claimed", claimed.path),
        Screen("claimed-by-other", HOUSE, "manager-2", claimed.path),
        at("forward", f"{waiting.path}/forward"),
        at("forward-error", f"{waiting.path}/forward", FORM),
        at("accepted", f"{mine.path}?done=accept"),
        Screen("came-back", PROVINCE, OFFICER, back.path),
        Screen("onward", PROVINCE, OFFICER, f"{back.path}/forward"),
        at("received", mine.path),
        at("arrival-error", f"{mine.path}/arrival", FORM),
        Screen("missed", PROVINCE, OFFICER, missed.path),
        at("not-arrived", f"{missed.path}/not_arrived"),
        at("not-arrived-error", f"{missed.path}/not_arrived", FORM),
        at("received-case", _case_at_house(scenes, mine)),
    )


def _case_at_house(scenes: Scenes, sent: Sent) -> str:
    async def act(desk: DeskClient, who: str) -> str:
        found = await desk.get_referral(who, sent.referral_id)
        return f"/cases/{found.referral.case_pseudonym}"

    return scenes.at(HOUSE, act)
