# SPDX-License-Identifier: EUPL-1.2
"""What survives a crash, and what does not survive 28 days."""

import asyncio
import io

import aiohttp
from chat_server import WIDE, running_chat
from PIL import Image
from visitor import Visitor, words

from bot.channels.web import Limits

PDF = b"%PDF-1.7 a document"


def photo(width=3000, height=1000, **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG", **options)
    return content.getvalue()


async def test_what_was_acknowledged_is_handled_after_a_crash(tmp_path):
    stuck = asyncio.Event()
    async with running_chat(tmp_path, gate=stuck) as chat, Visitor.arriving(chat) as visitor:
        for text in ("een", "twee", "drie"):
            await visitor.say(text)
        cookie, port = visitor.cookie, int(chat.url.rsplit(":", 1)[1])
        # The process ends here in the middle of the first one: nothing gets to finish.
        for task in chat.channel._inflow._under_way.values():
            task.cancel()
    async with running_chat(tmp_path, port=port) as chat:
        updates = await chat.wait_for_updates(3)
        assert [update.message.text for update in updates] == ["een", "twee", "drie"]
        async with aiohttp.ClientSession(chat.url, headers={"Cookie": f"buurtbrug={cookie}"}) as session:
            async with asyncio.timeout(10):
                while True:
                    async with session.get("/chat/state") as answer:
                        texts = [words(m) for m in (await answer.json())["messages"] if not m["mine"]]
                    if len(texts) == 3:
                        break
        assert texts == ["Echo: een", "Echo: twee", "Echo: drie"]


async def test_what_was_handled_is_not_handled_again(tmp_path):
    async with running_chat(tmp_path) as chat, Visitor.arriving(chat) as visitor:
        await visitor.say("een")
        await visitor.answers(1)
    async with running_chat(tmp_path) as chat, Visitor.arriving(chat) as visitor:
        await visitor.say("twee")
        await visitor.answers(1)
        assert [update.message.text for update in chat.updates] == ["twee"]


async def test_an_update_that_fails_is_tried_again_in_order(chat, visitor):
    chat.fail.append(RuntimeError("the database was away"))
    await visitor.say("een")
    await visitor.say("twee")
    updates = await chat.wait_for_updates(3)
    assert [update.message.text for update in updates] == ["een", "een", "twee"]
    assert [words(message) for message in await visitor.answers(2)] == ["Echo: een", "Echo: twee"]


async def test_one_person_waits_for_nobody_else(chat, visitor, other):
    begun, let_go = asyncio.Event(), asyncio.Event()
    handle = chat.dispatcher.feed_update

    async def sometimes_slow(bot, update):
        if update.message.text == "langzaam":
            begun.set()
            await let_go.wait()
        return await handle(bot, update)

    chat.dispatcher.feed_update = sometimes_slow
    await visitor.say("langzaam")
    await visitor.say("daarna")
    await begun.wait()
    await other.say("snel")
    assert words((await other.answers(1))[0]) == "Echo: snel"
    assert [update.message.text for update in chat.updates] == ["langzaam", "snel"]
    let_go.set()
    assert [words(message) for message in await visitor.answers(2)] == ["Echo: langzaam", "Echo: daarna"]


async def test_texts_go_after_28_days(chat, visitor, tmp_path):
    from datetime import timedelta

    await visitor.say("hallo")
    await visitor.answers(1)
    _, file = await visitor.upload(PDF)
    chat.clock.ahead = timedelta(days=27)
    await chat.channel.sweep()
    assert len(await visitor.messages()) == 2
    chat.clock.ahead = timedelta(days=29)
    await chat.channel.sweep()
    assert await visitor.messages() == []
    async with visitor.session.get(f"/chat/files/{file['file']}") as answer:
        assert answer.status == 404
    assert not [path for path in (tmp_path / "web-files").rglob("*") if path.is_file()]
    await chat.channel.bot.send_message(visitor.id, "u bent er nog")
    chat.clock.ahead = timedelta(days=300)
    await chat.channel.sweep()
    assert await chat.store.visitor(visitor.id) is None


async def test_a_forgotten_person_still_reads_the_last_message(chat, visitor):
    from storage.web import count_for_visitor, forget_visitor

    await visitor.say("hallo")
    await visitor.answers(1)
    async with chat.database.writing() as session:
        assert await count_for_visitor(session, visitor.id) == {"messages": 2, "files": 0}
        await forget_visitor(session, visitor.id, chat.clock.now())
        await session.commit()
    await chat.channel.bot.send_message(visitor.id, "Alles is weg.")
    assert [words(message) for message in await visitor.messages()] == ["Alles is weg."]
    events = (await visitor.get("/chat/events?after=2"))["frames"][0]["events"]
    assert [event["kind"] for event in events] == ["cleared", "message"]


def test_the_wide_limits_of_the_tests_are_not_the_real_ones():
    assert Limits().messages.burst < WIDE.messages.burst
