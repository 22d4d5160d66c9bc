"""A refusal is read in the reader's language, from its first word to its last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from gateway.app import make_app
from gateway.config import GatewayConfig
from gateway.web.event_streams import Streams
from gateway.web.visitors import LANGUAGE_COOKIE, SESSION_COOKIE
from services.node.domain.bodies import Decline
from tests.console.aside import aside
from tests.console.consoles import HOUSE
from tests.console.english import ENGLISH, english_at
from tests.console.seats import LOCALES

OFFICER, MANAGER = "officer-14", "manager-1"
SAID = {
    "vi": (
        "Từ chối tiếp nhận",
        "chỉ ghi được ở trạng thái",
        "Không thể thực hiện bước",
    ),
    "en": ("The decline", "can be recorded in a referral for reception only when", ""),
    "fr": ("Refus de prise en charge", "ne s’enregistre que dans l’état", ""),
    "zh-Hans": ("婉拒", "状态下记录", ""),
}


@pytest.mark.parametrize("language", LOCALES)
def test_a_step_that_came_too_late_is_refused_in_the_readers_language(
    seats, scenes, language
):
    sent = scenes.sent()
    manager = seats.at(HOUSE, MANAGER, language)
    manager.refusals_expected()
    manager.go(f"{sent.path}/decline")
    manager.page.select_option("#reason", index=1)
    scenes.step(HOUSE, sent, Decline("no_capacity"))
    manager.press()
    step, rule, title = SAID[language]
    told = manager.page.inner_text(".govuk-error-summary")
    assert step in told
    assert rule in told
    assert title in told
    assert "step.not_lawful" in told
    assert bool(ENGLISH.search(told)) is (language == "en")
    # What was chosen is still there, to be told in another way.
    assert manager.page.input_value("#reason")


def test_what_is_refused_before_it_is_sent_is_said_there(seats, screens):
    (screen,) = (each for each in screens if each.name == "refer-check-unlawful")
    seat = seats.at(screen.member, screen.officer, "vi")
    screen.open(seat)
    assert english_at(seat) == []
    assert "Ca này chưa có thông tin về: Liên lạc và nơi ở (D3)." in seat.problems


@asynccontextmanager
async def started(app: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    """An application between its beginning and its end, and a way to ask it."""
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan"}, asked.get, told.put))
    await asked.put({"type": "lifespan.startup"})
    assert (await told.get())["type"] == "lifespan.startup.complete"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        yield client
    await asked.put({"type": "lifespan.shutdown"})
    await life


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Nút mạng của đơn vị không trả lời."),
        ("fr", "Le nœud de ce membre ne répond pas."),
        ("zh-Hans", "本成员的节点没有响应。"),
        ("en", "This node does not answer at its socket."),
    ],
)
def test_a_page_says_in_the_language_that_the_node_is_away(tmp_path, language, said):
    alone = GatewayConfig(
        "dien-bien",
        {"vi": "Điện Biên"},
        tmp_path / "nobody.sock",
        "127.0.0.1",
        8443,
        "https://dien-bien.localhost:8443",
        tmp_path / "tls.crt",
        tmp_path / "tls.key",
    )
    cookies = f"{SESSION_COOKIE}={'x' * 43}; {LANGUAGE_COOKIE}={language}"

    async def asking() -> httpx.Response:
        async with started(make_app(alone, Streams())) as client:
            place = f"{alone.origin}/cases"
            return await client.get(place, headers={"Cookie": cookies})

    answer = aside(asking())
    assert answer.status_code == 503
    assert answer.headers["Content-Language"] == language
    assert said in answer.text
    assert '<p class="govuk-body" lang' not in answer.text
