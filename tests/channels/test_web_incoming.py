# SPDX-License-Identifier: EUPL-1.2
"""What visitors send is kept once, checked, and handed over."""

import io

import pytest
from chat_server import keyboard
from PIL import Image
from visitor import words

PDF = b"%PDF-1.7 a document"


def photo(width=3000, height=1000, **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG", **options)
    return content.getvalue()


async def test_a_question_gets_its_answer(chat, visitor):
    await visitor.say("Hoe lang wacht ik? 😀")
    (answer,) = await visitor.answers(1)
    assert words(answer) == "Echo: Hoe lang wacht ik? 😀"
    (update,) = chat.updates
    assert update.message.from_user.id == update.message.chat.id == visitor.id
    assert update.message.from_user.language_code == "nl-NL"


async def test_a_command_has_its_entity(chat, visitor):
    await visitor.say("/taal nu")
    (update,) = await chat.wait_for_updates(1)
    (entity,) = update.message.entities
    assert (entity.type, entity.offset, entity.length) == ("bot_command", 0, 5)


async def test_update_ids_rise_and_message_ids_count_per_chat(chat, visitor, other):
    for someone in (visitor, other, visitor):
        await someone.say("x")
    updates = await chat.wait_for_updates(3)
    ids = [update.update_id for update in updates]
    assert ids == sorted(set(ids))
    assert all(update.message.message_id > 0 for update in updates)


async def test_a_resend_is_the_same_message(chat, visitor):
    first = await visitor.post("/chat/messages", {"client_id": "once", "text": "een keer"})
    second = await visitor.post("/chat/messages", {"client_id": "once", "text": "een keer"})
    assert (first[1]["id"], first[1]["new"], second[1]["new"]) == (second[1]["id"], True, False)
    await visitor.say("daarna")
    updates = await chat.wait_for_updates(2)
    assert [update.message.text for update in updates] == ["een keer", "daarna"]


async def test_the_same_name_in_another_browser_is_another_message(chat, visitor, other):
    for someone in (visitor, other):
        assert (await someone.post("/chat/messages", {"client_id": "once", "text": "x"}))[1]["new"]
    assert len(await chat.wait_for_updates(2)) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_id": "a", "text": "x", "unknown": 1}, 400, "refused"),
        ({"client_id": "a b", "text": "x"}, 400, "refused"),
        ({"client_id": "", "text": "x"}, 400, "refused"),
        ({"client_id": "a" * 81, "text": "x"}, 400, "refused"),
        ({"text": "x"}, 400, "refused"),
        ({"client_id": "a", "text": 5}, 400, "refused"),
        ({"client_id": "a", "text": "x", "place": {"latitude": 1, "longitude": 1}}, 400, "refused"),
        ({"client_id": "a", "place": {"latitude": 91.0, "longitude": 1.0}}, 400, "refused"),
        ({"client_id": "a", "place": {"latitude": 1.0, "longitude": 1.0, "altitude": 1.0}}, 400, "refused"),
        ([], 400, "refused"),
        ({"client_id": "a", "text": " \x00 "}, 400, "empty"),
        ({"client_id": "a", "text": "x" * 4097}, 413, "too_long"),
        ({"client_id": "a", "text": "😀" * 2049}, 413, "too_long"),
        ({"client_id": "a", "text": "x" * 40000}, 413, "too_long"),
        ({"client_id": "a", "file": "someone-elses"}, 400, "gone"),
    ],
)
async def test_what_does_not_fit_is_refused(chat, visitor, body, status, code):
    answer = await visitor.post("/chat/messages", body)
    assert (answer[0], answer[1]["error"]) == (status, code)
    assert chat.updates == []


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 5000, b'{"client_id": NaN}', b""])
async def test_damaged_bodies_are_refused(visitor, raw):
    headers = {"Content-Type": "application/json"}
    async with visitor.session.post("/chat/messages", data=raw, headers=headers) as answer:
        assert answer.status == 400
    async with visitor.session.post("/chat/messages", data={"client_id": "a", "text": "x"}) as answer:
        assert answer.status == 415


async def test_half_characters_and_control_characters_are_taken_out(chat, visitor):
    raw = b'{"client_id": "a", "text": "a\\ud800b\\u0000c\\u0007\\r\\nd"}'
    headers = {"Content-Type": "application/json"}
    async with visitor.session.post("/chat/messages", data=raw, headers=headers) as answer:
        assert answer.status == 202
    (update,) = await chat.wait_for_updates(1)
    assert update.message.text == "abc\nd"


async def test_only_offered_buttons_are_accepted(chat, visitor):
    await visitor.say("/buttons")
    (message,) = await visitor.answers(1)
    for wrong in ("three", "ONE", "start"):
        status, answer = await visitor.press(message["id"], wrong)
        assert (status, answer["error"]) == (410, "withdrawn")
    assert (await visitor.press(message["id"] + 50, "one"))[0] == 410
    assert (await visitor.press(message["id"], "one"))[0] == 202
    updates = await chat.wait_for_updates(2)
    query = updates[1].callback_query
    assert (query.data, query.message.message_id, query.message.text) == ("one", message["id"], "Kies")


async def test_an_edit_withdraws_the_old_buttons(chat, visitor):
    await visitor.say("/buttons")
    (message,) = await visitor.answers(1)
    sent = await chat.channel.bot.edit_message_text(
        "anders", chat_id=visitor.id, message_id=message["id"], reply_markup=keyboard([("Nieuw", "new")])
    )
    assert (await visitor.press(sent.message_id, "one"))[0] == 410
    assert (await visitor.press(sent.message_id, "new"))[0] == 202
    await chat.channel.bot.delete_message(visitor.id, message["id"])
    assert (await visitor.press(sent.message_id, "new"))[0] == 410


async def test_buttons_of_another_chat_are_not_offered(chat, visitor, other):
    await visitor.say("/buttons")
    (message,) = await visitor.answers(1)
    await other.say("hallo")
    await other.answers(1)
    assert (await other.press(message["id"], "one"))[0] == 410


async def test_pressed_twice_by_the_same_tap_is_once(chat, visitor):
    await visitor.say("/buttons")
    (message,) = await visitor.answers(1)
    body = {"client_id": "tap", "message_id": message["id"], "data": "two"}
    first, second = [await visitor.post("/chat/callbacks", body) for _ in range(2)]
    assert (first[1]["new"], second[1]["new"]) == (True, False)
    await visitor.say("daarna")
    assert len(await chat.wait_for_updates(3)) == 3
