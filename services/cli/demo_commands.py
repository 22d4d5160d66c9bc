"""`relais demo`: one person's way through a network of real nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.demo.run import run_demo


def demo(
    seed: Annotated[
        int, typer.Option(help="Varies people, identifiers and who declines.")
    ] = 1,
    story: Annotated[
        int | None, typer.Option(help="Play this story instead of the journey.")
    ] = None,
    state: Annotated[
        Path, typer.Option(help="Folder of the demo's own network; removed again.")
    ] = Path(".relais/demo"),
) -> None:
    """Play one person's way, print it, verify every ledger, stop everything."""
    console = Console()
    try:
        run_demo(seed, state, console, story)
    except KeyboardInterrupt:
        console.print("Stopped; nothing is left behind.")
        raise typer.Exit(130) from None
