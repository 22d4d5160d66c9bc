from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.node_init import NodePlan, init_node
from services.node.config.network import MemberDeclaration
from services.node.config.node import load_node_config
from services.node.domain.errors import ConfigError, ConflictError
from services.node.keys.files import load_member_keys

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def plan_in(folder: Path, network: str = "vietnam.relais.invalid") -> NodePlan:
    return NodePlan(
        member=MemberDeclaration(
            name="cao-bang",
            kind="province",
            functions=("PROVINCE_SOCIAL",),
            country="VN",
            province="cao-bang",
            names={"en": "Social affairs of Cao Bang"},
            founder=False,
            peers_port=7443,
        ),
        network=network,
        folder=folder,
        directory=Path("/srv/directory.bin"),
        fingerprint="dihok-mihol",
        database=("/run/postgresql", 5432),
        listen="::",
    )


def test_a_new_member_gets_keys_and_a_configuration_that_load(tmp_path):
    file = init_node(plan_in(tmp_path / "node"), NOW)
    config = load_node_config(file)
    assert config.member.name == "cao-bang"
    assert config.case_clock.mode == "real"
    keys = load_member_keys(config.keys.folder)
    assert len(keys.sealing) == 21


def test_nothing_is_overwritten(tmp_path):
    file = init_node(plan_in(tmp_path / "node"), NOW)
    before = file.read_text()
    with pytest.raises(ConflictError):
        init_node(plan_in(tmp_path / "node", "other.relais.invalid"), NOW)
    assert file.read_text() == before


def test_a_configuration_that_could_not_be_used_leaves_no_keys(tmp_path):
    with pytest.raises(ConfigError, match=r"\[member\] network"):
        init_node(plan_in(tmp_path / "node", "no network name"), NOW)
    assert list((tmp_path / "node").iterdir()) == []
