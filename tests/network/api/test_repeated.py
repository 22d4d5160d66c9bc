"""One key, one act: only what comes again is answered for it, on real nodes."""

from __future__ import annotations

import pytest

from tests.network.api.offices import HOTLINE, HOUSE, PROVINCE, key
from tests.network.api.test_api import CANARY, D1, consent, new_case


@pytest.fixture(scope="module")
def officer(offices):
    return offices.signed_in(PROVINCE, "officer-11")


def test_the_same_act_twice_is_one_act_with_one_answer(officer):
    act = key()
    first = officer.post("/cases", {"door": "rescued"}, act=act)
    assert officer.post("/cases", {"door": "rescued"}, act=act) == first
    case = first["case_pseudonym"]
    once = key()
    said = consent(HOUSE, "refused")
    answered = officer.post(f"/cases/{case}/consents", said, act=once)
    assert officer.post(f"/cases/{case}/consents", said, act=once) == answered
    assert answered["consent_id"] == once.replace("-", "")
    assert len(officer.get(f"/cases/{case}/consents")["consents"]) == 1
    other = new_case(officer)
    reused = officer.refused("POST", f"/cases/{other}/records/D1", D1, act=act)
    assert reused == (400, "act.id_reused")


def test_the_key_of_an_act_does_no_other_one_and_serves_nobody_else(offices, officer):
    """Not even one that differs by a word: an answer would say that it was done."""
    act, once, said = key(), key(), key()
    cases = "/cases"
    case = officer.post(cases, {"door": "rescued"}, act=act)["case_pseudonym"]
    records, consents = f"/cases/{case}/records/D1", f"/cases/{case}/consents"
    officer.post(records, D1, act=once)
    officer.post(consents, consent(HOUSE), act=said)
    other = offices.signed_in(PROVINCE, "officer-12")
    changed = {"answers": [D1["answers"][0] | {"values": ["Khác"]}]}
    for who, path, body, used in (
        (officer, cases, {"door": "self_report"}, act),
        (other, cases, {"door": "rescued"}, act),
        (officer, records, changed, once),
        (officer, consents, consent(HOUSE, "refused"), said),
        (officer, consents, consent(HOTLINE), said),
    ):
        refused = who.refused("POST", path, body, act=used)
        assert refused == (400, "act.id_reused"), (path, body)
    (record,) = officer.get(f"/cases/{case}/records?category=D1")
    assert record["answers"][0]["values"] == [CANARY]
    (kept,) = officer.get(consents)["consents"]
    assert (kept["status"], kept["recipient"]) == ("given", HOUSE)


def test_an_act_without_a_key_is_not_done(officer):
    before = officer.get("/cases")["items"]
    missing = officer.refused("POST", "/cases", {"door": "rescued"})
    assert missing == (400, "api.no_idempotency_key")
    wrong = officer.refused("POST", "/cases", {"door": "rescued"}, act="7")
    assert wrong == (400, "api.no_idempotency_key")
    assert officer.get("/cases")["items"] == before
