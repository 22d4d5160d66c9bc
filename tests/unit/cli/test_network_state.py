from __future__ import annotations

import os

import pytest

from services.cli.network_state import NetworkState
from services.node.domain.errors import ConflictError, NotPermittedError


def test_a_folder_with_other_things_is_neither_used_nor_removed(tmp_path):
    (tmp_path / "thesis.txt").write_text("ten years")
    state = NetworkState(tmp_path)
    with pytest.raises(NotPermittedError):
        state.prepare()
    with pytest.raises(NotPermittedError):
        state.remove()
    assert (tmp_path / "thesis.txt").read_text() == "ten years"


def test_what_was_made_is_removed_wholly(tmp_path):
    state = NetworkState(tmp_path / "state")
    state.prepare()
    state.member("lao-cai").folder.mkdir()
    state.mark_complete()
    state.remove()
    assert not state.folder.exists()
    assert not state.short.exists()


def test_a_network_is_complete_only_when_marked(tmp_path):
    state = NetworkState(tmp_path / "state")
    state.prepare()
    assert not state.complete
    state.mark_complete()
    assert NetworkState(tmp_path / "state").complete
    state.remove()


def test_only_one_process_works_on_a_network(tmp_path):
    state = NetworkState(tmp_path / "state")
    held = state.open_lock()
    state.take_lock(held)
    # Whoever holds it may ask again.
    state.take_lock(held)
    other = NetworkState(tmp_path / "state")
    waiting = other.open_lock()
    with pytest.raises(ConflictError) as busy:
        other.take_lock(waiting)
    assert busy.value.code == "network.busy"
    # A child between fork and exec has the file open still.
    child = os.dup(held)
    state.unlock(held)
    other.take_lock(waiting)
    other.unlock(waiting)
    os.close(child)


def test_a_socket_path_fits_into_unix_however_deep_the_state_is(tmp_path):
    state = NetworkState(tmp_path / "/".join(["deep"] * 60))
    socket = state.member("mission-kuala-lumpur").local_socket
    assert len(os.fsencode(socket)) <= 107


def test_two_states_share_no_sockets(tmp_path):
    first, second = NetworkState(tmp_path / "a"), NetworkState(tmp_path / "b")
    assert first.short != second.short


def test_a_socket_folder_planted_as_a_link_is_refused(tmp_path):
    state = NetworkState(tmp_path / "state")
    state.short.symlink_to(tmp_path)
    try:
        with pytest.raises(NotPermittedError):
            state.prepare_sockets()
    finally:
        state.short.unlink()
