"""The policies that a directory ever adopted, found again in its leaves.

Promises the tables of a version as members went by them: a leaf that was void
never counts. Which version governed a handoff stands in the handoff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from services.node.directory.leaf import split_leaf
from services.node.directory.state import Directory
from services.node.domain.errors import InvalidInputError
from services.node.wire.entries import Policy


def adopted_tables(
    directory: Directory, leaves: Iterable[bytes], version: str
) -> Mapping[str, bytes] | None:
    """The tables of that version, CSV in UTF-8 by name; None if never adopted.

    ``leaves`` are those that ``directory`` was folded from.
    """
    now = directory.policy
    if now is not None and now.version == version:
        return now.tables
    if version not in directory.policy_versions:
        return None
    void = {each.index for each in directory.void}
    for index, leaf in enumerate(leaves):
        policy = None if index in void else _policy_in(leaf)
        if policy is not None and policy.version == version:
            return MappingProxyType({each.name: each.csv for each in policy.tables})
    return None


def _policy_in(leaf: bytes) -> Policy | None:
    try:
        change = split_leaf(leaf).entry.change
    except InvalidInputError:
        return None
    return change if isinstance(change, Policy) else None
