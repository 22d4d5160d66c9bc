"""What an auditor filters by: codes and days of Viet Nam, as they stand in addresses.

A day that is none, or a code that was mistyped, is said at its field and filters
nothing; what is not asked for stands in no address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from gateway.web.navigation import may_of
from gateway.web.visitors import Officer
from services.node.domain.errors import InvalidInputError, NotPermittedError
from services.node.domain.identifiers import parse_alias
from services.node.domain.people import Act
from services.node.domain.tables import VIETNAM
from services.node.rpc.ledger_values import EntrySought
from services.node.rpc.sign_in_values import Period


@dataclass(slots=True)
class Asked:
    """What stands in the fields, and what of it is wrong by name of the field."""

    code: str = ""
    since: str = ""
    until: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    def alias(self) -> str:
        """The code in its one written form; empty if it is none."""
        if not self.code:
            return ""
        try:
            return parse_alias(self.code)
        except InvalidInputError as error:
            self.problems["code"] = error.code
            return ""

    def period(self) -> Period:
        """The whole days that are asked for."""
        since, until = self._day("since"), self._day("until")
        return Period(since, None if until is None else until + timedelta(days=1))

    def _day(self, name: str) -> datetime | None:
        text = getattr(self, name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
        except (ValueError, OverflowError):
            self.problems[name] = "not_a_date"
            return None


@dataclass(frozen=True, slots=True)
class EntryAsked:
    """Which entries of the ledger are asked for."""

    typed: Asked
    kind: str
    member: str
    role: str

    def sought(self, before: int) -> EntrySought:
        """The same as the node is asked it; ``before`` an index."""
        return EntrySought(
            self.typed.alias(),
            self.kind,
            self.member,
            self.typed.period(),
            max(before, 0),
            self.role,
        )

    def address(self, place: str, before: int) -> str:
        """Where the entries before an index stand."""
        return address(
            place,
            code=self.typed.code,
            kind=self.kind,
            member=self.member,
            role=self.role,
            since=self.typed.since,
            until=self.typed.until,
            before=before,
        )


def check_auditor(officer: Officer) -> None:
    """Raise NotPermittedError for whoever audits nothing here."""
    if Act.AUDIT not in may_of(officer.session):
        raise NotPermittedError(
            "console.not_for_role",
            "This page is for the auditor of the member.",
            remedy="Go back to the start.",
        )


def address(path: str, **asked: object) -> str:
    """A path with whatever is asked for."""
    said = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{said}" if said else path


async def party_names(officer: Officer) -> dict[str, str]:
    """Name in the directory to the organisation's name in the reader's language."""
    language = officer.visitor.words.lang[:2]
    found = {}
    for party in await officer.ledger.list_parties(officer.name):
        names = {each.language: each.name for each in party.names}
        found[party.name] = names.get(language) or names.get("en") or party.name
    site = officer.visitor.site
    found[site.config.member] = site.member_name(language)
    return found
