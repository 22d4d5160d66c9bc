"""A picture that is small as a file and huge once it is decoded harms nobody."""

from __future__ import annotations

import resource
import time
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from gateway.documents.showing import Mark, marked
from services.node.domain.attachments import media_type_of
from services.node.domain.errors import InvalidInputError
from tests.pictures import segment

MARK = Mark("desk", "o-1", datetime(2018, 3, 5, tzinfo=UTC), "now", "a-1", bytes(16))
KIBIBYTES = 1536 * 1024 + 64 * 1024
"""What the process may take, and a little for what starts it."""
SMALL = 64


def chunk(kind: bytes, content: bytes) -> bytes:
    length = len(content).to_bytes(4, "big")
    return length + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(side: int) -> bytes:
    """Black, a bit a dot; 1.6 gigabytes in grey if it is huge."""
    head = side.to_bytes(4, "big") * 2 + b"\x01\0\0\0\0"
    row = bytes(1 + (side + 7) // 8)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in parts)


def jpeg(side: int) -> bytes:
    """Grey, two bits for each square of eight by eight dots."""
    size = side.to_bytes(2, "big") * 2
    one_code = b"\x01" + bytes(15) + b"\0"
    huffman = b"\0" + one_code + b"\x10" + one_code
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xDB, b"\0" + b"\x01" * 64),
            segment(0xC0, b"\x08" + size + b"\x01\x01\x11\0"),
            segment(0xC4, huffman),
            segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            bytes(((side + 7) // 8) ** 2 // 4 + 1),
            b"\xff\xd9",
        )
    )


def pdf(side: int) -> bytes:
    """An empty page, as high as it is said."""
    objects = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 %d]>>endobj\n" % side,
    )
    trailer = b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF"
    return b"%PDF-1.4\n" + b"".join(objects) + trailer


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 65_536):
        yield content[begin : begin + 65_536]


async def shown(content: bytes) -> bytes:
    return await marked(media_type_of(content[:16]), in_pieces(content), MARK)


@pytest.mark.parametrize(
    ("maker", "huge"), [(png, 40_000), (jpeg, 32_000), (pdf, 90_000_000)]
)
async def test_a_picture_bomb_is_refused_in_bounded_memory_and_time(maker, huge):
    """The same picture is shown if it is small: nothing else is wrong with it."""
    assert await shown(maker(SMALL))
    bomb = maker(huge)
    assert len(bomb) < 8 << 20
    began = time.monotonic()
    with pytest.raises(InvalidInputError) as refused:
        await shown(bomb)
    assert refused.value.code == "attachment.cannot_be_shown"
    assert refused.value.remedy
    assert time.monotonic() - began < 35
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < KIBIBYTES


def test_a_webp_is_no_file_that_is_taken():
    with pytest.raises(InvalidInputError) as refused:
        media_type_of(b"RIFF\x24\0\0\0WEBPVP8 ")
    assert refused.value.code == "attachment.unknown_type"
