"""A small network of real nodes: made, stopped, killed, made anew."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import psutil
import pytest

from services.cli import processes
from services.cli.network import NETWORKS, Network
from services.node.config.network import NetworkDeclaration, load_network
from services.node.domain.errors import (
    ConflictError,
    NotFoundError,
    UnavailableError,
)

CLOCK = "2018-03-05T08:00:00+07:00"


@pytest.fixture(scope="module")
def declared() -> NetworkDeclaration:
    """The three founders of Vietnam's network."""
    whole = load_network(NETWORKS / "vietnam")
    founders = tuple(each for each in whole.members if each.founder)
    return NetworkDeclaration(
        whole.name, whole.policy, whole.approver_functions, founders
    )


@pytest.fixture(scope="module")
def network(
    declared: NetworkDeclaration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Network]:
    state = tmp_path_factory.mktemp("network") / "state"
    network = Network(state, declared, clock=CLOCK)
    try:
        network.start(free_ports=True)
        yield network
    finally:
        network.remove()


def pids(network: Network) -> dict[str, int | None]:
    return {each.name: each.pid for each in network.members()}


def test_every_node_answers_on_its_own_port_and_socket(network):
    for each in network.members():
        host, port = each.peers_address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=5):
            pass
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(each.local_socket))


def test_starting_twice_leaves_what_runs_alone(network):
    before = pids(network)
    network.start()
    assert pids(network) == before
    assert None not in before.values()


def test_a_killed_node_is_started_again_and_the_others_go_on(network):
    before = pids(network)
    network.kill("lao-cai")
    assert pids(network)["lao-cai"] is None
    network.start()
    after = pids(network)
    assert after["lao-cai"] not in (None, before["lao-cai"])
    assert after["ministry"] == before["ministry"]


def test_a_restarted_node_is_another_process_at_the_same_address(network):
    before, address = pids(network), network.peers_address("ministry")
    network.restart("ministry")
    assert pids(network)["ministry"] != before["ministry"]
    assert network.peers_address("ministry") == address


def test_another_command_cannot_change_the_network_meanwhile(network, declared):
    other = Network(network.state.folder, declared)
    with pytest.raises(ConflictError, match=r"network\.busy"):
        other.start()


def test_a_stranger_has_no_place(network):
    with pytest.raises(NotFoundError):
        network.place("../lao-cai")


def test_a_port_in_use_is_named_with_its_member(network):
    network.kill("lao-cai")
    host, port = network.peers_address("lao-cai").rsplit(":", 1)
    with (
        socket.create_server((host, int(port))),
        pytest.raises(UnavailableError, match=f"lao-cai {port}"),
    ):
        network.start()
    network.start()


def test_a_node_that_cannot_start_is_named_with_its_last_words(network):
    config = network.place("lao-cai").config
    good = config.read_text()
    network.kill("lao-cai")
    config.write_text(good.replace('kind = "province"', 'kind = "castle"'))
    with pytest.raises(UnavailableError, match=r"lao-cai: .*castle"):
        network.restart("lao-cai")
    config.write_text(good)
    network.start()


def test_nothing_of_a_members_folder_is_open_to_others(network):
    for place in network.state.members():
        secret = [path for path in place.folder.rglob("*.key") if path.is_file()]
        assert len(secret) > 20
        for path in [*secret, place.database.node_password_file]:
            assert path.stat().st_mode & 0o077 == 0


def test_a_state_made_for_other_members_is_not_used(network, declared):
    fewer = NetworkDeclaration(
        declared.name,
        declared.policy,
        declared.approver_functions,
        declared.members[1:],
    )
    network.close()
    other = Network(network.state.folder, fewer)
    with pytest.raises(ConflictError, match=declared.members[0].name):
        other.start()
    other.close()
    network.start()


def runs(pid: int) -> bool:
    """Also false where only its exit code is left, for whoever asks for it."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_stop_leaves_no_process_and_what_was_stored(network):
    """Last of the story: ends what the fixture started, and starts it again."""
    before = [pid for pid in pids(network).values() if pid is not None]
    server = network.state.cluster.server()
    assert server is not None
    fingerprint = network.config("lao-cai").directory.fingerprint
    network.stop()
    assert not any(runs(pid) for pid in [*before, server.pid])
    network.start()
    assert network.config("lao-cai").directory.fingerprint == fingerprint
    assert None not in pids(network).values()


def test_what_a_killed_run_left_half_made_is_made_anew(declared, tmp_path):
    """Killed before the mark *complete*, with a node and PostgreSQL running."""
    network = Network(tmp_path / "state", declared)
    again = Network(tmp_path / "state", declared)
    try:
        network.start(free_ports=True)
        first = pids(network)
        (network.state.folder / "complete").unlink()
        network.close()  # a killed command's lock is gone as well
        again.start(free_ports=True)
        assert not any(runs(pid) for pid in first.values() if pid)
        assert None not in pids(again).values()
    finally:
        network.close()
        again.remove()
    assert all(processes.find(each.process) is None for each in again.state.members())
    assert not again.state.short.exists()
    assert [each.name for each in tmp_path.iterdir()] == [".state.lock"]
