# SPDX-License-Identifier: EUPL-1.2
"""The chat on another site: one script tag makes a button and a frame."""

import tomllib

import pytest
from aiohttp import web
from chat_server import ROOT, running_chat
from playwright.async_api import expect
from test_conversation import bubble

pytestmark = pytest.mark.browser


async def another_site(script):
    """Serve a page of somebody else on this machine's other name; returns its runner and address."""

    async def page(_request):
        return web.Response(
            text=f'<!doctype html><html lang="nl"><title>Gemeente</title><h1>Gemeente</h1>{script}</html>',
            content_type="text/html",
        )

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    return runner, f"http://localhost:{port}"


@pytest.mark.parametrize("language", ["nl", "ar"])
async def test_one_script_tag_is_enough(browser, tmp_path, unused_tcp_port, language):
    label = tomllib.loads((ROOT / "locales" / language / "web.toml").read_text())["embed_open"]
    chat_url = f"http://127.0.0.1:{unused_tcp_port}"
    tag = f'<script src="{chat_url}/embed.js" data-language="{language}" async></script>'
    runner, site = await another_site(tag)
    async with running_chat(tmp_path, frame_ancestors=(site,), port=unused_tcp_port) as chat:
        context = await browser.new_context(locale="nl-NL")
        page = await context.new_page()
        await page.goto(site)
        await page.get_by_role("button", name=label).click()
        frame = page.frame_locator("iframe")
        await expect(frame.locator("html")).to_have_attribute("lang", language)
        await expect(bubble(frame, "Welkom bij Buurtbrug")).to_be_visible()
        await frame.locator("#text").fill("hallo")
        await frame.locator("#text").press("Enter")
        await expect(bubble(frame, "Echo: hallo")).to_be_visible()
        await page.get_by_role("button").first.click()
        await expect(page.locator("iframe")).to_be_hidden()
        await page.reload()
        await page.get_by_role("button", name=label).click()
        await expect(bubble(frame, "Echo: hallo")).to_be_visible()
        assert len(chat.updates) == 2
        await context.close()
    await runner.cleanup()


async def test_a_site_that_was_not_named_gets_no_frame(browser, tmp_path, unused_tcp_port):
    chat_url = f"http://127.0.0.1:{unused_tcp_port}"
    runner, site = await another_site(f'<iframe src="{chat_url}/embed"></iframe>')
    async with running_chat(tmp_path, frame_ancestors=("https://www.example.nl",), port=unused_tcp_port):
        context = await browser.new_context()
        page = await context.new_page()
        async with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
            await page.goto(site)
        await expect(page.frame_locator("iframe").locator("#text")).to_have_count(0)
        await context.close()
    await runner.cleanup()
