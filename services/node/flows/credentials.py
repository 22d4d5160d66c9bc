"""What an officer signs in with, opened and sealed again.

Promises that password hash and secret of the one-time codes stand in the database
under a key of their own only, which the at-rest epoch wraps: whoever has a backup
of the tables can try no password on them. Leaves rows to the store.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from services.node.domain.identifiers import new_id
from services.node.domain.passwords import LONGEST, normalised
from services.node.flows.hashing import Hashing
from services.node.flows.own import OwnMember
from services.node.store import sign_in as sign_in_store
from services.node.store.pool import Connection
from services.node.store.rows import DataKeyRow
from services.node.store.sign_in import CredentialRow, InvitationRow

_TABLE = "sign_in_credential"
_SCOPE = "sign_in"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Hash of the password (PHC) and secret of the one-time codes (base32)."""

    password: str = field(repr=False)
    totp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedSecrets:
    """The same as it is stored, with the key that it brings along."""

    key: DataKeyRow
    nonce: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """What sign-in needs: the member, places to hash, and the gateway's origins."""

    own: OwnMember
    hashing: Hashing
    origins: tuple[str, ...] = ()

    async def password_is(self, secrets: Secrets | None, password: str) -> bool:
        """Whether it is the officer's; as slow for nobody's."""
        tried = normalised(password)
        fits = len(tried) <= LONGEST
        phc = secrets.password if secrets and fits else None
        return await self.hashing.holds(phc, tried[:LONGEST])


def seal_secrets(own: OwnMember, user_handle: bytes, secrets: Secrets) -> SealedSecrets:
    """Sealed under a fresh key."""
    # Owned by itself: a credential and an invitation may stand beside each other.
    key_row, key = own.vault.new_key(new_id(), _SCOPE)
    plain = json.dumps({"password": secrets.password, "totp": secrets.totp}).encode()
    nonce, sealed = key.seal(_TABLE, user_handle, plain)
    return SealedSecrets(key_row, nonce, sealed)


def open_secrets(own: OwnMember, row: CredentialRow | InvitationRow) -> Secrets | None:
    """What a row holds; None if nothing was chosen yet."""
    if row.nonce is None or row.sealed is None or row.data_key_id is None:
        return None
    key = own.vault.open_key(row.data_key_id, row.epoch or 0, row.wrapped or b"")
    held = json.loads(key.open(_TABLE, row.user_handle, row.nonce, row.sealed))
    return Secrets(held["password"], held["totp"])


async def replace_secrets(
    connection: Connection, own: OwnMember, row: CredentialRow, secrets: Secrets
) -> None:
    """Other secrets in place of those of a credential, whose key goes."""
    sealed = seal_secrets(own, row.user_handle, secrets)
    await sign_in_store.insert_key(connection, sealed.key)
    await sign_in_store.drop_credential(connection, row.pseudonym)
    await sign_in_store.keep_credential(
        connection,
        replace(
            row,
            data_key_id=sealed.key.key_id,
            nonce=sealed.nonce,
            sealed=sealed.sealed,
        ),
    )
