"""A province, and a border gate, is written as people there write it."""

from __future__ import annotations

import pytest

from gateway.words.gates import gate
from gateway.words.provinces import province, written


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


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("lao_cai_hekou", "Lào Cai – Hekou (河口)"),
        ("nam_can", "Nam Can"),
        ("", ""),
    ],
)
def test_a_short_code_of_a_gate_is_a_name(code, name):
    assert gate(code) == name


def test_a_place_stays_as_it_was_written_unless_it_is_a_slug():
    assert written("lao-cai") == "Lào Cai"
    assert written("ở với dì, gần chợ") == "ở với dì, gần chợ"
