"""Where in a running node something can be found: memory, database, files, log.

Promises: everything is looked through that an operator of the node, or a thief of
its machine, could look through without a key: what the process holds, every row of
every table, the files of those tables as PostgreSQL wrote them (rows that were
deleted too), and the log. Values are looked for as they are, in hexadecimal digits
and, if they are text, as Python holds wide text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from services.cli.network import Network
from tests.network.test_journey import dump

MEMORY, ROWS, FILES, LOG = "memory", "rows", "files", "log"
_PIECE = 1 << 24


def where_found(
    network: Network, member: str, values: Mapping[str, bytes | str]
) -> dict[str, set[str]]:
    """In which of the four places of ``member``'s node each named value stands."""
    forms = {name: _forms(value) for name, value in values.items()}
    longest = max(len(form) for each in forms.values() for form in each)
    found: dict[str, set[str]] = {name: set() for name in values}
    for place, piece in _places(network, member, longest):
        for name, each in forms.items():
            if place not in found[name] and any(form in piece for form in each):
                found[name].add(place)
    return found


def _forms(value: bytes | str) -> tuple[bytes, ...]:
    if isinstance(value, bytes):
        return value, value.hex().encode()
    raw = value.encode()
    wide = () if value.isascii() else (value.encode("utf-16-le"),)
    return raw, raw.hex().encode(), *wide


def _places(network: Network, member: str, overlap: int) -> Iterator[tuple[str, bytes]]:
    cluster = network.state.cluster
    (pid,) = (each.pid for each in network.members() if each.name == member)
    assert pid is not None
    for piece in _memory(pid, overlap):
        yield MEMORY, piece
    yield ROWS, dump(cluster, member).encode()
    # What is in shared buffers only is written out first.
    cluster.query("CHECKPOINT")
    own = "SELECT oid FROM pg_database WHERE datname = current_database()"
    oid = cluster.query(own, database=member).strip()
    for file in sorted((cluster.data / "base" / oid).iterdir()):
        yield FILES, file.read_bytes()
    yield LOG, network.place(member).log.read_bytes()


def _memory(pid: int, overlap: int) -> Iterator[bytes]:
    """What the process can write to, in pieces that overlap."""
    process = Path("/proc") / str(pid)
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text("utf-8").splitlines():
            addresses, permissions, *_ = line.split()
            if "w" not in permissions:
                continue
            begin, end = (int(each, 16) for each in addresses.split("-"))
            for at in range(begin, end, _PIECE):
                size = min(_PIECE + overlap, end - at)
                try:
                    memory.seek(at)
                    piece = memory.read(size)
                except OSError:
                    # Given back since the list was read.
                    continue
                yield piece
