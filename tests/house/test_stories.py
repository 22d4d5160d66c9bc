"""The README names the stories that there are, by their numbers."""

from __future__ import annotations

import re

from services.cli.demo.stories.book import STORIES

CELL = re.compile(r"\| (\d+) \| ")


def test_the_readme_lists_every_story_that_can_be_played(root):
    text = (root / "README.md").read_text("utf-8")
    table = text.split("tells one of twelve stories")[1].split("```")[0]
    assert sorted(int(found) for found in CELL.findall(table)) == sorted(STORIES)


def test_every_story_has_a_test_of_its_own(root):
    folder = root / "tests" / "network" / "stories"
    tested = {int(file.stem.split("_")[1]) for file in folder.glob("test_*.py")}
    assert tested == set(STORIES)
