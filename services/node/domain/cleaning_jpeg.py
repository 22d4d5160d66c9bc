"""A JPEG without what it tells beside its picture (ITU-T T.81, Annex B).

What passes: tables, frames, scans, the JFIF header without its thumbnail, the
colour profile and Adobe's colour transform, which change how it looks. Of Exif
passes only which side is up, written anew. What follows the end of the picture,
where telephones put a film or a second picture, does not.
"""

from __future__ import annotations

import re
from typing import Literal

from services.node.domain.damaged import damaged

_SOI, _EOI, _SOS, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_RST0, _RST7, _FILL = 0xD0, 0xD7, 0xFF
_MARKER_BYTES, _LENGTH = 2, 2
_SIDES = range(1, 9)
#: In a scan 0xFF stands before 0 (a byte of its own) and 0xD0 to 0xD7 (restarts).
_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_JFIF, _EXIF, _ICC, _ADOBE = b"JFIF\0", b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe"
_JFIF_BYTES = 14
_ORIENTATION, _SHORT = 0x0112, 3
_ENTRY_BYTES, _MOST_ENTRIES = 12, 512


class JpegCleaner:
    """Takes a JPEG in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._in_scan = False
        self._begun = False
        self._ended = False

    def feed(self, piece: bytes) -> bytes:
        """What passes of what is known so far."""
        if not self._ended:
            self._held += piece
        out = bytearray()
        going = True
        while going and not self._ended:
            going = self._scan(out) if self._in_scan else self._step(out)
        return bytes(out)

    def finish(self) -> bytes:
        """Nothing more; raises InvalidInputError for a picture without its end."""
        if not self._ended:
            raise damaged()
        return b""

    def _scan(self, out: bytearray) -> bool:
        """Pass the bytes of a scan; true once its end is seen."""
        found = _MARKER.search(self._held)
        if found is None:
            # What ends it may be the begin of a marker.
            keep = len(self._held.rstrip(b"\xff"))
            out += self._held[:keep]
            del self._held[:keep]
            return False
        out += self._held[: found.start()]
        del self._held[: found.start()]
        self._in_scan = False
        return True

    def _step(self, out: bytearray) -> bool:
        """Take one marker with its segment; false until it is all there."""
        held = self._held
        if len(held) < _MARKER_BYTES:
            return False
        if held[0] != _FILL or (not self._begun and held[1] != _SOI):
            raise damaged()
        marker = held[1]
        if marker == _FILL:
            # Any number of these may stand before a marker.
            del held[:1]
            return True
        if marker in {_SOI, _EOI, _TEM}:
            out += held[:2]
            del held[:2]
            self._begun, self._ended = True, marker == _EOI
            return True
        return self._segment(marker, out)

    def _segment(self, marker: int, out: bytearray) -> bool:
        held = self._held
        if len(held) < 2 + _LENGTH:
            return False
        length = int.from_bytes(held[2:4], "big")
        if length < _LENGTH or marker == 0 or _RST0 <= marker <= _RST7:
            raise damaged()
        if len(held) < 2 + length:
            return False
        out += _passing(marker, bytes(held[4 : 2 + length]))
        del held[: 2 + length]
        self._in_scan = marker == _SOS
        return True


def _passing(marker: int, content: bytes) -> bytes:
    """The segment as it passes, or nothing."""
    if marker == _APP0 and content.startswith(_JFIF):
        if len(content) < _JFIF_BYTES:
            raise damaged()
        return _segment(_APP0, content[: _JFIF_BYTES - 2] + b"\0\0")
    if marker == _APP1 and content.startswith(_EXIF):
        side = orientation(content[len(_EXIF) :])
        return _segment(_APP1, _upright(side)) if side > 1 else b""
    kept = (marker == _APP2 and content.startswith(_ICC)) or (
        marker == _APP14 and content.startswith(_ADOBE)
    )
    if marker == _COM or (_APP0 <= marker <= _APP15 and not kept):
        return b""
    return _segment(marker, content)


def _segment(marker: int, content: bytes) -> bytes:
    length = (len(content) + _LENGTH).to_bytes(_LENGTH, "big")
    return bytes((0xFF, marker)) + length + content


def orientation(tiff: bytes) -> int:
    """Which side is up, 1 to 8, as Exif 2.3 says it; 1 if it does not."""
    if tiff[:2] not in {b"II", b"MM"}:
        return 1

    def number(at: int, length: int) -> int:
        order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
        return int.from_bytes(tiff[at : at + length], order)

    first = number(4, 4)
    for index in range(min(number(first, 2), _MOST_ENTRIES)):
        at = first + 2 + index * _ENTRY_BYTES
        if number(at, 2) == _ORIENTATION and number(at + 2, 2) == _SHORT:
            side = number(at + 8, 2)
            return side if side in _SIDES else 1
    return 1


def _upright(side: int) -> bytes:
    """Exif that says which side is up, and nothing else."""
    entry = (_ORIENTATION, 2), (_SHORT, 2), (1, 4), (side, 2), (0, 2)
    directory = b"".join(value.to_bytes(length, "big") for value, length in entry)
    return _EXIF + b"MM\0*\0\0\0\x08\0\x01" + directory + bytes(4)
