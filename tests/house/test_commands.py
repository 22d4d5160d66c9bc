"""The commands of the Makefile, and the files that pin what they install."""

from __future__ import annotations

import re
import subprocess

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;]+)(?: ;[^\\]*)? \\$", re.MULTILINE)


def pins(root, name: str) -> dict[str, str]:
    return dict(PIN.findall((root / name).read_text("utf-8")))


def test_help_describes_every_target(root):
    makefile = (root / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)
    assert phony
    targets = set(phony[1].replace("\\\n", " ").split())
    said = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert {line.split()[1] for line in said.splitlines() if line} == targets


def test_every_dependency_is_pinned_with_hashes(root):
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (root / name).read_text("utf-8")
        starts = [line for line in text.splitlines() if not line.startswith(" ")]
        assert len(starts) == len(PIN.findall(text)) > 0
        assert text.count("--hash=sha256:") >= len(starts)


def test_what_is_run_and_what_is_checked_have_the_same_versions(root):
    run, dev = pins(root, "requirements.txt"), pins(root, "requirements-dev.txt")
    assert {name: dev.get(name) for name in run} == run
    assert dev["cryptography-vectors"] == dev["cryptography"]


def test_every_dependency_asked_for_is_pinned(root):
    for name in ("requirements", "requirements-dev"):
        pinned = pins(root, f"{name}.txt")
        asked = re.findall(
            r"^([a-z0-9][a-z0-9-]*)",
            (root / f"{name}.in").read_text("utf-8"),
            re.MULTILINE,
        )
        assert sorted(set(asked) - set(pinned)) == []


def test_ci_runs_the_same_targets_as_a_person(root):
    script = (root / ".ci" / "run").read_text("utf-8")
    assert re.findall(r"^make (.+)$", script, re.MULTILINE) == [
        "test-deps",
        "check",
        "test",
    ]
