"""docs/policy.md lists every table of a policy, its columns and who asks it."""

from __future__ import annotations

import csv
import re

from services.node.domain.policy import TABLES

ROW = re.compile(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \| .*`(services/[\w/.]+)` \|$")
DATED = ["law", "valid_from", "valid_to", "verified"]


def test_the_page_lists_every_table_with_its_columns(root):
    page = (root / "docs" / "policy.md").read_text("utf-8")
    listed = {
        found[1]: re.findall(r"\w+", found[2])
        for line in page.splitlines()
        if (found := ROW.match(line))
    }
    assert set(listed) == set(TABLES)
    seed = root / "deploy" / "policy" / "vietnam-2018"
    for name, columns in listed.items():
        with (seed / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert [*columns, *DATED] == next(csv.reader(file)), name


def test_the_page_names_the_module_of_every_table(root):
    page = (root / "docs" / "policy.md").read_text("utf-8")
    for line in page.splitlines():
        if found := ROW.match(line):
            module = (root / found[3]).read_text("utf-8")
            assert f"def read_{found[1]}(" in module


def test_every_seed_holds_the_tables_and_nothing_else(root):
    for folder in (root / "deploy" / "policy").iterdir():
        names = {file.stem for file in folder.glob("*.csv")}
        assert names == set(TABLES), folder.name
