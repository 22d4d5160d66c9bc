"""The successor of this node's certificate: asked for by one, made by two.

Whoever had a key made alone could have one made for herself: so one administrator
asks, another confirms, and the node makes the key, which never leaves its folder. It
serves nobody before the member's identity has signed its entry and the directory
lists it. Source: console.md §2.8 (two persons for a key change), §7 S15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.node.directory.home import entry_bytes
from services.node.domain.admissions import AdmissionKind
from services.node.domain.errors import ConflictError
from services.node.flows.own import OwnMember
from services.node.keys.successors import Successor, make_successor, successors_in
from services.node.store.admissions import AdmissionRow
from services.node.wire.entries import TlsCert


@dataclass(frozen=True, slots=True)
class Succession:
    """Where it stands: who asked, or what was made and is not listed yet.

    ``entry`` is what the identity keys sign; empty if nothing waits to be listed.
    """

    asked: AdmissionRow | None
    made: Successor | None
    entry: bytes = b""


def succession(own: OwnMember, waiting: Iterable[AdmissionRow]) -> Succession:
    """What waits for a second person, and what waits for the directory."""
    asked = next((each for each in waiting if each.kind == AdmissionKind.KEY), None)
    made = unlisted(own)
    if made is None:
        return Succession(asked, None)
    change = TlsCert(made.certificate)
    return Succession(
        asked, made, entry_bytes(own.network, own.name, change, made.made_at)
    )


def unlisted(own: OwnMember) -> Successor | None:
    """The newest successor that the directory never listed; None if there is none."""
    listed = {
        each.fingerprint
        for each in own.adopted.directory.member(own.name).certificate_history
    }
    pairs = successors_in(own.keys_folder)
    newest = pairs[-1] if pairs else None
    return newest if newest is not None and newest.fingerprint not in listed else None


def check_none_waits(own: OwnMember) -> None:
    """Raise ConflictError ``keys.successor_waits`` while one waits to be listed."""
    if unlisted(own) is not None:
        raise ConflictError(
            "keys.successor_waits",
            "A successor of this node's certificate was made already, and the"
            " directory does not list it yet.",
            remedy="Have its entry signed and entered; or delete its two files in the"
            " key folder, at the node's own host, and ask again.",
        )


def make(own: OwnMember, now: datetime) -> Successor:
    """The successor, in the key folder; raises what ``check_none_waits`` does."""
    check_none_waits(own)
    return make_successor(own.keys_folder, own.name, now)
