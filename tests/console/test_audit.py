"""The auditor: what the pages show of the ledger is there, and looks are kept."""

from __future__ import annotations

import csv
import io
import re

import pytest

from services.cli.audit_commands import told_apart, verify_extract_file, verify_files
from services.cli.office import ADMINISTRATOR, AUDITOR
from services.node.rpc.desk_client import DeskClient
from tests.console.aside import aside
from tests.console.audit_screens import overridden
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.screen import OFFICER
from tests.console.screens import OTHER_UNIT

PAGES = (
    "/audit",
    "/audit/log",
    "/audit/extract?entry=0",
    "/audit/concerns/disputed",
    "/audit/entries",
    "/audit/entries/0",
    "/audit/looks",
    "/audit/looks/sheet",
)


@pytest.mark.parametrize("officer", ["administrator", OFFICER])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_but_the_auditor_looks_through_the_ledger(wires, path, officer):
    answer = wires.ask(PROVINCE, path, officer=officer)
    assert answer.status_code == 403
    assert ">R-" not in answer.text


def test_only_the_auditor_has_the_ledger_verified(wires):
    sent = wires.send(PROVINCE, "/audit/verify", OFFICER, "/refer")
    assert sent.status_code == 403
    found = wires.send(PROVINCE, "/audit/verify", AUDITOR, "/audit")
    assert found.status_code == 200
    assert "Our ledger holds" in found.text
    assert wires.ask(PROVINCE, "/audit/verify", method="POST").status_code != 200
    unasked = wires.ask(PROVINCE, "/audit/verify", officer=AUDITOR, method="POST")
    assert unasked.status_code == 403
    assert "console.stale_form" in unasked.text


def test_an_entry_names_its_receipt_and_no_attested_answer_is_one(wires, scenes):
    sent = scenes.accepted(scenes.sent())
    listed = wires.ask(PROVINCE, f"/audit/entries?code={sent.case}", officer=AUDITOR)
    offer = listed.text.split("/audit/entries/")[1:]
    numbers = [each.partition('"')[0] for each in offer]
    shown = [
        wires.ask(PROVINCE, f"/audit/entries/{number}", officer=AUDITOR).text
        for number in numbers
    ]
    assert any("Receipt verified" in text for text in shown)
    assert not any("does not hold" in text for text in shown)
    assert not any("attested" in text for text in shown)


def test_an_officer_reads_her_units_part_of_the_ledger_and_no_other(wires, scenes):
    sent = scenes.accepted(scenes.sent())
    path = f"/ledger?code={sent.case}"
    mine = wires.ask(PROVINCE, path, officer=OFFICER)
    number = re.findall(r'href="/ledger/(\d+)"', mine.text)[-1]
    shown = wires.ask(PROVINCE, f"/ledger/{number}", officer=OFFICER)
    assert "does not hold" not in shown.text
    assert "holds" in shown.text
    role = wires.ask(PROVINCE, f"{path}&role=shelter_manager", officer=OFFICER)
    assert 'data-label="Receipt"' not in role.text
    theirs = wires.ask(PROVINCE, path, officer=OTHER_UNIT)
    assert 'data-label="Receipt"' not in theirs.text
    hidden = wires.ask(PROVINCE, f"/ledger/{number}", officer=OTHER_UNIT)
    assert hidden.status_code == 404
    for kind in ("unanswered", "one_sided"):
        waits = wires.ask(PROVINCE, f"/ledger/concerns/{kind}", officer=OFFICER)
        assert waits.status_code == 200
    assert wires.ask(PROVINCE, "/ledger", officer=AUDITOR).status_code == 403


def test_a_broken_link_is_shown_where_the_case_is_read(wires, scenes, consoles):
    sent = scenes.accepted(scenes.sent())

    def case():
        return wires.ask(PROVINCE, f"/cases/{sent.case}", officer=OFFICER).text

    assert "data-broken" not in case()
    assert case().count("receipt verified") == 2  # of the offer and of the release
    flip = (
        "UPDATE receipt SET evidence = set_byte(evidence, 200,"
        " get_byte(evidence, 200) # 1) WHERE digest IN ("
        "SELECT s.digest FROM envelope_sent AS s INNER JOIN event AS e"
        " ON s.event_id = e.event_id WHERE e.step = 'offer'"
        " AND e.referral_id = decode('OFFERED', 'hex'))"
    ).replace("OFFERED", sent.referral_id.hex())
    consoles.network.state.cluster.query(flip, database=PROVINCE)
    broken = case()
    consoles.network.state.cluster.query(flip, database=PROVINCE)
    assert "The chain of this case is broken" in broken
    assert broken.count("receipt verified") == 1
    assert "does not hold" in broken
    assert "data-broken" not in case()


def test_the_log_that_is_downloaded_is_verified_offline(wires, scenes, tmp_path):
    # Of a member whose outbox no other test sets to what did not happen.
    scenes.accepted(scenes.sent())
    answer = wires.ask(HOUSE, "/audit/log", officer=AUDITOR)
    assert answer.headers["content-disposition"].endswith('nha-hoa-ban.relais-log"')
    assert "no-store" in answer.headers["cache-control"]
    file = tmp_path / "nha-hoa-ban.relais-log"
    file.write_bytes(answer.content)
    report = verify_files([file])
    assert report.sound, report.faults
    assert report.leaves > 3


def test_an_extract_for_a_court_is_of_one_code_and_is_verified_offline(
    wires, scenes, tmp_path
):
    sent = scenes.accepted(scenes.sent())
    listed = wires.ask(PROVINCE, f"/ledger?code={sent.case}", officer=OFFICER).text
    assert f'href="/ledger/extract?code={sent.case}"' in listed
    told = {}
    for officer, place in ((OFFICER, "/ledger"), (AUDITOR, "/audit")):
        path = f"{place}/extract?code={sent.case}"
        answer = wires.ask(PROVINCE, path, officer=officer)
        named = f'{PROVINCE}-{sent.case}.relais-extract"'
        assert answer.headers["content-disposition"].endswith(named)
        file = tmp_path / f"{officer}.relais-extract"
        file.write_bytes(answer.content)
        assert told_apart([file]) == ([file], [])
        told[officer] = verify_extract_file(file)
        assert told[officer].faults == ()
    assert told[OFFICER].entries == told[AUDITOR].entries
    assert {each.step for each in told[OFFICER].entries} > {"offer", "accept"}
    assert HOUSE in {each.proved_by for each in told[OFFICER].entries}
    theirs = wires.ask(
        PROVINCE, f"/ledger/extract?code={sent.case}", officer=OTHER_UNIT
    )
    assert theirs.status_code == 404
    looks = wires.ask(PROVINCE, f"/audit/looks?code={sent.case}", officer=AUDITOR)
    assert looks.text.count("Took an extract") == 3
    overview = wires.ask(PROVINCE, "/audit", officer=AUDITOR).text
    assert "No witness has signed this head." in overview
    one = wires.ask(PROVINCE, "/audit/extract?entry=0", officer=AUDITOR)
    assert one.status_code == 200
    for wrong in ("/audit/extract", "/audit/extract?code=zz", "/ledger/extract"):
        refused = wires.ask(
            PROVINCE, wrong, officer=OFFICER if "ledger" in wrong else AUDITOR
        )
        assert refused.status_code == 400, wrong


def post(wires, path, shown, form, officer):
    """Sends a form of a page that is shown."""
    token = wires.token_in(wires.ask(PROVINCE, shown, officer=officer).text)
    return wires.ask(
        PROVINCE, path, officer=officer, method="POST", form={"token": token, **form}
    )


def test_an_exported_sheet_holds_what_was_filtered_and_computes_nothing(
    wires, scenes, consoles
):
    case = scenes.case(PROVINCE, OFFICER)
    formula = "=HYPERLINK(1)"
    token = consoles.token(PROVINCE, "officer-21")
    socket = consoles.network.config(PROVINCE).local.gateway_socket

    async def look() -> None:
        async with DeskClient(socket, PROVINCE) as desk:
            await desk.acting(token, formula).read_records("", case)

    aside(look())
    place = f"/audit/looks?code={case}"
    waits = post(wires, "/audit/looks/sheet", place, {"code": case}, officer=AUDITOR)
    assert waits.headers["location"] == place
    early = wires.ask(PROVINCE, f"/audit/looks/sheet?code={case}", officer=AUDITOR)
    assert "admission.sheet_not_confirmed" in early.text
    asked = wires.ask(PROVINCE, "/admissions", officer=ADMINISTRATOR).text
    assert case in asked
    assert "may be taken out" in asked

    def answer(said: str) -> str:
        shown = wires.ask(PROVINCE, "/admissions", officer=ADMINISTRATOR).text
        # Whatever else waits there: the form of which one button takes a sheet out.
        (number,) = re.findall(
            r'/admissions/([0-9a-f]{32})/answer">'
            r"(?:(?!</form>).)*may be taken out",
            shown,
            re.DOTALL,
        )
        place_of, form = f"/admissions/{number}/answer", {"answer": said}
        post(wires, place_of, "/admissions", form, officer=ADMINISTRATOR)
        return str(wires.ask(PROVINCE, place, officer=AUDITOR).text)

    assert "The second person refused this sheet on" in answer("refused")
    # Who asked takes it back, and may ask anew.
    post(wires, "/audit/looks/sheet", place, {"code": case}, officer=AUDITOR)
    back = "/audit/looks/sheet/withdraw"
    assert back in wires.ask(PROVINCE, place, officer=AUDITOR).text
    post(wires, back, place, {"code": case}, officer=AUDITOR)
    assert back not in wires.ask(PROVINCE, place, officer=AUDITOR).text
    assert case not in wires.ask(PROVINCE, "/admissions", officer=ADMINISTRATOR).text
    post(wires, "/audit/looks/sheet", place, {"code": case}, officer=AUDITOR)
    assert "/audit/looks/sheet?" in answer("confirmed")
    sheet = wires.ask(PROVINCE, f"/audit/looks/sheet?code={case}", officer=AUDITOR)
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"), newline=""))
    assert head[0] == "Number"
    assert {row[6] for row in rows} == {case}
    assert [row[7] for row in rows if row[2] == "officer-21"] == [f"'{formula}"]
    newest = wires.ask(PROVINCE, f"/audit/looks?staff={AUDITOR}", officer=AUDITOR)
    assert "Exported the access log" in newest.text
    wrong = wires.ask(PROVINCE, "/audit/looks/sheet?since=zz", officer=AUDITOR)
    assert wrong.status_code == 400


def test_what_needs_an_eye_is_counted_and_listed_by_code(wires, scenes):
    before = wires.ask(PROVINCE, "/audit/concerns/override_unreviewed", officer=AUDITOR)
    case = overridden(scenes)
    path = "/audit/concerns/override_unreviewed"
    assert path in wires.ask(PROVINCE, "/audit", officer=AUDITOR).text
    listed = wires.ask(PROVINCE, path, officer=AUDITOR)
    rows = listed.text.count("/audit/entries?code=")
    assert rows == before.text.count("/audit/entries?code=") + 1
    assert f">{case}</a>" in listed.text
    opened = wires.ask(PROVINCE, f"/cases/{case}", officer=AUDITOR)
    assert opened.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/audit/entries?code=zz",
        "/audit/entries?since=x",
        "/audit/looks?until=2026-13-01",
    ],
)
def test_what_was_mistyped_is_said_at_its_field(wires, path):
    answer = wires.ask(PROVINCE, path, officer=AUDITOR)
    assert answer.status_code == 400
    assert "govuk-error-message" in answer.text


@pytest.mark.parametrize("path", ["/audit/entries/999999999", "/audit/concerns/x"])
def test_what_is_not_there_is_said_to_be_not_there(wires, path):
    assert wires.ask(PROVINCE, path, officer=AUDITOR).status_code == 404
