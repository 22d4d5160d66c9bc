"""A policy that once ruled is found again, and a void one never."""

from __future__ import annotations

from dataclasses import replace

from services.node.directory.fold import apply
from services.node.directory.policies import adopted_tables
from services.node.wire.entries import PolicyTable


def tables(text: bytes) -> tuple[PolicyTable, ...]:
    return (PolicyTable("steps", text),)


def test_an_older_version_is_found_by_its_name(world) -> None:
    newer = replace(world.POLICY, version="test-2", tables=tables(b"new\n"))
    after = world.after(world.decided("", newer, "ministry", "lao-cai"))
    directory, leaves = after.directory, after.draft.leaves
    assert adopted_tables(directory, leaves, "test-1") == {"steps": b"step,who\n"}
    assert adopted_tables(directory, leaves, "test-2") == {"steps": b"new\n"}
    assert adopted_tables(directory, leaves, "test-3") is None


def test_what_nobody_approved_never_ruled(world) -> None:
    forged = replace(world.POLICY, version="test-2", tables=tables(b"forged\n"))
    good = replace(forged, tables=tables(b"good\n"))
    last = replace(forged, version="test-3", tables=tables(b"last\n"))
    added = (
        world.decided("", forged, "ministry"),
        world.decided("", good, "ministry", "lao-cai"),
        world.decided("", last, "ministry", "lao-cai"),
    )
    directory = world.directory
    for leaf in added:
        directory = apply(directory, directory.size, leaf)
    assert [each.index for each in directory.void] == [world.directory.size]
    leaves = (*world.draft.leaves, *added)
    assert adopted_tables(directory, leaves, "test-3") == {"steps": b"last\n"}
    assert adopted_tables(directory, leaves, "test-2") == {"steps": b"good\n"}
