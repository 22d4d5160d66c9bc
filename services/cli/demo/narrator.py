"""How the journey is told: plainly, in the order in which it happens.

Promises calm text on one console: the date on the case clock, who does what, what
each one learns and what it does not. The person is *she*; her name is printed
once, with the note that it is invented, and never dwelt upon.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from services.node.domain.records import ConsentCopy
from services.node.domain.tables import VIETNAM

NAMES = {
    "hotline-hanoi": "Hanoi centre",
    "lao-cai": "Lao Cai",
    "liaison-yunnan": "Yunnan liaison",
    "border-guard-lao-cai": "Border guard",
    "consulate-kunming": "Consulate",
    "nha-hoa-ban": "Hoa Ban House",
    "nha-suoi-trong": "Suoi Trong House",
    "nha-doi-che": "Doi Che House",
    "yen-bai": "Yen Bai",
    "police-lao-cai": "Lao Cai police",
    "dien-bien": "Dien Bien",
    "ha-giang": "Ha Giang",
    "lai-chau": "Lai Chau",
    "son-la": "Son La",
    "an-giang": "An Giang",
    "liaison-laos": "Laos liaison",
    "liaison-malaysia": "Malaysia liaison",
    "liaison-cambodia": "Cambodia liaison",
    "mission-kuala-lumpur": "Mission",
    "police-an-giang": "An Giang police",
    "border-guard-an-giang": "Border guard",
    "legal-aid-lao-cai": "Legal aid",
    "ministry": "Ministry",
    "nghe-an": "Nghe An",
    "family": "her family",
}
"""Members, and whom else an answer can name, as they are called in the story."""

_CATEGORIES = {
    "D0": "that she is safe",
    "D1": "sex, language, citizenship",
    "D2": "her name and birth date",
    "D3": "whereabouts and contact",
    "D4": "what happened to her",
    "D5": "her health",
    "D6": "how she is",
    "D7": "what to protect her from",
    "D8": "her family",
    "D9": "her case in law",
    "D10": "her papers",
    "D11": "plan and follow-up",
    "D12": "money",
    "D13": "who speaks for a child",
}
_PURPOSES = {
    "voluntary_return": "to return home",
    "travel_document": "for a paper to travel with",
    "border_handover": "to be accompanied across the border",
    "contact_family": "to be told",
    "criminal_justice_cooperation": "for a criminal case",
    "reception_shelter": "to stay there",
    "reintegration_services": "to begin anew there",
    "follow_up_contact": "to ask again later",
    "emergency_protection": "to protect people in danger",
    "medical_care": "for a doctor",
    "psychosocial_care": "for somebody to talk to",
    "legal_aid": "for a lawyer",
    "identification_verification": "to verify who she is",
    "family_tracing": "to look for relatives",
    "livelihood_finance": "for an allowance",
    "education": "for school or training",
    "feedback_to_host_country": "to hear how it went",
    "statistics_deidentified": "to be counted",
    "research": "for research",
}
_WIDEST = 96
_INDENT = 4
_NAME_WIDTH = 18


class Narrator:
    """Tells the story on one console."""

    def __init__(self, console: Console) -> None:
        """``console`` is never used wider than a page is read."""
        console.width = min(console.width, _WIDEST)
        self.console = console
        self._chapters = 0
        self._day = ""
        self._now: datetime | None = None

    def title(self, text: str, *paragraphs: str) -> None:
        """Before the first chapter."""
        self.console.print()
        self.console.rule(Text(text, "bold"), align="left", characters="=")
        for paragraph in paragraphs:
            self._print(paragraph, indent=0)

    def chapter(self, title: str) -> None:
        """A new chapter."""
        self._chapters += 1
        self._day = ""
        self.console.print()
        self.console.rule(Text(f"{self._chapters}. {title}", "bold"), align="left")

    def moment(self, now: datetime) -> None:
        """The case clock was moved; it is shown with what happens then."""
        self._now = now

    def _show_moment(self) -> None:
        if self._now is None:
            return
        local = self._now.astimezone(VIETNAM)
        day = f"{local:%A} {local.day} {local:%B %Y}"
        shown = f"{local:%H:%M}" if day == self._day else f"{day}, {local:%H:%M}"
        self._day, self._now = day, None
        self.console.print(Text(shown, "cyan"))

    def says(self, text: str) -> None:
        """What happens between people, in a sentence or two."""
        self._print(text)

    def does(self, member: str, text: str) -> None:
        """What a member does."""
        line = Text(f"{name(member):<{_NAME_WIDTH}}", "bold")
        self._labelled(line, Text(text))

    def learned(self, member: str, held: Iterable[str], missing: Iterable[str]) -> None:
        """What a member knows now, and what others know and it does not."""
        known = _listed(held) or "what is needed, and not by whom"
        self.does(member, f"now knows: {known}")
        # Sex and language stand in every offer: they are nobody's secret here.
        hidden = _listed(set(missing) - {"D1"})
        if hidden:
            self._labelled(Text(" " * _NAME_WIDTH), Text(f"not: {hidden}", "dim"))

    def answered(self, consent: ConsentCopy) -> None:
        """One answer of hers."""
        yes = consent.status == "given"
        label = Text("yes" if yes else "no", "green" if yes else "yellow")
        label.pad_right(4 - len(label.plain))
        asked = f"{name(consent.recipient)}, {_PURPOSES[consent.purpose]}"
        said = Text(f"{asked}: {_listed(consent.categories)}")
        self._labelled(label, said)

    def told(self, heading: str, words: str) -> None:
        """What was said to somebody, word for word."""
        self._print(heading)
        self._print(f"“{words}”", indent=2 * _INDENT, style="italic")

    def _print(self, text: str, *, indent: int = _INDENT, style: str = "") -> None:
        self._show_moment()
        body = Text(text, style)
        self.console.print(Padding(body, (0, 0, 0, indent)), highlight=False)

    def _labelled(self, label: Text, text: Text) -> None:
        """A label and a text whose further lines stand below its first."""
        self._show_moment()
        width = self.console.width - _INDENT - len(label.plain)
        margin = Text(" " * len(label.plain))
        for number, line in enumerate(text.wrap(self.console, width)):
            whole = Text.assemble(" " * _INDENT, margin if number else label, line)
            self.console.print(whole, highlight=False)


def name(member: str) -> str:
    """What a member is called in the story."""
    return NAMES.get(member, member)


def _listed(categories: Iterable[str]) -> str:
    ordered = sorted(categories, key=lambda code: int(code[1:]))
    return "; ".join(_CATEGORIES.get(code, code) for code in ordered)
