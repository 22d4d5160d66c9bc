"""What one gateway process holds: its words, its templates, the way to its node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from jinja2 import Environment

from gateway.config import GatewayConfig
from gateway.web.assets import load_manifest
from gateway.web.event_streams import Streams
from gateway.web.templates import environment
from gateway.words.words import Languages, load
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.form_client import FormClient
from services.node.rpc.ledger_client import LedgerClient
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.webhooks import WebhookDesk


@dataclass(frozen=True, slots=True)
class Node:
    """The channels to the own node; ``acting`` makes a client of one officer."""

    desk: DeskClient
    sign_in: SignInClient
    forms: FormClient
    clients: ApiClients
    ledger: LedgerClient
    webhooks: WebhookDesk
    upkeep: UpkeepClient


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that is the same for every request."""

    config: GatewayConfig
    languages: Languages
    templates: Environment
    node: Node
    streams: Streams

    def member_name(self, language: str) -> str:
        """The organisation's name in a language, or in the first that it has."""
        names = self.config.names
        return names.get(language[:2]) or next(iter(names.values()))


@asynccontextmanager
async def open_site(config: GatewayConfig, streams: Streams) -> AsyncIterator[Site]:
    """The site while the gateway runs.

    Raises:
        ConfigError: style and scripts were never built.
    """
    manifest = load_manifest()
    languages = load()
    async with AsyncExitStack() as stack:
        place = (config.socket, config.member)
        node = Node(
            await stack.enter_async_context(DeskClient(*place)),
            await stack.enter_async_context(SignInClient(*place)),
            await stack.enter_async_context(FormClient(*place)),
            await stack.enter_async_context(ApiClients(*place)),
            await stack.enter_async_context(LedgerClient(*place)),
            await stack.enter_async_context(WebhookDesk(*place)),
            await stack.enter_async_context(UpkeepClient(*place)),
        )
        yield Site(config, languages, environment(manifest), node, streams)
