"""Pictures that a telephone reads (QR, ISO/IEC 18004), as SVG in the page itself."""

from __future__ import annotations

from io import BytesIO

import segno


def qr(text: str) -> str:
    """A QR code as SVG that fills the width it is given, its quiet zone with it."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode("utf-8")
