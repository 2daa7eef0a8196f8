# SPDX-License-Identifier: EUPL-1.2
"""The page for everybody: axe-core at WCAG 2.2 AA, small screens, the keyboard alone, paper."""

import io
from pathlib import Path

import pytest
from aiogram.types import BufferedInputFile
from chat_server import keyboard
from PIL import Image
from playwright.async_api import expect
from test_conversation import bubble, say, visitor_id

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SIZES = {"phone": {"width": 320, "height": 640}, "desktop": {"width": 1280, "height": 800}}
CHOICE = {"nl": "Nederlands", "ar": "العربية", "ti": "ትግርኛ", "en": "English"}


async def findings(page):
    """Return what axe-core finds, short enough to read."""
    await page.evaluate(f"{AXE}\n;0")
    result = await page.evaluate("tags => axe.run(document, { runOnly: tags })", TAGS)
    assert len(result["passes"]) > 15
    return [
        f"{rule['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


async def fill(chat, page):
    """Show every kind of message."""
    someone = await visitor_id(chat)
    bot = chat.channel.bot
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(content, "PNG")
    await bot.send_photo(someone, BufferedInputFile(content.getvalue(), "a.png"), caption="Foto")
    await bot.send_document(someone, BufferedInputFile(b"%PDF-1.7", "brief.pdf"))
    await bot.send_voice(someone, BufferedInputFile(b"OggS voice", "a.ogg"), duration=3)
    await bot.send_venue(someone, 52.04, 4.95, "Doelenplein", "Montfoort")
    await say(page, "/keyboard")
    await bot.send_message(
        someone,
        "<b>vet</b> <i>schuin</i> <code>code</code> www.montfoort.nl /help\n<blockquote>citaat</blockquote>",
        reply_markup=keyboard([("Ja", "yes"), ("Nee", "no")], [("Een heel lange keuze om te lezen", "long")]),
    )
    await expect(page.locator(".choice", has_text="Ja")).to_be_visible()
    await expect(page.locator("#keyboard .choice").first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", CHOICE)
async def test_axe_finds_nothing(chat, open_page, language, scheme, size):
    page = await open_page(locale="en", color_scheme=scheme, viewport=SIZES[size], reduced_motion="reduce")
    await page.get_by_role("button", name=CHOICE[language]).click()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.get_by_role("button", name=CHOICE[language])).to_have_count(0)
    await fill(chat, page)
    assert await findings(page) == []
    await page.locator("#commands").click()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await page.locator("#more").click()
    await page.locator("#leave").click()
    await expect(page.locator("#ask")).to_be_visible()
    assert await findings(page) == []


@pytest.mark.parametrize("language", CHOICE)
async def test_a_small_phone_needs_no_sideways_scrolling_and_no_small_targets(chat, open_page, language):
    page = await open_page(locale="en", viewport={"width": 320, "height": 568})
    await page.get_by_role("button", name=CHOICE[language]).click()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await fill(chat, page)
    long = "Vergunninghoudershuisvestingsvraagstukkenoverleg" * 2 + " https://example.nl/" + "a" * 120
    await say(page, long)
    await expect(bubble(page, "Echo:")).to_be_visible()
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(content, "PNG")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": content.getvalue()}
    await page.locator("#photo-input").set_input_files([picture] * 4)
    await expect(page.locator("#preview li")).to_have_count(4)
    for selector in ("html", "#log", "#composer"):
        box = await page.locator(selector).evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert box[0] <= box[1], selector
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, textarea, audio')]
            .filter(e => e.checkVisibility() && !e.closest('.text, .place') && !e.matches('.skip'))
            .map(e => [e.id || e.className, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
            .map(([name]) => name)"""
    )
    assert small == []


async def test_the_keyboard_alone_is_enough(chat, open_page):
    page = await open_page(
        has_touch=True, is_mobile=True
    )  # where the field does not take the focus by itself
    await expect(page.locator(".message")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Naar het invoerveld")).to_be_focused()
    assert await page.get_by_role("link", name="Naar het invoerveld").is_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type("/buttons")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Een")).to_be_visible()
    await page.evaluate("document.querySelector('#log').focus()")
    reached = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    wanted = ["Nederlands", "Een", "Twee", "commands", "attach", "text"]
    assert [name for name in reached if name in wanted] == wanted


async def test_messages_are_a_log_that_announces_itself(chat, open_page):
    page = await open_page()
    log = page.get_by_role("log", name="Gesprek met Buurtbrug")
    await expect(log).to_have_attribute("aria-busy", "false")
    article = log.get_by_role("article")
    await expect(article).to_have_count(1)
    lines = await article.locator(".text p").evaluate_all(
        "all => all.map(p => [p.lang, getComputedStyle(p).direction])"
    )
    assert lines == [["nl", "ltr"], ["ar", "rtl"], ["ti", "ltr"], ["en", "ltr"]]


async def test_the_scripts_have_their_own_fonts(chat, open_page):
    page = await open_page()
    await expect(page.locator(".message")).to_have_count(1)
    await page.evaluate("document.fonts.ready")
    loaded = await page.evaluate(
        "() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.unicodeRange.split(',')[0])"
    )
    assert {"U+0-FF", "U+600-6FF", "U+1200-1399"} <= {font.upper() for font in loaded}


async def test_forced_colours_keep_borders(chat, open_page):
    page = await open_page(forced_colors="active")
    await expect(page.locator(".bubble")).to_be_visible()
    assert await page.locator(".bubble").evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    assert await page.locator(".choice").first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


async def test_paper_gets_the_whole_conversation(chat, open_page):
    page = await open_page()
    await say(page, "hallo")
    await expect(bubble(page, "Echo: hallo")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator(".composer")).to_be_hidden()
    await expect(page.get_by_role("button", name="Nederlands")).to_be_hidden()
    assert await page.locator("#log").evaluate("e => getComputedStyle(e).overflowY") == "visible"


async def test_without_scripts_there_is_a_word_in_each_language(browser, chat):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(chat.url)
    for language in CHOICE:
        await expect(page.locator(f".noscript p[lang={language}]")).to_be_visible()
    await context.close()


async def test_nothing_comes_from_outside(chat, open_page):
    asked = []
    page = await open_page()
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await page.get_by_role("button", name="العربية").click()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await fill(chat, page)
    assert len(asked) > 8
    assert [url for url in asked if not url.startswith((chat.url, "blob:"))] == []
