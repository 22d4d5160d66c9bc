"""Files over the API: in pieces, in parts, with a reason, and never another file."""

from __future__ import annotations

from hashlib import sha256

from services.node.domain.documents import DocumentKind
from tests.network.api.offices import PREFIX, PROVINCE, key
from tests.pictures import cleaned_jpeg, jpeg

CHUNK = 64 * 1024
OTHER_UNIT = "officer-21"


def sent(program, place: str, offset: int, content: bytes):
    return program.client.put(
        f"{PREFIX}{place}?offset={offset}",
        content=content,
        headers={
            "Authorization": f"Bearer {program.token}",
            "Content-Type": "application/octet-stream",
        },
    )


def test_a_file_is_sent_in_pieces_and_read_in_parts(offices):
    officer = offices.signed_in(PROVINCE, "officer-11")
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    file, act = jpeg(5 * CHUNK), key()
    about = {"category": "D2", "size": len(file)}
    begun = officer.post(f"/cases/{case}/uploads", about, act=act)
    place = f"/cases/{case}/uploads/{begun['upload_id']}"
    assert begun["held"] == 0
    # A gap, another cut, and a piece that comes twice.
    assert sent(officer, place, CHUNK, file[CHUNK:]).json()["code"] == "attachment.gap"
    odd = sent(officer, place, 0, file[:1000])
    assert (odd.status_code, odd.json()["code"]) == (400, "attachment.bad_piece")
    for _ in range(2):
        assert sent(officer, place, 0, file[:CHUNK]).json()["held"] == CHUNK
    assert officer.get(place)["held"] == CHUNK
    assert officer.post(f"/cases/{case}/uploads", about, act=act)["held"] == CHUNK
    digest = {"digest": sha256(file).hexdigest()}
    early = officer.refused("POST", f"{place}/finish", digest)
    assert early == (409, "attachment.not_all_here")
    sent(officer, place, CHUNK, file[CHUNK:])
    added = officer.post(f"{place}/finish", digest)
    assert officer.post(f"{place}/finish", digest) == added
    (listed,) = officer.get(f"/cases/{case}/attachments")["items"]
    clean = cleaned_jpeg(5 * CHUNK)
    assert listed["size"] == len(clean)
    assert sha256(clean).hexdigest().startswith(listed["digest_prefix"])
    content = f"/cases/{case}/attachments/{added['attachment_id']}/content"
    assert officer.ask("GET", content).content == clean
    for said, part in (
        ("bytes=0-9", clean[:10]),
        (f"bytes={CHUNK - 5}-{CHUNK + 5}", clean[CHUNK - 5 : CHUNK + 6]),
        (f"bytes={2 * CHUNK}-", clean[2 * CHUNK :]),
    ):
        answer = officer.ask("GET", content, Range=said)
        assert (answer.status_code, answer.content) == (206, part)
        assert answer.headers["content-range"].endswith(f"/{len(clean)}")
    beyond = officer.refused("GET", content, Range=f"bytes={len(clean)}-")
    assert beyond == (416, "api.bad_range")
    other = offices.signed_in(PROVINCE, OTHER_UNIT)
    assert other.refused("GET", content) == (403, "access.reason_needed")
    assert other.ask("GET", content, Relais_Reason="cover").content == clean
    looks = officer.get(f"/cases/{case}/looks")["items"]
    read = [each for each in looks if "ReadAttachment" in str(each)]
    assert {each["reason"] for each in read} >= {"", "cover"}
    assert len(read) >= 5
    # What failed was asked for, too: the list of files, where it was refused.
    assert "access.reason_needed" in {each["outcome"] for each in looks}


def test_another_file_than_was_declared_is_not_added(offices):
    officer = offices.signed_in(PROVINCE, "officer-11")
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    file = jpeg(CHUNK)
    begun = officer.post(
        f"/cases/{case}/uploads", {"category": "D2", "size": len(file)}
    )
    place = f"/cases/{case}/uploads/{begun['upload_id']}"
    sent(officer, place, 0, file[:5000] + bytes((file[5000] ^ 1,)) + file[5001:])
    ended = officer.refused(
        "POST", f"{place}/finish", {"digest": sha256(file).hexdigest()}
    )
    assert ended == (400, "attachment.changed_on_way")
    assert officer.get(f"/cases/{case}/attachments")["items"] == []
    large = {"category": "D2", "size": 200 * 1024 * 1024 + 1}
    refused = officer.refused("POST", f"/cases/{case}/uploads", large, act=key())
    assert refused == (400, "attachment.too_large")


def test_a_paper_is_printed_numbered_and_known_by_its_file(offices):
    officer = offices.signed_in(PROVINCE, "officer-11")
    case = officer.post("/cases", {"door": "rescued"})["case_pseudonym"]
    place = f"/cases/{case}/documents/{DocumentKind.RECEPTION_MINUTES}"
    asked = {"second_language": "zh-Hans", "given_to": "file", "with_name": False}
    bare = officer.ask("POST", place, asked)
    assert (bare.status_code, bare.json()["code"]) == (422, "api.invalid")
    named = {each["where"] for each in bare.json()["places"]}
    assert named == {"body.place", "body.received_at", "body.condition"}
    assert officer.get(f"/cases/{case}/copies")["items"] == []
    asked |= {
        "place": "Cửa khẩu",
        "received_at": "2026-03-02T08:00:00+07:00",
        "condition": "well",
        "items": ["một điện thoại"],
    }
    paper = officer.ask("POST", place, asked)
    assert paper.headers["content-type"] == "application/pdf", paper.text
    assert paper.content.startswith(b"%PDF-")
    (copy,) = officer.get(f"/cases/{case}/copies")["items"]
    assert (copy["copy"], copy["given_to"]) == (1, "file")
    assert copy["printed_by"] == "officer-11"
    verified = f"/documents?file_digest={sha256(paper.content).hexdigest()}"
    assert officer.get(verified)["kind"] == DocumentKind.RECEPTION_MINUTES
