"""Writes a node's configuration as the TOML that ``node.py`` reads back.

Promises: reading what was written gives the same values; paths below the folder
of the file are written relative, so that the folder can be moved as a whole. What
a gateway needs is written only where it is not the default.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from services.node.config.mailbox import MailboxSection
from services.node.config.node import (
    GatewaySection,
    LocalSection,
    NodeConfig,
    PeersSection,
    WebhooksSection,
)

_HEAD = """\
# The configuration of one node. Every key is described in
# services/node/config/node.py; relative paths start at this file's folder.
"""


def render_node_config(config: NodeConfig, folder: Path) -> str:
    """The TOML text of ``config`` for a file in ``folder``."""
    lines = [_HEAD]
    for section in fields(config):
        value = getattr(config, section.name)
        if value in {GatewaySection(), MailboxSection(), WebhooksSection()}:
            continue
        lines.append(f"[{section.name}]")
        if isinstance(value, PeersSection):
            lines.append(_peers(value))
        else:
            lines += [
                f"{field.name} = {_rendered(getattr(value, field.name), folder)}"
                for field in fields(value)
                if not _goes_without_saying(value, field.name)
            ]
        lines.append("")
    return "\n".join(lines)


def _peers(section: PeersSection) -> str:
    if section.dials_out:
        return "dials_out = true"
    host = f"[{section.host}]" if ":" in section.host else section.host
    return f'listen = "{host}:{section.port}"'


def _goes_without_saying(section: object, key: str) -> bool:
    return getattr(section, key) is None or (
        isinstance(section, LocalSection)
        and key == "gateway_socket"
        and section == LocalSection(section.socket)
    )


def _rendered(value: object, folder: Path) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_rendered(each, folder) for each in value)}]"
    if isinstance(value, Path):
        below = value.is_relative_to(folder)
        value = str(value.relative_to(folder) if below else value)
    # A JSON string or integer is a TOML one.
    return json.dumps(value, ensure_ascii=False)
