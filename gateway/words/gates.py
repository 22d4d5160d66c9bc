"""Border gates by the short codes of return plans and minutes.

Promises a name that both sides of the border read: that of the Vietnamese gate, then
that of the other side, in its own letters too where they differ. A name is the same
in every language of the console. The pairs are those of domain.md section 5.
"""

from __future__ import annotations

_NAMES = {
    "lao_cai_hekou": "Lào Cai – Hekou (河口)",
    "thanh_thuy_tianbao": "Thanh Thủy – Tianbao (天保)",
    "ma_lu_thang_jinshuihe": "Ma Lù Thàng – Jinshuihe (金水河)",
    "tay_trang_panghok": "Tây Trang – Panghok",
    "xa_mat": "Xa Mát",
    "moc_bai": "Mộc Bài",
    "noi_bai": "Nội Bài",
}


def gate(code: str) -> str:
    """The name of a gate; a code that is not known reads as words, without marks."""
    return _NAMES.get(code) or code.replace("_", " ").title()
