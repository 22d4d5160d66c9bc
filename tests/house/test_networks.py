"""What deploy/network declares is real: kinds, functions, ports, policy."""

from __future__ import annotations

import pytest

from services.cli.network import NETWORKS
from services.node.config.network import load_network
from services.node.config.node import KINDS

DECLARED = sorted(each for each in NETWORKS.iterdir() if each.is_dir())


@pytest.mark.parametrize("folder", DECLARED, ids=lambda each: each.name)
def test_a_declared_network_can_be_read_and_shares_no_port(folder):
    network = load_network(folder)
    ports = [each.peers_port for each in network.members]
    assert len(set(ports)) == len(ports) > 0


@pytest.mark.parametrize("folder", DECLARED, ids=lambda each: each.name)
def test_a_network_is_founded_by_three_with_the_right_to_approve(folder):
    network = load_network(folder)
    founders = [each for each in network.members if each.founder]
    approvers = set(network.approver_functions)
    assert len(founders) >= 3
    assert sum(bool(approvers & set(each.functions)) for each in founders) >= 2


@pytest.mark.parametrize("folder", DECLARED, ids=lambda each: each.name)
def test_a_networks_policy_has_tables(folder):
    assert list(load_network(folder).policy.glob("*.csv"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_folder_that_can_be_started_and_is_described(root, kind):
    folder = root / "services" / kind
    assert {"__init__.py", "__main__.py", "profile.py", "README.md"} <= {
        each.name for each in folder.iterdir()
    }


def test_vietnam_declares_the_members_of_the_first_journey():
    network = load_network(NETWORKS / "vietnam")
    kinds = [each.kind for each in network.members]
    assert {kind: kinds.count(kind) for kind in KINDS} == {
        "province": 7,
        "shelter": 3,
        "liaison": 4,
        "hotline": 3,
        "agency": 7,
        "ministry": 1,
    }
