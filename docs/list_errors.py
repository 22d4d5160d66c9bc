"""Keeps ``errors.md`` the list of every stable code in the sources.

Without an option it adds the codes that are missing, with the sentence and the
remedy found where they are raised, drops those that no longer exist, and leaves
the words of the others as people wrote them. With ``--check`` it only says what
differs, and exits 1 if anything does.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "errors.md"
CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
ROW = re.compile(r"^\| `([a-z_.]+)` \| (.*) \| (.*) \|$", re.MULTILINE)
FILES = {"bin", "conf", "crt", "csv", "json", "key", "log", "md", "new", "out"}
FILES |= {"password", "pid", "py", "sock", "sql", "toml", "txt", "xlsx"}
FILES |= {"css", "html", "js", "svg"}
NAMES = {"case.changed", "referral.changed", "webhook.test"}
"""Types of events for programs."""
EVENTS = {
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "critical",
    "log",
    "getLogger",
}
RESTING_ON = "resting_on"
HEAD = """\
# Errors

Every refusal has a stable code, a sentence and, where one helps, a remedy.
Programs read the code; it never changes its meaning.
The sentence says in plain words what is refused and when it would not be; the rule
on which that rests follows at its end, in parentheses: (…).
Nothing about a person ever stands in any of the three; … stands for a name of a
field, a file, a member or a number.

`make errors` adds new codes to this list and drops old ones; the words may be
improved by hand. A test keeps the list complete. The console and the API say every
refusal in the reader's language: `make words` brings a new one to the translators
([words.md](words.md)).

| code | sentence | what to do |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What the page says about one code."""

    sentence: str = ""
    remedy: str = ""


def codes_in(tree: ast.Module) -> Iterator[tuple[str, Row]]:
    """Every code in a module; more than once if it is raised more than once."""
    events = {
        id(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and call.args
        and getattr(call.func, "attr", "") in EVENTS
    }
    places = {
        id(keyword.value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "where"
    }
    rows = {
        id(argument): _row(call, place)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for place, argument in enumerate(call.args)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        code = node.value
        family, _, last = code.partition(".")
        is_code = CODE.fullmatch(code) and last not in FILES and family != "grpc"
        if is_code and code not in NAMES and id(node) not in events | places:
            yield code, rows.get(id(node), Row())


def _row(call: ast.Call, place: int) -> Row:
    """The sentence after the code at ``place``, and the remedy of the call."""
    remedies = [each.value for each in call.keywords if each.arg == "remedy"]
    following = call.args[place + 1 : place + 2]
    sentence = _text(following[0]) if following else ""
    # What has no space is another code or a name, no sentence.
    return Row(
        sentence if " " in sentence else "", _text(remedies[0]) if remedies else ""
    )


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == RESTING_ON:
        # The sentence stands first; on what it rests is of the one refusal.
        return f"{_text(node.args[0])} (…)"
    elif isinstance(node, ast.JoinedStr):
        text = "".join(_text(each) for each in node.values)
    else:
        text = "…"
    return text.replace("|", "\\|").replace("\n", " ")


def found() -> dict[str, Row]:
    """Every code in the sources with the fullest words beside it."""
    rows: dict[str, Row] = {}
    folders = (ROOT / "services", ROOT / "gateway")
    for path in sorted(each for root in folders for each in root.rglob("*.py")):
        for code, row in codes_in(ast.parse(path.read_text("utf-8"))):
            known = rows.get(code, Row())
            rows[code] = Row(known.sentence or row.sentence, known.remedy or row.remedy)
    return rows


def listed() -> dict[str, Row]:
    """What the page lists now."""
    if not PAGE.exists():
        return {}
    text = PAGE.read_text("utf-8")
    return {
        code: Row(sentence.strip(), remedy.strip())
        for code, sentence, remedy in ROW.findall(text)
    }


def main() -> int:
    """Writes the page, or compares it."""
    wanted, known = found(), listed()
    missing, gone = sorted(set(wanted) - set(known)), sorted(set(known) - set(wanted))
    silent = sorted(code for code in known if not known[code].sentence)
    if "--check" in sys.argv:
        for name, codes in (
            ("not listed", missing),
            ("listed but not in the sources", gone),
            ("listed without a sentence", silent),
        ):
            for code in codes:
                print(f"{name}: {code}")
        return 1 if missing or gone or silent else 0
    rows = {code: known.get(code) or row for code, row in wanted.items()}
    lines = [
        f"| `{code}` | {rows[code].sentence} | {rows[code].remedy} |"
        for code in sorted(rows)
    ]
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
