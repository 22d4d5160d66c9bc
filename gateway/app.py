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
    account,
    approvals,
    audit,
    case_file,
    directory,
    documents,
    node,
    refer,
    referral,
    search,
    sign_in,
    today,
    webhooks,
)
from gateway.web.assets import BUILT_FOLDER
from gateway.web.headers import SafetyHeaders
from gateway.web.limits import Limits
from gateway.web.refusals import handle_refusals
from gateway.web.site import open_site

_ROOMS = (
    sign_in,
    account,
    today,
    approvals,
    referral,
    refer,
    search,
    documents,
    case_file,
    directory,
    node,
    webhooks,
    audit,
)
_WORTH_PACKING = 500
"""Bytes from which on an answer is worth compressing."""


def make_app(config: GatewayConfig) -> SafetyHeaders:
    """The application of one gateway; its site opens when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_site(config) as site:
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
