# SPDX-License-Identifier: EUPL-1.2
"""Broadcasts, their texts, and who did what with them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.broadcast import Audience, Broadcast, BroadcastState, HistoryLine, Text, TextState
from bot.domain.subscription import Topic
from storage.tables.broadcasts import BroadcastChangeRow, BroadcastRow, BroadcastTextRow, RunRow
from storage.upsert import affected, insert_into

CONTENT = ("written", "approved", "media", "location", "link", "expires", "topic")
"""The notes of changes that somebody would see in what goes out."""
_last_release = (
    select(func.max(RunRow.released_at))
    .where(RunRow.broadcast_id == BroadcastRow.id, RunRow.undone.is_(False))
    .scalar_subquery()
)
_PLANNED_AND_UNCHANGED = and_(
    BroadcastRow.state == BroadcastState.PLANNED.value,
    ~exists().where(
        BroadcastChangeRow.broadcast_id == BroadcastRow.id,
        BroadcastChangeRow.what.in_(CONTENT),
        BroadcastChangeRow.at > _last_release,
    ),
)
"""What goes out again and again, and has not been changed since the last time."""
_WORKED_ON = (BroadcastState.DRAFT.value, BroadcastState.PLANNED.value)


@dataclass(frozen=True, slots=True)
class SqlBroadcasts:
    """Broadcasts, inside a unit of work."""

    session: AsyncSession

    async def add(self, broadcast: Broadcast) -> int:
        """Keep a new draft and return its number."""
        result = await self.session.execute(
            insert(BroadcastRow)
            .values(author=broadcast.author, version=1, created_at=broadcast.created_at, **_values(broadcast))
            .returning(BroadcastRow.id)
        )
        return int(result.scalar_one())

    async def get(self, broadcast_id: int) -> Broadcast | None:
        """Return it with all its texts."""
        return next(iter(await self._find(BroadcastRow.id == broadcast_id)), None)

    async def in_states(
        self, states: Collection[BroadcastState], limit: int, offset: int = 0
    ) -> Sequence[Broadcast]:
        """Return broadcasts in these states, the one changed last first."""
        return await self._find(BroadcastRow.state.in_([state.value for state in states]), limit, offset)

    async def released(
        self, since: datetime, until: datetime, only: int | None = None
    ) -> Sequence[tuple[Broadcast, datetime]]:
        """Return what went out in that time, each with when it did last, the newest first.

        Left out is what was undone or withdrawn, and what was changed for a next time that is yet to come.
        """
        newest = func.max(RunRow.starts_at).label("newest")
        meant = RunRow.broadcast_id.is_not(None) if only is None else RunRow.broadcast_id == only
        runs = await self.session.execute(
            select(RunRow.broadcast_id, newest)
            .where(RunRow.starts_at >= since, RunRow.starts_at <= until, RunRow.undone.is_(False), meant)
            .group_by(RunRow.broadcast_id)
            .order_by(newest.desc(), RunRow.broadcast_id.desc())
        )
        went_out = {row.broadcast_id: row.newest for row in runs}
        found = {
            each.id: each
            for each in await self._find(
                BroadcastRow.id.in_(list(went_out))
                & ((BroadcastRow.state == BroadcastState.SENT.value) | _PLANNED_AND_UNCHANGED)
            )
        }
        return [(found[number], moment) for number, moment in went_out.items() if number in found]

    async def save(self, broadcast: Broadcast, now: datetime) -> bool:
        """Keep it if its version is still that of `broadcast`; raise the version, drop the confirm token."""
        result = await self.session.execute(
            update(BroadcastRow)
            .where(BroadcastRow.id == broadcast.id, BroadcastRow.version == broadcast.version)
            .values(version=broadcast.version + 1, confirm=None, **{**_values(broadcast), "changed_at": now})
        )
        return affected(result) == 1

    async def confirm_token(self, broadcast_id: int, version: int, fresh: str) -> str | None:
        """Return the token of this version's confirm screen, `fresh` if there was none; None: changed."""
        here = (BroadcastRow.id == broadcast_id, BroadcastRow.version == version)
        await self.session.execute(
            update(BroadcastRow).where(*here, BroadcastRow.confirm.is_(None)).values(confirm=fresh)
        )
        return (await self.session.execute(select(BroadcastRow.confirm).where(*here))).scalar_one_or_none()

    async def use_token(self, broadcast_id: int, token: str) -> bool:
        """Use the token up. False when it was used or belongs to an older version."""
        result = await self.session.execute(
            update(BroadcastRow)
            .where(BroadcastRow.id == broadcast_id, BroadcastRow.confirm == token)
            .values(confirm=None)
        )
        return affected(result) == 1

    async def put_text(self, broadcast_id: int, text: Text) -> None:
        """Keep the text of one language, in the place of the one before."""
        values = {
            "text": text.text,
            "state": text.state.value,
            "revision": text.revision,
            "translated_by": text.translated_by,
            "approved_by": text.approved_by,
            "voice": text.voice,
        }
        await self.session.execute(
            insert_into(self.session, BroadcastTextRow)
            .values(broadcast_id=broadcast_id, language=text.language, **values)
            .on_conflict_do_update(index_elements=["broadcast_id", "language"], set_=values)
        )

    async def asked(self, languages: Collection[str]) -> Sequence[Broadcast]:
        """Return drafts and plans that wait for a translation into one of these languages."""
        waiting = select(BroadcastTextRow.broadcast_id).where(
            BroadcastTextRow.language.in_(list(languages)), BroadcastTextRow.state == TextState.ASKED.value
        )
        return await self._find(BroadcastRow.id.in_(waiting) & BroadcastRow.state.in_(_WORKED_ON))

    async def note(self, broadcast_id: int, line: HistoryLine) -> None:
        """Keep who did what."""
        await self.session.execute(
            insert(BroadcastChangeRow).values(
                broadcast_id=broadcast_id, what=line.what, details=line.details[:128], by=line.by, at=line.at
            )
        )

    async def history(self, broadcast_id: int) -> Sequence[HistoryLine]:
        """Return who did what, the first first."""
        rows = await self.session.execute(
            select(BroadcastChangeRow.__table__)
            .where(BroadcastChangeRow.broadcast_id == broadcast_id)
            .order_by(BroadcastChangeRow.id)
        )
        return [HistoryLine(row.what, row.by, row.at, row.details) for row in rows]

    async def _find(
        self, condition: ColumnElement[bool], limit: int | None = None, offset: int = 0
    ) -> list[Broadcast]:
        rows = (
            await self.session.execute(
                select(BroadcastRow.__table__)
                .where(condition)
                .order_by(BroadcastRow.changed_at.desc(), BroadcastRow.id.desc())
                .limit(limit)
                .offset(offset)
            )
        ).all()
        texts = await self._texts([row.id for row in rows])
        return [_broadcast(row, texts[row.id]) for row in rows]

    async def _texts(self, broadcast_ids: list[int]) -> defaultdict[int, dict[str, Text]]:
        rows = await self.session.execute(
            select(BroadcastTextRow.__table__)
            .where(BroadcastTextRow.broadcast_id.in_(broadcast_ids))
            .order_by(BroadcastTextRow.broadcast_id, BroadcastTextRow.language)
        )
        found: defaultdict[int, dict[str, Text]] = defaultdict(dict)
        for row in rows:
            found[row.broadcast_id][row.language] = Text(
                row.language,
                row.text,
                TextState(row.state),
                row.revision,
                row.translated_by,
                row.approved_by,
                row.voice,
            )
        return found


def _values(broadcast: Broadcast) -> dict[str, Any]:
    audience = broadcast.audience
    return {
        "state": broadcast.state.value,
        "topic": broadcast.topic.value,
        "revision": broadcast.revision,
        "expires": broadcast.expires,
        "audience": {
            "areas": sorted(audience.areas),
            "groups": audience.groups,
            "subscribers": audience.subscribers,
            "key_figures": audience.key_figures,
            "only_groups": sorted(audience.only_groups),
        },
        "media": list(broadcast.media),
        "media_kind": broadcast.media_kind,
        "location": None if broadcast.location is None else list(broadcast.location),
        "link": broadcast.link,
        "changed_at": broadcast.changed_at,
    }


def _broadcast(row: Row[Any], texts: Mapping[str, Text]) -> Broadcast:
    audience = row.audience
    return Broadcast(
        id=row.id,
        author=row.author,
        state=BroadcastState(row.state),
        topic=Topic(row.topic),
        revision=row.revision,
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires=row.expires,
        audience=Audience(
            frozenset(audience["areas"]),
            audience["groups"],
            audience["subscribers"],
            audience["key_figures"],
            frozenset(audience["only_groups"]),
        ),
        media=tuple(row.media),
        media_kind=row.media_kind,
        location=None if row.location is None else (row.location[0], row.location[1]),
        link=row.link,
        texts=texts,
    )
