"""How soon a console shows what is to be done, with ten thousand cases."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.console.consoles import HOTLINE, PROVINCE, Consoles, open_consoles
from tests.console.scenes import Scenes, Sent
from tests.console.wires import Wires

CASES = 10_000
_LOOKS = 100
_MOST_MILLISECONDS = 50
_OFFICER = "officer-11"
_PAGES = {
    "worklist": "/",
    "worklist, of others": "/?group=waiting_on_others",
    "worklist, its middle": f"/?start={CASES // 2}",
    "worklist, of a unit": "/?whose=unit",
    "worklist, of one officer": "/?group=waiting_on_others&whose=me",
    "corridors": "/exchange",
    "cases": "/cases",
}

_COPIES = Path(__file__).with_name("copies.sql")


def measured() -> list[Figure]:
    """Each page of the officer's day, asked over TLS by a client of this machine."""
    with open_consoles() as consoles, Wires(consoles) as wires:
        _fill(consoles)
        return [_figure(wires, name, path) for name, path in _PAGES.items()]


def _figure(wires: Wires, name: str, path: str) -> Figure:
    taken = []
    for _ in range(_LOOKS):
        began = time.perf_counter()
        answer = wires.ask(PROVINCE, path, officer=_OFFICER)
        taken.append(1000 * (time.perf_counter() - began))
        answer.raise_for_status()
    median = percentile(taken, 50)
    return Figure(
        f"{name}, {CASES} cases, p95",
        percentile(taken, 95),
        _MOST_MILLISECONDS,
        "ms",
        f"p50 {median:.0f} ms, with the client's own time",
    )


def _fill(consoles: Consoles) -> None:
    scenes = Scenes(consoles)
    given = scenes.sent()
    taken = scenes.sent(HOTLINE, PROVINCE)
    section = consoles.network.config(PROVINCE).database
    cluster = consoles.network.state.cluster
    cluster.query(_filled(given, taken), database=section.name)
    # What grows case by case is vacuumed on the way; what comes at once is not yet.
    cluster.query("VACUUM ANALYZE", database=section.name)


def _filled(given: Sent, taken: Sent) -> str:
    values = {
        "pseudonym": given.case,
        "given": "\\x" + given.referral_id.hex(),
        "taken": "\\x" + taken.referral_id.hex(),
    }
    text = _COPIES.read_text("utf-8").replace(":copies", str(CASES))
    for name, value in values.items():
        text = text.replace(f":'{name}'", f"'{value}'")
    return text
