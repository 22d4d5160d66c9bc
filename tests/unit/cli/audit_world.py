"""A small network's logs, made in memory with real keys, as nodes export them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from services.cli.audit_verify import AuditReport, verify_logs
from services.node.directory.genesis import (
    Candidate,
    DirectorySigners,
    Draft,
    directory_file,
    genesis_leaf,
)
from services.node.directory.home import Home
from services.node.directory.state import Directory
from services.node.keys.at_rest import KeyEncryptionEpoch, new_data_key
from services.node.keys.encoding import lp, sha256
from services.node.keys.files import IdentityKeys, MemberKeys
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer, MlDsa65Signer
from services.node.ledger import leaf as leaves
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.ledger.evidence import Evidence, Opening
from services.node.ledger.merkle import (
    EMPTY_ROOT,
    appended_nodes,
    inclusion_path,
    leaf_hash,
    reader,
    root_from,
)
from services.node.wire.audit import (
    LOG_VERSION,
    DirectoryEntry,
    LoggedLeaf,
    LogHead,
    LogIdentity,
    LogItem,
    OpenedCommitment,
    OpeningState,
    ReceivedEnvelope,
    SentEnvelope,
    StoredCheckpoint,
    StoredEnvelope,
    StoredNode,
    encode_item,
    framed,
    read_log,
)
from services.node.wire.entries import (
    Description,
    LocalName,
    decode_directory_file,
)
from services.node.wire.handoffs import DirectoryHead, Header, encode_header
from services.node.wire.leaves import (
    DirectoryAdopted,
    Meta,
    Outcome,
    Pers,
    encode_adopted,
    encode_evidence,
    encode_meta,
    encode_pers,
)

NETWORK = "testland"
NOW = datetime(2018, 3, 5, 8, 0, tzinfo=UTC)
MEMBERS = ("ministry", "lao-cai", "hanoi")


def make_home(name: str) -> Home:
    keys = MemberKeys(
        identity=IdentityKeys(Ed25519Signer.generate(), MlDsa65Signer.generate()),
        ledger=Ed25519Signer.generate(),
        ledger_ml_dsa=MlDsa44Signer.generate(),
        sealing_epochs=(),
        sealing={},
        audit_key=new_data_key(),
        at_rest=KeyEncryptionEpoch(1, new_data_key()),
        tls_key_pem=b"",
        tls_cert_pem=b"",
    )
    return Home(NETWORK, name, keys)


def describe(name: str) -> Description:
    names = (LocalName("en", name),)
    return Description("province", ("PROVINCE_SOCIAL",), "VN", "", names, "")


@dataclass
class Log:
    """One member's log: rows as a database holds them."""

    home: Home
    draft: Draft = field(default_factory=lambda: Draft(Directory(NETWORK)))
    directory_checkpoint: bytes = b""
    leaves: list[LoggedLeaf] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    checkpoints: list[StoredCheckpoint] = field(default_factory=list)
    sent: list[SentEnvelope] = field(default_factory=list)
    received: list[ReceivedEnvelope] = field(default_factory=list)
    keys: dict[bytes, bytes] = field(default_factory=dict)
    """The key of each event's case, by subject."""

    @property
    def directory(self) -> Directory:
        return self.draft.directory

    @property
    def member(self) -> str:
        return self.home.name

    def append(self, leaf: LoggedLeaf) -> None:
        size, hashes = len(self.leaves), [leaf_hash(leaf.leaf)]
        for level, index, digest in appended_nodes(size, reader(self.nodes), hashes):
            self.nodes[level, index] = digest
        self.leaves.append(leaf)
        self.checkpoints.append(StoredCheckpoint(size + 1, self.sign(size + 1)))

    def root(self, size: int) -> bytes:
        return root_from(size, reader(self.nodes))

    def sign(self, size: int) -> bytes:
        origin = f"{NETWORK}/{self.member}"
        checkpoint = Checkpoint(origin, size, self.root(size))
        return sign_checkpoint(checkpoint, self.home.keys.ledger)

    def adopt(self, draft: Draft, checkpoint: bytes) -> None:
        self.draft = draft
        self.directory_checkpoint = checkpoint
        head = encode_adopted(
            DirectoryAdopted(self.directory.size, self.directory.root)
        )
        absent = OpeningState.ABSENT
        leaf = leaves.directory_leaf(head)
        index, subject = len(self.leaves), sha256(head)
        self.append(LoggedLeaf(index, leaf, subject, None, None, None, absent, absent))

    def log(self, subject: bytes, meta: Meta, pers: Pers, link: bytes) -> None:
        audit_key = self.home.keys.audit_key
        self.keys[subject] = new_data_key()
        opened = {
            "meta": OpenedCommitment(
                leaves.salt_meta(audit_key, subject), encode_meta(meta)
            ),
            "pers": OpenedCommitment(
                leaves.salt_pers(self.keys[subject], subject), encode_pers(pers)
            ),
            "link": OpenedCommitment(leaves.salt_link(audit_key, subject), link),
        }
        leaf = leaves.event_leaf(
            leaves.commit("meta", opened["meta"].salt, opened["meta"].value),
            leaves.commit("pers", opened["pers"].salt, opened["pers"].value),
            leaves.commit("link", opened["link"].salt, opened["link"].value),
        )
        state = OpeningState.OPENED
        self.append(
            LoggedLeaf(
                len(self.leaves),
                leaf,
                subject,
                opened["meta"],
                opened["pers"],
                opened["link"],
                state,
                state,
            )
        )

    def evidence(self, index: int) -> bytes:
        leaf, size = self.leaves[index], len(self.leaves)
        assert leaf.pers is not None
        assert leaf.link is not None
        return encode_evidence(
            Evidence(
                leaf.leaf,
                Opening(leaf.pers.salt, leaf.pers.value),
                Opening(leaf.link.salt, leaf.link.value),
                index,
                inclusion_path(index, size, reader(self.nodes)),
                self.checkpoints[-1].note,
            )
        )

    def seal(self, to: str, envelope_id: bytes) -> tuple[StoredEnvelope, bytes]:
        """An envelope and its digest; stanza and ciphertext are random."""
        header = Header(
            version=1,
            suite=1,
            envelope_id=envelope_id,
            network=NETWORK,
            sender=self.member,
            recipient=to,
            sealing_key_id=os.urandom(32),
            directory=DirectoryHead(self.directory.size, self.directory.root),
            created_at=NOW,
            expires_at=NOW + timedelta(days=30),
            key_commit=os.urandom(32),
            padded_len=64,
        )
        items = encode_header(header), os.urandom(40), os.urandom(80)
        return StoredEnvelope(*items), sha256(lp("relais/v1/env/digest", *items))

    def take(
        self, sent: SentEnvelope, sender: str, pers: Pers, link: bytes, evidence: bytes
    ) -> int:
        """Log and store an envelope; the index of its leaf."""
        refused = pers.outcome is Outcome.REFUSED
        meta = Meta("unopened" if refused else "offer", "", sender, 17595, "")
        self.log(sent.digest, meta, pers, link)
        self.received.append(
            ReceivedEnvelope(
                sender=sender,
                envelope=sent.envelope,
                digest=sent.digest,
                envelope_id=sent.envelope_id,
                event_id=b"" if refused else sent.event_id,
                evidence=evidence,
                outcome=pers.outcome.value,
                code=pers.code,
            )
        )
        return len(self.leaves) - 1

    def items(self) -> list[LogItem]:
        """The rows in the order of an export."""
        size = len(self.leaves)
        identity = LogIdentity(
            LOG_VERSION,
            NETWORK,
            self.member,
            self.directory_checkpoint,
            self.directory.size,
            self.directory.root,
        )
        nodes = [StoredNode(*at, self.nodes[at]) for at in sorted(self.nodes)]
        root = self.root(size) if size else EMPTY_ROOT
        origin = f"{NETWORK}/{self.member}"
        head = LogHead(origin, size, root, self.sign(size))
        return [
            identity,
            *(DirectoryEntry(each) for each in self.draft.leaves),
            *self.leaves,
            *nodes,
            *self.checkpoints,
            *self.sent,
            *self.received,
            head,
        ]


def unopened(pers: Pers) -> Pers:
    """The same for an envelope that was never opened."""
    return replace(pers, payload_hash=bytes(32), previous_event=bytes(16))


@dataclass
class Lie:
    """What a member signs that it must not."""

    sent: Callable[[Pers], Pers] = lambda pers: pers
    taken: Callable[[Pers], Pers] = lambda pers: pers
    link: bytes = b""
    counterparty: str = ""


@dataclass
class AuditWorld:
    """Three members, a directory, and their logs."""

    logs: dict[str, Log]
    signers: DirectorySigners

    MEMBERS: ClassVar = MEMBERS
    NOW: ClassVar = NOW

    def adopt(self, log: Log, draft: Draft) -> None:
        """The member goes by this directory from now on."""
        file = decode_directory_file(directory_file(draft, self.signers.ed25519))
        log.adopt(draft, file.checkpoint)

    def handoff(
        self, giver: str, taker: str, outcome: Outcome | None, lie: Lie | None = None
    ) -> None:
        """One envelope; ``outcome`` None: it still waits; refused: unopened."""
        sender, recipient = self.logs[giver], self.logs[taker]
        lie = lie or Lie()
        envelope_id, event_id = os.urandom(16), os.urandom(16)
        envelope, digest = sender.seal(taker, envelope_id)
        pers = Pers(Outcome.SENT, "", digest, os.urandom(32), os.urandom(16))
        meta = Meta("offer", "officer", lie.counterparty or taker, 17595, "1")
        sender.log(digest, meta, lie.sent(pers), event_id)
        sent = SentEnvelope(
            taker, envelope, digest, envelope_id, event_id, b"", 0, "waiting"
        )
        if outcome is not None:
            refused = outcome is Outcome.REFUSED
            taken = replace(pers, outcome=outcome)
            if refused:
                taken = unopened(replace(taken, code="envelope.expired"))
            evidence = sender.evidence(len(sender.leaves) - 1)
            link = lie.link or (envelope_id if refused else event_id)
            index = recipient.take(sent, giver, lie.taken(taken), link, evidence)
            sent = replace(
                sent,
                receipt=recipient.evidence(index),
                receipt_index=index,
                state="refused" if refused else "received",
            )
        sender.sent.append(sent)

    def inside(self, member: str) -> None:
        """An act within the member."""
        event_id = os.urandom(16)
        pers = Pers(Outcome.RECORDED, "", b"", os.urandom(32), bytes(16))
        meta = Meta("case_opened", "officer", "", 17595, "1")
        self.logs[member].log(event_id, meta, pers, event_id)

    def copy(self) -> AuditWorld:
        """The same logs, to go on otherwise."""
        logs = {
            name: replace(
                log,
                leaves=[*log.leaves],
                nodes={**log.nodes},
                checkpoints=[*log.checkpoints],
                sent=[*log.sent],
                received=[*log.received],
            )
            for name, log in self.logs.items()
        }
        return replace(self, logs=logs)

    def items(self, member: str) -> list[LogItem]:
        return self.logs[member].items()

    @staticmethod
    def file(items: Iterable[LogItem]) -> bytes:
        return b"".join(framed(encode_item(item)) for item in items)

    @classmethod
    def verify(
        cls, *logs: Iterable[LogItem], fingerprint: str | None = None
    ) -> AuditReport:
        """Through files, as an auditor gets them."""
        files = [io.BytesIO(cls.file(items)) for items in logs]
        return verify_logs([read_log(each, "a file") for each in files], fingerprint)

    def verify_all(self, **changed: list[LogItem]) -> AuditReport:
        """Every log, those in ``changed`` (with _ for -) instead of their own."""
        given = {name.replace("_", "-"): items for name, items in changed.items()}
        return self.verify(*(given.get(m) or self.items(m) for m in MEMBERS))


def founded() -> tuple[Draft, dict[str, Home], DirectorySigners]:
    homes = {name: make_home(name) for name in MEMBERS}
    signers = DirectorySigners(Ed25519Signer.generate(), MlDsa44Signer.generate())
    candidates = [Candidate(name, describe(name), Path("unused")) for name in MEMBERS]
    leaf = genesis_leaf(NETWORK, candidates, homes, signers, NOW)
    return Draft(Directory(NETWORK)).with_leaf(leaf, NOW), homes, signers


def make_world() -> AuditWorld:
    draft, homes, signers = founded()
    world = AuditWorld({name: Log(homes[name]) for name in MEMBERS}, signers)
    for log in world.logs.values():
        world.adopt(log, draft)
    return world


def make_busy_world() -> AuditWorld:
    """Logs with some of everything."""
    world = make_world()
    world.inside("hanoi")
    world.handoff("hanoi", "lao-cai", Outcome.RECEIVED)
    world.handoff("lao-cai", "hanoi", Outcome.RECEIVED)
    world.inside("lao-cai")
    world.handoff("hanoi", "lao-cai", Outcome.DUPLICATE)
    world.handoff("ministry", "lao-cai", Outcome.RECEIVED)
    world.handoff("lao-cai", "hanoi", Outcome.REFUSED)
    world.handoff("lao-cai", "ministry", Outcome.RECEIVED)
    world.handoff("lao-cai", "ministry", None)
    return world
