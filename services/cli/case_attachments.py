"""`relais case attach`, `attachments` and `fetch`: files of a case.

A file whose upload broke off goes on where it was with the same command again: the
upload is named by what is uploaded. Names of files are told to nobody.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from services.cli.case_desk import (
    STATE,
    CaseArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.attachments import check_size
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import ID_BYTES
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.attachment_values import AttachmentAdded, AttachmentRead
from services.node.rpc.desk_client import DeskClient

AttachmentArgument = Annotated[
    str, typer.Argument(help="The attachment, or how its number begins.")
]


AttachmentOption = Annotated[
    list[str] | None,
    typer.Option(
        help="A file of the case that goes with its category, by how its number"
        " begins; may be given again."
    ),
]


def attach(
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(help="A JPEG, PNG or PDF.")],
    officer: OfficerOption,
    category: Annotated[
        str, typer.Option(help="Data category that it belongs to, such as D2.")
    ],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Add a file to a case; the same command again goes on where it was."""
    console = Console(highlight=False, soft_wrap=True)

    async def send(desk: DeskClient) -> AttachmentAdded:
        return await upload(
            desk,
            officer,
            case,
            file,
            category,
            lambda held: console.print(f"{held} bytes were there already; going on."),
        )

    added = at_desk(node, socket, state, network, send)
    console.print(f"Attached: {added.attachment_id.hex()} (leaf {added.ledger_index}).")


async def upload(
    desk: DeskClient,
    officer: str,
    case: str,
    file: Path,
    category: str,
    going_on: Callable[[int], None],
) -> AttachmentAdded:
    """Send a file piece by piece; ``going_on`` hears where an old upload goes on."""
    size = _size(file)
    check_size(size)
    name = _upload_id(case, category, file)
    held = await desk.begin_upload(officer, name, case, category, size)
    if held:
        going_on(held)
    with file.open("rb") as content:
        while held < size:
            content.seek(held)
            held = await desk.keep_piece(officer, name, held, content.read(PIECE))
    return await desk.finish_upload(officer, name)


def attachments(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the files of a case."""

    async def read(desk: DeskClient) -> tuple[AttachmentRead, ...]:
        return await desk.list_attachments(officer, case)

    table = Table(
        "number", "category", "type", "bytes", "from", "state", box=box.SIMPLE
    )
    for each in at_desk(node, socket, state, network, read):
        table.add_row(
            each.attachment_id.hex(),
            each.category,
            each.media_type,
            str(each.size),
            each.source,
            _state(each),
        )
    Console(highlight=False, soft_wrap=True).print(table)


def fetch(
    case: CaseArgument,
    attachment: AttachmentArgument,
    file: Annotated[Path, typer.Argument(help="Where to write it; a new file.")],
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Write the content of one file of a case."""
    if file.exists():
        raise InvalidInputError(
            "cli.file_exists",
            "There is a file of that name already.",
            where="FILE",
            remedy="Name another one, or move it away.",
        )

    async def read(desk: DeskClient) -> int:
        found = await named_attachment(desk, officer, case, attachment)
        return await _write(desk, officer, case, found, file)

    size = at_desk(node, socket, state, network, read)
    Console(highlight=False, soft_wrap=True).print(f"Written: {size} bytes.")


async def _write(
    desk: DeskClient, officer: str, case: str, attachment_id: bytes, file: Path
) -> int:
    """Write to a file beside it first: a half content never looks like a whole."""
    part, size = file.with_name(f"{file.name}.part"), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            async for piece in desk.read_attachment(officer, case, attachment_id):
                size += out.write(piece)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return size


def _state(read: AttachmentRead) -> str:
    if read.state == "whole":
        return "here"
    share = f"{100 * read.held // read.size} %"
    return f"{read.state}, {share}" + (f" ({read.problem})" if read.problem else "")


def _size(file: Path) -> int:
    if not file.is_file():
        raise InvalidInputError(
            "cli.no_such_file",
            "There is no such file.",
            where="FILE",
            remedy="Check its name.",
        )
    return file.stat().st_size


def _upload_id(case: str, category: str, file: Path) -> bytes:
    """The same for the same content, case and category."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    digest.update(f"{case} {category}".encode())
    return digest.digest()[:ID_BYTES]


async def named_attachment(
    desk: DeskClient, officer: str, case: str, begin: str
) -> bytes:
    """The one attachment of the case whose number begins so."""
    wanted = begin.strip().lower()
    found = [
        each.attachment_id
        for each in await desk.list_attachments(officer, case)
        if wanted and each.attachment_id.hex().startswith(wanted)
    ]
    if len(found) != 1:
        raise InvalidInputError(
            "cli.which_attachment",
            f"{len(found)} attachments of this case have a number that begins so.",
            where="ATTACHMENT",
            remedy="Copy it from: relais case attachments",
        )
    return found[0]
