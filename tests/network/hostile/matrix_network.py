"""The network on which the matrix is tried: one running member for each function.

Where Viet Nam's network declares nobody of a function, one of the members invented
beside this file stands in, which holds that function and no other.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from services.cli import processes
from services.cli.network import NETWORKS, Network
from services.node.config.network import load_member, load_network

CLOCK = "2025-06-30T08:00:00+07:00"
"""The last day of the law of 2011: the day after, that of 2024 rules."""
FIRST_OF_2024 = datetime.fromisoformat("2025-07-01T08:00:00+07:00")
INVENTED = Path(__file__).with_name("invented")
ROLES = {
    "lao-cai": "officer",
    "nha-hoa-ban": "manager",
    "liaison-laos": "liaison",
    "police-lao-cai": "agency_officer",
    "border-guard-lao-cai": "agency_officer",
    "consulate-kunming": "agency_officer",
    "legal-aid-lao-cai": "agency_officer",
    "commune-mo": "agency_officer",
    "district-mo": "officer",
    "coast-guard-mo": "agency_officer",
    "social-house-mo": "manager",
    "hospital-mo": "agency_officer",
    "school-mo": "agency_officer",
    "bank-mo": "agency_officer",
    "womens-union-mo": "agency_officer",
    "partner-mo": "agency_officer",
}
WITHOUT_CASES = ("ministry", "hotline-hanoi", "statistics-mo")
VICTIMS = (*ROLES, *WITHOUT_CASES)
HOSTILE = (
    "yen-bai",
    "liaison-yunnan",
    "nha-doi-che",
    "mission-kuala-lumpur",
    "hotline-ha-giang",
)


@contextmanager
def matrix_network() -> Iterator[Network]:
    """The victims run, the hostile do not; everything is removed at the end."""
    whole = load_network(NETWORKS / "vietnam")
    invented = [load_member(file) for file in sorted(INVENTED.glob("*.toml"))]
    names = {*VICTIMS, *HOSTILE}
    members = [each for each in (*whole.members, *invented) if each.name in names]
    members.sort(key=lambda each: each.name)
    folder = Path(tempfile.mkdtemp(prefix="relais-matrix-"))
    declared = replace(whole, members=tuple(members))
    network = Network(folder / "state", declared, clock=CLOCK)
    try:
        network.start(free_ports=True)
        processes.stop(network.place(each).process for each in HOSTILE)
        yield network
    finally:
        network.remove()
        shutil.rmtree(folder, ignore_errors=True)
