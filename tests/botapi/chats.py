# SPDX-License-Identifier: EUPL-1.2
"""What the server knows: people, chats, the messages in them, and the files."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botapi.kinds import RefusedError

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group, as the server sees it."""

    id: int
    kind: str
    about: Json
    """The chat as it stands in a message."""
    messages: dict[int, Json] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    """Numbers of the messages that the bot wrote."""
    started: bool = True
    """Whether the bot may write: a person has written first, or it was added to the group."""
    blocked: str = ""
    """Why the bot may not write any more, in the words of the Bot API."""
    migrated_to: int | None = None
    threads: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    """Status of each member, the bot among them."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    pinned: list[int] = field(default_factory=list)
    last_id: int = 0

    def next_id(self) -> int:
        """Return a number for a new message."""
        self.last_id += 1
        return self.last_id

    def tell(self) -> None:
        """Wake up whoever waits for something to change here."""
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass(slots=True)
class Call:
    """One accepted call. `at` is monotonic, in seconds."""

    method: str
    params: Json
    at: float
    result: Any = None


@dataclass(slots=True)
class Callback:
    """A button that was pressed."""

    user_id: int
    chat_id: int
    at: float
    answer: Json | None = None
    answers: int = 0


class State:
    """Everything that one server remembers."""

    def __init__(self, bot: Json, now: Callable[[], float] = time.time) -> None:
        self.bot = bot
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inline: dict[str, Json | None] = {}
        self.commands: dict[tuple[str, int, int, str], list[Json]] = {}
        self.numbers = itertools.count(1)

    def private(self, user_id: int) -> Chat:
        """Return the private chat with somebody, made where it is new."""
        chat = self.chats.get(user_id)
        if chat is None:
            person = self.people.get(user_id, {"first_name": f"Person {user_id}"})
            about = {"id": user_id, "type": "private", "first_name": person["first_name"]}
            chat = self.chats[user_id] = Chat(user_id, "private", about)
        return chat

    def keep_file(self, folder: str, content: bytes, suffix: str = "") -> str:
        """Keep a file and return its id."""
        number = next(self.numbers)
        file_id = f"FILE-{number}"
        self.files[file_id] = (f"{folder}/file_{number}{suffix}", content)
        return file_id

    def message(self, chat: Chat, sender: Json | None, **content: Any) -> Json:
        """Put a message into a chat."""
        message: Json = {"message_id": chat.next_id(), "date": int(self.now()), "chat": chat.about}
        if sender is not None:
            message["from"] = sender
        message.update(content)
        chat.messages[message["message_id"]] = message
        return message

    def to_write(self, chat_id: int | str, thread_id: int | None = None) -> Chat:
        """Return a chat that the bot may write to. Raises RefusedError."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise RefusedError("Bad Request: chat not found")
        if chat.migrated_to is not None:
            raise RefusedError(
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        if chat.blocked:
            raise RefusedError(f"Forbidden: {chat.blocked}", 403)
        if not chat.started:
            raise RefusedError("Forbidden: bot can't initiate conversation with a user", 403)
        if thread_id is not None and thread_id not in chat.threads:
            raise RefusedError("Bad Request: message thread not found")
        return chat

    def own(self, chat_id: int | str, message_id: int, *, what: str) -> tuple[Chat, Json]:
        """Return a message that the bot wrote. Raises RefusedError; `what` is 'edit' or 'delete'."""
        chat = self.to_write(chat_id)
        message = chat.messages.get(message_id)
        if message is None:
            raise RefusedError(f"Bad Request: message to {what} not found")
        if message_id not in chat.written and what == "edit":
            raise RefusedError("Bad Request: message can't be edited")
        return chat, message
