"""What a program does over the API of real nodes, and what it is refused."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from services.cli.office import ADMINISTRATOR, AUDITOR
from services.node.domain.consent_codes import INFORMED_POINTS
from tests.network.api.offices import (
    HOTLINE,
    HOUSE,
    PREFIX,
    PROVINCE,
    Program,
    key,
)

CANARY = "Người Không Có Thật"
D1 = {
    "answers": [
        {"field": "prs_FirstName", "values": [CANARY], "language": "vi"},
        {"field": "prs_Gender", "values": ["1"]},
    ]
}


@pytest.fixture(scope="module")
def officer(offices):
    return offices.signed_in(PROVINCE, "officer-11")


@pytest.fixture(scope="module")
def administrator(offices):
    return offices.signed_in(PROVINCE, ADMINISTRATOR)


def consent(recipient, status="given"):
    return {
        "purpose": "reception_shelter",
        "recipient": recipient,
        "categories": ["D1"],
        "status": status,
        "subject": "self",
        "method": "oral_witnessed",
        "witness": "colleague-2",
        "language": "vi",
        "informed_points": list(INFORMED_POINTS),
    }


def offer(basis=""):
    return {
        "referral_type": "reception",
        "priority": "urgent",
        "services": ["safe_accommodation"],
        "languages": ["vi"],
        "basis_ids": [basis] if basis else [],
    }


def new_case(officer):
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    officer.post(f"/cases/{case}/records/D1", D1)
    return case


def until(program, referral_id, holds):
    for _ in range(150):
        found = program.ask("GET", f"/referrals/{referral_id}")
        if found.status_code == 200 and holds(found.json()):
            return found.json()
        time.sleep(0.2)
    return pytest.fail(f"{found.status_code} {found.text[:500]}")


def until_open(program, referral_id, step):
    """Until the step is one of those that may be taken."""
    return until(
        program, referral_id, lambda found: step in found["referral"]["open_steps"]
    )


def until_said(program, referral_id, step):
    """Until the step was said."""
    return until(
        program,
        referral_id,
        lambda found: step in {each["step"] for each in found["steps"]},
    )


def let_in(administrator, *scopes, officer="officer-11"):
    ends = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    asked = {
        "name": "provincial register",
        "officer": officer,
        "scopes": list(scopes),
        "expires_at": ends,
    }
    return administrator.let_in(asked)


def test_a_whole_referral_is_offered_accepted_and_done_over_the_api(offices, officer):
    case = new_case(officer)
    house = offices.signed_in(HOUSE, "manager-1")
    given = officer.post(f"/cases/{case}/consents", consent(HOUSE))["consent_id"]
    checked = officer.post(
        f"/cases/{case}/referral-checks",
        {
            "recipient": HOUSE,
            "offer": offer(),
            "categories": ["D1"],
            "consent": consent(HOUSE) | {"consent_id": given},
        },
    )["offer"]
    made = officer.post(
        f"/cases/{case}/referrals",
        {"recipient": HOUSE, "offer": checked, "categories": ["D1"]},
    )
    number = made["referral_id"]
    until_said(house, number, "offer")
    items = house.get("/worklist")["items"]
    assert number in {each["referral"]["referral_id"] for each in items}
    assert house.put(f"/referrals/{number}/claim")["claimed_by"] == "manager-1"
    house.post(f"/referrals/{number}/steps/opened", {})
    house.post(f"/referrals/{number}/steps/question", {"text": "?", "language": "vi"})
    until_open(officer, number, "answer")
    officer.post(f"/referrals/{number}/steps/answer", {"text": "!", "language": "vi"})
    until_open(house, number, "accept")
    accept = f"/referrals/{number}/steps/accept"
    assert house.refused("POST", accept, {}, act=key())[1] == "accept.expected_missing"
    promise = {"expected_at": "2026-03-09T08:00:00Z", "expected_zone": "Asia/Bangkok"}
    house.post(accept, promise)
    theirs = until_said(house, number, "release")
    said = [each["step"] for each in theirs["steps"]]
    assert said[:3] == ["offer", "opened", "question"]
    assert said[3:] == ["answer", "accept", "release"]
    (record,) = house.get(
        f"/cases/{theirs['referral']['case_pseudonym']}/records?category=D1"
    )
    # What a shelter does not need to know stays behind, whatever was written.
    assert [each["field"] for each in record["answers"]] == ["prs_Gender"]
    shown = officer.get(f"/cases/{case}")
    assert [each["peer"] for each in shown["referrals"]] == [HOUSE]
    assert CANARY not in str(shown)


def test_what_is_known_already_is_not_sent_again(officer):
    case = new_case(officer)
    for path in (f"/cases/{case}", "/worklist", f"/cases/{case}/state"):
        tag = officer.ask("GET", path).headers["etag"]
        again = officer.ask("GET", path, If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b""), path
    tag = officer.ask("GET", f"/cases/{case}").headers["etag"]
    officer.post(f"/cases/{case}/records/D1", D1)
    assert officer.ask("GET", f"/cases/{case}", If_None_Match=tag).status_code == 200


def walked(program, path, items="items"):
    """Everything of a list, two at a time."""
    found, cursor = [], ""
    while cursor is not None:
        page = program.get(f"{path}?limit=2&cursor={cursor}")
        assert len(page[items]) <= 2
        found += page[items]
        cursor = page["next"]
    return found


def test_pages_go_on_until_there_are_no_more(officer, administrator):
    for _ in range(3):
        officer.post("/cases", {"door": "rescued"})
        let_in(administrator, "directory")
    clocks = walked(officer, "/clocks", "clocks")
    once = {
        "case_pseudonym": walked(officer, "/cases"),
        "clock_id": clocks,
        "client_id": walked(administrator, "/clients"),
        "pseudonym": walked(administrator, "/officers"),
    }
    for key_of, found in once.items():
        assert len(found) == len({each[key_of] for each in found}) >= 3, key_of
    assert clocks == officer.get("/clocks?limit=200")["clocks"]
    wrong = officer.refused("GET", "/cases?cursor=somewhere")
    assert wrong == (400, "api.bad_cursor")


def test_a_program_is_told_what_helps_to_choose_a_member(officer):
    path = "/members?need=reception&serves=girls&country=VN&language=vi&open=now"
    (house,) = officer.get(path)["items"]
    assert (house["name"], house["details"]["circuit"]) == (HOUSE, "closed")
    assert "men" in house["office"]["not_for"]
    assert house["opening"] in {"open", "closed", "holiday"}
    assert {"stale", "said_at", "median_seconds"} <= house["details"].keys()
    assert officer.get("/members?need=reception&serves=men")["items"] == []


def test_nobody_gets_in_without_a_token_or_with_a_cookie(offices, officer):
    nobody = offices.program(PROVINCE)
    assert nobody.refused("GET", "/cases") == (401, "api.no_token")
    cookie = f"__Host-relais={officer.token}"
    assert nobody.refused("GET", "/cases", Cookie=cookie) == (401, "api.no_token")
    made_up = offices.program(PROVINCE, "A" * 43)
    assert made_up.refused("GET", "/cases") == (401, "sign_in.over")
    challenge = nobody.ask("GET", "/cases").headers["www-authenticate"]
    assert challenge == "Bearer"
    answer = officer.ask("GET", "/session")
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_of_one_member_opens_nothing_at_another(offices, officer):
    elsewhere = offices.program(HOUSE, officer.token)
    assert elsewhere.refused("GET", "/session") == (401, "sign_in.over")


def test_a_session_is_locked_unlocked_and_left(offices):
    known = offices.staff[HOTLINE, "operator-7"]
    operator = offices.signed_in(HOTLINE, "operator-7")
    assert operator.get("/session")["role"] == "operator"
    operator.ask("POST", "/session/lock")
    assert operator.get("/session")["locked"] is True
    assert operator.refused("GET", "/worklist") == (403, "sign_in.locked")
    wrong = operator.refused("POST", "/session/unlock", {"password": "no"})
    assert wrong == (403, "sign_in.refused")
    open_again = operator.post("/session/unlock", {"password": known.password})
    assert open_again["locked"] is False
    assert operator.ask("DELETE", "/session").status_code == 204
    assert operator.refused("GET", "/session") == (401, "sign_in.over")


def test_a_program_gets_as_far_as_its_key_and_no_further(
    offices, officer, administrator
):
    new_case(officer)
    invited = let_in(administrator, "read_cases")
    assert re.fullmatch(r"rk_[A-Za-z0-9_-]{43}", invited["key"])
    program = offices.program(PROVINCE, invited["key"])
    me = program.get("/session")
    assert (me["officer"], me["scopes"]) == ("officer-11", ["read_cases"])
    assert program.get("/cases")["items"]
    opening = program.refused("POST", "/cases", {"door": "rescued"}, act=key())
    assert opening == (403, "client.scope_missing")
    assert program.refused("DELETE", "/session") == (403, "client.not_for_programs")
    listed = {each["client_id"]: each for each in walked(administrator, "/clients")}
    assert listed[invited["client_id"]]["used_on"]
    gone = administrator.ask("DELETE", f"/clients/{invited['client_id']}")
    assert gone.status_code == 204
    assert program.refused("GET", "/cases") == (401, "client.ended")
    assert officer.refused("GET", "/clients") == (403, "people.role_may_not")


def test_another_units_case_asks_a_program_for_a_reason(
    offices, officer, administrator
):
    case = new_case(officer)
    every = ("read_cases", "write_cases")
    invited = let_in(administrator, *every, officer="officer-21")
    program = offices.program(PROVINCE, invited["key"])
    path = f"/cases/{case}/records"
    assert program.refused("GET", path) == (403, "access.reason_needed")
    assert program.get(path, Relais_Reason="cover")
    looks = officer.get(f"/cases/{case}/looks")["items"]
    reasons = {each["reason"] for each in looks if each["listener"] == "program"}
    assert "cover" in reasons


def test_what_has_not_the_shape_is_named_by_its_places_and_never_repeated(officer):
    answer = officer.ask(
        "POST",
        "/cases",
        {"door": 7, "records": [{"category": "D1", "answers": CANARY}], "nam": CANARY},
        act=key(),
    )
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "api.invalid")
    assert {each["where"] for each in body["places"]} == {
        "body.door",
        "body.records.0.answers",
        "body.nam",
    }
    assert CANARY not in answer.text
    for bad in ("R-0000\u0000", "x" * 200):
        refused = officer.ask("GET", f"/cases/{bad.encode().hex()}")
        assert refused.status_code in {400, 404, 422}
    nul = officer.ask("POST", "/cases", {"door": "a\0b"}, act=key())
    assert nul.status_code == 422
    too_large = officer.ask("POST", "/cases", {"door": "x" * 2_000_000}, act=key())
    assert too_large.status_code == 413
    assert too_large.json()["code"] == "api.too_large"


def test_refusals_are_said_in_the_language_that_was_asked_for(officer):
    answers = {
        lang: officer.ask("GET", "/cases/R-0000-0101", Accept_Language=lang)
        for lang in ("en", "vi", "fr", "zh-Hans")
    }
    assert {
        lang: each.headers["Content-Language"] for lang, each in answers.items()
    } == {lang: lang for lang in answers}
    bodies = [each.json() for each in answers.values()]
    assert {each["code"] for each in bodies} == {"case.unknown"}
    for said in ("title", "detail", "remedy"):
        assert len({each[said] for each in bodies}) == len(bodies)
    unsaid = officer.ask("GET", "/cases/R-0000-0101")
    assert unsaid.json() == answers["en"].json()
    for nowhere in ("/nowhere", "/cases/a%0Ab/nothing", "/"):
        lost = officer.ask("GET", nowhere).json()
        assert (lost["status"], lost["code"]) == (404, "api.no_operation")
    wrong = officer.ask("DELETE", "/cases").json()
    assert (wrong["status"], wrong["code"]) == (405, "api.no_method")


def test_a_receipt_is_said_to_the_person_in_the_language_that_is_asked_for(officer):
    case = new_case(officer)
    officer.post(f"/cases/{case}/consents", consent(HOUSE, "refused"))
    for language, said in (("fr", "Vos autres aides"), ("", "Your other help")):
        asked = {"Accept_Language": language} if language else {}
        found = officer.ask("GET", f"/cases/{case}/receipts", **asked)
        assert found.headers["content-language"] == (language or "en")
        assert said in found.json()["items"][0]["sentences"][1]


def test_the_administrator_keeps_people_and_opens_no_case(offices, administrator):
    """Whom she enters is an officer once a second person said so."""
    kept = administrator.put(
        "/officers/officer-77", {"role": "officer", "unit": "x", "active": True}
    )
    assert kept == {"waits": True}
    assert "officer-77" not in walked_names(administrator)
    invited = administrator.post("/officers/officer-77/invitation", {"reset": False})
    assert (bool(invited["code"]), invited["waits"]) == (True, True)
    second = offices.signed_in(PROVINCE, "lead-1")
    for each in second.get("/admissions")["items"]:
        path = f"/admissions/{each['admission_id']}/answer"
        own = administrator.refused("POST", path, {"confirmed": True}, act=key())
        assert own == (409, "admission.own")
        assert second.post(path, {"confirmed": True}) == {"answer": "confirmed"}
    assert "officer-77" in walked_names(administrator)
    assert second.get("/admissions")["items"] == []
    assert administrator.get("/node")["member"] == PROVINCE
    probed = administrator.post(f"/members/{HOUSE}/probe")
    assert all(each["works"] for each in probed)
    assert administrator.get("/sign-in-events?limit=2")["next"]
    assert administrator.get("/disclosure-reports")["items"] == []
    assert administrator.refused("GET", "/cases") == (403, "people.role_may_not")


def walked_names(administrator):
    return {each["pseudonym"] for each in administrator.get("/officers")["items"]}


def test_who_tries_out_codes_is_slowed_down_and_told_for_how_long(administrator):
    """Whether a paper is real is told to everybody, but not a thousand times."""
    stranger = Program(administrator.client)
    paper = f"/documents/R-2222-2222?digits={'0' * 64}"
    answers = [stranger.ask("GET", paper) for _ in range(25)]
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "asked.too_fast")
    assert 1 <= int(refused.headers["retry-after"]) <= 12
    assert answers[0].status_code != 429


def test_the_auditor_sees_who_looked_and_no_case(offices, officer):
    auditor = offices.signed_in(PROVINCE, AUDITOR)
    officer.get("/cases")
    looked = auditor.get("/looks?officer=officer-11&limit=1")
    assert looked["items"][0]["officer"] == "officer-11"
    assert looked["next"]
    assert auditor.refused("GET", "/worklist") == (403, "people.role_may_not")


def test_a_form_is_kept_and_dropped(officer):
    said = {"kind": "register", "content": CANARY.encode().hex()}
    begun = officer.post("/forms", said)
    path = f"/forms/{begun['form_id']}"
    assert bytes.fromhex(officer.get(path)["content"]).decode() == CANARY
    assert officer.put(path, said | {"version": 1})["version"] == 2
    stale = officer.ask("PUT", path, said | {"version": 1})
    assert stale.status_code == 409
    assert officer.ask("DELETE", path).status_code == 204
    assert officer.get("/forms")["items"] == []


def test_a_change_is_waited_for_and_says_its_size_only(officer):
    size = officer.get("/node")["ledger_size"]
    assert officer.get(f"/changes?known={size - 1}") == {"size": size}
    new_case(officer)
    assert officer.get(f"/changes?known={size}&seconds=20")["size"] > size


def test_the_contract_is_served_to_anybody_and_names_nobody(offices):
    contract = offices.program(PROVINCE).get("/openapi.json")
    assert contract["openapi"].startswith("3.1")
    assert contract["servers"] == [{"url": PREFIX}]
    assert offices.program(PROVINCE).ask("GET", "/docs").status_code == 404
