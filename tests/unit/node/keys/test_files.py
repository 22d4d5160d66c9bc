from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.errors import ConfigError, ConflictError, VerificationError
from services.node.keys.files import (
    create_member_keys,
    load_member_keys,
    read_secret,
    write_secret,
)
from services.node.keys.tls import check_certificate, create_certificate, to_der

#: A Thursday.
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    create_member_keys(tmp_path / "keys", "lao-cai", NOW, epochs=3)
    return tmp_path / "keys"


def problems_of(folder) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        load_member_keys(folder)
    assert refused.value.where == str(folder)
    return refused.value.problems


def rewrite(path, data: bytes) -> None:
    path.unlink()
    write_secret(path, data)


def test_created_folder_loads_whole(folder):
    keys = load_member_keys(folder)
    assert keys.identity is not None
    assert len(keys.audit_key) == 32
    assert keys.at_rest.number == 1
    check_certificate(to_der(keys.tls_cert_pem), NOW)
    assert keys.ledger.private_raw.hex().encode() == (
        read_secret(folder / "ledger-ed25519.key").strip()
    )


def test_sealing_epochs_follow_one_another_from_monday(folder):
    keys = load_member_keys(folder)
    begins = [epoch.begins for epoch in keys.sealing_epochs]
    assert begins == [MONDAY + timedelta(days=7 * n) for n in range(3)]
    assert list(keys.sealing) == [epoch.key.key_id for epoch in keys.sealing_epochs]
    assert begins[0] <= NOW < begins[1]


def test_new_member_has_a_quarter_and_eight_epochs(tmp_path):
    create_member_keys(tmp_path / "keys", "lao-cai", NOW)
    assert len(load_member_keys(tmp_path / "keys").sealing) == 21


def test_two_members_share_no_key(tmp_path, folder):
    create_member_keys(tmp_path / "other", "yen-bai", NOW, epochs=3)
    mine = {path.read_bytes() for path in folder.rglob("*.*")}
    theirs = {path.read_bytes() for path in (tmp_path / "other").rglob("*.*")}
    assert len(mine) == len(theirs) == 11
    assert not mine & theirs


def test_folder_with_files_is_never_written_to(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "note.txt").write_text("mine")
    with pytest.raises(ConflictError) as refused:
        create_member_keys(tmp_path / "keys", "lao-cai", NOW)
    assert refused.value.code == "keys.folder_not_empty"
    assert [path.name for path in tmp_path.rglob("*")] == ["keys", "note.txt"]


def test_empty_folder_is_filled(tmp_path):
    create_member_keys(tmp_path, "lao-cai", NOW, epochs=1)
    assert len(load_member_keys(tmp_path).sealing) == 1


def test_failed_creation_leaves_nothing_behind(tmp_path):
    with pytest.raises(OverflowError):
        create_member_keys(
            tmp_path / "keys", "lao-cai", datetime.max.replace(tzinfo=UTC)
        )
    assert list(tmp_path.iterdir()) == []


def test_nothing_in_the_folder_is_open_to_others(folder):
    secrets = [path for path in folder.rglob("*") if path.name != "tls.crt"]
    assert len(secrets) == 11
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets)


def test_offline_identity_is_no_problem(folder):
    (folder / "identity-ed25519.key").unlink()
    (folder / "identity-ml-dsa-65.key").unlink()
    assert load_member_keys(folder).identity is None


def test_half_an_identity_is_a_problem(folder):
    (folder / "identity-ml-dsa-65.key").unlink()
    (problem,) = problems_of(folder)
    assert problem.startswith("identity-ml-dsa-65.key: ")


def test_highest_at_rest_epoch_counts(folder):
    write_secret(folder / "at-rest-10.key", b"ab" * 32 + b"\n")
    write_secret(folder / "at-rest-9.key", b"cd" * 32 + b"\n")
    at_rest = load_member_keys(folder).at_rest
    assert (at_rest.number, at_rest.key) == (10, b"\xab" * 32)


def test_every_problem_is_listed_at_once(folder):
    (folder / "ledger-ed25519.key").unlink()
    (folder / "ledger-ml-dsa-44.key").chmod(0o640)
    rewrite(folder / "audit.key", b"ab" * 31 + b"\n")
    rewrite(folder / "at-rest-1.key", b"not hex\n")
    rewrite(folder / "sealing" / "20260302.key", b"ab" * 95 + b"\n")
    write_secret(folder / "sealing" / "20261399.key", b"")
    (folder / "tls.crt").unlink()
    named = [problem.split(":")[0] for problem in problems_of(folder)]
    assert named == [
        "ledger-ed25519.key",
        "ledger-ml-dsa-44.key",
        "audit.key",
        "at-rest-1.key",
        "sealing/20260302.key",
        "sealing/20261399.key",
        "tls.crt",
    ]


def test_open_mode_names_its_remedy(folder):
    (folder / "audit.key").chmod(0o644)
    (problem,) = problems_of(folder)
    assert "0644" in problem
    assert f"chmod 600 {folder / 'audit.key'}" in problem


def test_folder_that_is_not_there_lists_what_it_lacks(tmp_path):
    assert len(problems_of(tmp_path / "none")) == 7


def test_certificate_of_another_key_is_a_problem(folder):
    key_pem, _ = create_certificate("lao-cai", NOW)
    rewrite(folder / "tls.key", key_pem)
    (problem,) = problems_of(folder)
    assert problem.startswith("tls.key: ")


def test_problems_show_no_key(folder):
    rewrite(folder / "audit.key", b"ab" * 33 + b"\n")
    assert "abab" not in "".join(problems_of(folder))


def test_no_key_shows_in_the_repr(folder):
    assert repr(load_member_keys(folder)) == "MemberKeys()"


def test_open_secret_is_refused_by_the_code_of_its_fault(folder):
    (folder / "audit.key").chmod(0o644)
    with pytest.raises(VerificationError) as refused:
        read_secret(folder / "audit.key")
    assert refused.value.code == "keys.open_mode"
