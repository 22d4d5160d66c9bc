"""Relais' own vectors, computed by an independent reading of protocol.md."""

from __future__ import annotations

from services.node.flows.letters import letter_info
from services.node.keys.at_rest import open_record, record_key
from services.node.keys.encoding import hkdf, lp, sha256
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.signing import Ed25519Signer
from services.node.keys.suites import check_public_key, key_id
from services.node.ledger.checkpoint import (
    Checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from services.node.ledger.leaf import (
    commit,
    directory_leaf,
    dummy_leaf,
    event_leaf,
    salt_link,
    salt_meta,
    salt_pers,
)
from services.node.ledger.merkle import (
    appended_nodes,
    consistency_path,
    inclusion_path,
    leaf_hash,
    reader,
    root_from,
    root_of,
)
from services.node.ledger.note import (
    decode_vkey,
    encode_vkey,
    sign_note,
    verify_note,
)
from services.node.ledger.proof import verify_consistency, verify_inclusion
from services.node.sealing.envelope import (
    ContentKeys,
    digest,
    header_hash,
    open_envelope,
    padded_len,
    payload_hash,
    seal_envelope,
)
from services.node.sealing.parts import commit_of, open_part

unhex = bytes.fromhex


def test_encoding_gives_the_vectors_bytes(load):
    vector = load("relais/encoding.json")
    for case in vector["lp"]:
        assert lp(*case["in"]).hex() == case["out"]
    derived = vector["hkdf"]
    assert (
        hkdf(unhex(derived["ikm"]), derived["label"], *derived["context"]).hex()
        == derived["out"]
    )
    for key in vector["key_id"]:
        check_public_key(key["algorithm"], unhex(key["raw"]))
        assert key_id(key["algorithm"], unhex(key["raw"])).hex() == key["id"]


def recipient(vector) -> SealingPrivateKey:
    private = SealingPrivateKey.from_raw(
        unhex(vector["recipient_mlkem_seed"] + vector["recipient_x25519_scalar"])
    )
    assert private.public_raw.hex() == vector["recipient_public"]
    return private


def test_envelope_opens_as_the_vector_says(load):
    vector = load("relais/envelope.json")
    header, stanza, ciphertext = (unhex(vector[n]) for n in ("header", "stanza", "ct"))
    keys = ContentKeys.from_cek(unhex(vector["cek"]))
    assert keys.content_key.hex() == vector["content_key"]
    assert keys.key_commit.hex() == vector["key_commit"]
    assert header_hash(header).hex() == vector["hh"]
    assert digest(header, stanza, ciphertext).hex() == vector["digest"]
    opened = open_envelope(
        header, stanza, ciphertext, recipient(vector), keys.key_commit
    )
    assert opened.payload.hex() == vector["payload"]
    assert opened.salt.hex() == vector["salt"]
    assert payload_hash(opened.salt, opened.payload).hex() == vector["payload_hash"]


def test_sealing_gives_the_vectors_ciphertext(load):
    vector = load("relais/envelope.json")
    keys = ContentKeys.from_cek(unhex(vector["cek"]))
    payload, salt = unhex(vector["payload"]), unhex(vector["salt"])
    sealed = seal_envelope(
        unhex(vector["header"]), keys, unhex(vector["recipient_public"]), payload, salt
    )
    assert sealed.ciphertext.hex() == vector["ct"]
    assert padded_len(len(payload)) == vector["padded_len"]
    opened = open_envelope(
        sealed.header,
        sealed.stanza,
        sealed.ciphertext,
        recipient(vector),
        keys.key_commit,
    )
    assert opened.payload == payload


def test_part_opens_as_the_vector_says(load):
    part = load("relais/envelope.json")["part"]
    key, ciphertext = unhex(part["part_key"]), unhex(part["ciphertext"])
    assert commit_of(key).hex() == part["part_commit"]
    plain = open_part(
        unhex(part["envelope_id"]),
        part["part_id"],
        part["category"],
        key,
        unhex(part["part_commit"]),
        ciphertext,
        sha256(ciphertext),
    )
    assert plain.hex() == part["plain"]


def test_mailbox_info_is_the_vectors(load):
    info = load("relais/envelope.json")["mailbox_info"]
    assert letter_info(info["recipient"], info["day"]).hex() == info["info"]


def test_record_at_rest_opens_as_the_vector_says(load):
    vector = load("relais/at-rest.json")
    key, row = unhex(vector["category_key"]), int(vector["row"])
    assert record_key(key, vector["table"], row).hex() == vector["record_key"]
    plain = open_record(
        key,
        vector["table"],
        row,
        int(vector["version"]),
        unhex(vector["nonce"]),
        unhex(vector["ciphertext"]),
    )
    assert plain.hex() == vector["plain"]


def test_leaf_commits_as_the_vector_says(load):
    vector = load("relais/ledger.json")
    case_key, audit_key, sent = (
        unhex(vector[name]) for name in ("case_key", "audit_key", "digest")
    )
    salts = {
        "pers": salt_pers(case_key, sent),
        "meta": salt_meta(audit_key, sent),
        "link": salt_link(audit_key, sent),
    }
    assert {name: salt.hex() for name, salt in salts.items()} == vector["salts"]
    values = {name: unhex(value) for name, value in vector["values"].items()}
    leaf = event_leaf(
        commit("meta", salts["meta"], values["meta"]),
        commit("pers", salts["pers"], values["pers"]),
        commit("link", salts["link"], values["link"]),
    )
    assert leaf.hex() == vector["leaf"]
    dummy = vector["dummy"]
    assert dummy_leaf(audit_key, dummy["index"]).hex() == dummy["leaf"]
    kind2 = vector["kind2"]
    assert directory_leaf(unhex(kind2["head"])).hex() == kind2["leaf"]


def test_tree_gives_the_vectors_root_and_proofs(load):
    vector = load("relais/ledger.json")
    hashes = [leaf_hash(unhex(entry)) for entry in vector["entries"]]
    size, root = len(hashes), unhex(vector["root"])
    nodes = {
        (level, index): node
        for level, index, node in appended_nodes(0, reader({}), hashes)
    }
    read = reader(nodes)
    assert root_of(hashes) == root_from(size, read) == root
    inclusion = vector["inclusion"]
    path = inclusion_path(inclusion["index"], size, read)
    assert [node.hex() for node in path] == inclusion["path"]
    verify_inclusion(hashes[inclusion["index"]], inclusion["index"], size, path, root)
    consistency = vector["consistency"]
    old, old_root = consistency["from"], unhex(consistency["root_from"])
    assert root_from(old, read) == old_root
    proof = consistency_path(old, size, read)
    assert [node.hex() for node in proof] == consistency["path"]
    verify_consistency(old, size, old_root, root, proof)


def test_note_and_verifier_key_are_the_vectors(load):
    vector = load("relais/ledger.json")
    signer = Ed25519Signer.from_private_raw(unhex(vector["ledger_seed"]))
    name, public_raw = decode_vkey(vector["vkey"])
    assert public_raw == signer.public_raw
    assert encode_vkey(name, signer.public_raw) == vector["vkey"]
    note = vector["note"].encode()
    text = verify_note(note, name, public_raw)
    assert sign_note(text, name, signer) == note
    checkpoint = verify_checkpoint(note, name, (public_raw,))
    root = unhex(vector["root"])
    assert checkpoint == Checkpoint(name, len(vector["entries"]), root)
    assert sign_checkpoint(checkpoint, signer) == note
