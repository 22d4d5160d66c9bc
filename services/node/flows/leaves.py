"""New leaves: commitments over what happened, with openings sealed at rest.

salt_pers comes from the key of the case or referral and dies with it; salt_meta
and salt_link come from the audit key of the year (protocol.md §5).
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.node.flows.vault import DataKey
from services.node.keys.encoding import sha256
from services.node.ledger.evidence import Opening
from services.node.ledger.leaf import (
    commit,
    directory_leaf,
    event_leaf,
    salt_link,
    salt_meta,
    salt_pers,
)
from services.node.store.ledger import NewLeaf
from services.node.store.rows import LoggedRow
from services.node.wire.leaves import (
    DirectoryAdopted,
    Meta,
    Pers,
    encode_adopted,
    encode_meta,
    encode_pers,
)

_TABLE = "ledger_opening"
_LINK_LENGTH = 16


def new_leaf(
    audit_key: DataKey,
    key: DataKey,
    subject: bytes,
    meta: Meta,
    pers: Pers,
    link: bytes,
) -> NewLeaf:
    """A leaf for ``subject`` (digest, or event id where there is no envelope)."""
    meta_raw, pers_raw = encode_meta(meta), encode_pers(pers)
    leaf = event_leaf(
        commit("meta", salt_meta(audit_key.raw, subject), meta_raw),
        commit("pers", salt_pers(key.raw, subject), pers_raw),
        commit("link", salt_link(audit_key.raw, subject), link),
    )
    return NewLeaf(
        leaf=leaf,
        subject=subject,
        data_key_id=key.key_id,
        public=audit_key.seal(_TABLE, subject, link + meta_raw),
        pers=key.seal(f"{_TABLE}_pers", subject, pers_raw),
    )


def adoption_leaf(adopted: DirectoryAdopted) -> NewLeaf:
    """The kind-2 leaf for a directory head that this node goes by from now on."""
    raw = encode_adopted(adopted)
    return NewLeaf(directory_leaf(raw), sha256(raw), None, None, None)


def meta_opening(audit_key: DataKey, row: LoggedRow) -> Opening:
    """The opening of c_meta of a stored leaf."""
    _, meta = _public(audit_key, row)
    return Opening(salt_meta(audit_key.raw, row.subject), meta)


def link_opening(audit_key: DataKey, row: LoggedRow) -> Opening:
    """The opening of c_link of a stored leaf."""
    link, _ = _public(audit_key, row)
    return Opening(salt_link(audit_key.raw, row.subject), link)


def pers_opening(key: DataKey, row: LoggedRow) -> Opening:
    """The opening of c_pers of a stored leaf, with the key that sealed it."""
    raw = key.open(
        f"{_TABLE}_pers", row.subject, row.pers_nonce or b"", row.pers_sealed or b""
    )
    return Opening(salt_pers(key.raw, row.subject), raw)


def day_of(instant: datetime) -> int:
    """Days since 1970-01-01 in UTC: as coarse as a leaf tells time."""
    return (
        instant.astimezone(UTC).toordinal()
        - datetime(1970, 1, 1, tzinfo=UTC).toordinal()
    )


def _public(audit_key: DataKey, row: LoggedRow) -> tuple[bytes, bytes]:
    raw = audit_key.open(
        _TABLE, row.subject, row.public_nonce or b"", row.public_sealed or b""
    )
    return raw[:_LINK_LENGTH], raw[_LINK_LENGTH:]
