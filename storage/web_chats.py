# SPDX-License-Identifier: EUPL-1.2
"""The web chat's visitors, their messages, and the log of what changed."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from storage.tables.web import WebCommands, WebEvent, WebMessage, WebVisitor
from storage.web_rows import (
    Json,
    StoredEvent,
    StoredMessage,
    StoredVisitor,
    WebRows,
    grant,
    locked,
    log_event,
)


class WebVisits(WebRows):
    """Visitors, what they see, and what changed."""

    async def visitor(self, visitor_id: int) -> StoredVisitor | None:
        """Return the visitor, or None for one who never wrote."""
        async with self._database.reading() as session:
            row = await session.get(WebVisitor, visitor_id)
            return None if row is None else self._visitor(row)

    async def arrive(self, visitor_id: int, language_code: str, now: datetime) -> StoredVisitor:
        """Return the visitor, made new where needed, and note that one was here."""
        try:
            async with self._database.writing() as session:
                row = await session.get(WebVisitor, visitor_id)
                if row is None:
                    row = WebVisitor(
                        id=visitor_id,
                        created_at=now,
                        seen_at=now,
                        language_code=language_code,
                        last_sequence=0,
                        read_sequence=0,
                    )
                    session.add(row)
                row.seen_at = now
                row.language_code = language_code
                result = self._visitor(row)
                await session.commit()
                return result
        except IntegrityError:  # two first messages at once, on two replicas
            found = await self.visitor(visitor_id)
            if found is None:
                raise
            return found

    async def sequences(self, visitor_ids: Collection[int]) -> Mapping[int, int]:
        """Return the last sequence number of each visitor."""
        async with self._database.reading() as session:
            rows = await session.execute(
                select(WebVisitor.id, WebVisitor.last_sequence).where(WebVisitor.id.in_(visitor_ids))
            )
            return {row.id: row.last_sequence for row in rows}

    async def events(self, visitor_id: int, after: int, limit: int) -> Sequence[StoredEvent]:
        """Return what changed after this number, the oldest first."""
        async with self._database.reading() as session:
            rows = await session.execute(
                select(WebEvent, WebMessage)
                .outerjoin(
                    WebMessage,
                    (WebMessage.visitor_id == WebEvent.visitor_id)
                    & (WebMessage.message_id == WebEvent.message_id),
                )
                .where(WebEvent.visitor_id == visitor_id, WebEvent.sequence > after)
                .order_by(WebEvent.sequence)
                .limit(limit)
            )
            return [
                StoredEvent(
                    event.sequence,
                    event.kind,
                    event.message_id,
                    None if message is None else self._message(message),
                )
                for event, message in rows
            ]

    async def history(self, visitor_id: int, before: int | None, limit: int) -> Sequence[StoredMessage]:
        """Return the last messages before this id, the oldest first."""
        query = select(WebMessage).where(WebMessage.visitor_id == visitor_id)
        if before is not None:
            query = query.where(WebMessage.message_id < before)
        async with self._database.reading() as session:
            rows = await session.scalars(query.order_by(WebMessage.message_id.desc()).limit(limit))
            return [self._message(row) for row in reversed(rows.all())]

    async def message(self, visitor_id: int, message_id: int) -> StoredMessage | None:
        """Return one message."""
        async with self._database.reading() as session:
            row = await session.get(WebMessage, (visitor_id, message_id))
            return None if row is None else self._message(row)

    async def unread(self, visitor_id: int) -> int:
        """Return how many messages of the bot came after the last one that was read."""
        read = select(WebVisitor.read_sequence).where(WebVisitor.id == visitor_id).scalar_subquery()
        async with self._database.reading() as session:
            count = await session.scalar(
                select(func.count())
                .select_from(WebMessage)
                .where(
                    WebMessage.visitor_id == visitor_id,
                    WebMessage.from_visitor.is_(False),
                    WebMessage.message_id > read,
                )
            )
            return count or 0

    async def mark_read(self, visitor_id: int, sequence: int) -> None:
        """Everything up to this number was read. Never goes back, never ahead of what happened."""
        async with self._database.writing() as session:
            await session.execute(
                update(WebVisitor)
                .where(
                    WebVisitor.id == visitor_id,
                    WebVisitor.read_sequence < sequence,
                    WebVisitor.last_sequence >= sequence,
                )
                .values(read_sequence=sequence)
            )
            await session.commit()

    async def set_language(self, visitor_id: int, language: str, now: datetime) -> bool:
        """Keep the person's language; True when it changed, and then it is an event."""
        async with self._database.writing() as session:
            row = await locked(session, visitor_id)
            if row is None or row.language == language:
                return False
            row.language = language
            log_event(session, row, "language", None, now)
            await session.commit()
            return True


class WebOutgoing(WebRows):
    """What the bot does in a chat."""

    async def send(
        self,
        visitor_id: int,
        bodies: Sequence[Json],
        files: Collection[str],
        keyboard: Json | None,
        now: datetime,
    ) -> Sequence[Json] | None:
        """Add messages and let the visitor fetch their files. None: there is no such chat."""
        async with self._database.writing() as session:
            row = await locked(session, visitor_id)
            if row is None:
                return None
            sent = []
            for body in bodies:
                sent.append({**body, "message_id": row.last_sequence + 1})
                self._add_message(session, row, sent[-1], client_id=None, now=now)
            await grant(session, visitor_id, files, now)
            if keyboard is not None and (keyboard or row.keyboard_sealed is not None):
                row.keyboard_sealed = self._seal(keyboard) if keyboard else None
                log_event(session, row, "keyboard", None, now)
            await session.commit()
            return sent

    async def change(
        self,
        visitor_id: int,
        message_id: int,
        change: Callable[[StoredMessage], Json],
        files: Collection[str],
        now: datetime,
    ) -> Json | None:
        """Replace a message by what `change` makes of it. None: there is no such message."""
        async with self._database.writing() as session:
            row = await locked(session, visitor_id)
            kept = None if row is None else await session.get(WebMessage, (visitor_id, message_id))
            if row is None or kept is None:
                return None
            body = change(self._message(kept))
            kept.body_sealed = self._seal(body)
            await grant(session, visitor_id, files, now)
            log_event(session, row, "edit", message_id, now)
            await session.commit()
            return body

    async def delete(self, visitor_id: int, message_ids: Collection[int], now: datetime) -> int:
        """Remove messages for good; returns how many there were."""
        async with self._database.writing() as session:
            row = await locked(session, visitor_id)
            if row is None:
                return 0
            query = select(WebMessage.message_id).where(
                WebMessage.visitor_id == visitor_id, WebMessage.message_id.in_(message_ids)
            )
            found = (await session.scalars(query.order_by(WebMessage.message_id))).all()
            await session.execute(
                delete(WebMessage).where(
                    WebMessage.visitor_id == visitor_id, WebMessage.message_id.in_(found)
                )
            )
            for message_id in found:
                log_event(session, row, "delete", message_id, now)
            await session.commit()
            return len(found)

    async def set_commands(self, scope: str, language: str, commands: Sequence[Json] | None) -> None:
        """Keep the command menu of a scope and language; None removes it."""
        async with self._database.writing() as session:
            if commands is None:
                await session.execute(
                    delete(WebCommands).where(WebCommands.scope == scope, WebCommands.language == language)
                )
            else:
                text = json.dumps(list(commands), ensure_ascii=False)
                await session.merge(WebCommands(scope=scope, language=language, commands=text))
            await session.commit()

    async def commands(self, scopes: Sequence[str], languages: Sequence[str]) -> Sequence[Json]:
        """Return the first menu that was set, scopes before languages, both in the order given."""
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(WebCommands).where(WebCommands.scope.in_(scopes), WebCommands.language.in_(languages))
            )
            found = sorted(rows, key=lambda row: (scopes.index(row.scope), languages.index(row.language)))
            return cast("list[Json]", json.loads(found[0].commands)) if found else []
