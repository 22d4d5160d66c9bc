from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.attachments import MediaType
from services.node.domain.cleaning import cleaner_for
from services.node.domain.cleaning_jpeg import orientation
from services.node.domain.errors import InvalidInputError
from tests import pictures
from tests.pictures import CLEANED_PNG, PDF, SECRET, cleaned_jpeg, jpeg, png

KINDS = {
    MediaType.JPEG: (jpeg(), cleaned_jpeg()),
    MediaType.PNG: (png(), CLEANED_PNG),
    MediaType.PDF: (PDF, PDF),
}


def cleaned(content: bytes, step: int = 1 << 20) -> bytes:
    _, cleaner = cleaner_for(content[:16])
    pieces = [content[at : at + step] for at in range(0, len(content), step)]
    return b"".join([*(cleaner.feed(each) for each in pieces), cleaner.finish()])


@pytest.mark.parametrize("kind", KINDS)
def test_type_is_told_by_the_content(kind):
    assert cleaner_for(KINDS[kind][0][:16])[0] is kind


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"MZ", b"<svg", b"PK\x03\x04", b"\x89PNG\r\n", b" %PDF-1.7"],
)
def test_other_types_are_refused(content):
    with pytest.raises(InvalidInputError) as refused:
        cleaner_for(content)
    assert refused.value.code == "attachment.unknown_type"
    assert refused.value.remedy


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 1000, 1 << 20])
def test_only_the_picture_passes_however_it_is_cut(kind, step):
    content, expected = KINDS[kind]
    assert cleaned(content, step) == expected
    assert SECRET not in expected


@pytest.mark.parametrize("kind", KINDS)
def test_cleaning_again_changes_nothing(kind):
    once = cleaned(KINDS[kind][0])
    assert cleaned(once) == once


@pytest.mark.parametrize("side", range(1, 9))
def test_which_side_is_up_is_kept(side):
    assert cleaned(jpeg(side=side)) == cleaned_jpeg(side=side)
    assert orientation(pictures.tiff(side)) == side


@pytest.mark.parametrize("side", [0, 9, 65535])
def test_side_that_is_none_is_dropped(side):
    assert cleaned(jpeg(side=side)) == cleaned_jpeg(side=1)


@pytest.mark.parametrize(
    "tiff", [b"", b"II*\0", b"XX" + bytes(20), b"MM\0*\xff\xff\xff\xff"]
)
def test_broken_exif_says_nothing(tiff):
    assert orientation(tiff) == 1


@pytest.mark.parametrize("kind", [MediaType.JPEG, MediaType.PNG])
def test_file_that_stops_early_is_refused(kind):
    whole = cleaned(KINDS[kind][0])
    for end in range(16, len(whole), 11):
        with pytest.raises(InvalidInputError) as refused:
            cleaned(whole[:end])
        assert refused.value.code == "attachment.damaged"


def test_pdf_without_its_end_is_refused():
    with pytest.raises(InvalidInputError):
        cleaned(PDF[:-8])


@pytest.mark.parametrize(
    "name",
    [b"/JavaScript ", b"/JS(", b"/J#53(", b"/EmbeddedFiles ", b"/Launch/", b"/ObjStm "],
)
def test_pdf_that_acts_or_hides_is_refused_wherever_it_is_cut(name):
    whole = PDF[:-8] + b"<<" + name + b">>" + PDF[-8:]
    for size in (1, 3, len(whole)):
        with pytest.raises(InvalidInputError) as refused:
            cleaned(whole, size)
        assert refused.value.code == "attachment.active_pdf"


def test_png_with_a_changed_byte_is_refused():
    for at in range(8, len(CLEANED_PNG)):
        changed = bytearray(CLEANED_PNG)
        changed[at] ^= 1
        with pytest.raises(InvalidInputError):
            cleaned(bytes(changed))


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", pictures.SIGNATURE]))
def test_anything_else_ends_in_a_refusal_or_a_picture(rest, beginning):
    try:
        once = cleaned(beginning + rest, 13)
    except InvalidInputError:
        return
    assert cleaned(once) == once


@given(st.integers(0, 3000), st.integers(1, 4000))
def test_scans_pass_as_they_are(length, step):
    assert cleaned(jpeg(length, seed=length), step) == cleaned_jpeg(length, seed=length)
