"""A province is written as people there write it."""

from __future__ import annotations

import pytest

from gateway.words.provinces import province


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("lao-cai", "Lào Cai"),
        ("dien-bien", "Điện Biên"),
        ("ba-ria-vung-tau", "Bà Rịa - Vũng Tàu"),
        ("yunnan", "Yunnan"),
        ("vientiane-capital", "Vientiane Capital"),
        ("", ""),
    ],
)
def test_a_slug_of_the_directory_is_a_name(slug, name):
    assert province(slug) == name
