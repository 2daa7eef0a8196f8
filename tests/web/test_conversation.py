# SPDX-License-Identifier: EUPL-1.2
"""The page in Chromium: a whole conversation, as a resident has it."""

import asyncio
import io
import re

import pytest
from chat_server import Limits, Rate, keyboard, running_chat
from PIL import Image
from playwright.async_api import expect
from sqlalchemy import select

from storage.tables.web import WebVisitor

pytestmark = pytest.mark.browser


async def visitor_id(chat):
    """Return the id of the visitor who came last."""
    async with chat.database.reading() as session:
        query = select(WebVisitor.id).order_by(WebVisitor.created_at.desc()).limit(1)
        return await session.scalar(query)


async def say(page, text):
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


def bubble(page, text):
    return page.locator(".message", has_text=text)


async def test_language_question_answer_and_history(chat, open_page):
    page = await open_page()
    await expect(bubble(page, "Welkom bij Buurtbrug")).to_be_visible()
    assert await page.locator(".message.mine").count() == 0  # what opens the conversation is not shown
    await page.get_by_role("button", name="العربية").click()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator("#text")).to_have_attribute("placeholder", "اكتب سؤالك")
    await expect(page.get_by_role("button", name="العربية")).to_have_count(0)
    await say(page, "كم يجب أن أنتظر؟")
    await expect(bubble(page, "Echo: كم يجب أن أنتظر؟")).to_be_visible()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator(".message")).to_have_count(3)
    assert [update.message.text for update in chat.updates if update.message] == [
        "/start",
        "كم يجب أن أنتظر؟",
    ]


async def test_an_invitation_is_used_once_and_leaves_the_address(chat, open_page):
    page = await open_page("/?start=secret-token")
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page).to_have_url(f"{chat.url}/")
    await page.goto(f"{chat.url}/?start=secret-token")
    await say(page, "daarna")
    await expect(bubble(page, "Echo: daarna")).to_be_visible()
    texts = [update.message.text for update in chat.updates]
    assert texts == ["/start secret-token", "daarna"]
    assert await page.get_by_text("secret-token").count() == 0


async def test_a_pressed_button_works_and_the_focus_stays(chat, open_page):
    page = await open_page()
    await say(page, "/buttons")
    first = page.get_by_role("button", name="Een")
    await first.focus()
    await page.keyboard.press("Enter")
    await expect(bubble(page, "Nu drie")).to_be_visible()
    await expect(page.get_by_role("button", name="Drie")).to_be_focused()
    await expect(page.locator("#toast")).to_have_text("Gelukt")
    await expect(bubble(page, "Nu drie")).to_contain_text("aangepast")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Lees dit eerst.")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Drie")).to_be_focused()


async def test_a_withdrawn_button_says_so(chat, open_page):
    page = await open_page()
    await say(page, "/buttons")
    await expect(page.get_by_role("button", name="Twee")).to_be_visible()
    someone = await visitor_id(chat)
    await page.route("**/chat/callbacks", lambda route: withdraw_first(chat, someone, route))
    await page.get_by_role("button", name="Twee").click()
    await expect(page.locator("#toast")).to_contain_text("Deze knop werkt niet meer")
    open_page.wrong.clear()  # the browser notes the refusal in its console


async def withdraw_first(chat, someone, route):
    message = (await chat.store.history(someone, None, 1))[0]
    await chat.channel.bot.edit_message_reply_markup(
        chat_id=someone, message_id=message.message_id, reply_markup=keyboard([("Anders", "else")])
    )
    await route.continue_()


async def test_two_tabs_show_the_same(chat, open_page):
    one = await open_page()
    await expect(one.locator(".message")).to_have_count(1)
    two = await open_page(context=one.context)
    await say(one, "van de ene")
    await expect(bubble(two, "Echo: van de ene")).to_be_visible()
    await expect(two.locator(".message.mine")).to_contain_text("van de ene")
    await say(two, "van de andere")
    await expect(bubble(one, "Echo: van de andere")).to_be_visible()
    for page in (one, two):
        await expect(page.locator(".message")).to_have_count(5)
    assert len([update for update in chat.updates if update.message.text == "/start"]) == 1


async def test_edits_and_deletions_show_at_once(chat, open_page):
    page = await open_page()
    await expect(page.locator(".message")).to_have_count(1)
    someone = await visitor_id(chat)
    sent = await chat.channel.bot.send_message(someone, "eerst")
    await expect(bubble(page, "eerst")).to_be_visible()
    await chat.channel.bot.edit_message_text("later", chat_id=someone, message_id=sent.message_id)
    await expect(bubble(page, "later")).to_be_visible()
    await chat.channel.bot.send_chat_action(someone, "typing")
    await expect(page.locator("#typing")).to_contain_text("schrijft")
    await chat.channel.bot.delete_message(someone, sent.message_id)
    await expect(bubble(page, "later")).to_have_count(0)


async def test_nothing_is_lost_while_the_server_is_away(browser, tmp_path):
    async with running_chat(tmp_path) as chat:
        port = int(chat.url.rsplit(":", 1)[1])
        context = await browser.new_context(locale="nl-NL")
        page = await context.new_page()
        await page.goto(chat.url)
        await expect(page.locator(".message")).to_have_count(1)
    await say(page, "tijdens de storing")
    await expect(bubble(page, "tijdens de storing")).to_contain_text("Wacht op verbinding")
    await expect(page.locator("#link-state")).to_contain_text("Geen verbinding")
    async with running_chat(tmp_path, port=port) as chat:
        await page.evaluate("dispatchEvent(new Event('online'))")
        await expect(bubble(page, "Echo: tijdens de storing")).to_be_visible()
        await expect(page.locator("#link-state")).to_be_empty()
        await expect(page.locator(".message.mine")).to_have_count(1)
        assert [update.message.text for update in chat.updates] == ["tijdens de storing"]
        await context.close()


async def test_what_was_not_sent_survives_a_reload(browser, tmp_path):
    async with running_chat(tmp_path) as chat:
        context = await browser.new_context(locale="nl-NL")
        page = await context.new_page()
        await page.goto(chat.url)
        await expect(page.locator(".message")).to_have_count(1)
        await page.route("**/chat/messages", lambda route: route.abort())
        await say(page, "nog niet weg")
        await expect(bubble(page, "nog niet weg")).to_contain_text("Wacht op verbinding")
        await page.unroute("**/chat/messages")
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await expect(bubble(page, "Echo: nog niet weg")).to_be_visible()
        await expect(page.locator(".message.mine")).to_have_count(1)
        await context.close()


NO_SOCKETS = """
window.WebSocket = class {
  constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); }
  close() {}
};
"""


async def test_it_works_where_websockets_are_broken(chat, browser):
    context = await browser.new_context(locale="nl-NL")
    await context.add_init_script(NO_SOCKETS)
    page = await context.new_page()
    await page.goto(chat.url)
    await expect(bubble(page, "Welkom bij Buurtbrug")).to_be_visible()
    await say(page, "langs de andere weg")
    await expect(bubble(page, "Echo: langs de andere weg")).to_be_visible()
    await expect(page.locator("#link-state")).to_be_empty()
    await context.close()


async def test_pictures_go_both_ways_and_are_made_smaller(chat, open_page):
    page = await open_page()
    await expect(page.locator(".message")).to_have_count(1)
    content = io.BytesIO()
    Image.effect_noise((3200, 1600), 40).convert("RGB").save(content, "PNG")
    picture = {"name": "kuil.png", "mimeType": "image/png", "buffer": content.getvalue()}
    await page.locator("#photo-input").set_input_files([picture, {**picture, "name": "twee.png"}])
    await expect(page.locator("#preview li")).to_have_count(2)
    await page.get_by_role("button", name="Niet meesturen: twee.png").click()
    await expect(page.locator("#preview li")).to_have_count(1)
    await page.locator("#text").fill("Een kuil")
    await page.get_by_role("button", name="Versturen").click()
    await expect(bubble(page, "Terug: Een kuil").locator("img")).to_be_visible()
    photo = next(update.message.photo[-1] for update in chat.updates if update.message.photo)
    assert (photo.width, photo.height) == (2000, 1000)
    back = bubble(page, "Terug: Een kuil").get_by_role("button", name="Foto van Buurtbrug")
    await back.click()
    await expect(page.get_by_role("dialog", name="Foto van Buurtbrug")).to_be_visible()
    assert await page.locator("#viewer-image").evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    await page.keyboard.press("Escape")
    await expect(page.locator("#viewer")).to_be_hidden()


async def test_a_document_and_a_wrong_file(chat, open_page):
    page = await open_page()
    pdf = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    await page.locator("#document-input").set_input_files(pdf)
    await page.get_by_role("button", name="Versturen").click()
    await expect(bubble(page, "Ontvangen")).to_be_visible()
    await expect(page.locator(".message.mine a.document")).to_contain_text("brief.pdf")
    await page.locator("#document-input").set_input_files({**pdf, "buffer": b"not a pdf"})
    await page.get_by_role("button", name="Versturen").click()
    await expect(page.locator(".message.refused")).to_contain_text("Dit soort bestand kan niet")
    await page.locator(".message.refused").get_by_role("button", name="Annuleren").click()
    await expect(page.locator(".message.refused")).to_have_count(0)
    open_page.wrong.clear()


async def test_a_place_is_sent_only_after_saying_yes(chat, open_page):
    page = await open_page(geolocation={"latitude": 52.045, "longitude": 4.952}, permissions=["geolocation"])
    await say(page, "/keyboard")
    await page.get_by_role("group", name="Antwoorden").get_by_role("button", name="Hier").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("alleen nu")
    await dialog.get_by_role("button", name="Annuleren").click()
    assert not any(update.message.location for update in chat.updates)
    await page.get_by_role("button", name="Iets meesturen").click()
    await page.get_by_role("button", name="Plaats").click()
    await dialog.get_by_role("button", name="Mijn plaats sturen").click()
    await expect(bubble(page, "Doelenplein")).to_be_visible()
    await expect(page.locator("#keyboard")).to_be_hidden()
    place = next(update.message.location for update in chat.updates if update.message.location)
    assert (place.latitude, place.longitude) == (52.045, 4.952)


async def test_a_reply_keyboard_types_for_the_person(chat, open_page):
    page = await open_page()
    await say(page, "/keyboard")
    await page.get_by_role("button", name="Thuis").click()
    await expect(bubble(page, "Echo: Thuis")).to_be_visible()
    await expect(page.locator("#keyboard")).to_be_hidden()


SECONDS = re.compile("0:(0[1-9]|[1-9])")
"""A recording of at least a second. On a slow machine the clock may skip one."""


async def test_a_voice_message(chat, open_page):
    page = await open_page(permissions=["microphone"])
    await expect(page.locator(".message")).to_have_count(1)
    await page.get_by_role("button", name="Spraakbericht opnemen").click()
    await expect(page.locator("#recorded")).to_have_text(SECONDS)
    await page.get_by_role("button", name="Annuleren").click()
    await expect(page.get_by_role("button", name="Spraakbericht opnemen")).to_be_focused()
    await expect(page.locator("#recorded")).to_be_empty()
    await page.get_by_role("button", name="Spraakbericht opnemen").click()
    await expect(page.locator("#recorded")).to_have_text(SECONDS)
    await page.get_by_role("button", name="Opname versturen").click()
    await expect(bubble(page, "Ontvangen")).to_be_visible()
    (voice,) = [update.message.voice for update in chat.updates if update.message.voice]
    assert voice.duration >= 1
    assert voice.mime_type in {"audio/webm", "audio/ogg", "audio/mp4"}


NO_SOUND = """
window.MediaRecorder = class {
  static isTypeSupported() { return true; }
  state = "inactive";
  start() { this.state = "recording"; }
  stop() {
    this.state = "inactive";
    setTimeout(() => this.onstop());
  }
};
"""


async def test_a_voice_message_in_which_there_is_nothing_says_so(chat, browser):
    context = await browser.new_context(locale="nl-NL", permissions=["microphone"])
    await context.add_init_script(NO_SOUND)
    page = await context.new_page()
    await page.goto(chat.url)
    await expect(page.locator(".message")).to_have_count(1)
    await page.get_by_role("button", name="Spraakbericht opnemen").click()
    await page.get_by_role("button", name="Opname versturen").click()
    await expect(page.locator("#problem")).to_contain_text("Er is niets opgenomen")
    await expect(page.get_by_role("button", name="Spraakbericht opnemen")).to_be_focused()
    assert not [update for update in chat.updates if update.message.voice]
    await context.close()


async def test_the_command_menu(chat, open_page):
    page = await open_page()
    await expect(page.locator(".message")).to_have_count(1)
    menu = page.get_by_role("button", name="Keuzemenu")
    await menu.press("Enter")
    await expect(page.get_by_role("button", name="Stel een vraag")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("button", name="Meld iets in de buurt")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await expect(menu).to_have_attribute("aria-expanded", "false")
    await menu.click()
    await page.get_by_role("button", name="Vraag een mens").click()
    await expect(bubble(page, "Echo: /contact")).to_be_visible()
    await bubble(page, "Echo: /contact").get_by_role("button", name="/contact").click()
    await expect(bubble(page, "Echo: /contact")).to_have_count(2)


async def test_what_came_while_away_stands_under_a_line(chat, open_page):
    page = await open_page()
    async with page.expect_response("**/chat/read"):
        await expect(bubble(page, "Welkom bij Buurtbrug")).to_be_visible()
    async with page.expect_response("**/chat/read"):
        await say(page, "hallo")
        await expect(bubble(page, "Echo: hallo")).to_be_visible()
    someone = await visitor_id(chat)
    await chat.store.mark_read(someone, (await chat.store.visitor(someone)).last_sequence)
    context = page.context
    await page.close()
    for text in ("nieuws", "meer nieuws"):
        await chat.channel.bot.send_message(someone, text)
    page = await open_page(context=context)
    line = page.locator(".new-line")
    await expect(line).to_have_text("Nieuw")
    following = line.locator("xpath=following-sibling::*[1]")
    await expect(following).to_contain_text("nieuws")


async def test_the_title_counts_what_comes_in_a_hidden_tab(chat, browser):
    context = await browser.new_context(locale="nl-NL")
    await context.add_init_script(
        "Object.defineProperty(document, 'visibilityState',"
        "  { get: () => window.seen ? 'visible' : 'hidden' })"
    )
    page = await context.new_page()
    await page.goto(chat.url)
    await expect(page).to_have_title("(1) Buurtbrug · Gemeente Montfoort")
    await chat.channel.bot.send_message(await visitor_id(chat), "nieuws")
    await expect(page).to_have_title("(2) Buurtbrug · Gemeente Montfoort")
    await page.evaluate("window.seen = true; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page).to_have_title("Buurtbrug · Gemeente Montfoort")
    await context.close()


async def test_earlier_messages_come_when_scrolling_up(chat, open_page):
    page = await open_page()
    await expect(page.locator(".message")).to_have_count(1)
    someone = await visitor_id(chat)
    for number in range(70):
        await chat.channel.bot.send_message(someone, f"bericht {number}")
    await page.reload()
    await expect(bubble(page, "bericht 69")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(40)
    await page.locator("#log").evaluate("log => log.scrollTo({ top: 0, behavior: 'instant' })")
    await expect(page.locator(".message")).to_have_count(71)
    first = await page.locator(".message").first.inner_text()
    assert "Welkom" in first
    await expect(page.get_by_role("button", name="Naar het laatste bericht")).to_be_visible()
    await page.get_by_role("button", name="Naar het laatste bericht").click()
    await expect(bubble(page, "bericht 69")).to_be_in_viewport()


async def test_too_fast_is_said_and_sent_later(browser, tmp_path):
    limits = Limits(messages=Rate(2, 0.7))
    async with running_chat(tmp_path, limits=limits) as chat:
        context = await browser.new_context(locale="nl-NL")
        page = await context.new_page()
        await page.goto(chat.url)
        await expect(page.locator(".message")).to_have_count(1)
        for text in ("een", "twee", "drie"):
            await say(page, text)
        await expect(page.locator(".sending-state", has_text="even te snel")).to_be_visible()
        await expect(bubble(page, "Echo: drie")).to_be_visible()
        assert [update.message.text for update in chat.updates][1:] == ["een", "twee", "drie"]
        await context.close()


async def test_leaving_ends_the_conversation_here(chat, open_page):
    page = await open_page()
    await say(page, "geheim")
    await expect(bubble(page, "Echo: geheim")).to_be_visible()
    await page.get_by_role("button", name="Meer").click()
    await page.get_by_role("button", name="Dit gesprek hier afsluiten").click()
    await page.get_by_role("dialog").get_by_role("button", name="Afsluiten").click()
    await expect(bubble(page, "geheim")).to_have_count(0)
    await expect(bubble(page, "Welkom bij Buurtbrug")).to_be_visible()
