"""``python -m tests.console.photographs FOLDER [NAME…]``: a picture of every screen.

With names, only of those that begin with one of them.

In Vietnamese and English, wide and 320 pixels narrow, to be looked at by somebody.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.console import consoles as running
from tests.console.chromium import open_chromium
from tests.console.scenes import Scenes
from tests.console.screens import every_screen
from tests.console.seats import NARROW, TALL, WIDE, Seat, Seats


def photograph(folder: Path, names: tuple[str, ...] = ("",)) -> int:
    """Writes the pictures; how many."""
    taken = 0
    with running.open_consoles() as consoles, open_chromium(consoles) as browser:
        screens = every_screen(consoles, Scenes(consoles))
        for language in ("vi", "en"):
            (folder / language).mkdir(parents=True, exist_ok=True)
            with Seats(consoles, browser) as seats:
                places: dict[tuple[str, str], Seat] = {}
                for screen in screens:
                    if not screen.name.startswith(names):
                        continue
                    key = (screen.member, screen.officer)
                    seat = places.get(key) or seats.at(*key, language)
                    places[key] = seat
                    seat.refusals_expected()
                    screen.open(seat)
                    for width in (WIDE, NARROW):
                        seat.page.set_viewport_size({"width": width, "height": TALL})
                        file = folder / language / f"{screen.name}-{width}.png"
                        seat.page.screenshot(path=file, full_page=True)
                        taken += 1
    return taken


if __name__ == "__main__":
    print(photograph(Path(sys.argv[1]), tuple(sys.argv[2:]) or ("",)))  # noqa: T201 - says what it did
