"""Acts that are bound to what was seen (If-Match), on real nodes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.network.api.offices import HOUSE, PROVINCE, key
from tests.network.api.test_api import D1, consent, new_case, offer


@pytest.fixture(scope="module")
def officer(offices):
    return offices.signed_in(PROVINCE, "officer-11")


def test_an_act_that_was_decided_on_something_older_is_not_done(officer):
    case = new_case(officer)
    old = officer.ask("GET", f"/cases/{case}").headers["etag"]
    act = officer.get(f"/cases/{case}/state")["open_acts"]
    assert "set_risk_level" in act
    officer.post(f"/cases/{case}/records/D1", D1)
    path, said = f"/cases/{case}/acts/set_risk_level", {"risk_level": "high"}
    refused = officer.refused("POST", path, said, act=key(), If_Match=old)
    assert refused == (412, "api.changed")
    now = officer.ask("GET", f"/cases/{case}/state").headers["etag"]
    taken = officer.ask("POST", path, said, act=key(), If_Match=now)
    assert taken.status_code == 200, taken.text
    assert officer.get(f"/cases/{case}/state")["risk_level"] == "high"


def test_of_acts_that_were_decided_on_the_same_tag_one_is_done(officer):
    case = new_case(officer)
    tag = officer.ask("GET", f"/cases/{case}").headers["etag"]
    keys = [key() for _ in range(8)]

    def act(its_key):
        path = f"/cases/{case}/records/D1"
        return officer.ask("POST", path, D1, act=its_key, If_Match=tag)

    with ThreadPoolExecutor(len(keys)) as together:
        answers = list(together.map(act, keys))
    done = [each for each in answers if each.status_code == 200]
    refused = [each.json()["code"] for each in answers if each.status_code != 200]
    assert (len(done), refused) == (1, ["api.changed"] * (len(keys) - 1))
    # Whoever lost the answer asks again unchanged and has the same one.
    winner = keys[answers.index(done[0])]
    assert act(winner).json() == done[0].json()
    versions = officer.get(f"/cases/{case}")["timeline"]
    assert [each["step"] for each in versions].count("record_added") == 2


def test_every_act_in_a_case_can_be_bound_to_what_was_seen(officer):
    case = new_case(officer)
    old = officer.ask("GET", f"/cases/{case}").headers["etag"]
    given_id = officer.post(f"/cases/{case}/consents", consent(HOUSE))["consent_id"]
    withdrawal = {"subject": "self", "method": "oral_witnessed", "language": "vi"}
    acts = {
        "acts/set_risk_level": {"risk_level": "high"},
        "records/D1": D1,
        "consents": consent(HOUSE, "refused"),
        f"consents/{given_id}/withdrawal": withdrawal | {"witness": "colleague-2"},
        "referrals": {"recipient": HOUSE, "offer": offer(given_id)},
    }
    before = officer.get(f"/cases/{case}")
    for path, said in acts.items():
        asked = ("POST", f"/cases/{case}/{path}", said)
        stale = officer.refused(*asked, act=key(), If_Match=old)
        assert stale == (412, "api.changed"), path
    assert officer.get(f"/cases/{case}") == before


def test_what_was_made_of_an_older_version_is_refused_and_versions_are_read(officer):
    case = new_case(officer)
    path, plan = f"/cases/{case}/records/D1", f"/cases/{case}/plan"
    (known,) = officer.get(f"/cases/{case}/records?category=D1")
    based = f"{path}?based_on={known['version']}"
    other = {"answers": [D1["answers"][1]]}
    officer.post(based, other)
    refused = officer.refused("POST", based, D1, act=key())
    assert refused == (409, "case.record_changed")
    newer, older = officer.get(f"{path}/versions")["items"]
    assert older["number"] == known["version"]
    assert {each["recorded_by"] for each in (newer, older)} == {"officer-11"}
    assert newer["unit"]
    found = officer.get(f"{path}/changes?older={older['number']}")
    assert found["newer"]["version"] == newer
    (change,) = found["changes"]
    assert (change["field"], change["kind"]) == ("prs_FirstName", "removed")
    assert officer.get(plan)["version"] == 0
    goal = {"domain": "health", "objective": "x"}
    said = {"stage": "crisis", "goals": [goal], "poor_household": False}
    stale = officer.refused("PUT", f"{plan}?based_on=7", said, act=key())
    assert stale == (409, "case.plan_changed")
    officer.put(f"{plan}?based_on=0", said)
    assert officer.get(plan)["version"] > 0
