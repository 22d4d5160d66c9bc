"""A PNG without what it tells beside its picture (W3C PNG, third edition).

What passes: the critical chunks and those that change how it looks. Texts, times,
Exif, further pictures of an animation and whatever follows the end do not. Every
chunk is checked against its CRC.
"""

from __future__ import annotations

import zlib

from services.node.domain.damaged import damaged

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END, _FIRST = b"IEND", b"IHDR"
_SHOWN = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"),
        *(b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs"),
    )
)
_HEAD, _CRC = 8, 4
_LONGEST = (1 << 31) - 1


class PngCleaner:
    """Takes a PNG in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._signed = False
        self._first = True
        self._ended = False
        # The chunk that is being read: bytes left, whether it passes, its CRC.
        self._left = -1
        self._passes = False
        self._kind = b""
        self._crc = 0

    def feed(self, piece: bytes) -> bytes:
        """What passes of what is known so far."""
        if not self._ended:
            self._held += piece
        out = bytearray()
        going = True
        while going and not self._ended:
            going = self._step(out)
        return bytes(out)

    def finish(self) -> bytes:
        """Nothing more; raises InvalidInputError for a picture without its end."""
        if not self._ended:
            raise damaged()
        return b""

    def _step(self, out: bytearray) -> bool:
        if not self._signed:
            return self._signature(out)
        if self._left < 0:
            return self._head(out)
        return self._body(out) if self._left else self._tail(out)

    def _signature(self, out: bytearray) -> bool:
        if len(self._held) < len(_SIGNATURE):
            return False
        if not self._held.startswith(_SIGNATURE):
            raise damaged()
        self._take(len(_SIGNATURE), out)
        self._signed = True
        return True

    def _head(self, out: bytearray) -> bool:
        if len(self._held) < _HEAD:
            return False
        length, kind = int.from_bytes(self._held[:4], "big"), bytes(self._held[4:8])
        if length > _LONGEST or not kind.isalpha() or self._first != (kind == _FIRST):
            raise damaged()
        self._passes = kind in _SHOWN
        if not self._passes and not kind[0] & 0x20:
            # Nobody can show a picture with a critical chunk that nobody knows.
            raise damaged()
        self._left, self._kind, self._crc = length, kind, zlib.crc32(kind)
        self._first = False
        self._take(_HEAD, out if self._passes else None)
        return True

    def _body(self, out: bytearray) -> bool:
        length = min(self._left, len(self._held))
        if not length:
            return False
        self._crc = zlib.crc32(self._held[:length], self._crc)
        self._left -= length
        self._take(length, out if self._passes else None)
        return True

    def _tail(self, out: bytearray) -> bool:
        if len(self._held) < _CRC:
            return False
        if int.from_bytes(self._held[:_CRC], "big") != self._crc:
            raise damaged()
        self._take(_CRC, out if self._passes else None)
        self._left, self._ended = -1, self._kind == _END
        return True

    def _take(self, length: int, out: bytearray | None) -> None:
        if out is not None:
            out += self._held[:length]
        del self._held[:length]
