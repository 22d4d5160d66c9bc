"""Change every policy row in turn and say which test goes red.

``make mutate`` runs it. ``--table NAME`` tries one table; ``--list`` says every
mutant with who noticed it. Exit 1 if any survived, 2 if a table has no check.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from services.node.domain.errors import RelaisError
from services.node.domain.policy import TABLES
from tests.mutate.trial import SURVIVED, Trial, Verdict

SEED = Path(__file__).parents[2] / "deploy" / "policy" / "vietnam-2018"


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--table", action="append", choices=TABLES)
    wanted.add_argument("--list", action="store_true")
    chosen = wanted.parse_args()
    tables = {name: (SEED / f"{name}.csv").read_bytes() for name in TABLES}
    try:
        trial = Trial(tables)
    except (LookupError, AssertionError, RelaisError) as error:
        sys.stderr.write(f"Nothing was tried: {error}\n")
        return 2
    began = time.monotonic()
    verdicts: list[Verdict] = []
    for name in chosen.table or TABLES:
        found = list(trial.verdicts(name))
        told(found, every=chosen.list)
        verdicts += found
    survivors = [each for each in verdicts if each.noticed_by == SURVIVED]
    seconds = time.monotonic() - began
    say(f"{len(verdicts)} mutant(s) in {seconds:.0f} s, {len(survivors)} survivor(s).")
    return 1 if survivors else 0


def told(verdicts: list[Verdict], *, every: bool) -> None:
    """Each survivor; who noticed how many of each column; or every mutant."""
    for each in verdicts:
        if every or each.noticed_by == SURVIVED:
            say(f"  {each.mutant}: {each.noticed_by or 'SURVIVED'}")
    counted = Counter(
        (each.mutant.table, each.mutant.column, each.noticed_by)
        for each in verdicts
        if each.noticed_by
    )
    for (table, column, noticed_by), number in counted.items():
        say(f"{table}.{column}: {number} by {noticed_by}")


def say(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
