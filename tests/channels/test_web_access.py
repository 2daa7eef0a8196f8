# SPDX-License-Identifier: EUPL-1.2
"""Who may come in, what the page may load, and how much is too much."""

import io

import aiohttp
import pytest
from chat_server import ROOT, running_chat
from PIL import Image
from visitor import Visitor

from bot.channels.web import Limits, Rate
from bot.channels.web.page import Assets, Page
from bot.channels.web.wording import Wording
from bot.i18n import load_languages

PDF = b"%PDF-1.7 a document"


def photo(width=3000, height=1000, **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG", **options)
    return content.getvalue()


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "null"])
@pytest.mark.parametrize(
    "path", ["/chat/messages", "/chat/callbacks", "/chat/files", "/chat/read", "/chat/leave"]
)
async def test_other_sites_cannot_post(chat, visitor, path, origin):
    headers = {"Cookie": f"buurtbrug={visitor.cookie}", **({"Origin": origin} if origin else {})}
    body = {"client_id": "a", "text": "x"}
    async with (
        aiohttp.ClientSession(chat.url) as session,
        session.post(path, json=body, headers=headers) as answer,
    ):
        assert (answer.status, (await answer.json())["error"]) == (403, "origin")
    assert chat.updates == []


async def test_other_sites_cannot_open_a_socket(chat, visitor):
    async with aiohttp.ClientSession(chat.url, headers={"Cookie": f"buurtbrug={visitor.cookie}"}) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect("/chat/ws?after=0", origin="https://elsewhere.example")
    assert refused.value.status == 403


async def test_this_machine_by_its_other_name_is_our_own_page(chat, visitor):
    origin = chat.url.replace("127.0.0.1", "localhost")
    body = {"client_id": "a", "text": "x"}
    assert (await visitor.post("/chat/messages", body, headers={"Origin": origin}))[0] == 202


async def test_without_or_with_a_forged_cookie_nothing_is_told(chat, visitor):
    visitor_id, issued, _ = visitor.cookie.split(".")
    forged = [
        f"{visitor_id}.{issued}.AAAA",
        f"{int(visitor_id, 16) + 1:x}.{issued}.AAAA",
        "",
        "x",
        "é",
        "a.b.c",
    ]
    async with aiohttp.ClientSession(chat.url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        for value in forged:
            cookie = {"Cookie": f"buurtbrug={value}", "Origin": chat.url}
            for path in ("/chat/state", "/chat/history", "/chat/events", "/chat/files/x"):
                async with session.get(path, headers=cookie) as answer:
                    assert answer.status == 401, (path, value)
            body = {"client_id": "a", "text": "x"}
            async with session.post("/chat/messages", json=body, headers=cookie) as answer:
                assert answer.status == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(chat):
    async with aiohttp.ClientSession(chat.url) as session, session.get("/") as answer:
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_opening_the_page_stores_nothing(chat, visitor):
    assert await chat.store.visitor(visitor.id) is None
    assert (await visitor.get("/chat/state"))["messages"] == []
    assert await chat.store.visitor(visitor.id) is None


async def test_nobody_sees_anothers_chat(chat, visitor, other):
    await visitor.say("geheim")
    await visitor.answers(1)
    assert await other.messages() == []
    _, answer = await visitor.upload(photo(10, 10))
    async with other.session.get(f"/chat/files/{answer['file']}") as refused:
        assert refused.status == 404
    assert (await other.post("/chat/messages", {"client_id": "a", "file": answer["file"]}))[0] == 400


async def test_leaving_makes_the_browser_forget(visitor):
    await visitor.say("hallo")
    assert (await visitor.post("/chat/leave", {}))[0] == 200
    async with visitor.session.get("/chat/state") as answer:
        assert answer.status == 401


async def test_the_page_allows_nothing_from_outside(visitor):
    async with visitor.session.get("/") as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in text.replace("http-equiv", "").replace("https://www.w3.org", "")


async def test_files_are_cached_by_their_content(visitor):
    async with visitor.session.get("/") as answer:
        text = await answer.text()
    path = text.split('src="')[1].split('"')[0]
    async with visitor.session.get(path) as answer:
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
    for missing in ("/static/0000/app.js", "/static/../channel.py", "/static/%2e%2e/page.html"):
        async with visitor.session.get(missing) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("accept", "language", "direction"),
    [
        ("ar-SY,ar;q=0.9,en;q=0.5", "ar", "rtl"),
        ("ti", "ti", "ltr"),
        ("fr,en;q=0.8", "en", "ltr"),
        ("fr", "nl", "ltr"),
        ("", "nl", "ltr"),
        (";;;q=x,*", "nl", "ltr"),
    ],
)
async def test_the_page_speaks_the_browsers_language_first(chat, accept, language, direction):
    async with Visitor.arriving(chat, accept) as visitor, visitor.session.get("/") as answer:
        assert f'<html lang="{language}" dir="{direction}"' in await answer.text()


async def test_only_named_sites_may_frame_the_chat(tmp_path):
    async with (
        running_chat(tmp_path, frame_ancestors=("https://www.example.nl",)) as chat,
        aiohttp.ClientSession(chat.url) as session,
    ):
        async with session.get("/embed") as answer:
            policy, cookie = answer.headers["Content-Security-Policy"], answer.headers["Set-Cookie"]
            assert "frame-ancestors https://www.example.nl" in policy
            assert "X-Frame-Options" not in answer.headers
        assert all(part in cookie for part in ("Secure", "SameSite=None", "Partitioned", "HttpOnly"))
        async with session.get("/") as answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with session.get("/embed.js") as answer:
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "/* words */" not in await answer.text()


async def test_without_named_sites_nobody_may_frame_it(visitor):
    async with visitor.session.get("/embed") as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_site_that_is_no_origin_is_a_mistake_in_the_settings():
    wording = Wording(load_languages(ROOT / "locales"), ROOT / "locales")
    with pytest.raises(ValueError, match="not the origin"):
        Page(wording, Assets(), "Montfoort", "http://localhost", ["https://a.nl; script-src *"])


async def test_too_much_is_refused_with_a_time_to_wait(tmp_path):
    limits = Limits(messages=Rate(2, 0.1), taps=Rate(1, 0.1), uploads=Rate(1, 0.1))
    async with running_chat(tmp_path, limits=limits) as chat, Visitor.arriving(chat) as visitor:
        await visitor.say("een")
        await visitor.say("twee")
        async with visitor.session.post("/chat/messages", json={"client_id": "x", "text": "drie"}) as answer:
            assert answer.status == 429
            assert 1 <= int(answer.headers["Retry-After"]) <= 11
            assert (await answer.json())["error"] == "too_fast"
        assert (await visitor.upload(PDF))[0] == 201
        assert (await visitor.upload(PDF))[0] == 429
        async with Visitor.arriving(chat) as other:
            await other.say("een ander mag wel")


async def test_one_address_cannot_make_visitors_without_end(tmp_path):
    limits = Limits(address_visitors=Rate(2, 0.01))
    async with running_chat(tmp_path, limits=limits) as chat:
        statuses = []
        for _ in range(3):
            async with Visitor.arriving(chat) as visitor:
                statuses.append((await visitor.post("/chat/messages", {"client_id": "a", "text": "x"}))[0])
    assert statuses == [202, 202, 429]


async def test_uploads_of_a_day_are_limited(tmp_path):
    limits = Limits(uploads=Rate(100, 100), upload_day=len(PDF))
    async with running_chat(tmp_path, limits=limits) as chat, Visitor.arriving(chat) as visitor:
        assert [(await visitor.upload(PDF))[0] for _ in range(3)] == [201, 201, 429]


async def test_sockets_are_limited(tmp_path):
    limits = Limits(sockets_of_visitor=1)
    async with (
        running_chat(tmp_path, limits=limits) as chat,
        Visitor.arriving(chat) as visitor,
        visitor.session.ws_connect("/chat/ws?after=0"),
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await visitor.session.ws_connect("/chat/ws?after=0")
