# SPDX-License-Identifier: EUPL-1.2
"""What rows of the web chat mean, and how they are sealed, locked and logged."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.encryption import Cipher
from storage.tables.web import WebEvent, WebFile, WebFileAccess, WebMessage, WebVisitor

Json = dict[str, Any]


@dataclass(slots=True)
class StoredVisitor:
    """A visitor, as `bot.channels.web.store.Visitor` wants one."""

    id: int
    language_code: str
    language: str | None
    last_sequence: int
    read_sequence: int
    keyboard: Json | None


@dataclass(slots=True)
class StoredMessage:
    """A message as it is now."""

    message_id: int
    from_visitor: bool
    client_id: str | None
    body: Json


@dataclass(slots=True)
class StoredEvent:
    """Something that changed, with the message as it is now."""

    sequence: int
    kind: str
    message_id: int | None
    message: StoredMessage | None


@dataclass(slots=True)
class StoredUpdate:
    """An update that was claimed."""

    update_id: int
    visitor_id: int
    attempts: int
    body: Json


@dataclass(slots=True)
class TakenUpdate:
    """An update that was kept, now or before."""

    update_id: int
    message_id: int | None
    new: bool


@dataclass(slots=True)
class StoredFile:
    """A file. Sizes in bytes and pixels, `duration` in seconds."""

    id: str
    digest: str
    kind: str
    mime: str
    size: int
    name: str
    width: int
    height: int
    duration: int


class WebRows:
    """What all parts of the web chat's storage share: the database, and sealing."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    def _seal(self, value: Json) -> bytes:
        return self._cipher.encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def _open(self, sealed: bytes) -> Json:
        return cast("Json", json.loads(self._cipher.decrypt(sealed)))

    def _visitor(self, row: WebVisitor) -> StoredVisitor:
        keyboard = None if row.keyboard_sealed is None else self._open(row.keyboard_sealed)
        return StoredVisitor(
            row.id, row.language_code, row.language, row.last_sequence, row.read_sequence, keyboard
        )

    def _message(self, row: WebMessage) -> StoredMessage:
        return StoredMessage(row.message_id, row.from_visitor, row.client_id, self._open(row.body_sealed))

    def _add_message(
        self, session: AsyncSession, visitor: WebVisitor, body: Json, *, client_id: str | None, now: datetime
    ) -> None:
        """Add the message under the next sequence number, which is its id."""
        session.add(
            WebMessage(
                visitor_id=visitor.id,
                message_id=visitor.last_sequence + 1,
                from_visitor=client_id is not None,
                client_id=client_id,
                created_at=now,
                body_sealed=self._seal(body),
            )
        )
        log_event(session, visitor, "message", visitor.last_sequence + 1, now)


def stored_file(row: WebFile) -> StoredFile:
    """Return the row as what others see."""
    return StoredFile(
        row.id, row.digest, row.kind, row.mime, row.size, row.name, row.width, row.height, row.duration
    )


async def locked(session: AsyncSession, visitor_id: int) -> WebVisitor | None:
    """Return the visitor and hold the row until the transaction ends: one at a time raises the sequence."""
    return await session.scalar(select(WebVisitor).where(WebVisitor.id == visitor_id).with_for_update())


def log_event(
    session: AsyncSession, visitor: WebVisitor, kind: str, message_id: int | None, now: datetime
) -> None:
    """Add an event under the next sequence number."""
    visitor.last_sequence += 1
    session.add(
        WebEvent(
            visitor_id=visitor.id,
            sequence=visitor.last_sequence,
            kind=kind,
            message_id=message_id,
            created_at=now,
        )
    )


async def grant(session: AsyncSession, visitor_id: int, files: Collection[str], now: datetime) -> None:
    """Let the visitor fetch these files."""
    for file_id in files:
        if await session.get(WebFileAccess, (file_id, visitor_id)) is None:
            session.add(WebFileAccess(file_id=file_id, visitor_id=visitor_id, uploaded=False, created_at=now))
