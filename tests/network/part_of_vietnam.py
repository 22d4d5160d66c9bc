"""A few members of the network of Viet Nam, for tests that drive clocks far."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.cli.network import NETWORKS, Network
from services.node.config.network import load_network


@contextmanager
def part_of_vietnam(
    members: Sequence[str], clock: str, dialling_out: Sequence[str] = ()
) -> Iterator[Network]:
    """These members under the policy of Viet Nam, running; removed at the end.

    Nobody can dial those ``dialling_out``.
    """
    # Not under pytest's own folder: another run of pytest closes that to PostgreSQL.
    with tempfile.TemporaryDirectory(prefix="relais-part-") as folder:
        declared = Path(folder) / "declared"
        declared.mkdir()
        shown = NETWORKS / "vietnam"
        for member in members:
            shutil.copy(shown / f"{member}.toml", declared)
        for member in dialling_out:
            # The table of the port is the last one of every file.
            with (declared / f"{member}.toml").open("a", encoding="utf-8") as file:
                file.write("dials_out = true\n")
        policy = NETWORKS.parent / "policy" / "vietnam-2018"
        text = (shown / "_network.toml").read_text("utf-8")
        text = text.replace('"../../policy/vietnam-2018"', f'"{policy}"')
        (declared / "_network.toml").write_text(text, "utf-8")
        state = Path(folder) / "state"
        network = Network(state, load_network(declared), clock=clock)
        try:
            network.start(free_ports=True)
            yield network
        finally:
            network.remove()
