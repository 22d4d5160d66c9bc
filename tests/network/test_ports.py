from __future__ import annotations

import socket

import pytest

from services.cli import ports
from services.node.domain.errors import UnavailableError


def test_every_port_in_use_is_named_with_its_member():
    with socket.create_server((ports.HOST, 0)) as taken:
        number = taken.getsockname()[1]
        free = ports.choose_free(["yen-bai"])["yen-bai"]
        with pytest.raises(UnavailableError, match=f"lao-cai {number}") as refused:
            ports.check_free({"lao-cai": number, "yen-bai": free})
    assert "yen-bai" not in refused.value.message


def test_nobody_else_chooses_what_was_chosen_and_its_node_may_listen_there():
    (chosen,) = ports.choose_free(["yen-bai"]).values()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((ports.HOST, chosen))  # as another process chooses
    with socket.create_server((ports.HOST, chosen)):  # as the member's node listens
        pass
    ports.let_go([chosen])
    with socket.socket() as other:
        other.bind((ports.HOST, chosen))


def test_members_get_different_free_ports():
    chosen = ports.choose_free([f"member-{number}" for number in range(50)])
    assert len(set(chosen.values())) == 50
    ports.check_free(chosen)
