# SPDX-License-Identifier: EUPL-1.2
"""The whole way of a report in the browser, in Dutch and in Arabic, with the whole bot behind it."""

import socket
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

# The street with its photos is the one that the tests of reports use.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from street import START, open_chats, picture

from bot.domain.person import Person, Role
from bot.domain.report import ReportState, is_legal
from bot.services.report_changing import Step

pytestmark = pytest.mark.browser

WORDS = {
    "nl": {
        "language": "Nederlands", "direction": "ltr", "told": "er ligt weer afval bij het Doelenplein",
        "kind": "Afval op straat", "yes": "Ja, dit wil ik melden", "go_on": "➡️", "send": "Versturen en",
        "number": "nummer 1", "done": "Het is klaar", "not_solved": "Niet opgelost", "open": "weer open",
    },
    "ar": {
        "language": "العربية", "direction": "rtl", "told": "هناك قمامة عند دولنبلاين",
        "kind": "قمامة في الشارع", "yes": "نعم", "go_on": "➡️", "send": "✅", "number": "رقم بلاغك",
        "done": "تم الحل", "not_solved": "👎", "open": "من جديد",
    },
}  # fmt: skip


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label).last.click()


@pytest.mark.parametrize("code", WORDS)
async def test_a_report_from_a_message_to_not_solved(
    code: str, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = WORDS[code]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with open_chats(monkeypatch, tmp_path, port=port) as chats:
        manager = await chats.manager()
        context = await browser.new_context(locale="nl-NL")
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(f"http://127.0.0.1:{port}/")
        await press(page, words["language"])
        await expect(page.locator("html")).to_have_attribute("dir", words["direction"])
        await page.locator("#text").fill(words["told"])
        await page.locator("#text").press("Enter")
        await expect(page.locator(".message", has_text=words["kind"]).last).to_be_visible()
        await press(page, words["yes"])
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture("red")}
        await page.locator("#photo-input").set_input_files([photo])
        await expect(page.locator("#preview li")).to_have_count(1)
        await page.locator("#send").click()
        await press(page, words["go_on"])
        await press(page, words["send"])
        await expect(page.locator(".message", has_text=words["number"]).last).to_be_visible()

        await manager.waits_for("Nieuwe melding")
        services = chats.app.dispatcher.workflow_data
        (report,) = await chats.all_reports()
        assert len(report.photos) == 1
        nobody = Person(0, "nl", True, frozenset({Role.AREA_MANAGER}), START)
        (by,) = await services["desk"].colleagues(nobody)
        result = await services["changing"].keep_picture(by, picture("white"))
        await services["changing"].change(by, Step(report.id, ReportState.DONE, report.version, photo=result))
        chats.clock.ahead += timedelta(minutes=2)
        told = page.locator(".message", has_text=words["done"]).last
        await expect(told).to_be_visible(timeout=15_000)
        await expect(told.locator("img")).to_be_visible()
        await press(page, words["not_solved"])
        await expect(page.locator(".message", has_text=words["open"]).last).to_be_visible()
        (report,) = await chats.all_reports()
        assert report.state is ReportState.REOPENED
        assert is_legal(report)
        await context.close()
        assert wrong == []
