"""Who this node is, and what it goes by: the member, its keys, the directory.

Composed once in ``build``; flows are given it and nothing else that is global.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.node.directory.state import Directory
from services.node.domain.access import KEEP_YEARS
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from services.node.domain.room import USUAL_ROOM, RoomLimits
from services.node.flows.vault import DataKey, Vault
from services.node.keys.files import MemberKeys
from services.node.store.pool import Database


@dataclass(slots=True)
class Adopted:
    """The directory and the policy in force; replaced whole when adopted anew."""

    directory: Directory
    policy: Policy


@dataclass(frozen=True, slots=True)
class OwnMember:
    """This member: ``envelope_limit`` in bytes, ``batch`` in envelopes.

    ``keep_looks_years`` says for how long it is kept who looked at what, ``room`` how
    much of each other member is.
    """

    name: str
    network: str
    kind: str
    keys: MemberKeys
    vault: Vault
    database: Database
    adopted: Adopted
    envelope_limit: int
    batch: int
    keep_looks_years: int = KEEP_YEARS
    room: RoomLimits = USUAL_ROOM
    keys_folder: Path = Path()
    """Where ``keys`` were read from, and a successor of the certificate is made."""

    @property
    def origin(self) -> str:
        """The origin of this member's ledger."""
        return f"{self.network}/{self.name}"

    @property
    def audit_key(self) -> DataKey:
        """The audit key of the year: opens meta and link, and what no case owns."""
        return DataKey(None, self.keys.audit_key)

    @property
    def policy_version(self) -> str:
        """The policy version in force."""
        return self.adopted.policy.version

    def functions_of(self, member: str) -> frozenset[Function]:
        """The functions of a member by the directory; unknown codes grant nothing."""
        return _known(self.adopted.directory.member(member).functions)


@lru_cache(maxsize=1024)
def _known(codes: tuple[str, ...]) -> frozenset[Function]:
    return frozenset(function for function in Function if function in codes)
