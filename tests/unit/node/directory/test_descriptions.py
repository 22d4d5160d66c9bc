"""What a member may say about itself, field by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.directory.descriptions import (
    check_description,
    check_policy,
)
from services.node.domain.errors import InvalidInputError
from services.node.wire.entries import Description, LocalName, Policy, PolicyTable

GOOD = Description(
    kind="shelter",
    functions=("VICTIM_SUPPORT_EST", "A1"),
    country="VN",
    province="lao-cai",
    names=(LocalName("vi", "Nhà Bình Yên"), LocalName("zh-Hans", "平安之家")),
    peers_address="[::1]:7001",
)
POLICY = Policy("vn-2018.1", (PolicyTable("steps", b"a,b\n"),), ("FOCAL_MINISTRY",))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"province": ""},
        {"peers_address": ""},
        {"peers_address": "node.example:65535"},
        {"names": (LocalName("en", "x" * 255),)},
    ],
)
def test_a_sound_description_is_taken(change):
    check_description(replace(GOOD, **change))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "Province"),
        ("functions", ()),
        ("functions", ("A", "A")),
        ("functions", ("lower",)),
        ("functions", ("A B",)),
        ("functions", ("A\n",)),
        ("country", "vn"),
        ("country", "VNM"),
        ("country", ""),
        ("province", "Lao Cai"),
        ("province", "lao-cai\n"),
        ("names", ()),
        ("names", (LocalName("vi", "a"), LocalName("vi", "b"))),
        ("names", (LocalName("", "a"),)),
        ("names", (LocalName("v", "a"),)),
        ("names", (LocalName("vi", ""),)),
        ("names", (LocalName("vi", "   "),)),
        ("names", (LocalName("vi", "a\nb"),)),
        ("names", (LocalName("vi", "a\u202eb"),)),
        ("names", (LocalName("vi", "a\x1b[2J"),)),
        ("names", (LocalName("vi", "ă" * 128),)),
        ("peers_address", "host"),
        ("peers_address", "host:0"),
        ("peers_address", "host:65536"),
        ("peers_address", "host:٣"),
        ("peers_address", "ho st:7001"),
        ("peers_address", "unix:///run/x:1"),
        ("peers_address", ":7001"),
    ],
)
def test_a_description_is_refused_by_its_field(field, value):
    with pytest.raises(InvalidInputError) as refused:
        check_description(replace(GOOD, **{field: value}))
    assert refused.value.code == "directory.bad_description"
    assert refused.value.where == field


def test_a_sound_policy_is_taken():
    check_policy(POLICY)
    check_policy(replace(POLICY, tables=()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", ""),
        ("version", "a b"),
        ("version", "x" * 65),
        ("tables", (PolicyTable("a", b""), PolicyTable("a", b"x"))),
        ("tables", (PolicyTable("", b""),)),
        ("tables", (PolicyTable("../steps", b""),)),
        ("tables", (PolicyTable("steps", b"\xff"),)),
        ("approver_functions", ()),
        ("approver_functions", ("A", "A")),
        ("approver_functions", ("a",)),
    ],
)
def test_a_policy_is_refused_by_its_field(field, value):
    with pytest.raises(InvalidInputError) as refused:
        check_policy(replace(POLICY, **{field: value}))
    assert refused.value.code == "directory.bad_policy"
    assert refused.value.where == field
