"""Links in the documents lead somewhere."""

from __future__ import annotations

import re

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def test_every_link_between_documents_resolves(root, texts):
    broken = []
    for name, text in texts.items():
        if not name.endswith(".md"):
            continue
        for target in LINK.findall(FENCE.sub("", text)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, fragment = target.partition("#")
            file = (root / name).parent / path if path else root / name
            if not file.exists():
                broken.append(f"{name}: {target}")
            elif fragment and fragment not in {
                anchor(each) for each in HEADING.findall(file.read_text("utf-8"))
            }:
                broken.append(f"{name}: {target} (no such heading)")
    assert broken == []


def test_every_file_named_in_a_document_exists(root, texts):
    """Paths in backticks that begin with one of our folders are real."""
    named = re.compile(r"`((?:services|proto|deploy|tests|docs)/[\w./*<>-]+)`")
    assert [
        f"{name}: {path}"
        for name, text in texts.items()
        if name.endswith(".md")
        for path in named.findall(text)
        if "<" not in path and not any(root.glob(path.rstrip("/")))
    ] == []
