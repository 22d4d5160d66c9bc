"""Run a node until it is told to stop, and drain.

The node is ready when both listeners serve; it says so on ``--ready-fd`` and in
the log. On SIGTERM or SIGINT it takes no new calls, finishes those that it has,
and ends. It ends at once, with an error, when it learns that it must not sign
any more.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from services.node.build import Node, build
from services.node.config.node import load_node_config
from services.node.domain.errors import ConfigError, RelaisError
from services.node.logs import log_to_standard_error
from services.node.profile import Profile
from services.node.rpc.server import set_serving

# Not on every platform.
uvloop = importlib.import_module("uvloop") if find_spec("uvloop") else None

#: sysexits.h: EX_CONFIG and EX_UNAVAILABLE.
EXIT_CONFIG = 78
EXIT_UNAVAILABLE = 69
_GRACE_SECONDS = 5.0


def main(profile: Profile, arguments: Sequence[str] | None = None) -> None:
    """Run one node of this kind; exits 0, or says what is wrong and exits."""
    options = _options(profile).parse_args(arguments)
    try:
        config = load_node_config(options.config)
        log_to_standard_error(config.log)
        runner = asyncio.run if uvloop is None else uvloop.run
        runner(_serve(profile, options))
    except RelaisError as error:
        print(f"relais: {error}", file=sys.stderr)  # noqa: T201 - for who started it
        final = isinstance(error, ConfigError) or not error.transient
        sys.exit(EXIT_CONFIG if final else EXIT_UNAVAILABLE)


async def _serve(profile: Profile, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    node = await build(profile, load_node_config(options.config), options.clock)
    structlog.contextvars.bind_contextvars(member=node.own.name)
    loops = [asyncio.ensure_future(each) for each in node.loops]
    try:
        if node.peers is not None:
            await node.peers.start()
        await node.local.start()
        await node.gateway.start()
        await set_serving(node.health, serving=True)
        structlog.get_logger().info("node.ready", kind=profile.kind.value)
        _say_ready(options.ready_fd)
        await _until_told(node, stop, loops)
    finally:
        await _drain(node, loops)


async def _until_told(
    node: Node, stop: asyncio.Event, loops: Sequence[asyncio.Future[None]]
) -> None:
    stopping = asyncio.ensure_future(stop.wait())
    waiting: list[asyncio.Future[Any]] = [stopping, node.published.halted, *loops]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if node.published.halted.done():
        raise node.published.halted.result()
    for loop in loops:
        if loop.done():
            # A loop never ends by itself: its fault is this node's.
            await loop
    stopping.cancel()


async def _drain(node: Node, loops: Sequence[asyncio.Future[None]]) -> None:
    structlog.get_logger().info("node.stopping")
    grace = _GRACE_SECONDS
    if node.published.halted.done():
        # It must not sign or publish any more, not even for calls under way.
        grace = 0.0
        await _cancel(loops)
    await set_serving(node.health, serving=False)
    # Those who collect would stay as long as they may.
    node.collectors.close()
    listeners = (node.peers, node.local, node.gateway)
    await asyncio.gather(*(each.stop(grace) for each in listeners if each is not None))
    await _cancel(loops)
    await node.client.close()
    await node.own.database.close()


async def _cancel(loops: Sequence[asyncio.Future[None]]) -> None:
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)


def _say_ready(descriptor: int | None) -> None:
    if descriptor is None:
        return
    try:
        os.write(descriptor, b"ready\n")
        os.close(descriptor)
    except BrokenPipeError:
        # Whoever started this node is gone: nobody would ever stop it.
        raise SystemExit(EXIT_UNAVAILABLE) from None


def _options(profile: Profile) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m services.{profile.kind}",
        description=f"Run the node of one member of the kind {profile.kind}.",
    )
    parser.add_argument("--config", type=Path, required=True, help="node.toml")
    parser.add_argument(
        "--clock",
        type=_instant,
        help="drive the case clock from this ISO 8601 instant on",
    )
    parser.add_argument("--ready-fd", type=int, help="where to write 'ready'")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        message = "an instant needs a time zone, such as 2018-03-05T08:00+07:00"
        raise argparse.ArgumentTypeError(message)
    return instant
