"""Events for a program, from real nodes to a real https receiver."""

from __future__ import annotations

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from services.cli.office import ADMINISTRATOR
from tests.network.api.offices import HOUSE, PROVINCE
from tests.network.api.receivers import open_receiver
from tests.network.api.test_api import CANARY, let_in, new_case, offer, until_said

BOTH = ["case.changed", "referral.changed"]


@pytest.fixture(scope="module")
def officer(offices):
    return offices.signed_in(PROVINCE, "officer-11")


@pytest.fixture(scope="module")
def administrator(offices):
    return offices.signed_in(PROVINCE, ADMINISTRATOR)


@pytest.fixture(scope="module")
def program(administrator):
    return let_in(administrator, "read_cases", "referrals")["client_id"]


@pytest.fixture
def receiver(offices):
    with open_receiver(offices.network.place(PROVINCE).folder) as opened:
        yield opened


@pytest.fixture
def told(administrator, program, receiver):
    """An endpoint; disabled again when its test ends."""
    made = administrator.post(
        "/webhooks", {"client_id": program, "url": receiver.url(), "types": BOTH}
    )
    yield made
    switch(administrator, made, enabled=False)


def switch(administrator, made, *, enabled):
    path = f"/webhooks/{made['endpoint_id']}"
    answer = administrator.ask("PUT", path, {"enabled": enabled})
    assert answer.status_code == 204, answer.text


def shown(administrator, made):
    listed = administrator.get("/webhooks?limit=200")["items"]
    (found,) = (each for each in listed if each["endpoint_id"] == made["endpoint_id"])
    return found


def until_shown(administrator, made, holds):
    for _ in range(150):
        found = shown(administrator, made)
        if holds(found):
            return found
        time.sleep(0.1)
    return pytest.fail(str(found))


def verified(secret, request):
    """Whether a request is signed with a secret, by the specification itself."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = ".".join((request.number, request.headers["webhook-timestamp"]))
    digest = hmac.digest(key, signed.encode() + b"." + request.body, "sha256")
    wanted = "v1," + base64.b64encode(digest).decode()
    return wanted in request.headers["webhook-signature"].split(" ")


def test_an_act_is_told_by_codes_only_and_signed(officer, receiver, told):
    case = new_case(officer)
    first, second = receiver.until(2)[:2]
    for request in (first, second):
        assert verified(told["secret"], request)
        assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 60
        said = json.loads(request.body)
        assert set(said) == {"type", "timestamp", "data"}
        assert (said["type"], said["data"]) == ("case.changed", {"case": case})
        assert CANARY not in str(request)
    assert first.number.startswith("msg_")
    assert first.number != second.number
    forged = base64.b64encode(bytes(32)).decode()
    assert not verified(f"whsec_{forged}", first)


@pytest.mark.usefixtures("told")
def test_what_the_other_side_says_in_a_referral_is_told_too(offices, officer, receiver):
    house = offices.signed_in(HOUSE, "manager-1")
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    asked = {"recipient": HOUSE, "offer": offer(), "categories": []}
    referral = officer.post(f"/cases/{case}/referrals", asked)["referral_id"]
    until_said(house, referral, "offer")
    receiver.until(2)
    house.post(f"/referrals/{referral}/steps/opened", {})
    events = [json.loads(each.body) for each in receiver.until(3)]
    assert [each["type"] for each in events[:3]] == [
        "case.changed",
        "referral.changed",
        "referral.changed",
    ]
    assert events[2]["data"] == {"case": case, "referral_id": referral}


def test_what_was_not_taken_comes_again_under_its_id_and_in_order(
    administrator, officer, receiver, told
):
    receiver.answers[:] = [500]
    officer.post("/cases", {"door": "rescued"})
    (failed,) = receiver.until(1)
    behind = until_shown(administrator, told, lambda found: found["failures"])
    assert (behind["last_problem"], behind["waiting"]) == ("status_500", 1)
    officer.post("/cases", {"door": "rescued"})
    again, following = receiver.until(3)[1:3]
    assert (again.number, again.body) == (failed.number, failed.body)
    assert again.headers["webhook-timestamp"] > failed.headers["webhook-timestamp"]
    assert following.number != failed.number
    taken = until_shown(administrator, told, lambda found: not found["waiting"])
    assert (taken["failures"], taken["last_problem"]) == (0, "")
    assert taken["succeeded_at"]


def test_a_node_that_dies_between_act_and_delivery_still_tells(
    offices, officer, receiver, told
):
    receiver.answers[:] = [None]
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    (unanswered,) = receiver.until(1)
    offices.network.kill(PROVINCE)
    offices.network.restart(PROVINCE)
    again = receiver.until(2)[1]
    assert (again.number, again.body) == (unanswered.number, unanswered.body)
    assert json.loads(again.body)["data"] == {"case": case}
    assert verified(told["secret"], again)


def test_for_a_day_both_secrets_sign(administrator, officer, receiver, told):
    path = f"/webhooks/{told['endpoint_id']}/secret"
    other = administrator.post(path)
    assert other["secret"] != told["secret"]
    ends = datetime.fromisoformat(other["old_until"])
    assert timedelta(hours=23) < ends - datetime.now(UTC) <= timedelta(hours=24)
    officer.post("/cases", {"door": "rescued"})
    (request,) = receiver.until(1)
    assert verified(told["secret"], request)
    assert verified(other["secret"], request)
    assert told["secret"] not in str(administrator.get("/webhooks?limit=200"))


def test_a_test_event_says_nothing_and_is_brought_at_once(
    administrator, receiver, told
):
    path = f"/webhooks/{told['endpoint_id']}/test"
    assert administrator.ask("POST", path).status_code == 204
    (request,) = receiver.until(1)
    said = json.loads(request.body)
    assert (said["type"], said["data"]) == ("webhook.test", {})
    assert verified(told["secret"], request)


def test_an_endpoint_that_is_gone_is_disabled_and_can_be_enabled_again(
    administrator, officer, receiver, told
):
    receiver.answers[:] = [410]
    officer.post("/cases", {"door": "rescued"})
    ended = until_shown(administrator, told, lambda found: found["disabled_at"])
    assert (ended["disabled_why"], ended["waiting"]) == ("gone", 0)
    assert ended["given_up"] == 1
    officer.post("/cases", {"door": "rescued"})
    refused = administrator.refused("POST", f"/webhooks/{told['endpoint_id']}/test")
    assert refused == (400, "webhook.disabled")
    switch(administrator, told, enabled=True)
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    following = receiver.until(2)[1]
    assert json.loads(following.body)["data"] == {"case": case}


def test_a_redirect_is_not_followed(administrator, officer, receiver, told):
    receiver.answers[:] = [307]
    officer.post("/cases", {"door": "rescued"})
    behind = until_shown(administrator, told, lambda found: found["failures"])
    assert behind["last_problem"] == "status_307"
    assert {each.path for each in receiver.came} == {"/events"}


@pytest.mark.parametrize(
    "url",
    [
        "http://register.example/events",
        "https://10.0.0.7/events",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/events",
        "https://[::ffff:10.0.0.7]/events",
        "https://[64:ff9b::a00:7]/events",
        "https://0.0.0.0/events",
        "https://name:word@register.example/",
        "https://register.example/#a",
        "https://register.example\\@10.0.0.7/",
        "https://register.example/a\r\nHost: other",
        "https://register.example:0/",
        "file:///etc/passwd",
        "https://",
        "",
    ],
)
def test_an_address_inside_cannot_be_registered(administrator, program, url):
    asked = {"client_id": program, "url": url, "types": BOTH}
    status, code = administrator.refused("POST", "/webhooks", asked)
    assert status == 400
    assert code in {"webhook.bad_url", "webhook.bad_address"}


def test_a_name_that_leads_inside_is_not_called(
    administrator, officer, program, receiver
):
    # The receiver listens there and its certificate has the name.
    asked = {"client_id": program, "url": receiver.url(host="localhost")}
    made = administrator.post("/webhooks", asked | {"types": BOTH})
    officer.post("/cases", {"door": "rescued"})
    behind = until_shown(administrator, made, lambda found: found["failures"])
    assert behind["last_problem"] == "bad_address"
    assert receiver.came == []
    switch(administrator, made, enabled=False)


def test_a_program_is_told_only_of_what_it_may_look_at(
    offices, administrator, officer, receiver
):
    plain = let_in(administrator, "directory")
    asked = {"client_id": plain["client_id"], "url": receiver.url(), "types": BOTH}
    refused = administrator.refused("POST", "/webhooks", asked)
    assert refused == (400, "webhook.bad_types")
    assert officer.refused("GET", "/webhooks") == (403, "people.role_may_not")
    itself = offices.program(PROVINCE, plain["key"])
    assert itself.refused("POST", "/webhooks", asked)[0] == 403


def test_a_program_that_was_taken_back_is_told_nothing(
    administrator, officer, receiver
):
    made = let_in(administrator, "read_cases")
    asked = {"client_id": made["client_id"], "url": receiver.url(), "types": BOTH}
    endpoint = administrator.post("/webhooks", asked)
    assert administrator.ask("DELETE", f"/clients/{made['client_id']}").status_code
    officer.post("/cases", {"door": "rescued"})
    ended = until_shown(administrator, endpoint, lambda found: found["disabled_at"])
    assert ended["disabled_why"] == "program_ended"
    assert receiver.came == []
