"""`relais demo`: a network of its own, the journey, the proof, and nothing left.

Promises: the network lies in a state folder of the demo's own, is made afresh
each time and removed in the end, also on error, Ctrl-C, SIGTERM and when the
terminal goes away; what a killed demo left behind is stopped and removed by the
next one. The journey reaches nodes through their RPCs only.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from rich.console import Console

from services.cli.audit_commands import SUFFIX, show, verify_files
from services.cli.audit_export import export_log
from services.cli.audit_faults import AuditReport
from services.cli.demo.account import Account, account_of
from services.cli.demo.cast import Cast, cast_of
from services.cli.demo.chapters import play
from services.cli.demo.narrator import Narrator
from services.cli.demo.stage import set_stage
from services.cli.demo.stories.book import story
from services.cli.demo.stories.run import tell_story
from services.cli.demo.tables import print_chain, print_end, print_handoffs
from services.cli.network import Network, open_network
from services.cli.office import AUDITOR
from services.node.domain.errors import VerificationError

CLOCK = "2018-03-05T08:00:00+07:00"
"""Six provinces, line 18001567, the law of 2011."""


def run_demo(
    seed: int, state: Path, console: Console, number: int | None = None
) -> None:
    """Play the journey, or the story of this number, on a network under ``state``.

    ``seed`` varies people, identifiers and who declines.

    Raises RelaisError; in particular VerificationError ``demo.not_verified`` if a
    ledger does not hold.
    """
    # A shell that starts a job in the background may have had SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _as_if_interrupted)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup wants it
        signal.signal(signal.SIGHUP, _as_if_interrupted)
    told = None if number is None else story(number)
    network = open_network(state, clock=told.clock if told else CLOCK)
    nodes = len(network.declared.members)
    narrator = Narrator(console)
    try:
        console.print(f"Starting {nodes} nodes, each a process of its own …")
        network.start(free_ports=True, afresh=True)
        way = (
            tell_story(network, told, seed, narrator)
            if told
            else _journey(network, cast_of(seed), narrator)
        )
        account = asyncio.run(way)
        console.print()
        console.print(f"Asking {nodes} nodes for their whole logs …")
        report = asyncio.run(audited(network))
    finally:
        network.remove()
    if not report.sound:
        show(report, console)
        raise VerificationError(
            "demo.not_verified", f"{len(report.faults)} fault(s) in the ledgers."
        )
    print_end(console, account, report)


def _as_if_interrupted(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM and SIGHUP take SIGINT's way.

    asyncio then cancels the journey, and what is under way ends in order; raised
    here, KeyboardInterrupt would tear the loop down.
    """
    signal.raise_signal(signal.SIGINT)


async def audited(network: Network) -> AuditReport:
    """Every node's log, exported for its auditor and verified with the others."""
    members = network.members()
    trusted = network.config(members[0].name).directory.fingerprint
    with tempfile.TemporaryDirectory(prefix="relais-audit-") as folder:
        files = [Path(folder) / f"{each.name}{SUFFIX}" for each in members]
        with ExitStack() as stack:
            streams = [stack.enter_context(file.open("wb")) for file in files]
            await asyncio.gather(
                *(
                    export_log(each.local_socket, AUDITOR, stream)
                    for each, stream in zip(members, streams, strict=True)
                )
            )
        return verify_files(files, trusted)


async def _journey(network: Network, cast: Cast, narrator: Narrator) -> Account:
    narrator.title(
        "One person's way through Relais",
        f"Everybody here is invented. In this telling she is called {cast.given_name} "
        f"{cast.family_name}, and her brother {cast.brother_name}. Below she is "
        "“she”: that is all that most of those who help her need to know.",
    )
    sockets = [(each.name, each.local_socket) for each in network.members()]
    async with set_stage(sockets, narrator) as stage:
        journey = await play(stage, cast)
        account = await account_of(stage, journey)
    print_chain(narrator.console, account.chain)
    print_handoffs(narrator.console, account)
    return account
