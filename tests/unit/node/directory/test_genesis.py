"""From key folders to a directory that nodes start on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.directory.genesis import Candidate, DirectorySigners, found
from services.node.directory.load import load_directory
from services.node.domain.errors import ConfigError, RelaisError
from services.node.keys.files import create_member_keys, load_member_keys
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer
from services.node.keys.tls import fingerprint
from services.node.wire.entries import decode_directory_file

NAMES = ("ministry", "lao-cai", "hanoi", "yen-bai")


@pytest.fixture(scope="module")
def candidates(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("members")
    for name in NAMES:
        create_member_keys(folder / name, name, world.NOW)
    return {
        name: Candidate(name, world.describe(name), folder / name) for name in NAMES
    }


@pytest.fixture(scope="module")
def signers():
    return DirectorySigners(Ed25519Signer.generate(), MlDsa44Signer.generate())


def founding(world, candidates, signers, **changes):
    everyone = [candidates[name] for name in NAMES]
    arguments = {
        "network": world.NETWORK,
        "founders": everyone[:3],
        "others": everyone[3:],
        "policy": world.POLICY,
        "directory_signers": signers,
        "now": world.NOW,
    }
    return found(**(arguments | changes))


@pytest.fixture(scope="module")
def file(world, candidates, signers):
    return founding(world, candidates, signers)


def test_a_founded_network_is_one_that_nodes_start_on(world, file, signers):
    directory = load_directory(file, world.NETWORK)

    assert set(directory.members) == set(NAMES)
    assert directory.size == 1 + 1 + 2 * len(NAMES) + 1
    assert directory.void == ()
    assert directory.policy is not None
    assert directory.policy.version == world.POLICY.version
    assert directory.head_key == signers.ed25519.public_raw


def test_every_member_begins_with_its_keys_and_certificate(world, file, candidates):
    directory = load_directory(file, world.NETWORK)
    for name in NAMES:
        keys = load_member_keys(candidates[name].keys_folder)
        member = directory.member(name)

        assert len(member.sealing_epochs) == 21
        sealing = directory.sealing_key_for(name, world.NOW)
        assert sealing.key_id in keys.sealing
        assert not sealing.stale
        listed = directory.member_of_certificate(fingerprint(keys.tls_cert_pem))
        assert listed == member
        assert directory.ledger_keys_at(name, directory.size) == (
            keys.ledger.public_raw,
        )


def test_a_file_founded_twice_differs_only_in_signatures(
    world, file, candidates, signers
):
    again = founding(world, candidates, signers)

    first = load_directory(file, world.NETWORK)
    second = load_directory(again, world.NETWORK)
    assert first.members == second.members
    assert len(decode_directory_file(file).leaves) == first.size


def test_two_founders_are_too_few(world, candidates, signers):
    everyone = [candidates[name] for name in NAMES]
    with pytest.raises(RelaisError) as refused:
        founding(world, candidates, signers, founders=everyone[:2], others=everyone[2:])
    assert refused.value.code == "directory.too_few_founders"


def test_two_founders_must_hold_an_approver_function(world, candidates, signers):
    policy = replace(world.POLICY, approver_functions=("FOCAL_MINISTRY", "POLICE"))
    with pytest.raises(RelaisError) as refused:
        founding(world, candidates, signers, policy=policy)
    assert refused.value.code == "directory.too_few_approvers"


def test_one_key_folder_cannot_be_two_members(world, candidates, signers):
    copy = Candidate("copy", world.describe("copy"), candidates["hanoi"].keys_folder)
    with pytest.raises(RelaisError) as refused:
        founding(world, candidates, signers, others=[copy])
    assert refused.value.code == "directory.key_known"


def test_a_missing_key_folder_is_reported(world, candidates, signers, tmp_path):
    absent = Candidate("absent", world.describe("absent"), tmp_path / "absent")
    with pytest.raises(ConfigError):
        founding(world, candidates, signers, others=[absent])
