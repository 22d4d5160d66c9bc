from __future__ import annotations

import stat
from pathlib import Path

import pytest

from services.node.domain.errors import ConflictError, VerificationError
from services.node.keys.secret_files import read_secret, write_public, write_secret


def code_of(path) -> str:
    with pytest.raises(VerificationError) as refused:
        read_secret(path)
    assert refused.value.where == str(path)
    return refused.value.code


def test_secret_is_written_closed_and_read_back(tmp_path):
    path = tmp_path / "a.key"
    write_secret(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_secret(path) == b"secret"


def test_secret_is_never_overwritten(tmp_path):
    path = tmp_path / "a.key"
    write_secret(path, b"first")
    with pytest.raises(ConflictError) as refused:
        write_secret(path, b"second")
    assert refused.value.code == "keys.exists"
    assert read_secret(path) == b"first"


@pytest.mark.parametrize("bits", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
def test_file_that_others_could_touch_is_refused(tmp_path, bits):
    path = tmp_path / "a.key"
    write_secret(path, b"secret")
    path.chmod(0o600 | bits)
    assert code_of(path) == "keys.open_mode"


def test_open_file_is_refused_through_a_link_too(tmp_path):
    path = tmp_path / "a.key"
    write_public(path, b"secret")
    link = tmp_path / "link.key"
    link.symlink_to(path)
    assert code_of(link) == "keys.open_mode"


def test_missing_file_and_folder_are_refused(tmp_path):
    assert code_of(tmp_path / "none.key") == "keys.missing"
    assert code_of(tmp_path) == "keys.missing"
    (tmp_path / "a.key").write_bytes(b"")
    assert code_of(tmp_path / "a.key" / "b.key") == "keys.missing"


def test_device_is_no_key_file():
    assert code_of(Path("/dev/null")) == "keys.missing"


def test_public_file_may_be_read_by_others(tmp_path):
    path = tmp_path / "tls.crt"
    write_public(path, b"public")
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0o044 & ~_umask(tmp_path)


def _umask(folder) -> int:
    """The umask, seen on a file rather than changed for all threads."""
    probe = folder / "probe"
    probe.touch(mode=0o777)
    return 0o777 & ~stat.S_IMODE(probe.stat().st_mode)
