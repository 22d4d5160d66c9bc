"""Pictures that a telephone reads (QR, ISO/IEC 18004), as SVG in the page itself."""

from __future__ import annotations

from io import BytesIO

import segno


def qr(text: str) -> str:
    """A QR code as SVG, without a script or style of its own."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=4, scale=4
    )
    return out.getvalue().decode("utf-8")
