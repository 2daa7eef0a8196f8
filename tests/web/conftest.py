# SPDX-License-Identifier: EUPL-1.2
"""Debian's Chromium, and a chat to open in it."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

# The chat with its small handlers is the one that the channel's own tests use.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "channels"))

from chat_server import Chat, running_chat

ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
expect.set_options(timeout=30_000)
"""Milliseconds. What is waited for is there in tenths of a second; the rest is for a machine that is busy."""
CLOSING_SECONDS = 20
Open = Callable[..., Awaitable[Page]]


async def close(what: Browser | BrowserContext) -> None:
    """Close it. Chromium may hang when it is closed while a page is loading: it ends with its driver then."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await what.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium. Without one the tests are skipped, or fail where everything must be tested."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        reason = "no Chromium found: install Debian's package `chromium` to test the page"
        if os.environ.get("BUURTBRUG_TEST_EVERYTHING") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await close(browser)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """A running chat."""
    async with running_chat(tmp_path) as running:
        yield running


@pytest.fixture
async def open_page(browser: Browser, chat: Chat) -> AsyncIterator[Open]:
    """Open the chat in a browser of its own; anything wrong in its console fails the test."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_it(path: str = "/", *, context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = await browser.new_context(**{"locale": "nl-NL", **options})
            contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        await page.goto(chat.url + path)
        return page

    open_it.wrong = wrong  # type: ignore[attr-defined]
    yield open_it
    for context in contexts:
        await close(context)
    assert wrong == []
