"""Provinces of Viet Nam by the slugs of the directory, as they are written there.

The sixty-three of before 1 July 2025; the thirty-four of today bear names of these
(Resolution 202/2025/QH15). A name is the same in every language of the console.
"""

from __future__ import annotations

import unicodedata

_NAMES = (
    "An Giang",
    "Bà Rịa - Vũng Tàu",
    "Bạc Liêu",
    "Bắc Giang",
    "Bắc Kạn",
    "Bắc Ninh",
    "Bến Tre",
    "Bình Dương",
    "Bình Định",
    "Bình Phước",
    "Bình Thuận",
    "Cà Mau",
    "Cao Bằng",
    "Cần Thơ",
    "Đà Nẵng",
    "Đắk Lắk",
    "Đắk Nông",
    "Điện Biên",
    "Đồng Nai",
    "Đồng Tháp",
    "Gia Lai",
    "Hà Giang",
    "Hà Nam",
    "Hà Nội",
    "Hà Tĩnh",
    "Hải Dương",
    "Hải Phòng",
    "Hậu Giang",
    "Hòa Bình",
    "Thành phố Hồ Chí Minh",
    "Huế",
    "Hưng Yên",
    "Khánh Hòa",
    "Kiên Giang",
    "Kon Tum",
    "Lai Châu",
    "Lạng Sơn",
    "Lào Cai",
    "Lâm Đồng",
    "Long An",
    "Nam Định",
    "Nghệ An",
    "Ninh Bình",
    "Ninh Thuận",
    "Phú Thọ",
    "Phú Yên",
    "Quảng Bình",
    "Quảng Nam",
    "Quảng Ngãi",
    "Quảng Ninh",
    "Quảng Trị",
    "Sóc Trăng",
    "Sơn La",
    "Tây Ninh",
    "Thái Bình",
    "Thái Nguyên",
    "Thanh Hóa",
    "Thừa Thiên Huế",
    "Tiền Giang",
    "Trà Vinh",
    "Tuyên Quang",
    "Vĩnh Long",
    "Vĩnh Phúc",
    "Yên Bái",
)


def _slug(name: str) -> str:
    """Lower-case letters without marks, words joined by hyphens."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return "-".join(kept.replace("-", " ").split())


_BY_SLUG = {_slug(name): name for name in _NAMES}


def province(slug: str) -> str:
    """The province of a slug (``lao-cai``); another place as it is spelled."""
    return _BY_SLUG.get(slug) or slug.replace("-", " ").title()


def written(place: str) -> str:
    """A place as somebody wrote it; a slug of a province by its name."""
    return _BY_SLUG.get(place, place)
