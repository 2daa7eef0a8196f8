# SPDX-License-Identifier: EUPL-1.2
"""What browsers learn, now and after they were away."""

import asyncio
import io
import json

import aiohttp
from chat_server import running_chat
from PIL import Image
from visitor import Visitor, next_frame, words

PDF = b"%PDF-1.7 a document"


def photo(width=3000, height=1000, **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG", **options)
    return content.getvalue()


async def test_a_socket_tells_what_is_new_and_catches_up(chat, visitor):
    async with visitor.session.ws_connect("/chat/ws?after=0") as socket:
        await visitor.say("hallo")
        frame = await next_frame(socket, "events")
        assert frame["events"][0]["message"]["client_id"] == "say-0"
    await visitor.answers(1)
    async with visitor.session.ws_connect("/chat/ws?after=1") as socket:
        events = (await next_frame(socket, "events"))["events"]
        assert [event["sequence"] for event in events] == [2]
        assert words(events[0]["message"]) == "Echo: hallo"


async def test_a_callbacks_answer_and_typing_reach_every_tab(chat, visitor):
    await visitor.say("/buttons")
    (message,) = await visitor.answers(1)
    async with (
        visitor.session.ws_connect("/chat/ws?after=2") as one,
        visitor.session.ws_connect("/chat/ws?after=2") as two,
    ):
        await visitor.press(message["id"], "two")
        for socket in (one, two):
            frame = await next_frame(socket, "answered")
            assert (frame["text"], frame["alert"]) == ("Lees dit eerst.", True)
        await chat.channel.bot.send_chat_action(visitor.id, "typing")
        for socket in (one, two):
            await next_frame(socket, "typing")


async def test_polling_does_the_same(chat, visitor):
    waiting = asyncio.create_task(visitor.get("/chat/events?after=0"))
    await visitor.say("hallo")
    answer = await waiting
    assert answer["frames"][0]["events"][0]["kind"] == "message"
    assert answer["sequence"] >= 1
    while answer["sequence"] < 2:
        answer = await visitor.get(f"/chat/events?after={answer['sequence']}")
    assert words(answer["frames"][-1]["events"][-1]["message"]) == "Echo: hallo"


async def test_what_another_process_wrote_arrives_too(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.channels.web.hub.LOOK_AGAIN_SECONDS", 0.02)
    async with running_chat(tmp_path) as chat, Visitor.arriving(chat) as visitor:
        await visitor.say("hallo")
        await visitor.answers(1)
        async with visitor.session.ws_connect("/chat/ws?after=2") as socket:
            body = {
                "message_id": 0,
                "date": 1,
                "chat": {"id": visitor.id, "type": "private"},
                "text": "elders",
            }
            await chat.store.send(visitor.id, [body], [], None, chat.clock.now())
            frame = await next_frame(socket, "events")
            assert words(frame["events"][0]["message"]) == "elders"


async def test_a_message_that_is_gone_by_now_is_told_as_deleted(chat, visitor):
    await visitor.say("hallo")
    (message,) = await visitor.answers(1)
    await chat.channel.bot.edit_message_text("anders", chat_id=visitor.id, message_id=message["id"])
    await chat.channel.bot.delete_message(visitor.id, message["id"])
    answer = await visitor.get("/chat/events?after=1")
    assert [event["kind"] for event in answer["frames"][0]["events"]] == ["delete"] * 3


async def test_a_tab_that_knows_more_than_there_is_begins_anew(visitor):
    await visitor.say("hallo")
    await visitor.answers(1)
    assert (await visitor.get("/chat/events?after=500"))["frames"] == [{"type": "reset"}]
    for wrong in ("x", "-1", "9" * 30, "1.5"):
        async with visitor.session.get(f"/chat/events?after={wrong}") as answer:
            assert answer.status == 400


async def test_stopping_sends_the_browsers_away(chat, visitor):
    async with visitor.session.ws_connect("/chat/ws?after=0") as socket:
        await chat.channel.stop()
        async with asyncio.timeout(5):
            message = await socket.receive()
        assert (message.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, 1001)


async def test_the_page_follows_the_persons_language(chat, visitor):
    await visitor.say("/start")
    (message,) = await visitor.answers(1)
    async with visitor.session.ws_connect("/chat/ws?after=2") as socket:
        await visitor.press(message["id"], "language:ar")
        async with asyncio.timeout(10):
            while True:
                events = (await next_frame(socket, "events"))["events"]
                found = [event["language"] for event in events if event["kind"] == "language"]
                if found:
                    break
    assert (found[0]["code"], found[0]["direction"]) == ("ar", "rtl")
    assert found[0]["texts"]["send"] == "إرسال"
    async with visitor.session.get("/") as answer:
        assert '<html lang="ar" dir="rtl"' in await answer.text()


async def test_each_line_says_its_language(chat, visitor):
    await visitor.say("/start")
    (message,) = await visitor.answers(1)
    assert [line.get("lang") for line in message["lines"] if line["spans"]] == ["nl", "ar", "ti", "en"]
    assert [row[0].get("lang") for row in message["buttons"]] == [None, "ar", "ti", None]
    chat.languages[visitor.id] = "nl"
    await visitor.say("hallo")
    async with asyncio.timeout(10):
        while (await chat.store.visitor(visitor.id)).language != "nl":
            await visitor.answers(1)
    assert [line.get("lang") for line in (await visitor.answers(2))[1]["lines"]] == ["nl"]


async def test_earlier_messages_come_in_pages(chat, visitor):
    await visitor.say("eerste")
    await visitor.answers(1)
    for number in range(60):
        await chat.channel.bot.send_message(visitor.id, str(number))
    state = await visitor.get("/chat/state")
    assert (len(state["messages"]), state["more"]) == (40, True)
    earlier = await visitor.get(f"/chat/history?before={state['messages'][0]['id']}")
    assert (len(earlier["messages"]), earlier["more"]) == (22, False)
    assert words(earlier["messages"][0]) == "eerste"


async def test_what_came_while_away_is_counted_as_unread(chat, visitor):
    await visitor.say("hallo")
    (message,) = await visitor.answers(1)
    await visitor.post("/chat/read", {"sequence": message["id"]})
    for text in ("nieuws", "meer nieuws"):
        await chat.channel.bot.send_message(visitor.id, text)
    state = await visitor.get("/chat/state")
    assert (state["unread"], state["read"]) == (2, message["id"])
    await visitor.post("/chat/read", {"sequence": state["sequence"]})
    assert (await visitor.get("/chat/state"))["unread"] == 0
    await visitor.post("/chat/read", {"sequence": 1})
    await visitor.post("/chat/read", {"sequence": 10**15})
    assert (await visitor.get("/chat/state"))["unread"] == 0
    await chat.channel.bot.send_message(visitor.id, "nog iets")
    assert (await visitor.get("/chat/state"))["unread"] == 1


async def test_an_invitation_is_not_shown(chat, visitor):
    await visitor.say("/start secret-token")
    await visitor.answers(1)
    mine = next(message for message in await visitor.messages() if message["mine"])
    assert mine["hidden"]
    assert "secret-token" not in json.dumps(await visitor.messages())
    assert chat.updates[0].message.text == "/start secret-token"


async def test_lines_with_bullets_become_a_list(chat, visitor):
    await visitor.say("hallo")
    await visitor.answers(1)
    await chat.channel.bot.send_message(visitor.id, "Dit kan:\n• <b>een</b>\n• twee")
    lines = (await visitor.messages())[-1]["lines"]
    assert [line.get("kind") for line in lines] == [None, "item", "item"]
    assert "".join(span["text"] for span in lines[1]["spans"]) == "een"
    assert lines[2]["spans"] == [{"text": "twee"}]
