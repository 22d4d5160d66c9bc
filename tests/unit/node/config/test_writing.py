from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from services.node.config.limits import LimitsSection
from services.node.config.node import (
    CaseClockSection,
    DatabaseSection,
    DirectorySection,
    GatewaySection,
    GuardSection,
    KeysSection,
    LocalSection,
    LogSection,
    MemberSection,
    NodeConfig,
    PeersSection,
    load_node_config,
)
from services.node.config.writing import render_node_config


def config_in(folder: Path) -> NodeConfig:
    return NodeConfig(
        member=MemberSection("lao-cai", "province", "vietnam.relais.invalid"),
        peers=PeersSection("::1", 7443),
        local=LocalSection(Path("/run/relais/lao-cai.sock")),
        database=DatabaseSection(
            'a "quoted" host\\', 5433, "lao-cai", "lao-cai", folder / "pw", 5, 3
        ),
        keys=KeysSection(folder / "keys"),
        directory=DirectorySection(Path("/srv/directory.bin"), "abcd-efgh"),
        guard=GuardSection((folder / "a/head", Path("/mnt/Lào Cai/head"))),
        limits=LimitsSection(9000, 17, 33),
        log=LogSection("json", "warning"),
        case_clock=CaseClockSection("driven"),
    )


def test_what_a_gateway_needs_is_written_only_if_it_is_not_the_default(tmp_path):
    plain = config_in(tmp_path)
    assert "gateway" not in render_node_config(plain, tmp_path)
    other = replace(
        plain,
        local=LocalSection(plain.local.socket, tmp_path / "web.sock"),
        gateway=GatewaySection(("https://lao-cai.localhost:8443",)),
    )
    file = tmp_path / "node.toml"
    file.write_text(render_node_config(other, tmp_path), encoding="utf-8")
    assert load_node_config(file) == other


def test_reading_what_was_written_gives_the_same_values(tmp_path):
    config = config_in(tmp_path)
    file = tmp_path / "node.toml"
    file.write_text(render_node_config(config, tmp_path), encoding="utf-8")
    assert load_node_config(file) == config


def test_a_node_that_only_dials_out_listens_nowhere(tmp_path):
    config = replace(config_in(tmp_path), peers=PeersSection("", 0, dials_out=True))
    file = tmp_path / "node.toml"
    file.write_text(render_node_config(config, tmp_path), encoding="utf-8")
    assert "listen" not in file.read_text("utf-8")
    assert load_node_config(file) == config
    assert config.peers.address == ""


def test_the_folder_of_a_node_can_be_moved_as_a_whole(tmp_path):
    text = render_node_config(config_in(tmp_path), tmp_path)
    assert str(tmp_path) not in text
