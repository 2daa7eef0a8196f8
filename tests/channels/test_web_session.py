# SPDX-License-Identifier: EUPL-1.2
"""The web chat keeps the Bot API's contract: each method, and what is refused."""

import io

import pytest
from aiogram import Bot, methods
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    URLInputFile,
)
from chat_server import keyboard
from PIL import Image
from visitor import words


def picture(width=40, height=30, kind="PNG"):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, kind)
    return content.getvalue()


@pytest.fixture
def bot(chat) -> Bot:
    return chat.channel.bot


@pytest.fixture
async def chat_id(chat, visitor) -> int:
    await visitor.say("hallo")
    await visitor.answers(1)
    return visitor.id


async def test_the_bot_knows_itself(bot):
    me = await bot.get_me()
    assert (me.id, me.is_bot) == (bot.id, True) == (900001, True)


async def test_ids_lie_above_those_of_telegram(visitor, other):
    assert visitor.id >= 2**53
    assert other.id >= 2**53
    assert visitor.id != other.id


async def test_a_message_is_stored_and_returned(bot, chat_id, visitor):
    sent = await bot.send_message(chat_id, "<b>Dag</b> 😀", reply_markup=keyboard([("Ja", "yes")]))
    assert (sent.text, sent.html_text, sent.chat.id, sent.from_user.id) == (
        "Dag 😀",
        "<b>Dag</b> 😀",
        chat_id,
        900001,
    )
    assert sent.bot is bot
    shown = (await visitor.messages())[-1]
    assert shown["id"] == sent.message_id
    assert shown["lines"][0]["spans"][0] == {"text": "Dag", "styles": ["bold"]}
    assert shown["buttons"][0][0]["data"] == "yes"


async def test_a_bound_method_works_as_a_handler_returns_it(bot, chat_id):
    sent = await methods.SendMessage(chat_id=chat_id, text="dag").as_(bot)
    assert sent.text == "dag"


async def test_marks_can_be_given_as_entities_or_not_at_all(bot, chat_id):
    entities = [MessageEntity(type="bold", offset=0, length=3)]
    assert (await bot.send_message(chat_id, "Dag <x>", entities=entities)).html_text == "<b>Dag</b> &lt;x&gt;"
    assert (await bot.send_message(chat_id, "<b>", parse_mode=None)).text == "<b>"


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "message text is empty"),
        (" <b> </b> ", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>x", "can't parse entities"),
    ],
)
async def test_wrong_texts_are_refused_as_telegram_refuses_them(bot, chat_id, text, description):
    with pytest.raises(TelegramBadRequest, match=description):
        await bot.send_message(chat_id, text)


async def test_length_counts_without_the_marks(bot, chat_id):
    sent = await bot.send_message(chat_id, f"<b>{'x' * 4096}</b>")
    assert len(sent.text) == 4096
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_photo(chat_id, BufferedInputFile(picture(), "a.png"), caption="x" * 1025)


async def test_unknown_chats_are_refused(bot, chat_id):
    for unknown in (chat_id + 1, 5, -100, "@someone"):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(unknown, "dag")


@pytest.mark.parametrize(
    "button",
    [
        {"text": "x", "callback_data": ""},
        {"text": "x", "callback_data": "é" * 33},
        {"text": " ", "callback_data": "a"},
        {"text": "x"},
        {"text": "x", "switch_inline_query": "a"},
        {"text": "x", "url": "javascript:alert(1)"},
    ],
)
async def test_wrong_buttons_are_refused(bot, chat_id, button):
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(**button)]])
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(chat_id, "dag", reply_markup=markup)


async def test_buttons_with_links_and_texts_to_copy(bot, chat_id, visitor):
    row = [
        InlineKeyboardButton(text="Site", url="https://example.nl"),
        InlineKeyboardButton(text="Kopieer", copy_text=CopyTextButton(text="dit")),
    ]
    await bot.send_message(chat_id, "dag", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
    link, copy = (await visitor.messages())[-1]["buttons"][0]
    assert (link["url"], copy["copy"]) == ("https://example.nl", "dit")
    assert "data" not in link


async def test_a_picture_goes_out_and_its_file_id_goes_again(bot, chat_id, visitor):
    content = picture(60, 20)
    sent = await bot.send_photo(chat_id, BufferedInputFile(content, "a.png"), caption="<i>Zie</i>")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.html_text) == (60, 20, "<i>Zie</i>")
    again = await bot.send_photo(chat_id, sent.photo[-1].file_id)
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    shown = (await visitor.messages())[-1]["photo"]
    async with visitor.session.get(f"/chat/files/{shown['file']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", content)
    loaded = await bot.download(sent.photo[-1])
    assert loaded.read() == content
    assert (await bot.get_file(sent.photo[-1].file_id)).file_size == len(content)


@pytest.mark.parametrize(
    "given", ["unknown-id", "https://example.nl/a.png", URLInputFile("https://example.nl/a.png")]
)
async def test_nothing_is_fetched_from_elsewhere(bot, chat_id, given):
    with pytest.raises(TelegramBadRequest):
        await bot.send_photo(chat_id, given)


async def test_what_is_no_picture_is_refused(bot, chat_id):
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(chat_id, BufferedInputFile(b"not a picture", "a.png"))
    with pytest.raises(TelegramBadRequest, match="non-empty"):
        await bot.send_document(chat_id, BufferedInputFile(b"", "a.pdf"))


async def test_other_files(bot, chat_id, visitor):
    voice = await bot.send_voice(chat_id, BufferedInputFile(b"OggS voice", "a.ogg"), duration=3)
    audio = await bot.send_audio(chat_id, BufferedInputFile(b"ID3 audio", "a.mp3"), duration=4)
    document = await bot.send_document(
        chat_id, BufferedInputFile(b"%PDF-1.7", "brief é.pdf"), caption="Brief"
    )
    video = await bot.send_video(chat_id, BufferedInputFile(b"film", "film.mp4"))
    assert (voice.voice.duration, audio.audio.duration) == (3, 4)
    assert (document.document.file_name, video.document.file_name) == ("brief é.pdf", "film.mp4")
    shown = (await visitor.messages())[-4:]
    assert [message.get("voice", {}).get("duration") for message in shown] == [3, 4, None, None]
    assert shown[2]["document"]["name"] == "brief é.pdf"
    async with visitor.session.get(f"/chat/files/{shown[3]['document']['file']}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_an_album_is_several_messages_of_one_group(bot, chat_id, visitor):
    media = [
        InputMediaPhoto(media=BufferedInputFile(picture(), "a.png"), caption="<b>een</b>"),
        InputMediaPhoto(media=BufferedInputFile(picture(50), "b.png")),
    ]
    sent = await bot.send_media_group(chat_id, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.html_text for message in sent] == ["<b>een</b>", ""]
    assert len({message["group"] for message in (await visitor.messages())[-2:]}) == 1
    with pytest.raises(TelegramBadRequest, match="2 to 10"):
        await bot.send_media_group(chat_id, media[:1])


async def test_places(bot, chat_id, visitor):
    await bot.send_location(chat_id, 52.04, 4.95)
    venue = await bot.send_venue(chat_id, 52.04, 4.95, "Doelenplein", "Montfoort")
    assert venue.venue.title == "Doelenplein"
    plain, named = (await visitor.messages())[-2:]
    assert plain["location"]["latitude"] == 52.04
    assert (named["location"]["title"], named["location"]["address"]) == ("Doelenplein", "Montfoort")
    with pytest.raises(TelegramBadRequest):
        await bot.send_location(chat_id, 91, 4.95)


async def test_edits(bot, chat_id, visitor):
    sent = await bot.send_message(chat_id, "een", reply_markup=keyboard([("A", "a")]))
    edited = await bot.edit_message_text("<b>twee</b>", chat_id=chat_id, message_id=sent.message_id)
    assert (edited.html_text, edited.reply_markup, edited.message_id) == (
        "<b>twee</b>",
        None,
        sent.message_id,
    )
    assert (await visitor.messages())[-1]["edited"] is True
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("<b>twee</b>", chat_id=chat_id, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=chat_id, message_id=9999)


async def test_a_change_of_buttons_is_no_edit_to_the_reader(bot, chat_id, visitor):
    sent = await bot.send_message(chat_id, "een", reply_markup=keyboard([("A", "a")]))
    changed = await bot.edit_message_reply_markup(
        chat_id=chat_id, message_id=sent.message_id, reply_markup=keyboard([("B", "b")])
    )
    assert (changed.text, changed.reply_markup.inline_keyboard[0][0].callback_data) == ("een", "b")
    assert "edited" not in (await visitor.messages())[-1]
    removed = await bot.edit_message_reply_markup(chat_id=chat_id, message_id=sent.message_id)
    assert removed.reply_markup is None


async def test_captions_and_pictures_change(bot, chat_id, visitor):
    sent = await bot.send_photo(chat_id, BufferedInputFile(picture(), "a.png"), caption="oud")
    caption = await bot.edit_message_caption(chat_id=chat_id, message_id=sent.message_id, caption="nieuw")
    assert (caption.caption, caption.photo) == ("nieuw", sent.photo)
    with pytest.raises(TelegramBadRequest, match="no text in the message"):
        await bot.edit_message_text("x", chat_id=chat_id, message_id=sent.message_id)
    media = InputMediaDocument(media=BufferedInputFile(b"%PDF-1.7", "b.pdf"), caption="pdf")
    changed = await bot.edit_message_media(media, chat_id=chat_id, message_id=sent.message_id)
    assert (changed.document.file_name, changed.photo, changed.caption) == ("b.pdf", None, "pdf")
    assert "photo" not in (await visitor.messages())[-1]


async def test_what_a_person_said_cannot_be_edited(bot, chat_id, visitor):
    own = next(message for message in await visitor.messages() if message["mine"])
    with pytest.raises(TelegramBadRequest, match="can't be edited"):
        await bot.edit_message_text("x", chat_id=chat_id, message_id=own["id"])


async def test_deletions(bot, chat_id, visitor):
    first, second = [await bot.send_message(chat_id, text) for text in ("een", "twee")]
    before = len(await visitor.messages())
    assert await bot.delete_message(chat_id, first.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(chat_id, first.message_id)
    assert await bot.delete_messages(chat_id, [first.message_id, second.message_id])
    assert len(await visitor.messages()) == before - 2


async def test_reply_keyboards(bot, chat_id, visitor):
    markup = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Hier", request_location=True), KeyboardButton(text="Thuis")]],
        input_field_placeholder="Waar?",
        one_time_keyboard=True,
    )
    await bot.send_message(chat_id, "waar", reply_markup=markup)
    assert (await visitor.get("/chat/state"))["keyboard"] == {
        "rows": [[{"text": "Hier", "location": True}, {"text": "Thuis"}]],
        "once": True,
        "placeholder": "Waar?",
    }
    await bot.send_message(chat_id, "dank", reply_markup=ReplyKeyboardRemove())
    assert (await visitor.get("/chat/state"))["keyboard"] is None
    markup = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="x", request_contact=True)]])
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(chat_id, "waar", reply_markup=markup)


async def test_command_menus(bot, chat_id, visitor):
    own = [BotCommand(command="bericht", description="Stuur een bericht")]
    await bot.set_my_commands(own, scope=BotCommandScopeChat(chat_id=chat_id))
    assert [c["command"] for c in (await visitor.get("/chat/state"))["language"]["commands"]] == ["bericht"]
    (kept,) = await bot.get_my_commands(scope=BotCommandScopeChat(chat_id=chat_id))
    assert (kept.command, kept.description) == ("bericht", "Stuur een bericht")
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=chat_id))
    everybody = [BotCommand(command="taal", description="Taal")]
    await bot.set_my_commands(everybody, scope=BotCommandScopeAllPrivateChats())
    assert [c["command"] for c in (await visitor.get("/chat/state"))["language"]["commands"]] == ["taal"]
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand(command="help", description="Help")], language_code="nl")
    assert [c["command"] for c in (await visitor.get("/chat/state"))["language"]["commands"]] == ["help"]


async def test_methods_about_the_bot_are_accepted(bot):
    assert await bot.set_my_description("x")
    assert await bot.set_my_short_description("x", language_code="nl")
    assert await bot.set_my_name("x")
    assert await bot.delete_webhook(drop_pending_updates=True)


async def test_a_chat_can_be_looked_up(bot, chat_id):
    assert (await bot.get_chat(chat_id)).type == "private"


async def test_a_callback_of_nobody_cannot_be_answered(bot, chat_id):
    for number in ("999999", "abc", "-1"):
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await bot.answer_callback_query(number)


@pytest.mark.parametrize(
    "method",
    [
        methods.SendDice(chat_id=1),
        methods.GetUpdates(),
        methods.SendPoll(chat_id=1, question="x", options=["a", "b"]),
        methods.ForwardMessage(chat_id=1, from_chat_id=1, message_id=1),
        methods.EditMessageText(text="x", inline_message_id="x"),
        methods.SendMessage(chat_id=1, text="x", business_connection_id="x"),
    ],
)
async def test_everything_else_is_refused_as_a_bad_request(bot, method):
    with pytest.raises(TelegramBadRequest):
        await bot(method)


async def test_fields_without_a_meaning_here_do_no_harm(bot, chat_id, visitor):
    await bot(
        methods.SendMessage(
            chat_id=chat_id, text="dag", disable_notification=True, protect_content=True, unknown="?"
        )
    )
    assert words((await visitor.messages())[-1]) == "dag"
