"""Files as cameras and scanners write them, with what must not be kept.

Written by the standards and not by the code under test; nothing in them is a
picture of anybody. ``SECRET`` stands in every place that cleaning takes out.
"""

from __future__ import annotations

import random
import zlib

SECRET = b"21.0285N 105.8542E Canary-Camera"


def segment(marker: int, content: bytes) -> bytes:
    """One JPEG segment."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def tiff(side: int) -> bytes:
    """Exif of a telephone, little-endian: its make, which side is up, where."""
    entries = (
        (0x010F, 2, len(SECRET), 50),
        (0x0112, 3, 1, side),
        (0x8825, 4, 1, 50),
    )
    directory = b"".join(
        tag.to_bytes(2, "little")
        + kind.to_bytes(2, "little")
        + count.to_bytes(4, "little")
        + value.to_bytes(4, "little")
        for tag, kind, count, value in entries
    )
    return b"II*\0\x08\0\0\0\x03\0" + directory + bytes(4) + SECRET


QUANTISATION = segment(0xDB, bytes(65))
FRAME = segment(0xC0, b"\x08\0\x10\0\x10\x01\x01\x11\0")
HUFFMAN = segment(0xC4, bytes(17))
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0")
ICC = segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"profile")
ADOBE = segment(0xEE, b"Adobe\0d\0\0\0\0\x01")


def entropy(length: int, seed: int = 1) -> bytes:
    """So many bytes of a scan at least, with restarts and escaped bytes."""
    raw = random.Random(seed).randbytes(length)
    return raw.replace(b"\xff", b"\xff\0") + b"\xff\xd3\x12\xff\0\x34"


def jpeg(length: int = 1000, side: int = 6, seed: int = 1) -> bytes:
    """A JPEG of a telephone, with everything that it tells and a film behind it."""
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01" + SECRET[:3]),
            segment(0xE1, b"Exif\0\0" + tiff(side)),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
            ICC,
            segment(0xED, b"Photoshop 3.0\0" + SECRET),
            ADOBE,
            segment(0xFE, SECRET),
            QUANTISATION,
            FRAME,
            HUFFMAN,
            SCAN,
            entropy(length, seed),
            b"\xff\xff",
            HUFFMAN[1:],
            SCAN,
            entropy(50, seed),
            b"\xff\xd9",
            b"\0\0\0\x18ftypmp42" + SECRET,
        )
    )


def cleaned_jpeg(length: int = 1000, side: int = 6, seed: int = 1) -> bytes:
    """What of ``jpeg`` is kept."""
    upright = segment(
        0xE1,
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"
        + bytes((side,))
        + bytes(6),
    )
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0"),
            upright if side > 1 else b"",
            ICC,
            ADOBE,
            QUANTISATION,
            FRAME,
            HUFFMAN,
            SCAN,
            entropy(length, seed),
            HUFFMAN,
            SCAN,
            entropy(50, seed),
            b"\xff\xd9",
        )
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    """One PNG chunk."""
    crc = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + crc


SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0")
GAMMA = chunk(b"gAMA", b"\0\0\xb1\x8f")
DATA = chunk(b"IDAT", zlib.compress(b"\0\x7f"))
END = chunk(b"IEND", b"")


def png() -> bytes:
    """A PNG with texts, a time, Exif, and something behind its end."""
    return b"".join(
        (
            SIGNATURE,
            HEADER,
            GAMMA,
            chunk(b"tEXt", b"Author\0" + SECRET),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
            chunk(b"eXIf", tiff(3)),
            chunk(b"tIME", b"\x07\xe2\x03\x05\x08\0\0"),
            DATA,
            END,
            SECRET,
        )
    )


CLEANED_PNG = SIGNATURE + HEADER + GAMMA + DATA + END
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
