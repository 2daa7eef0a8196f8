# SPDX-License-Identifier: EUPL-1.2
"""What the web chat needs kept, as Protocols. `storage.web` fulfils them.

A message is Bot API JSON (`dict`); its id is the sequence number of its arrival in that visitor's chat.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]


class Visitor(Protocol):
    """One browser. `language` is the person's, once known; `language_code` what the browser asked for."""

    id: int
    language_code: str
    language: str | None
    last_sequence: int
    read_sequence: int
    keyboard: Json | None


class Message(Protocol):
    """A message as it is now. `client_id` is the browser's own name for what came from there."""

    message_id: int
    from_visitor: bool
    client_id: str | None
    body: Json


class Event(Protocol):
    """Something that changed: `message`, `edit`, `delete`, `keyboard`, `language` or `cleared`."""

    sequence: int
    kind: str
    message_id: int | None

    @property
    def message(self) -> Message | None:
        """The message as it is now; None when it is gone by now, or when there is none."""
        ...


class Pending(Protocol):
    """An update that this process has claimed and must handle."""

    update_id: int
    visitor_id: int
    attempts: int
    body: Json


class Taken(Protocol):
    """An update that was kept. `new` is False for a resend of one that was kept before."""

    update_id: int
    message_id: int | None
    new: bool


class File(Protocol):
    """A file. `digest` names its content; `kind` is photo, voice or document; sizes in bytes and pixels."""

    id: str
    digest: str
    kind: str
    mime: str
    size: int
    name: str
    width: int
    height: int
    duration: int


class Visits(Protocol):
    """Visitors, their messages, and what changed."""

    async def visitor(self, visitor_id: int) -> Visitor | None:
        """Return the visitor, or None for one who never wrote."""
        ...

    async def arrive(self, visitor_id: int, language_code: str, now: datetime) -> Visitor:
        """Return the visitor, made new where needed, and note that one was here."""
        ...

    async def sequences(self, visitor_ids: Collection[int]) -> Mapping[int, int]:
        """Return the last sequence number of each visitor."""
        ...

    async def events(self, visitor_id: int, after: int, limit: int) -> Sequence[Event]:
        """Return what changed after this number, the oldest first."""
        ...

    async def history(self, visitor_id: int, before: int | None, limit: int) -> Sequence[Message]:
        """Return the last messages before this id, the oldest first."""
        ...

    async def message(self, visitor_id: int, message_id: int) -> Message | None:
        """Return one message."""
        ...

    async def unread(self, visitor_id: int) -> int:
        """Return how many messages of the bot came after the last one that was read."""
        ...

    async def mark_read(self, visitor_id: int, sequence: int) -> None:
        """Everything up to this number was read. Never goes back."""
        ...

    async def set_language(self, visitor_id: int, language: str, now: datetime) -> bool:
        """Keep the person's language; True when it changed, and then it is an event."""
        ...


class Outgoing(Protocol):
    """What the bot does in a chat. None or 0 as a result: there is no such chat or message."""

    async def send(
        self,
        visitor_id: int,
        bodies: Sequence[Json],
        files: Collection[str],
        keyboard: Json | None,
        now: datetime,
    ) -> Sequence[Json] | None:
        """Add messages, each with its `message_id` filled in; the visitor may fetch `files`.

        A `keyboard` replaces the reply keyboard; an empty one removes it; None leaves it.
        """
        ...

    async def change(
        self,
        visitor_id: int,
        message_id: int,
        change: Callable[[Message], Json],
        files: Collection[str],
        now: datetime,
    ) -> Json | None:
        """Replace a message by what `change` makes of it. What it raises leaves everything as it was."""
        ...

    async def delete(self, visitor_id: int, message_ids: Collection[int], now: datetime) -> int:
        """Remove messages for good; returns how many there were."""
        ...

    async def set_commands(self, scope: str, language: str, commands: Sequence[Json] | None) -> None:
        """Keep the command menu of a scope and language; None removes it."""
        ...

    async def commands(self, scopes: Sequence[str], languages: Sequence[str]) -> Sequence[Json]:
        """Return the first menu that was set, scopes before languages, both in the order given."""
        ...


class Incoming(Protocol):
    """What visitors do, until it was handled."""

    async def take_in(
        self,
        visitor_id: int,
        client_id: str,
        make: Callable[[int, int | None], tuple[Json, Json | None]],
        *,
        with_message: bool,
        now: datetime,
    ) -> Taken:
        """Keep an update, once for each `client_id`, with the message that it brings.

        `make(update_id, message_id)` returns the update and the message as Bot API JSON.
        """
        ...

    async def claim(self, owner: str, limit: int, now: datetime, hold: timedelta) -> Sequence[Pending]:
        """Claim updates to handle: of each visitor only the oldest that is not handled."""
        ...

    async def renew(self, owner: str, update_ids: Collection[int], until: datetime) -> None:
        """Keep claims that are still being worked on."""
        ...

    async def settle(self, update_id: int, *, handled: bool) -> None:
        """Note that the update was handled, or is given up."""
        ...

    async def put_back(self, update_id: int, again_at: datetime) -> None:
        """Count a failure, and let anybody try again from then."""
        ...

    async def release_claims(self) -> None:
        """Forget every claim of processes that are gone. Does nothing where others may be running."""
        ...

    async def visitor_of(self, update_id: int) -> int | None:
        """Return whose update this was."""
        ...


class Files(Protocol):
    """What is known of files, and who may fetch them."""

    async def add_file(
        self,
        *,
        digest: str,
        kind: str,
        mime: str,
        size: int,
        name: str,
        width: int,
        height: int,
        duration: int,
        uploader: int | None,
        now: datetime,
    ) -> File:
        """Note a file under a new random id. `uploader` is the visitor who sent it and may fetch it."""
        ...

    async def file(self, file_id: str) -> File | None:
        """Return what is known of a file."""
        ...

    async def file_for(self, visitor_id: int, file_id: str) -> File | None:
        """Return it if this visitor may fetch it."""
        ...

    async def uploaded(self, visitor_id: int, since: datetime) -> int:
        """Return how many bytes this visitor sent since then."""
        ...

    async def erase(self, before: datetime, unseen_since: datetime) -> Sequence[str]:
        """Remove conversations from before then, and visitors who were not here since the other moment.

        Returns the digests that nobody refers to any more: their content can go.
        """
        ...


class WebStore(Visits, Outgoing, Incoming, Files, Protocol):
    """All of it."""


class Contents(Protocol):
    """The contents of files, each once under its SHA-256 in hexadecimal digits."""

    async def store(self, content: bytes) -> str:
        """Keep a content and return its digest. Raises OSError when the disk is full."""
        ...

    async def load(self, digest: str) -> bytes:
        """Return a content. Raises FileNotFoundError."""
        ...

    async def remove(self, digests: Collection[str]) -> None:
        """Remove contents that nobody refers to."""
        ...
