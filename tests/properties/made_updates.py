# SPDX-License-Identifier: EUPL-1.2
"""Updates of every kind that Telegram may bring, as hypothesis makes them: odd, forged, incomplete."""

from typing import Any

from hypothesis import strategies as st

from bot.domain.entry import Knowledge
from handlers.residents.callbacks import CallbackData

Json = dict[str, Any]
LARGEST = 2**52 - 1
"""Ids have at most 52 significant bits (Bot API, User and Chat)."""
FILE = "FILE-made-up"
ODD = [
    *("", " ", "\u202e\u2066abc", "\u2068" * 50, "😀" * 2048, "👨‍👩‍👧‍👦" * 300, "a" * 4096, "\u0301" * 500),
    *(
        "<b>",
        "</b>&amp;<a href='x'>",
        "{figure:x}",
        "%s{0}",
        "/",
        "/ ",
        "/start " + "A" * 64,
        "/start",
        "/vraag@other_bot",
    ),
    *("\x00", "\ud83d", "112", "ر" * 4096, "ሀ" * 4096, "/taal/taal", "-1", "١٢٣", "\n" * 300),
]
texts = st.one_of(
    st.sampled_from(ODD), st.text(max_size=200), st.text(alphabet="ابتثለሐመሰ ab?!", max_size=60)
).map(lambda text: text.encode("utf-8", "ignore").decode())
numbers = st.one_of(st.integers(1, 60), st.integers(1, LARGEST))
moments = st.integers(0, 2**31 - 1)
codes = st.sampled_from(["nl", "ar", "ti", "en", "xx", "zh-hans", "", "nl-NL", "🦆"])
commands = [
    *(
        "start",
        "taal",
        "vraag",
        "melding",
        "mijnmeldingen",
        "besluiten",
        "updates",
        "contact",
        "mijngegevens",
    ),
    *("stop", "help", "cancel", "annuleren", "doorsturen", "vertalen", "bericht", "planning", "vragen"),
    *("meldingen", "groepen", "mensen", "kennis", "cijfers", "logboek", "hier", "nope"),
]


def users() -> st.SearchStrategy[Json]:
    """Somebody, or some bot."""
    return st.fixed_dictionaries(
        {"id": numbers, "is_bot": st.booleans(), "first_name": st.text(max_size=20)},
        optional={
            "last_name": st.text(max_size=20),
            "username": st.text(max_size=20),
            "language_code": codes,
        },
    )


def people() -> st.SearchStrategy[Json]:
    """One of a few people, so that conversations arise."""
    return st.builds(
        lambda number, code: {"id": number, "is_bot": False, "first_name": "X", "language_code": code},
        st.integers(1000, 1011),
        st.sampled_from(["nl", "ar", "ti", "en"]),
    )


def private(user: Json) -> Json:
    """Return the chat with somebody."""
    return {"id": user["id"], "type": "private", "first_name": user["first_name"]}


def groups() -> st.SearchStrategy[Json]:
    """A group or a channel."""
    return st.fixed_dictionaries(
        {
            "id": st.integers(1, LARGEST).map(lambda number: -number),
            "type": st.sampled_from(["group", "supergroup", "channel"]),
            "title": st.text(max_size=30),
        },
        optional={"is_forum": st.booleans()},
    )


def contents() -> st.SearchStrategy[Json]:
    """What a message holds."""
    file = st.fixed_dictionaries(
        {"file_id": st.just(FILE), "file_unique_id": st.just("U")}, optional={"file_size": numbers}
    )
    sized = file.map(lambda each: {**each, "width": 10, "height": 10})
    lasting = file.map(lambda each: {**each, "duration": 1})
    caption = {"caption": texts, "media_group_id": st.text(min_size=1, max_size=5)}
    place = st.fixed_dictionaries({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)})
    words = st.one_of(texts, st.sampled_from(commands).map("/{}".format)).map(_said)
    kinds = {
        "photo": st.lists(sized, min_size=1, max_size=3),
        "voice": lasting,
        "audio": lasting,
        "document": file,
        "video": sized.map(lambda each: {**each, "duration": 1}),
        "video_note": file.map(lambda each: {**each, "duration": 1, "length": 9}),
        "sticker": sized.map(
            lambda each: {**each, "type": "regular", "is_animated": False, "is_video": False}
        ),
        "location": place,
        "contact": st.just({"phone_number": "+31600000000", "first_name": "X"}),
        "dice": st.just({"emoji": "🎲", "value": 1}),
        "venue": place.map(lambda each: {"location": each, "title": "x", "address": "y"}),
        "new_chat_members": st.lists(users(), min_size=1, max_size=2),
        "left_chat_member": users(),
        "new_chat_title": st.text(min_size=1, max_size=9),
        "group_chat_created": st.just(True),
        "migrate_to_chat_id": st.integers(1, LARGEST).map(lambda number: -number),
        "message_auto_delete_timer_changed": st.just({"message_auto_delete_time": 60}),
        "web_app_data": st.just({"data": "x", "button_text": "y"}),
    }
    files = [
        st.fixed_dictionaries(
            {name: kind}, optional=caption if name in {"photo", "document", "video"} else {}
        )
        for name, kind in kinds.items()
    ]
    return st.one_of(words, words, words, *files, st.just({}))


def _said(text: str) -> Json:
    if not text.startswith("/"):
        return {"text": text}
    command = text.split(maxsplit=1)[0] if text.split() else text
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}


@st.composite
def messages(draw: st.DrawFn) -> Json:
    """A message in a private chat, a group or a channel, sometimes from nobody."""
    user = draw(st.one_of(people(), people(), users()))
    chat = draw(st.one_of(st.just(private(user)), st.just(private(user)), groups()))
    message = {"message_id": draw(numbers), "date": draw(moments), "chat": chat, **draw(contents())}
    if draw(st.integers(0, 9)):
        message["from"] = user
    extra = draw(st.integers(0, 12))
    if extra == 0:
        message["reply_to_message"] = {"message_id": 1, "date": 1, "chat": chat, "text": "x"}
    elif extra == 1:
        message["sender_chat"] = chat
    elif extra == 2:
        message["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    elif extra == 3:
        message["message_thread_id"] = draw(numbers)
    return message


def forged(knowledge: Knowledge) -> st.SearchStrategy[str]:
    """Data of buttons: real ones with wrong values, and nonsense. At most 64 bytes."""
    prefixes = sorted(each.__prefix__ for each in _all(CallbackData))
    values = st.one_of(
        st.sampled_from(
            [*knowledge.entries, *knowledge.topics, "nl", "ti", "xx", "1", "0", "-1", "", "area_manager"]
        ),
        st.integers(-5, 2**70).map(str),
        st.text(max_size=8),
    )
    made = st.builds(
        lambda prefix, rest: ":".join([prefix, *rest]),
        st.sampled_from(prefixes),
        st.lists(values, max_size=5),
    )
    return st.one_of(made, made, made, st.text(max_size=64)).map(
        lambda data: data.encode("utf-8", "ignore")[:64].decode("utf-8", "ignore")
    )


def _all(kind: type[Any]) -> set[type[Any]]:
    return {each for child in kind.__subclasses__() for each in (child, *_all(child))}


@st.composite
def members(draw: st.DrawFn) -> Json:
    """The bot's own membership changes."""
    user = draw(st.one_of(people(), users()))
    chat = draw(st.one_of(st.just(private(user)), groups()))
    statuses = st.sampled_from(["member", "left", "kicked", "restricted", "administrator"])
    return {
        "chat": chat,
        "from": user,
        "date": draw(moments),
        "old_chat_member": _member(draw(statuses)),
        "new_chat_member": _member(draw(statuses)),
    }


RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
)
ALLOWED = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *(
        "can_add_web_page_previews",
        "can_change_info",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
    ),
    *("is_member", "can_react_to_messages", "can_edit_tag"),
)


def _member(status: str) -> Json:
    more: Json = {"until_date": 0} if status in {"kicked", "restricted"} else {}
    if status == "administrator":
        more |= dict.fromkeys(RIGHTS, False)
    if status == "restricted":
        more |= dict.fromkeys(ALLOWED, True)
    return {"user": {"id": 424242, "is_bot": True, "first_name": "B"}, "status": status, **more}


@st.composite
def updates(draw: st.DrawFn, knowledge: Knowledge) -> Json:
    """One update without its number."""
    kind = draw(
        st.sampled_from(
            [
                *("message",) * 6,
                *("callback_query",) * 6,
                *("edited_message", "channel_post", "edited_channel_post", "inline_query", "my_chat_member"),
                *("chat_member", "poll_answer", "chosen_inline_result"),
            ]
        )
    )
    user = draw(st.one_of(people(), people(), users()))
    if kind in {"message", "edited_message", "channel_post", "edited_channel_post"}:
        return {kind: draw(messages())}
    if kind == "callback_query":
        query: Json = {"id": "", "from": user, "chat_instance": "1"}
        if draw(st.integers(0, 9)):
            query["data"] = draw(forged(knowledge))
        else:
            query["game_short_name"] = "x"
        where = draw(st.integers(0, 5))
        if where == 0:
            query["inline_message_id"] = "x"
        elif where == 1:
            query["message"] = {"message_id": draw(numbers), "date": 0, "chat": private(user)}
        elif where == 2:
            query["message"] = draw(messages())
        else:
            query["message"] = {"message_id": 1, "date": 1, "chat": private(user), "text": "x"}
        return {kind: query}
    if kind == "inline_query":
        return {
            kind: {"id": "", "from": user, "query": draw(texts)[:256], "offset": draw(st.text(max_size=4))}
        }
    if kind in {"my_chat_member", "chat_member"}:
        return {kind: draw(members())}
    if kind == "poll_answer":
        return {kind: {"poll_id": "1", "user": user, "option_ids": [0], "option_persistent_ids": ["0"]}}
    return {kind: {"result_id": "1", "from": user, "query": draw(texts)[:256]}}
