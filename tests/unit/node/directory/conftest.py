"""A small founded network, made in memory, and the means to try entries on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from services.node.directory.fold import apply, check_entry
from services.node.directory.genesis import (
    Candidate,
    DirectorySigners,
    Draft,
    genesis_leaf,
)
from services.node.directory.home import (
    Home,
    approve,
    certificate_leaf,
    entry_bytes,
    introduction,
    prove_admission,
    sealing_epochs_leaf,
    vouch,
)
from services.node.directory.leaf import join_leaf
from services.node.directory.state import Directory
from services.node.domain.errors import RelaisError
from services.node.keys.at_rest import KeyEncryptionEpoch, new_data_key
from services.node.keys.files import IdentityKeys, MemberKeys, SealingEpoch
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer, MlDsa65Signer
from services.node.keys.tls import create_certificate
from services.node.wire.entries import (
    Approval,
    Change,
    Description,
    LocalName,
    Policy,
    PolicyTable,
    Proof,
)

NETWORK = "testland"
NOW = datetime(2018, 3, 5, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
FOUNDERS = ("ministry", "lao-cai", "hanoi")
FUNCTIONS = {
    "ministry": "FOCAL_MINISTRY",
    "lao-cai": "PROVINCE_SOCIAL",
    "hanoi": "HOTLINE",
    "yen-bai": "PROVINCE_SOCIAL",
    "dien-bien": "PROVINCE_SOCIAL",
}
POLICY = Policy(
    version="test-1",
    tables=(PolicyTable("steps", b"step,who\n"),),
    approver_functions=("FOCAL_MINISTRY", "PROVINCE_SOCIAL"),
)


def make_home(name: str) -> Home:
    sealing = tuple(
        SealingEpoch(NOW.replace(hour=0) + n * WEEK, SealingPrivateKey.generate())
        for n in range(2)
    )
    key_pem, cert_pem = create_certificate(name, NOW)
    keys = MemberKeys(
        identity=IdentityKeys(Ed25519Signer.generate(), MlDsa65Signer.generate()),
        ledger=Ed25519Signer.generate(),
        ledger_ml_dsa=MlDsa44Signer.generate(),
        sealing_epochs=sealing,
        sealing={each.key.key_id: each.key for each in sealing},
        audit_key=new_data_key(),
        at_rest=KeyEncryptionEpoch(1, new_data_key()),
        tls_key_pem=key_pem,
        tls_cert_pem=cert_pem,
    )
    return Home(NETWORK, name, keys)


def describe(name: str) -> Description:
    return Description(
        kind="province",
        functions=(FUNCTIONS.get(name, "PROVINCE_SOCIAL"),),
        country="VN",
        province="",
        names=(LocalName("vi", name.title()), LocalName("en", name)),
        peers_address="127.0.0.1:7001",
    )


def candidate(name: str) -> Candidate:
    return Candidate(name, describe(name), Path("unused"))


@dataclass(frozen=True)
class World:
    """A network so far, everybody's keys, and how an entry fares on it."""

    draft: Draft
    homes: dict[str, Home]
    signers: DirectorySigners

    NETWORK: ClassVar = NETWORK
    NOW: ClassVar = NOW
    WEEK: ClassVar = WEEK
    POLICY: ClassVar = POLICY
    FOUNDERS: ClassVar = FOUNDERS
    make_home = staticmethod(make_home)
    describe = staticmethod(describe)
    candidate = staticmethod(candidate)

    @property
    def directory(self) -> Directory:
        return self.draft.directory

    def raw(self, subject: str, change: Change, now: datetime = NOW) -> bytes:
        return entry_bytes(NETWORK, subject, change, now)

    def approvals(
        self,
        raw: bytes,
        *names: str,
        base_size: int | None = None,
        not_after: datetime = NOW + WEEK,
    ) -> list[Approval]:
        size = self.directory.size if base_size is None else base_size
        return [approve(self.homes[name], raw, size, not_after) for name in names]

    def own(
        self,
        name: str,
        change: Change,
        *approvers: str,
        proofs: tuple[Proof, ...] = (),
        now: datetime = NOW,
    ) -> bytes:
        """The leaf of a member's own entry; ``proofs`` come on top of its word."""
        raw = self.raw(name, change, now)
        vouched = vouch(self.homes[name], raw)
        return join_leaf(raw, (*vouched, *proofs), self.approvals(raw, *approvers))

    def decided(self, subject: str, change: Change, *approvers: str) -> bytes:
        """The leaf of an entry in which the subject has no say."""
        raw = self.raw(subject, change)
        return join_leaf(raw, (), self.approvals(raw, *approvers))

    def admission(self, name: str, *approvers: str) -> bytes:
        home = self.homes[name]
        raw = self.raw(name, introduction(home, describe(name)))
        proofs = prove_admission(home, raw)
        return join_leaf(raw, proofs, self.approvals(raw, *approvers))

    def after(self, leaf: bytes, now: datetime = NOW) -> World:
        """The network with a leaf that holds."""
        return replace(self, draft=self.draft.with_leaf(leaf, now))

    def refusal(self, leaf: bytes) -> str:
        """The code of the rule that a leaf breaks, the same beforehand and folded."""
        with pytest.raises(RelaisError) as refused:
            check_entry(self.directory, leaf, NOW)
        folded = apply(self.directory, self.directory.size, leaf)
        (void,) = folded.void
        assert void.code == refused.value.code
        assert void.index == self.directory.size
        assert folded.members == self.directory.members
        assert folded.policy == self.directory.policy
        assert folded.owners == self.directory.owners
        return void.code


@pytest.fixture(scope="session")
def newborn() -> World:
    """Three founders and nothing else; the others only have keys."""
    homes = {name: make_home(name) for name in FUNCTIONS}
    signers = DirectorySigners(Ed25519Signer.generate(), MlDsa44Signer.generate())
    founders = [candidate(name) for name in FOUNDERS]
    leaf = genesis_leaf(NETWORK, founders, homes, signers, NOW)
    draft = Draft(Directory(NETWORK)).with_leaf(leaf, NOW)
    return World(draft, homes, signers)


@pytest.fixture(scope="session")
def world(newborn: World) -> World:
    """Founders and Yen Bai, with sealing keys and certificates, under a policy."""
    world = newborn.after(newborn.admission("yen-bai", "ministry", "lao-cai"))
    for name in ("lao-cai", "yen-bai"):
        world = world.after(sealing_epochs_leaf(world.homes[name], NOW))
        world = world.after(certificate_leaf(world.homes[name], NOW))
    return world.after(world.decided("", POLICY, "ministry", "lao-cai"))
