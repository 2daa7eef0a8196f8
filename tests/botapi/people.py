# SPDX-License-Identifier: EUPL-1.2
"""People who chat with the bot as people do: they write, press buttons by label, and look at the screen."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from botapi.chats import Callback, Chat, Json
from botapi.kinds import units

if TYPE_CHECKING:
    from botapi.server import BotApi

PATIENCE = 10.0
"""Seconds after which waiting is given up."""


class Person:
    """Somebody with Telegram. What is done returns when the bot has handled it, unless `wait=False`."""

    def __init__(self, server: "BotApi", about: Json) -> None:
        self.server = server
        self.about = about
        self.id: int = about["id"]
        self.chat: Chat = server.state.private(self.id)
        self.last_update: Json | None = None
        self._from = 0
        self._edited: dict[int, str] = {}
        self._callbacks: list[Callback] = []

    # What a person sees ------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Json]:
        """All that the bot wrote here and is still there, the oldest first."""
        return [self.chat.messages[each] for each in sorted(self.chat.written & self.chat.messages.keys())]

    @property
    def news(self) -> list[Json]:
        """What the bot wrote or changed since this person last did something."""
        return [
            each
            for each in self.messages
            if each["message_id"] > self._from or _looks(each) != self._edited.get(each["message_id"])
        ]

    @property
    def sees(self) -> str:
        """The text of what is new, and of alerts on pressed buttons."""
        return "\n\n".join([*map(text_of, self.news), *self.alerts])

    @property
    def alerts(self) -> list[str]:
        """The texts with which the last press was answered."""
        return [each.answer["text"] for each in self._callbacks if each.answer and each.answer.get("text")]

    @property
    def buttons(self) -> list[str]:
        """The labels below what is new, in their order."""
        return [each["text"] for message in self.news for each in buttons_of(message)]

    @property
    def all_buttons(self) -> list[Json]:
        """Every button still on the screen, of the newest message first."""
        return [each for message in reversed(self.messages) for each in buttons_of(message)]

    async def waits_for(self, text: str, seconds: float = PATIENCE) -> str:
        """Wait until something new holds this text, on a button or in an alert too; return what is seen."""
        return await self.waits_until(lambda: text in "\n".join([self.sees, *self.buttons]), text, seconds)

    async def waits_until(
        self, true: Callable[[], bool], what: str = "that", seconds: float = PATIENCE
    ) -> str:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await self.chat.changed.wait()
        except TimeoutError:
            raise AssertionError(f"{what!r} did not come. What is seen:\n{self.screen}") from None
        return self.sees

    @property
    def screen(self) -> str:
        """What is new, for a failed assertion."""
        return f"{self.sees}\n{self.buttons}"

    # What a person does ------------------------------------------------------------------------------------

    async def says(self, text: str, *, chat: Chat | None = None, wait: bool = True, **more: Any) -> Json:
        """Write a text."""
        content: Json = {"text": text, **more}
        if text.startswith("/"):
            command = text.split(maxsplit=1)[0]
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": units(command)}]
        return await self.sends(content, chat=chat, wait=wait)

    async def opens(self, payload: str = "", *, wait: bool = True) -> Json:
        """Open the bot by its link, with a payload where there is one."""
        return await self.says(f"/start {payload}".strip(), wait=wait)

    async def sends(self, content: Json, *, chat: Chat | None = None, wait: bool = True) -> Json:
        """Send a message with this content."""
        where = chat or self.chat
        if where is self.chat:
            where.started = True
        message = self.server.state.message(where, self.about, **content)
        self._notice(where)
        await self._brings("message", message, wait)
        return message

    async def sends_photo(
        self, content: bytes = b"\xff\xd8\xff photo", caption: str = "", **how: Any
    ) -> Json:
        """Send a photo."""
        return await self.sends({"photo": self._photo(content), **_caption(caption)}, **how)

    async def sends_album(self, photos: Sequence[bytes], caption: str = "", **how: Any) -> list[Json]:
        """Send several photos together."""
        group = f"album-{next(self.server.state.numbers)}"
        parts = [
            {"photo": self._photo(each), "media_group_id": group, **_caption(caption if index == 0 else "")}
            for index, each in enumerate(photos)
        ]
        return [await self.sends(each, **how) for each in parts]

    async def sends_voice(self, content: bytes = b"OggS voice", **how: Any) -> Json:
        """Send a voice message."""
        return await self.sends({"voice": {**self._file("voices", content), "duration": 3}}, **how)

    async def sends_document(self, content: bytes = b"%PDF-1.7", name: str = "a.pdf", **how: Any) -> Json:
        """Send a file."""
        return await self.sends({"document": {**self._file("documents", content), "file_name": name}}, **how)

    async def sends_sticker(self, **how: Any) -> Json:
        """Send a sticker."""
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self.sends({"sticker": {**self._file("stickers", b"RIFF"), **shape}}, **how)

    async def sends_location(self, latitude: float = 52.046, longitude: float = 4.95, **how: Any) -> Json:
        """Send a place."""
        return await self.sends({"location": {"latitude": latitude, "longitude": longitude}}, **how)

    async def sends_contact(self, number: str = "+31600000000", **how: Any) -> Json:
        """Send a telephone number."""
        return await self.sends({"contact": {"phone_number": number, "first_name": "X"}}, **how)

    async def edits(self, message: Json, text: str, *, wait: bool = True) -> None:
        """Change what was written."""
        message.update(text=text, edit_date=int(self.server.state.now()))
        await self._brings("edited_message", message, wait)

    async def presses(self, label: str, *, chat: Chat | None = None, wait: bool = True) -> Json:
        """Press the newest button whose label is, or holds, this."""
        where = chat or self.chat
        shown = [
            (message, each)
            for number in sorted(where.written & where.messages.keys(), reverse=True)
            for message in [where.messages[number]]
            for each in buttons_of(message)
        ]
        exact = [pair for pair in shown if pair[1]["text"] == label]
        found = exact or [pair for pair in shown if label in pair[1]["text"]]
        if not found:
            labels = [each["text"] for _message, each in shown]
            raise AssertionError(f"no button {label!r} among {labels}; seen:\n{self.screen}")
        message, pressed = found[0]
        if "callback_data" not in pressed:
            return dict(pressed)
        await self.forges(pressed["callback_data"], message, chat=where, wait=wait)
        return dict(pressed)

    async def forges(
        self, data: str, message: Json | None = None, *, chat: Chat | None = None, wait: bool = True
    ) -> Callback:
        """Press a button with this data, whether or not it was ever offered."""
        where = chat or self.chat
        number = f"callback-{next(self.server.state.numbers)}"
        callback = Callback(self.id, where.id, time.monotonic())
        self.server.state.callbacks[number] = callback
        if message is None:
            written = sorted(where.written & where.messages.keys())
            message = where.messages[written[-1]] if written else None
        content: Json = {"id": number, "from": self.about, "chat_instance": str(where.id), "data": data}
        if message is not None:
            content["message"] = _shown(message)
        self._notice(where)
        self._callbacks = [callback]
        await self._brings("callback_query", content, wait)
        return callback

    async def asks_inline(self, query: str, *, wait: bool = True) -> Json | None:
        """Type the bot's name and a query in some chat; return what the bot answered."""
        number = f"inline-{next(self.server.state.numbers)}"
        self.server.state.inline[number] = None
        content = {"id": number, "from": self.about, "query": query, "offset": "", "chat_type": "private"}
        await self._brings("inline_query", content, wait)
        return self.server.state.inline[number]

    async def blocks(self, *, wait: bool = True) -> None:
        """Block the bot."""
        self.chat.blocked = "bot was blocked by the user"
        await self._membership("member", "kicked", wait)

    async def unblocks(self, *, wait: bool = True) -> None:
        """Let the bot write again."""
        self.chat.blocked = ""
        await self._membership("kicked", "member", wait)

    async def repeats_last_update(self) -> None:
        """Let Telegram bring the last update a second time."""
        assert self.last_update is not None
        await asyncio.wait_for(self.server.updates.repeat(self.last_update), PATIENCE)

    async def _membership(self, old: str, new: str, wait: bool) -> None:
        await self._brings(
            "my_chat_member",
            membership(self.server, self.chat, self.about, old, new),
            wait,
        )

    async def _brings(self, kind: str, content: Json, wait: bool) -> None:
        updates = self.server.updates
        # The update keeps what the message looked like when it was made.
        done = updates.add(kind, _shown(content))
        if not done.done():
            self.last_update = next(reversed(updates.waiting.values()))[0]
        if wait:
            await asyncio.wait_for(done, PATIENCE)

    def _notice(self, where: Chat) -> None:
        """From now on only what changes is new."""
        if where is self.chat:
            self._from = self.chat.last_id
            self._edited = {each["message_id"]: _looks(each) for each in self.messages}
            self._callbacks = []

    def _file(self, folder: str, content: bytes) -> Json:
        file_id = self.server.state.keep_file(folder, content)
        return {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": len(content)}

    def _photo(self, content: bytes) -> list[Json]:
        return [{**self._file("photos", content), "width": 800, "height": 600}]


class Group:
    """A group in which people write."""

    def __init__(self, server: "BotApi", title: str, *, kind: str, forum: bool) -> None:
        self.server = server
        number = -1_000_000_000_000 - next(server.state.numbers)
        self.title = title
        about: Json = {"id": number, "type": kind, "title": title, **({"is_forum": True} if forum else {})}
        self.chat = Chat(number, kind, about, started=False)
        self.chat.blocked = f"bot is not a member of the {kind} chat"
        server.state.chats[number] = self.chat

    @property
    def id(self) -> int:
        """The number of the chat; another one after a migration."""
        return self.chat.id

    @property
    def messages(self) -> list[Json]:
        """What the bot wrote here."""
        return [self.chat.messages[each] for each in sorted(self.chat.written & self.chat.messages.keys())]

    def joins(self, person: Person, status: str = "member") -> None:
        """Let somebody be a member; `creator`, `administrator` or `member`."""
        self.chat.members[person.id] = status

    async def adds_bot(self, by: Person, status: str = "member", *, wait: bool = True) -> None:
        """Put the bot into the group."""
        self.chat.started, self.chat.blocked = True, ""
        self.chat.members.setdefault(by.id, "creator")
        await self._bot_becomes(by, status, wait)

    async def kicks_bot(self, by: Person, *, wait: bool = True) -> None:
        """Throw the bot out."""
        self.chat.blocked = f"bot was kicked from the {self.chat.kind} chat"
        await self._bot_becomes(by, "kicked", wait)

    async def silences_bot(self, by: Person, *, wait: bool = True) -> None:
        """Take the right to write away from the bot."""
        self.chat.blocked = "not enough rights to send text messages to the chat"
        await self._bot_becomes(by, "restricted", wait)

    async def lets_bot_write(self, by: Person, *, wait: bool = True) -> None:
        """Give the right to write back."""
        self.chat.blocked = ""
        await self._bot_becomes(by, "member", wait)

    def migrates(self) -> int:
        """Make a supergroup with another number of the group; return the number."""
        old = self.chat
        number = -1_000_000_000_000 - next(self.server.state.numbers)
        about = {**old.about, "id": number, "type": "supergroup"}
        self.chat = Chat(number, "supergroup", about, members=dict(old.members), threads=set(old.threads))
        self.server.state.chats[number] = self.chat
        old.migrated_to = number
        return number

    def opens_thread(self) -> int:
        """Open a topic in a forum and return its number."""
        number = self.chat.next_id()
        self.chat.threads.add(number)
        return number

    async def _bot_becomes(self, by: Person, status: str, wait: bool) -> None:
        bot = self.server.bot["id"]
        old = self.chat.members.get(bot, "left")
        self.chat.members[bot] = status
        done = self.server.updates.add(
            "my_chat_member", membership(self.server, self.chat, by.about, old, status)
        )
        if wait:
            await asyncio.wait_for(done, PATIENCE)


def membership(server: "BotApi", chat: Chat, by: Json, old: str, new: str) -> Json:
    """Return what `my_chat_member` tells."""
    return {
        "chat": chat.about,
        "from": by,
        "date": int(server.state.now()),
        "old_chat_member": _member(server, old, chat.kind == "channel"),
        "new_chat_member": _member(server, new, chat.kind == "channel"),
    }


def text_of(message: Json) -> str:
    """Return the visible text of a message."""
    return str(message.get("text") or message.get("caption") or "")


def buttons_of(message: Json) -> list[Json]:
    """Return the buttons below a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [each for row in rows for each in row]


def _looks(message: Json) -> str:
    return repr((text_of(message), message.get("reply_markup")))


def _shown(content: Json) -> Json:
    return dict(content)


def _caption(text: str) -> Json:
    return {"caption": text} if text else {}


RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages"),
    "can_send_welcome_messages",
)


SENDING = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages"),
    *("can_manage_topics", "can_react_to_messages", "can_edit_tag"),
)


def _member(server: "BotApi", status: str, channel: bool = False) -> Json:
    more: Json = {"until_date": 0} if status == "kicked" else {}
    if status == "administrator":
        more = {**dict.fromkeys(RIGHTS, False), "can_pin_messages": True}
        if channel:
            more |= {"can_post_messages": True, "can_edit_messages": True}
    if status == "restricted":
        more = {**dict.fromkeys(SENDING, False), "is_member": True, "until_date": 0}
    return {"user": server.bot, "status": status, **more}
