"""What every answer carries, and what no form and no address gets past."""

from __future__ import annotations

import re

import pytest

from gateway.web.assets import load_manifest
from gateway.web.headers import POLICY
from gateway.web.visitors import SESSION_COOKIE, VISIT_COOKIE
from tests.console.consoles import GUARD, HOUSE, PROVINCE, code_time

OFFICER = "officer-14"
EVERYWHERE = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def stamped(answer) -> None:
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


# --- headers


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/sign-in", "GET", 200),
        ("/", "GET", 200),
        ("/nothing-here", "GET", 404),
        ("/sign-in", "DELETE", 405),
        ("/referrals/zz", "GET", 404),
        ("/cases/no-code", "GET", 400),
        ("/?start=many", "GET", 400),
        ("/sign-in", "POST", 403),
        ("/built/../app.py", "GET", 404),
    ],
)
def test_every_answer_carries_the_safety_headers_and_is_kept_nowhere(
    wires, path, method, status
):
    answer = wires.ask(PROVINCE, path, method=method, officer=OFFICER)
    assert answer.status_code in {status, 303}
    stamped(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


def test_a_built_file_carries_them_too_and_may_be_kept(wires):
    for path in load_manifest().values():
        answer = wires.ask(PROVINCE, path)
        assert answer.status_code == 200
        stamped(answer)
        assert "immutable" in answer.headers["cache-control"]


def test_the_policy_lets_nothing_run_that_stands_in_a_page():
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/", "/cases", "/refer", "/directory"])
def test_no_page_has_script_or_style_of_its_own(wires, path):
    text = wires.ask(PROVINCE, path, officer=OFFICER).text
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []


# --- cookies and sessions


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(wires):
    answer = wires.ask(PROVINCE, "/sign-in")
    (visit,) = answer.headers.get_list("set-cookie")
    assert visit.startswith(f"{VISIT_COOKIE}=")
    flags = {each.strip().lower() for each in visit.split(";")[1:]}
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= flags
    assert not any(each.startswith(("domain", "max-age")) for each in flags)


def test_a_planted_session_is_worth_nothing_after_the_sign_in(consoles, wires):
    known = consoles.staff[PROVINCE, "officer-33"]
    planted = {SESSION_COOKIE: "planted-by-somebody", VISIT_COOKIE: "planted-too"}
    shown = wires.ask(PROVINCE, "/sign-in", cookies=planted)
    form = {
        "token": wires.token_in(shown.text),
        "officer": known.officer,
        "password": known.password,
        "code": known.code(code_time()),
    }
    answer = wires.ask(PROVINCE, "/sign-in", method="POST", form=form, cookies=planted)
    assert answer.status_code == 303
    (cookie,) = [
        each
        for each in answer.headers.get_list("set-cookie")
        if each.startswith(SESSION_COOKIE + "=")
    ]
    assert "planted" not in cookie
    flags = {each.strip().lower() for each in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= flags
    after = wires.ask(PROVINCE, "/cases", cookies=planted)
    assert after.headers["location"].startswith("/sign-in")


# --- forms from elsewhere


def posted(wires, **changes):
    shown = wires.ask(PROVINCE, "/refer", officer=OFFICER)
    form = {
        "token": wires.token_in(shown.text),
        "event": wires.event_in(shown.text),
        "door": "rescued",
    }
    headers = changes.pop("headers", {})
    return wires.ask(
        PROVINCE,
        "/refer",
        officer=OFFICER,
        method="POST",
        form={k: v for k, v in (form | changes).items() if v is not None},
        headers=headers,
    )


def test_a_form_that_was_shown_is_taken(wires):
    assert posted(wires).status_code == 303


@pytest.mark.parametrize("token", [None, "", "x", "A" * 86, "é"])
def test_a_form_without_its_token_is_refused(wires, token):
    answer = posted(wires, token=token)
    assert answer.status_code == 403
    assert "console.stale_form" in answer.text


def test_another_session_s_token_is_refused(wires):
    theirs = wires.ask(PROVINCE, "/refer", officer="officer-11").text
    assert posted(wires, token=wires.token_in(theirs)).status_code == 403
    nobodys = wires.ask(PROVINCE, "/sign-in").text
    assert posted(wires, token=wires.token_in(nobodys)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.invalid"},
        {"Origin": "https://lao-cai.localhost.elsewhere.invalid"},
        {"Origin": "http://lao-cai.localhost"},
    ],
)
def test_a_form_that_another_site_sends_is_refused(wires, headers):
    answer = posted(wires, headers=headers)
    assert answer.status_code == 403
    assert "console.other_site" in answer.text


@pytest.mark.parametrize(
    "where",
    [
        "//evil.invalid",
        "/\\evil.invalid",
        "\\\\evil.invalid",
        "https:evil.invalid",
        "https://evil.invalid/",
        "javascript:alert(1)",
        "/\t/evil.invalid",
        "/%09/evil.invalid\r\nX: y",
        " //evil.invalid",
    ],
)
def test_nobody_is_sent_to_another_site(wires, where):
    shown = wires.ask(PROVINCE, "/cases", officer=OFFICER)
    form = {"token": wires.token_in(shown.text), "language": "en", "back": where}
    answer = wires.ask(
        PROVINCE, "/language", officer="officer-32", method="POST", form=form
    )
    assert answer.status_code == 403  # another session's token
    shown = wires.ask(PROVINCE, "/cases", officer="officer-32")
    form["token"] = wires.token_in(shown.text)
    answer = wires.ask(
        PROVINCE, "/language", officer="officer-32", method="POST", form=form
    )
    assert answer.headers["location"] == "/"
    page = wires.ask(PROVINCE, "/sign-in", headers={}).text
    assert 'name="next" value="/"' in page


# --- what is addressed directly


def test_another_member_s_referral_is_not_here(wires, scenes):
    sent = scenes.sent()
    assert wires.ask(GUARD, sent.path, officer="guard-9").status_code == 404
    assert (
        wires.ask(HOUSE, f"/cases/{sent.case}", officer="manager-1").status_code == 404
    )


def test_another_officer_s_form_is_not_here(wires):
    answer = posted(wires)
    path = answer.headers["location"]
    assert wires.ask(PROVINCE, path, officer=OFFICER).status_code == 200
    theirs = wires.ask(PROVINCE, path, officer="officer-11")
    assert theirs.status_code in {403, 404}


@pytest.mark.parametrize(
    ("officer", "path"),
    [
        ("officer-11", "/?start=4294967296"),
        ("officer-11", "/?start=-1"),
        ("auditor", "/audit/entries/99999999999999999999"),
        ("auditor", "/audit/concerns/unanswered?start=4294967296"),
    ],
)
def test_a_number_beyond_all_reach_is_no_fault_of_the_console(wires, officer, path):
    answer = wires.ask(PROVINCE, path, officer=officer)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("size", ["9" * 30, "²", "-1", "1e3"])
def test_a_size_that_is_no_number_is_refused(wires, scenes, size):
    case = scenes.case(PROVINCE, "officer-11")
    answer = wires.send(
        PROVINCE,
        f"/cases/{case}/files/begin",
        "officer-11",
        "/account",
        size=size,
        digest="0" * 64,
        category="D2",
    )
    assert 400 <= answer.status_code < 500


CASE_PAGES = ("/cases", "/refer", "/directory", "/referrals/" + "0" * 32)


@pytest.mark.parametrize("path", [*CASE_PAGES, "/cases/{case}", "/cases/{case}/person"])
@pytest.mark.parametrize("officer", ["administrator", "auditor"])
def test_who_keeps_the_node_or_audits_it_opens_no_case(wires, scenes, officer, path):
    case = scenes.case(PROVINCE, OFFICER) if "{" in path else ""
    answer = wires.ask(PROVINCE, path.replace("{case}", case), officer=officer)
    assert answer.status_code in {403, 404}
    assert not case or case not in answer.text.replace(path, "")


@pytest.mark.parametrize("officer", ["administrator", OFFICER])
def test_only_the_auditor_sees_who_looked_at_everything(wires, officer):
    answer = wires.ask(PROVINCE, "/audit", officer=officer)
    assert answer.status_code == 403
    assert wires.ask(PROVINCE, "/audit", officer="auditor").status_code == 200


@pytest.mark.parametrize("officer", ["auditor", OFFICER])
def test_only_the_administrator_sees_the_node(wires, officer):
    answer = wires.ask(PROVINCE, "/node", officer=officer)
    assert answer.status_code == 403
    assert "officer-11" not in answer.text


def test_the_start_leads_everybody_to_their_own_place(wires):
    found = {
        officer: wires.ask(PROVINCE, "/", officer=officer).headers.get("location")
        for officer in ("administrator", OFFICER)
    }
    assert found == {"administrator": "/node", OFFICER: None}


# --- what no browser sends


def test_another_name_is_not_answered_to(wires):
    answer = wires.ask(PROVINCE, "/sign-in", headers={"Host": "evil.invalid"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    stamped(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/built/../../app.py",
        "/built/..%2f..%2fapp.py",
        "/built/%2e%2e/%2e%2e/config.py",
        "/built//etc/passwd",
        "/built/%00",
        "/built/",
    ],
)
def test_nothing_but_built_files_is_served(wires, path):
    answer = wires.ask(PROVINCE, path)
    assert answer.status_code in {400, 404}
    assert "import" not in answer.text


def test_a_form_that_is_too_large_is_refused_and_the_gateway_lives(wires):
    many = "&".join(f"f{n}=x" for n in range(5000)).encode()
    large = b"need=" + b"x" * 3_000_000
    spread = b"&".join(b"need=" + b"x" * 100_000 for _ in range(20))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (many, large, spread):
        answer = wires.ask(
            PROVINCE,
            "/refer",
            officer=OFFICER,
            method="POST",
            content=body,
            headers=kind,
        )
        assert answer.status_code in {400, 413}
        stamped(answer)
    headers = {"X-Long": "x" * 200_000}
    answer = wires.ask(PROVINCE, "/sign-in", headers=headers)
    assert answer.status_code in {400, 431}
    assert wires.ask(PROVINCE, "/sign-in").status_code == 200
