"""Sign-ins for the invented staff of a network on one machine.

Promises: every officer of the demo gets a random password and a key for one-time
codes through the same invitation as anybody, kept in a file of mode 0600 beside
the member's keys; ``relais network sign-in`` reads them and tells the code of now.
A real member never has such a file: its officers keep their own.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyotp

from services.cli.network_state import MemberPlace
from services.cli.office import ADMINISTRATOR
from services.node.domain.errors import NotFoundError
from services.node.keys.files import write_secret
from services.node.rpc.sign_in_client import SignInClient

_FILE = "staff.json"
_PASSWORD_BYTES = 15


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """What an invented officer signs in with."""

    officer: str
    password: str
    totp_secret: str

    def code(self, now: datetime) -> str:
        """The one-time code of an instant on the wire clock (RFC 6238)."""
        return pyotp.TOTP(self.totp_secret).at(now)


def staff_sign_ins(place: MemberPlace) -> dict[str, StaffSignIn]:
    """The sign-ins of one member's staff; empty if none were made."""
    try:
        found = json.loads((place.folder / _FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {each["officer"]: StaffSignIn(**each) for each in found}


def staff_sign_in(place: MemberPlace, officer: str) -> StaffSignIn:
    """One officer's; raises NotFoundError ``cli.no_sign_in``."""
    found = staff_sign_ins(place)
    if officer not in found:
        known = ", ".join(sorted(found)) or "nobody"
        raise NotFoundError(
            "cli.no_sign_in",
            f"No sign-in was made for that officer of {place.name}.",
            remedy=f"There are sign-ins for: {known}. Make them: make up",
        )
    return found[officer]


async def enrol_staff(
    place: MemberPlace, officers: Iterable[str], now: Callable[[], datetime]
) -> dict[str, StaffSignIn]:
    """Enrols those who have no sign-in yet; everybody's. ``now``: the wire clock."""
    known = staff_sign_ins(place)
    async with SignInClient(place.local_socket, place.name) as client:
        for officer in officers:
            if officer not in known:
                known[officer] = await _enrol(client, officer, now)
                _keep(place.folder / _FILE, known)
    return known


async def _enrol(
    client: SignInClient, officer: str, now: Callable[[], datetime]
) -> StaffSignIn:
    invited = await client.invite_officer(ADMINISTRATOR, officer)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    totp = await client.enrol_password(invited.code, password)
    made = StaffSignIn(officer, password, totp.totp_secret)
    await client.confirm_enrolment(invited.code, made.code(now()))
    return made


def _keep(file: Path, known: dict[str, StaffSignIn]) -> None:
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write_secret(fresh, json.dumps([asdict(each) for each in known.values()]).encode())
    fresh.replace(file)
