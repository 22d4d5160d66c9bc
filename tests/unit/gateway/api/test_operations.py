"""The contract: nothing of the console is missing, and the page lists all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gateway.api.app import make_api, operation_ids
from gateway.api.referrals import BY_HAND
from gateway.app import _ROOMS as CONSOLE
from services.node.domain.handoff import Step

PAGE = Path(__file__).parents[4] / "docs" / "api.md"
ROW = re.compile(r"^\| `(\w+)` \| `(\w+) ([^`]+)` \|", re.MULTILINE)

BROWSER = "only a browser needs it"
SAME_AS = {
    "accompany.ask_follow_up": BROWSER,
    "accompany.keep_follow_up": ["record_follow_up"],
    "accompany.ask_plan": ["get_plan"],
    "accompany.keep_plan": ["keep_plan"],
    "accompany.ask_goal": ["get_plan"],
    "accompany.keep_goal": ["keep_plan"],
    "accompany.ask_action": ["get_plan"],
    "accompany.keep_action": ["keep_plan"],
    "accompany.ask_minor": ["get_case_state"],
    "accompany.keep_minor": ["keep_minor"],
    "homeward.show": [
        "get_case",
        "get_case_state",
        "list_case_clocks",
        "get_referral",
    ],
    "reintegration.show": ["get_case_state", "get_plan", "list_case_clocks"],
    "account.account": ["list_passkeys", "get_session"],
    "account.prove": ["prove_session"],
    "account.passkey_options": BROWSER,
    "account.add_passkey": BROWSER,
    "account.remove_passkey": ["remove_passkey"],
    "account.change_password": ["change_password"],
    "account.leave_everywhere": ["sign_out_everywhere"],
    "account.ask_proof": BROWSER,
    "audit.audit": ["list_concerns", "get_status", "list_prunings"],
    "audit.verify": ["verify_ledger"],
    "audit.export": ["export_log"],
    "audit.extract": ["extract_entries"],
    "audit.concern": ["list_concerns", "list_parties"],
    "audit_entries.entries": ["list_entries"],
    "audit_entries.entry": ["get_entry"],
    "own_ledger.entries": ["list_own_entries", "list_own_concerns"],
    "own_ledger.entry": ["get_own_entry"],
    "own_ledger.extract": ["extract_own_entries"],
    "own_ledger.concern": ["list_own_concerns"],
    "audit_looks.looks": ["review_looks", "list_unusual"],
    "audit_looks.sheet": ["review_looks"],
    "audit_looks.withdraw_sheet": "a program asks for no sheet, so it has none to take"
    " back",
    "audit_looks.ask_sheet": "a sheet is for whoever reads it; a program reads pages",
    "approvals.approvals": ["list_approvals"],
    "approvals.show": ["get_approval"],
    "approvals.answer": ["answer_approval"],
    "approvals.use": ["take_case_act", "record_override"],
    "approvals.ask_override": BROWSER,
    "approvals.request_override": ["ask_override_approval"],
    "documents.documents": ["list_copies"],
    "documents.ask": BROWSER,
    "documents.take_copy": ["print_document"],
    "verify.ask": BROWSER,
    "verify.verify": ["verify_document"],
    "verify.verify_file": ["verify_file"],
    "files.files": ["list_attachments"],
    "files.add": ["begin_upload", "keep_piece", "finish_upload"],
    "files.begin": ["begin_upload"],
    "files.keep_piece": ["keep_piece", "get_upload"],
    "files.finish": ["finish_upload"],
    "files.show": ["list_attachments"],
    "files.picture": "a picture with a mark is for whoever looks at a screen",
    "files.download": ["read_attachment"],
    "search.ask": BROWSER,
    "search.search": ["find_code"],
    "case_file.cases": ["list_cases"],
    "case_file.show": ["get_case", "get_case_state", "prove_case", "list_case_clocks"],
    "case_file.person": ["read_records"],
    "case_file.ask_record": BROWSER,
    "case_matters.services": ["read_services"],
    "case_matters.safety": ["read_safety"],
    "assigning.assign": ["list_assignees", "assign_work"],
    "assigning.listed": BROWSER,
    "versions.plan_versions": ["list_plan_versions", "compare_plans"],
    "versions.versions": ["list_record_versions", "compare_record_versions"],
    "case_file.keep_record": ["add_record"],
    "answers.answers": ["list_consents", "read_receipts"],
    "answers.ask_withdrawal": ["check_withdrawal"],
    "answers.withdraw": ["withdraw_consent"],
    "clocks.ask": ["list_case_clocks"],
    "clocks.pause": ["pause_clock"],
    "clocks.resume": ["resume_clock"],
    "overrides.show": ["list_consents"],
    "overrides.review": ["review_override"],
    "messages.messages": ["read_messages", "read_notes"],
    "messages.ask_note": BROWSER,
    "messages.keep_note": ["keep_note"],
    "case_file.looks": ["list_looks"],
    "case_file.ask": BROWSER,
    "case_file.take": ["take_case_act", "ask_closure_approval"],
    "directory.directory": ["list_members", "get_closed_to_new"],
    "closing.ask": ["get_closed_to_new"],
    "closing.close": ["say_closed_to_new"],
    "closing.end": ["say_open_again"],
    "escalating.ask": ["get_referral", "list_members"],
    "escalating.escalate": ["escalate_referral"],
    "exchange.exchange": ["list_corridors", "list_members", "get_worklist"],
    "forward.ask": BROWSER,
    "forward.take": [
        "take_step_decline",
        "take_step_misrouted",
        "take_step_return_to_sender",
        "take_step_cannot_keep",
        "begin_form",
    ],
    "live.events": ["await_change"],
    "live.changes": ["await_change"],
    "node.node": [
        "get_status",
        "list_waiting",
        "list_letters",
        "list_officers",
        "list_disclosure_reports",
        "list_sign_in_events",
        "probe_member",
        "list_webhooks",
        "get_upkeep",
        "list_peers",
    ],
    "upkeep.upkeep": ["get_upkeep"],
    "upkeep.note": ["note_upkeep"],
    "upkeep.peers": ["list_peers", "get_status"],
    "upkeep.measure": ["measure_peers"],
    "upkeep.keys": ["get_keys"],
    "upkeep.ask_key": ["ask_key"],
    "upkeep.key_entry": ["get_keys"],
    "upkeep.ask_sealing_keys": ["ask_sealing_keys"],
    "upkeep.sealing_entry": ["get_keys"],
    "upkeep.rules": ["get_retention"],
    "upkeep.list_day": ["list_day"],
    "upkeep.configuration": ["get_configuration"],
    "webhooks.webhooks": ["list_webhooks"],
    "programs.programs": ["list_clients"],
    "programs.ask": ["list_clients"],
    "programs.end": ["revoke_client"],
    "letting_in.ask_program": BROWSER,
    "letting_in.let_in": ["invite_client"],
    "letting_in.ask_webhook": BROWSER,
    "letting_in.register": ["register_webhook"],
    "webhooks.renew": ["rotate_webhook"],
    "webhooks.test": ["test_webhook"],
    "webhooks.switch": ["switch_webhook"],
    "node.retry": ["retry_member"],
    "node.give_back": ["return_letter"],
    "node.retry_letter": ["retry_letter"],
    "kept.show": ["get_form"],
    "kept.drop": ["drop_form"],
    "colleagues.change": ["list_officers"],
    "colleagues.keep": ["keep_officer"],
    "colleagues.tell": ["list_officers", "list_admissions", "get_officer_work"],
    "colleagues.leave": ["keep_officer"],
    "colleagues.back": ["keep_officer"],
    "colleagues.invite": ["invite_officer"],
    "colleagues.admissions": ["list_admissions"],
    "colleagues.answer": ["answer_admission"],
    "reasons.ask_for_case": BROWSER,
    "reasons.keep_for_case": BROWSER,
    "reasons.ask_for_referral": BROWSER,
    "reasons.keep_for_referral": BROWSER,
    "refer.begin": ["list_forms"],
    "refer.choose_case": ["open_case", "begin_form"],
    "refer.ask": [
        "get_form",
        "list_attachments",
        "list_needs",
        "list_codes",
        "check_referral",
    ],
    "refer.drop": ["drop_form"],
    "refer.keep": [
        "keep_form",
        "record_consent",
        "ask_sending_approval",
        "make_offer",
        "take_step_rerouted",
    ],
    "referral.show": ["get_referral", "get_claim"],
    "referral.claim": ["claim_referral", "release_claim"],
    "referral.ask": ["list_results"],
    "referral.take": [
        *(f"take_step_{step}" for step in BY_HAND),
        "ask_arrival_approval",
    ],
    "sign_in.ask_who": BROWSER,
    "sign_in.sign_in": ["sign_in"],
    "sign_in.sign_in_by_passkey": BROWSER,
    "sign_in.passkey_options": BROWSER,
    "sign_in.ask_invitation": BROWSER,
    "sign_in.show_invitation": BROWSER,
    "sign_in.choose_password": BROWSER,
    "sign_in.confirm_enrolment": BROWSER,
    "sign_in.ask_again": BROWSER,
    "sign_in.unlock": ["unlock_session"],
    "sign_in.lock": ["lock_session"],
    "sign_in.leave": ["lock_session"],
    "sign_in.blank": BROWSER,
    "sign_in.no_icon": BROWSER,
    "sign_in.sign_out": ["sign_out"],
    "sign_in.speak": ["set_language"],
    "saved_views.listed": BROWSER,
    "saved_views.keep": ["keep_view"],
    "saved_views.drop": ["drop_view"],
    "names.listed": BROWSER,
    "names.show": ["show_names"],
    "today.today": [
        "list_views",
        "get_worklist",
        "list_notices",
        "list_approvals",
        "list_forms",
    ],
}
"""What the console does, by room and function, and the operations that do the same."""


@pytest.fixture(scope="module")
def contract() -> Any:
    return make_api().openapi()


def operations(contract):
    return {
        each["operationId"]: (method.upper(), path, each)
        for path, several in contract["paths"].items()
        for method, each in several.items()
    }


def test_everything_that_the_console_does_is_an_operation():
    does = {
        f"{room.__name__.rpartition('.')[2]}.{route.name}"
        for room in CONSOLE
        for route in room.router.routes
    }
    assert does - SAME_AS.keys() == set()
    assert SAME_AS.keys() - does == set()
    named = {
        name for each in SAME_AS.values() if isinstance(each, list) for name in each
    }
    assert named - set(operation_ids(make_api())) == set()


def test_every_step_that_a_person_takes_is_an_operation_of_its_own():
    assert set(Step) - set(BY_HAND) == {Step.OFFER, Step.RELEASE, Step.VOID}


def test_operations_have_names_of_their_own_and_a_summary(contract):
    names = operation_ids(make_api())
    assert len(names) == len(set(names))
    for name, (_, _, each) in operations(contract).items():
        assert each["summary"], name
        assert each["description"], name


def test_every_operation_but_three_that_anybody_may_use_asks_for_a_token(contract):
    scheme = contract["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    without = {
        name
        for name, (_, _, each) in operations(contract).items()
        if each.get("security") != [{"token": []}]
    }
    assert without == {"sign_in", "verify_document", "verify_file"}


def test_every_operation_says_how_it_refuses(contract):
    for name, (_, _, each) in operations(contract).items():
        for status in ("400", "401", "403", "404", "409", "412", "422", "503"):
            content = each["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], name


def test_acts_that_change_a_case_or_a_referral_ask_for_a_key(contract):
    asking = {
        name
        for name, (_, _, each) in operations(contract).items()
        for parameter in each.get("parameters", ())
        if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }
    assert asking == {
        "open_case",
        "begin_upload",
        "add_record",
        "take_case_act",
        "answer_approval",
        "ask_closure_approval",
        "ask_arrival_approval",
        "ask_override_approval",
        "ask_sending_approval",
        "pause_clock",
        "resume_clock",
        "keep_plan",
        "record_follow_up",
        "keep_minor",
        "record_consent",
        "withdraw_consent",
        "review_override",
        "keep_note",
        "assign_work",
        "make_offer",
        "escalate_referral",
        *(f"take_step_{step}" for step in BY_HAND),
    }


def test_every_list_that_can_grow_goes_on_by_cursor(contract):
    whole, paged = set(), set()
    for name, (method, _, each) in operations(contract).items():
        if method != "GET":
            continue
        asked = {one["name"] for one in each.get("parameters", ())}
        content = each["responses"]["200"]["content"]
        schema = content.get("application/json", {}).get("schema", {})
        if schema.get("type") == "array":
            whole.add(name)
        if "cursor" in asked:
            assert "limit" in asked, name
            paged.add(name)
    # What is known of one person, an officer's passkeys, the members that entries
    # are with, fifty notices of each kind, and lists of the policy.
    bounded = {
        "read_records",
        "list_passkeys",
        "list_parties",
        "list_notices",
        "list_needs",
        "list_results",
        # The officers of one member.
        "list_assignees",
        # Twelve at most.
        "list_views",
    }
    assert whole == bounded | {"list_codes"}
    listing = {
        name
        for name in operations(contract)
        if name.startswith(("list_", "explain_"))
        or name in {"read_receipts", "review_looks"}
    }
    assert listing - paged == bounded - {"read_records"} | {
        "list_codes",
        "list_consents",
        # Counts, the first of each kind of concern, and the newest prunings.
        "list_corridors",
        "list_concerns",
        "list_own_concerns",
        "list_prunings",
        "list_unusual",
    }


def test_the_page_lists_every_operation_where_it_is(contract):
    listed = {
        name: (method, path) for name, method, path in ROW.findall(PAGE.read_text())
    }
    served = {
        name: (method, path) for name, (method, path, _) in operations(contract).items()
    }
    steps = {f"take_step_{step}" for step in BY_HAND}
    assert listed == {
        name: each for name, each in served.items() if name not in steps
    } | {"take_step": ("POST", "/referrals/{referral_id}/steps/{step}")}
