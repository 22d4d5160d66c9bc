"""What a member may be called, and what it may say about itself.

Promises: names that stand in ledger origins, certificates and key files without
quoting, descriptions without surprises for who shows them. Leaves to ``domain``
what functions mean and which kinds may hold them. Follows protocol.md §1 and §2,
and C2SP signed-note for names without space or ``+``.
"""

from __future__ import annotations

import re

from services.node.domain.errors import InvalidInputError
from services.node.domain.functions import Kind
from services.node.domain.offices import check_office
from services.node.wire.entries import Description, Policy

MAX_NAME = 255
"""Longest name, in bytes."""

DIRECTORY_NAME = "directory"
"""``<network>/directory`` is the origin of the directory, so no member's name."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([1-9][0-9]{0,4})")
_REASON = re.compile(r"[a-z0-9_]{1,64}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TABLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MAX_PORT = 65535

# Controls, line separators, and marks that hide or turn text. Listed, not asked
# of the Unicode tables, which change with the Python version: a fold must not.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def check_name(name: str) -> None:
    """Raise unless ``name`` may name a member.

    Lower-case letters, digits and single hyphens, at most 255 bytes, not
    ``directory``. Raises ``InvalidInputError`` (``directory.bad_name``).
    """
    if len(name) > MAX_NAME or not _SLUG.fullmatch(name) or name == DIRECTORY_NAME:
        raise InvalidInputError(
            "directory.bad_name",
            "A member's name is not of lower-case letters, digits and hyphens, "
            f"is longer than {MAX_NAME} bytes, or is reserved.",
        )


def check_description(description: Description) -> None:
    """Raise ``InvalidInputError``, naming the field.

    ``directory.bad_description``, or ``office.malformed`` for its office.
    """
    _require(description.kind in set(Kind), "kind")
    _require(_all_codes(description.functions), "functions")
    _require(_COUNTRY.fullmatch(description.country), "country")
    province = description.province
    _require(not province or _SLUG.fullmatch(province), "province")
    languages = [each.language for each in description.names]
    _require(languages and len(set(languages)) == len(languages), "names")
    _require(all(_LANGUAGE.fullmatch(each) for each in languages), "names")
    _require(all(_printable(each.name) for each in description.names), "names")
    _require(_is_address(description.peers_address), "peers_address")
    if description.office is not None:
        check_office(description.office)


def check_reason(reason: str) -> None:
    """Raise unless ``reason`` is a code; ``InvalidInputError`` (bad_reason)."""
    if not _REASON.fullmatch(reason):
        raise InvalidInputError(
            "directory.bad_reason", "A reason is not a code of a-z, 0-9 and _."
        )


def check_policy(policy: Policy) -> None:
    """Raise ``InvalidInputError`` (``directory.bad_policy``), naming the field."""
    tables = [table.name for table in policy.tables]
    sound = {
        "version": bool(_VERSION.fullmatch(policy.version)),
        "tables": len(set(tables)) == len(tables)
        and all(_TABLE.fullmatch(name) for name in tables)
        and all(_is_text(table.csv) for table in policy.tables),
        "approver_functions": _all_codes(policy.approver_functions),
    }
    wrong = [name for name, holds in sound.items() if not holds]
    if wrong:
        raise InvalidInputError(
            "directory.bad_policy",
            "A policy cannot be used.",
            where=", ".join(wrong),
        )


def _require(holds: object, field: str) -> None:
    if not holds:
        raise InvalidInputError(
            "directory.bad_description",
            "A member's description cannot be used.",
            where=field,
        )


def _all_codes(codes: tuple[str, ...]) -> bool:
    distinct = len(set(codes)) == len(codes) > 0
    return distinct and all(_CODE.fullmatch(code) for code in codes)


def _printable(text: str) -> bool:
    """Not empty, not too long, and nothing that hides, breaks or turns a line."""
    sound = bool(text.strip(" ")) and not _HIDDEN.search(text)
    return sound and len(text.encode()) <= MAX_NAME


def _is_address(address: str) -> bool:
    found = _ADDRESS.fullmatch(address)
    return not address or (found is not None and int(found[1]) <= _MAX_PORT)


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
