from __future__ import annotations

from pathlib import Path

import pytest

from services.node.config.network import load_network
from services.node.domain.errors import ConfigError

LAO_CAI = """
[member]
name = "lao-cai"
kind = "province"
functions = ["PROVINCE_SOCIAL"]
country = "VN"
province = "lao-cai"
founder = true

[names]
vi = "Sở Lao động"
en = "Social affairs of Lao Cai"

[peers]
port = 7443
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy").mkdir()
    (tmp_path / "_network.toml").write_text(
        '[network]\nname = "vietnam.relais.invalid"\npolicy = "policy"\n'
        'approver_functions = ["PROVINCE_SOCIAL"]\n'
    )
    (tmp_path / "lao-cai.toml").write_text(LAO_CAI)
    return tmp_path


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        load_network(folder)
    return refused.value.problems


def test_a_network_holds_its_members_in_order_of_name(folder):
    second = LAO_CAI.replace("lao-cai", "ha-giang").replace("7443", "7444")
    (folder / "ha-giang.toml").write_text(second)
    network = load_network(folder)
    assert network.name == "vietnam.relais.invalid"
    assert network.policy == folder / "policy"
    assert [each.name for each in network.members] == ["ha-giang", "lao-cai"]
    member = network.members[1]
    assert member.founder
    assert member.functions == ("PROVINCE_SOCIAL",)
    assert member.names["vi"] == "Sở Lao động"


def test_two_members_cannot_declare_one_port(folder):
    second = LAO_CAI.replace("lao-cai", "ha-giang")
    (folder / "ha-giang.toml").write_text(second)
    assert problems_of(folder) == (
        "[peers] port: 7443 is declared by ha-giang, lao-cai",
    )


def test_a_member_that_nobody_can_dial_has_no_address(folder):
    (folder / "lao-cai.toml").write_text(LAO_CAI + "dials_out = true\n")
    (member,) = load_network(folder).members
    assert member.listens("127.0.0.1", 7443).address == ""
    (folder / "lao-cai.toml").write_text(LAO_CAI)
    (member,) = load_network(folder).members
    assert member.listens("127.0.0.1", 7443).address == "127.0.0.1:7443"


def test_the_file_is_named_as_its_member(folder):
    (folder / "lao-cai.toml").rename(folder / "laocai.toml")
    assert "laocai.toml [member] name: the file is named laocai" in problems_of(folder)


def test_a_function_unknown_to_law_is_refused(folder):
    text = LAO_CAI.replace('"PROVINCE_SOCIAL"', '"KING"')
    (folder / "lao-cai.toml").write_text(text)
    assert "lao-cai.toml [member] functions: No such function: KING." in problems_of(
        folder
    )


def test_a_province_cannot_declare_the_function_of_a_hotline(folder):
    text = LAO_CAI.replace('"PROVINCE_SOCIAL"', '"PROVINCE_SOCIAL", "HOTLINE"')
    (folder / "lao-cai.toml").write_text(text)
    assert problems_of(folder)[0].startswith("lao-cai.toml [member] functions: ")


def test_the_problems_of_every_file_are_listed(folder):
    (folder / "_network.toml").write_text('[network]\nname = "x"\npolicy = "gone"\n')
    (folder / "lao-cai.toml").write_text(LAO_CAI.replace("VN", "vn"))
    found = problems_of(folder)
    assert [each.split(":")[0] for each in found] == [
        "_network.toml [network] name",
        "_network.toml [network] approver_functions",
        "_network.toml [network] policy",
        "lao-cai.toml [member] country",
        "[member] founder",
    ]


def test_a_name_in_a_language_nobody_reads_is_refused(folder):
    (folder / "lao-cai.toml").write_text(LAO_CAI.replace('en = "', 'xx = "'))
    assert problems_of(folder)[:2] == (
        "lao-cai.toml [names] xx: expected one of vi, en, fr, zh",
        "lao-cai.toml [names] en: is missing; expected a text",
    )
