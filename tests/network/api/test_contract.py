"""Whatever is sent, the running API answers as its contract says, and never by 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.api.app import make_api, operation_ids
from services.cli.office import ADMINISTRATOR, AUDITOR
from tests.network.api.offices import HOUSE, PROVINCE, key
from tests.network.api.test_api import consent, new_case, offer

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 2}
BY_A_PROGRAM = {
    # They end, lock or count against the session that asks.
    "change_password",
    "lock_session",
    "prove_session",
    "sign_out",
    "sign_out_everywhere",
    "unlock_session",
}
BY_NOBODY = {
    # Tries are counted by where they come from, and other tests sign in from here.
    "sign_in",
    "verify_document",
}
BY_THE_AUDITOR = {
    "export_log",
    "extract_entries",
    "get_entry",
    "list_concerns",
    "list_entries",
    "list_parties",
    "list_prunings",
    "list_unusual",
    "review_looks",
    "verify_ledger",
}
BY_THE_ADMINISTRATOR = {
    "answer_admission",
    "invite_client",
    "invite_officer",
    "keep_officer",
    "list_admissions",
    "list_clients",
    "list_disclosure_reports",
    "list_officers",
    "list_sign_in_events",
    "probe_member",
    "revoke_client",
}


@pytest.fixture(scope="module")
def contract(offices) -> Any:
    loaded = offices.program(PROVINCE).get("/openapi.json")
    return schemathesis.openapi.from_dict(loaded)


@pytest.fixture(scope="module")
def known(offices) -> dict[str, str]:
    """A case and a referral that there are."""
    officer = offices.signed_in(PROVINCE, "officer-11")
    case = new_case(officer)
    given_id = officer.post(f"/cases/{case}/consents", consent(HOUSE))["consent_id"]
    made = officer.post(
        f"/cases/{case}/referrals",
        {"recipient": HOUSE, "offer": offer(given_id), "categories": ["D1"]},
    )
    return {
        "case": case,
        "consent_id": given_id,
        "referral_id": made["referral_id"],
        "member": HOUSE,
    }


@pytest.fixture(scope="module")
def key_of_a_program(offices) -> str:
    administrator = offices.signed_in(PROVINCE, ADMINISTRATOR)
    asked = {
        "name": "fuzz",
        "officer": "officer-11",
        "scopes": ["read_cases"],
        "expires_at": "2027-01-01T00:00:00Z",
    }
    return str(administrator.let_in(asked)["key"])


def token_for(offices, operation: str, key_of_a_program: str) -> str:
    if operation in BY_NOBODY:
        return ""
    if operation in BY_A_PROGRAM:
        return key_of_a_program
    who = "officer-11"
    if operation in BY_THE_ADMINISTRATOR:
        who = ADMINISTRATOR
    elif operation in BY_THE_AUDITOR:
        who = AUDITOR
    return str(offices.signed_in(PROVINCE, who).token)


def check(offices, case, token: str) -> None:
    """Send it as it is, and judge the answer."""
    asked = case.as_transport_kwargs(base_url="https://gateway/api/v1")
    headers = dict(asked["headers"])
    if token:
        headers["Authorization"] = f"Bearer {token}"
    headers.pop("User-Agent", None)
    client = offices.program(PROVINCE).client
    response = client.request(
        asked["method"],
        asked["url"].removeprefix("https://gateway"),
        params=asked.get("params"),
        headers=headers,
        json=asked.get("json"),
        content=asked.get("data"),
    )
    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("mode", EXAMPLES)
@pytest.mark.parametrize("operation", operation_ids(make_api()))
def test_every_operation_answers_as_the_contract_says(
    offices, contract, known, key_of_a_program, operation, mode
):
    token = token_for(offices, operation, key_of_a_program)
    found = contract.find_operation_by_id(operation)

    @given(case=found.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            for name in set(known) & set(case.path_parameters or {}):
                case.path_parameters[name] = known[name]
            if "Idempotency-Key" in (case.headers or {}):
                case.headers["Idempotency-Key"] = key()
        if operation == "await_change":
            case.query = dict(case.query or {}) | {"seconds": 1}
        check(offices, case, token)

    run()
