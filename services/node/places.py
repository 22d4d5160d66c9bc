"""Files and folders that a configuration names, before anything is opened.

Promises that what is wrong with any of them (keys, password, directory, socket,
guard) is listed at once, each by its key in the file, and that no file of
somebody else's is taken for a socket. Makes the folders that are missing.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path

from services.node.config.node import NodeConfig
from services.node.domain.errors import ConfigError, RelaisError
from services.node.keys.files import MemberKeys, load_member_keys
from services.node.keys.secret_files import read_secret


@dataclass(frozen=True, slots=True)
class Places:
    """What was read from them."""

    keys: MemberKeys
    directory: bytes
    password: str = field(repr=False)


def open_places(config: NodeConfig) -> Places:
    """Read what the configuration names; raises ConfigError with all problems."""
    problems: list[str] = []
    keys = _keys(config.keys.folder, problems)
    password = _password(config.database.password_file, problems)
    directory = _directory(config.directory.file, problems)
    _socket("socket", config.local.socket, problems)
    _socket("gateway_socket", config.local.gateway_socket, problems)
    for path in config.guard.paths:
        _folder("guard", "paths", path.parent, problems)
    if problems or keys is None:
        raise ConfigError(tuple(problems), where="what the configuration names")
    return Places(keys, directory, password)


def _keys(folder: Path, problems: list[str]) -> MemberKeys | None:
    if not folder.is_dir():
        problems.append(f"keys.folder: {folder} is no folder")
        return None
    try:
        return load_member_keys(folder)
    except ConfigError as error:
        problems += [f"keys.folder: {each}" for each in error.problems]
    return None


def _password(file: Path, problems: list[str]) -> str:
    try:
        return read_secret(file).decode().strip()
    except RelaisError as error:
        remedy = f" {error.remedy}" if error.code == "keys.open_mode" else ""
        message = error.message.replace("A key file", "the file")
        problems.append(f"database.password_file: {file}: {message}{remedy}")
    except UnicodeDecodeError:
        problems.append(f"database.password_file: {file} holds no text")
    return ""


def _directory(file: Path, problems: list[str]) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        problems.append(f"directory.file: {file} cannot be read ({error.strerror})")
    return b""


def _socket(key: str, path: Path, problems: list[str]) -> None:
    if not _folder("local", key, path.parent, problems):
        return
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(f"local.{key}: {path}: {error.strerror}")
        return
    if not stat.S_ISSOCK(mode):
        problems.append(f"local.{key}: {path} is there and is no socket")


def _folder(section: str, key: str, folder: Path, problems: list[str]) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        problems.append(f"{section}.{key}: {folder} is no folder ({error.strerror})")
        return False
    return True
