"""Files of a case at the console: added on any line, seen with a mark, and no name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import expect

from gateway.web.uploads import LARGEST_PAPER
from services.node.domain.attachments import LARGEST
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.desk_client import DeskClient
from tests.console.chromium import open_another
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.drafts import kept, whole_draft
from tests.console.filed import photograph, with_file
from tests.console.scenes import Sent
from tests.console.screens import OTHER_UNIT
from tests.console.seats import Seats
from tests.console.slow_line import NEAR, slow_line
from tests.console.writing import answered
from tests.fault.widely import ALL
from tests.pictures import jpeg

OFFICER, MANAGER = "officer-14", "manager-1"
NAME = "Tênlạ-Canaryfile.png"
"""What a telephone calls it; nobody may learn it."""
ADDED = ".govuk-notification-banner--success"
WRONG = "#upload-wrong"
PIECES = "**/pieces?*"
PART = 256 * 1024


LARGE = photograph(900, 900)
"""Ten pieces of a script."""
LARGE_SCAN = LARGEST * 996 // 1000 if ALL else 50 * 1024 * 1024
"""In the long form, with all that it has beside, nearly the largest there may be."""


def choose(seat, content: bytes, media_type: str = "image/png") -> None:
    seat.page.select_option("#category", "D2")
    file = {"name": NAME, "mimeType": media_type, "buffer": content}
    seat.page.set_input_files("#file", file)


def press(seat) -> None:
    seat.page.click("form[data-upload] button", no_wait_after=True)


def listed(scenes, case, member=PROVINCE):
    async def act(desk: DeskClient, who: str):
        return await desk.list_attachments(who, case)

    return scenes.at(member, act)


def content_of(scenes, case, number, member=PROVINCE) -> bytes:
    async def act(desk: DeskClient, who: str) -> bytes:
        pieces = desk.read_attachment(who, case, number)
        return b"".join([piece async for piece in pieces])

    return bytes(scenes.at(member, act))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photograph_is_added_in_vietnamese_and_its_name_is_told_to_nobody(
    seats, scenes, consoles, scripts
):
    case = scenes.case(PROVINCE, OFFICER)
    seat = seats.at(PROVINCE, OFFICER, language="vi", scripts=scripts)
    seat.go(f"/cases/{case}/files")
    choose(seat, photograph())
    press(seat)
    expect(seat.page.locator(ADDED)).to_be_visible()
    (file,) = listed(scenes, case)
    assert (file.media_type, file.category) == ("image/png", "D2")
    assert content_of(scenes, case, file.attachment_id) == photograph()
    assert file.digest_prefix.hex() in seat.main
    told = seat.page.content() + seat.page.url
    logs = [each.read_text("utf-8") for each in consoles.network.logs.glob("*.log")]
    assert not any("Canaryfile" in each for each in (told, *logs))


@pytest.mark.parametrize("scripts", [True, False])
def test_what_cannot_be_attached_is_said_on_the_page_and_what_was_chosen_stays(
    seats, scenes, scripts
):
    case = scenes.case(PROVINCE, OFFICER)
    seat = seats.at(PROVINCE, OFFICER, scripts=scripts)
    seat.refusals_expected()
    for content, code in (
        (b"GIF89a" + bytes(PIECE), "attachment.unknown_type"),
        (b"%PDF-1.7 << /OpenAction 1 0 R >> %%EOF\n", "attachment.active_pdf"),
        (photograph()[:-20], "attachment.damaged"),
    ):
        seat.go(f"/cases/{case}/files")
        choose(seat, content)
        press(seat)
        expect(seat.page.locator(WRONG)).to_contain_text(code)
        assert seat.page.input_value("#category") == "D2"
    assert listed(scenes, case) == ()


@pytest.fixture
def cut(consoles, browser):
    port = urlsplit(consoles.origin(PROVINCE)).port
    with (
        slow_line(port, NEAR) as line,
        open_another(browser, consoles, PROVINCE, line.port) as other,
        Seats(consoles, other) as seats,
    ):
        yield line, seats


def test_a_cut_line_and_a_page_read_anew_lose_no_piece(cut, scenes):
    line, seats = cut
    case = scenes.case(PROVINCE, OFFICER)
    seat = seats.at(PROVINCE, OFFICER)
    seat.tolerates = "ERR_"
    sent: list[int] = []

    def count(request) -> None:
        if "/pieces?" in request.url:
            sent.append(int(request.url.partition("offset=")[2]))

    seat.page.on("request", count)
    seat.go(f"/cases/{case}/files")
    choose(seat, LARGE)
    with seat.page.expect_request(lambda each: "offset=524288" in each.url):
        press(seat)
    with seat.page.expect_event("requestfailed"):
        line.cut_request(300)
    assert seat.page.locator("progress").first.evaluate("each => each.value") > 0
    # It goes on by itself, but no further than one piece: some are left to send.
    came: list[str] = []
    seat.page.on(
        "response", lambda each: came.extend([each.url] * ("/pieces?" in each.url))
    )
    seat.page.route(PIECES, lambda each: each.abort() if came else each.continue_())
    with seat.page.expect_response(PIECES):
        line.mend()
    # The page is read anew; the same file goes on where it was.
    seat.go(f"/cases/{case}/files")
    seat.page.unroute(PIECES)
    before = max(sent)
    assert before > 0
    sent.clear()
    choose(seat, LARGE)
    press(seat)
    expect(seat.page.locator(ADDED)).to_be_visible()
    assert min(sent) >= before
    (file,) = listed(scenes, case)
    assert content_of(scenes, case, file.attachment_id) == LARGE


def test_pieces_that_make_another_file_are_refused_and_forgotten(wires, scenes):
    case, content = scenes.case(PROVINCE, OFFICER), photograph()
    place = f"/cases/{case}/files"
    token = wires.token_in(wires.ask(PROVINCE, place, officer=OFFICER).text)
    about = {"token": token, "category": "D2", "size": str(len(content))}
    about["digest"] = sha256(content).hexdigest()

    def post(path: str, **asked):
        return wires.ask(
            PROVINCE, f"{place}/{path}", officer=OFFICER, method="POST", **asked
        )

    upload = post("begin", form=about).json()["upload"]
    swapped = bytearray(content)
    swapped[2000] ^= 1
    header = {"Relais-Token": token}
    for sent, code in ((bytes(swapped), 400), (content, 200)):
        assert post("begin", form=about).json() == {"upload": upload, "held": 0}
        assert post(f"{upload}/pieces?offset=0", content=sent).status_code == 403
        kept = post(f"{upload}/pieces?offset=0", content=sent, headers=header)
        assert kept.json() == {"held": len(content)}
        ended = post(f"{upload}/finish", form=about)
        assert ended.status_code == code
    assert len(listed(scenes, case)) == 1


def test_a_file_of_another_unit_asks_for_a_reason_first(seats, scenes):
    filed = with_file(scenes, HOUSE)
    place = f"/cases/{filed.case}/files/{filed.file}"
    seat = seats.at(PROVINCE, OTHER_UNIT)
    seat.go(f"{place}/picture")
    assert seat.path == f"/cases/{filed.case}/reason"


def test_a_file_is_chosen_in_the_wizard_and_goes_with_its_category(seats, scenes):
    filed = with_file(scenes, HOUSE)
    draft = replace(whole_draft(filed.case), categories=(), files=(), answer=())
    seat = seats.at(PROVINCE, OFFICER)
    seat.refusals_expected()
    seat.go(f"/refer/{kept(scenes, draft)}/show")
    seat.page.check(f'[name="files"][value="{filed.file}"]')
    seat.press("form[novalidate] button")
    assert seat.problems
    assert seat.page.is_checked(f'[name="files"][value="{filed.file}"]')
    seat.page.check('[name="categories"][value="D1"]')
    seat.press("form[novalidate] button")
    answered(seat, "given")
    assert "PNG" in seat.main
    seat.press("form[novalidate] button")
    expect(seat.page.locator(ADDED)).to_be_visible()
    referral_id = bytes.fromhex(seat.path.rpartition("/")[2])
    sent = Sent(filed.case, referral_id)
    scenes.sees(HOUSE, sent)
    scenes.accepted(sent)

    async def files(desk: DeskClient, who: str):
        found = await desk.get_referral(who, referral_id)
        return await desk.list_attachments(who, found.referral.case_pseudonym)

    (file,) = scenes.at(HOUSE, files)
    assert file.category == "D1"


def listening(port: int) -> psutil.Process:
    """The process that serves a port of this machine."""
    (pid,) = {
        each.pid
        for each in psutil.net_connections("tcp")
        if each.status == psutil.CONN_LISTEN and port in each.laddr
    }
    return psutil.Process(pid)


def test_fifty_mebibytes_pass_in_little_memory_of_gateway_and_node(
    wires, scenes, consoles
):
    case, content = scenes.case(PROVINCE, OFFICER), jpeg(LARGE_SCAN)
    place = f"/cases/{case}/files"
    shown = wires.ask(PROVINCE, place, officer=OFFICER).text
    fields = {"token": wires.token_in(shown), "event": wires.event_in(shown)}
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (fields | {"category": "D2"}).items()
    )
    head += f'--b\r\nContent-Disposition: form-data; name="file"; filename="{NAME}"'
    before, end = (head + "\r\nContent-Type: a/b\r\n\r\n").encode(), b"\r\n--b--\r\n"
    ports = (
        urlsplit(consoles.origin(PROVINCE)).port,
        consoles.network.config(PROVINCE).peers.port,
    )
    serving = [listening(port) for port in ports if port is not None]
    idle = [each.memory_info().rss for each in serving]
    most = list(idle)

    def body() -> Iterator[bytes]:
        yield before
        for at in range(0, len(content), PART):
            yield content[at : at + PART]
            for number, each in enumerate(serving):
                most[number] = max(most[number], each.memory_info().rss)
        yield end

    length = str(len(before) + len(content) + len(end))
    answer = wires.ask(
        PROVINCE,
        place,
        officer=OFFICER,
        method="POST",
        content=body(),
        headers={
            "Content-Type": "multipart/form-data; boundary=b",
            "Content-Length": length,
        },
    )
    assert answer.status_code == 303
    most = [max(a, b.memory_info().rss) for a, b in zip(most, serving, strict=True)]
    extra = [(a - b) >> 20 for a, b in zip(most, idle, strict=True)]
    print(f"\nextra MiB of gateway and node: {extra}")  # noqa: T201 - what it is for
    assert max(extra) <= 64
    (file,) = listed(scenes, case)
    assert file.size > LARGE_SCAN


def test_the_receiver_sees_a_file_with_a_mark_after_the_release(seats, wires, scenes):
    sent = with_file(scenes, HOUSE)
    seat = seats.at(HOUSE, MANAGER)
    seat.go(sent.sent.path)
    # Before the release there is no more than that there is one.
    row = seat.page.locator(".govuk-summary-list__row", has_text="Files")
    expect(row).to_have_count(1)
    assert row.locator("a").count() == 0
    scenes.accepted(sent.sent)

    async def find(desk: DeskClient, who: str) -> str:
        found = await desk.get_referral(who, sent.sent.referral_id)
        return str(found.referral.case_pseudonym)

    case = scenes.at(HOUSE, find)
    seat.go(f"/cases/{case}/files")
    expect(seat.page.locator("main .relais-rows a")).to_have_count(1)
    while seat.page.locator("main progress").count() > 1:
        seat.page.reload()
    seat.page.click("main .relais-rows a")
    shown = seat.page.locator("img.relais-shown")
    expect(shown).to_be_visible()
    assert shown.evaluate("each => each.decode().then(() => each.naturalWidth)") == 800
    picture = shown.get_attribute("src")
    answer = wires.ask(HOUSE, picture, officer=MANAGER)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline")
    # Another copy has another number across it.
    assert wires.ask(HOUSE, picture, officer=MANAGER).content != answer.content
    place = picture.partition("/picture")[0]
    whole = wires.ask(HOUSE, f"{place}/download", officer=MANAGER)
    assert whole.content == photograph(300, 200)
    assert whole.headers["content-disposition"].startswith("attachment")
    seat.go(f"/cases/{case}/looks")
    assert seat.main.count("Opened a file of the case") >= 4


def test_a_printed_file_is_known_by_its_last_byte_to_whoever_holds_it(
    seats, wires, scenes, tmp_path
):
    case = scenes.case(PROVINCE, OFFICER)
    place = f"/cases/{case}/documents/consent_form"
    said = {"second_language": "en", "given_to": "person"}
    printed = wires.send(PROVINCE, place, OFFICER, place, **said)
    assert printed.headers["content-type"] == "application/pdf", printed.text
    paper = tmp_path / "paper.pdf"
    seat = seats.at(PROVINCE, "", scripts=False)
    seat.refusals_expected()

    def verified(content: bytes) -> str:
        paper.write_bytes(content)
        seat.go("/verify")
        seat.page.set_input_files("#file", paper)
        seat.page.click("form[method=post] button")
        return str(seat.main)

    whole = verified(printed.content)
    assert "Unaltered" in whole
    assert "Consent" in whole
    assert case not in whole
    assert "We issued no such file" in verified(printed.content + b"\n")
    assert "This file is no PDF" in verified(b"GIF89a")
    assert "larger than any document" in verified(b"%PDF-" + bytes(LARGEST_PAPER))
