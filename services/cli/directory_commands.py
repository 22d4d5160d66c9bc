"""`relais directory`: what the keepers of keys do offline when keys follow.

Promises: ``sign`` signs an entry about a certificate or about sealing keys and no
other, with the member's identity keys alone, on the machine where they are kept;
``enter`` makes the next directory file of one that holds, and refuses an entry that
would be void. Nothing is overwritten.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.node.directory.genesis import Draft, directory_file
from services.node.directory.home import prove
from services.node.directory.leaf import join_leaf, split_leaf
from services.node.directory.load import load_directory
from services.node.domain.errors import InvalidInputError
from services.node.keys.encoding import sha256
from services.node.keys.files import read_secret
from services.node.keys.secret_files import write_public
from services.node.keys.signing import Ed25519Signer, MlDsa65Signer
from services.node.keys.tls import fingerprint, span_of
from services.node.wire.entries import (
    Change,
    SealingEpochs,
    TlsCert,
    decode_directory_file,
    decode_entry,
)

app = typer.Typer(help="Sign and enter directory entries.", no_args_is_help=True)


@app.command()
def sign(
    entry: Annotated[Path, typer.Argument(help="The entry, as the console gave it.")],
    keys: Annotated[Path, typer.Option(help="Folder with both identity keys.")],
    out: Annotated[Path, typer.Option(help="Where the signed entry goes.")],
) -> None:
    """Sign the entry of a certificate, or of sealing keys, offline.

    Compare what is printed with the page *Our keys* before it is entered.
    """
    raw = entry.read_bytes()
    said = decode_entry(raw)
    shown = _shown(raw, said.change, entry)
    signers = (
        Ed25519Signer.from_private_raw(_hex(keys / "identity-ed25519.key")),
        MlDsa65Signer.from_private_raw(_hex(keys / "identity-ml-dsa-65.key")),
    )
    write_public(out, join_leaf(raw, prove(raw, *signers)))
    say = Console(highlight=False, soft_wrap=True).print
    say(f"Signed for {said.subject}, network {said.network}.")
    for line in shown:
        say(line)
    say(f"Next: give {out} to the keeper of the directory.")


@app.command()
def enter(
    signed: Annotated[Path, typer.Argument(help="The signed entry.")],
    directory: Annotated[Path, typer.Option(help="The directory file of today.")],
    network: Annotated[str, typer.Option(help="Name of the network.")],
    words: Annotated[str, typer.Option(help="The directory's short words.")],
    key: Annotated[Path, typer.Option(help="head-ed25519.key of the directory.")],
    out: Annotated[Path, typer.Option(help="Where the next directory file goes.")],
) -> None:
    """Enter a signed entry: the next directory file, signed by its keeper."""
    raw, leaf = directory.read_bytes(), signed.read_bytes()
    before = load_directory(raw, network, words)
    draft = Draft(before, decode_directory_file(raw).leaves)
    after = draft.with_leaf(leaf, datetime.now(UTC))
    signer = Ed25519Signer.from_private_raw(_hex(key))
    write_public(out, directory_file(after, signer))
    say = Console(highlight=False, soft_wrap=True).print
    subject = split_leaf(leaf).entry.subject
    say(f"Entered for {subject}: {after.directory.size} entries.")
    say("Next: give every node this file, and restart them one after the other.")


def _shown(raw: bytes, change: Change, where: Path) -> tuple[str, ...]:
    """What somebody compares with the page; refuses what is signed elsewhere."""
    if isinstance(change, TlsCert):
        begins, ends = span_of(change.certificate)
        return (
            f"Certificate {fingerprint(change.certificate).hex()}",
            f"Valid {begins:%Y-%m-%d} to {ends:%Y-%m-%d} (UTC).",
        )
    if isinstance(change, SealingEpochs) and change.epochs:
        begins, ends = change.epochs[0].begins_at, change.epochs[-1].ends_at
        weeks = f"{len(change.epochs)} weeks, {begins:%Y-%m-%d} to {ends:%Y-%m-%d}"
        return (f"Entry {sha256(raw).hex()}", f"Sealing keys of {weeks} (UTC).")
    raise InvalidInputError(
        "directory.not_of_own_keys",
        "This command signs the entry of a certificate or of sealing keys, and this is"
        " another one.",
        where=str(where),
        remedy="Download the entry from the page of the node's keys.",
    )


def _hex(path: Path) -> bytes:
    try:
        return bytes.fromhex(read_secret(path).decode("ascii").strip())
    except ValueError:
        raise InvalidInputError(
            "keys.not_hex",
            "A key file does not hold one line of hex.",
            where=str(path),
            remedy="Restore it from its backup.",
        ) from None
