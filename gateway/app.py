"""The application: the console's pages and the API behind the safety headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from gateway.api.app import make_api, mounted
from gateway.config import GatewayConfig
from gateway.console import (
    accompany,
    account,
    answers,
    approvals,
    assigning,
    audit,
    audit_entries,
    audit_looks,
    case_file,
    case_matters,
    clocks,
    closing,
    colleagues,
    directory,
    documents,
    escalating,
    exchange,
    files,
    forward,
    homeward,
    kept,
    letting_in,
    live,
    messages,
    names,
    node,
    overrides,
    own_ledger,
    programs,
    reasons,
    refer,
    referral,
    reintegration,
    saved_views,
    search,
    sign_in,
    today,
    upkeep,
    verify,
    versions,
    webhooks,
)
from gateway.web.assets import BUILT_FOLDER
from gateway.web.event_streams import Streams
from gateway.web.headers import SafetyHeaders
from gateway.web.limits import Limits
from gateway.web.refusals import handle_refusals
from gateway.web.site import open_site

_ROOMS = (
    sign_in,
    account,
    today,
    assigning,
    names,
    saved_views,
    kept,
    approvals,
    # Before the rooms whose pages would take its address for a step or an act.
    reasons,
    # Before the referral's own steps, whose names stand at the same place.
    forward,
    escalating,
    referral,
    refer,
    search,
    documents,
    verify,
    files,
    case_file,
    case_matters,
    clocks,
    versions,
    answers,
    overrides,
    homeward,
    reintegration,
    accompany,
    exchange,
    directory,
    closing,
    node,
    colleagues,
    upkeep,
    letting_in,
    webhooks,
    programs,
    own_ledger,
    audit,
    audit_entries,
    audit_looks,
    live,
    messages,
)
_WORTH_PACKING = 500
"""Bytes from which on an answer is worth compressing."""


def make_app(config: GatewayConfig, streams: Streams) -> SafetyHeaders:
    """The application of one gateway; its site opens when it starts.

    ``streams`` are closed by whoever stops the server, before it waits for answers.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_site(config, streams) as site:
            app.state.site = api.state.site = site
            yield

    api = make_api()
    app = FastAPI(
        title="Relais",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    for room in _ROOMS:
        app.include_router(room.router)
    app.router.routes.append(mounted(api))
    app.mount("/built", StaticFiles(directory=BUILT_FOLDER, check_dir=False))
    handle_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_PACKING)
    app.add_middleware(Limits)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[config.host_name])
    # Outside of everything, the answer to a fault included.
    return SafetyHeaders(app)
