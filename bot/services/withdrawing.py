# SPDX-License-Identifier: EUPL-1.2
"""Withdrawing a broadcast: what waits is taken back, what arrived is deleted, and the rest are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.broadcast import Broadcast, Run
from bot.domain.outgoing import Action, Outgoing, Priority
from bot.domain.person import Address
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.broadcast_ports import Sent
from bot.services.correcting import ARRIVED, EVERY, PERHAPS, REFUSED, by_message
from bot.services.ports import Clock, UnitOfWork
from bot.services.releasing import bulk

DELETABLE = timedelta(hours=47)
"""How long Telegram lets a bot delete its messages (48 hours), with an hour to spare."""


class Withdrawing:
    """Steps of a withdrawal inside a transaction; the caller commits."""

    def __init__(self, clock: Clock, notices: BroadcastNotices) -> None:
        self._clock = clock
        self._notices = notices

    async def catch_up(self, unit: UnitOfWork, broadcast: Broadcast, run: Run) -> int:
        """Withdraw every copy of a run that is still there; returns how many rows were written.

        May run as often as one likes: it does what is missing.
        """
        newest = await unit.told.newest()
        for reason in (run.reason, run.voices, run.question, run.correction, run.corrected_anew):
            await unit.told.take_back(reason, (), newest)
        undeletable, written = await self._delete(unit, run, albums=len(broadcast.media) > 1)
        perhaps = [*await unit.told.copies(run.reason, PERHAPS)]
        if (await unit.plans.runs(broadcast.id))[0].id == run.id:
            perhaps += await unit.told.digests(broadcast.id)
        perhaps += await unit.told.copies(run.withdrawal, REFUSED)
        return written + await self._tell(unit, broadcast, run, [*undeletable, *perhaps])

    async def _delete(self, unit: UnitOfWork, run: Run, *, albums: bool) -> tuple[list[Sent], int]:
        """Delete what Telegram lets us delete; returns the copies to be told of, and how many were deleted.

        Of an album only the first picture, with the words, is known by number: it is deleted, and the rest
        is told of.
        """
        recent = self._clock.now() - run.starts_at < DELETABLE
        done = {
            (copy.recipient.address, copy.recipient.edits)
            for copy in await unit.told.copies(run.withdrawal, EVERY)
        }
        to_tell: list[Sent] = []
        deleted = 0
        for reason in (run.reason, run.corrected_anew, run.voices):
            arrived = await unit.told.copies(reason, ARRIVED)
            deletable = [copy for copy in arrived if recent and copy.sent_message_id is not None]
            if reason != run.voices:
                to_tell += [copy for copy in arrived if albums or copy not in deletable]
            fresh = [copy for copy in deletable if (copy.recipient.address, copy.sent_message_id) not in done]
            for (languages, _), copies in by_message(fresh, ()).items():
                removal = bulk(Outgoing(""), run.withdrawal, languages, None)
                await unit.outbox.add(
                    replace(removal, action=Action.DELETE, priority=Priority.NORMAL),
                    [replace(copy.recipient, edits=copy.sent_message_id) for copy in copies],
                    self._clock.now(),
                )
            deleted += len(fresh)
        return to_tell, deleted

    async def _tell(self, unit: UnitOfWork, broadcast: Broadcast, run: Run, copies: Sequence[Sent]) -> int:
        """Tell that it no longer holds, once; who stopped in the meantime is told nothing more."""
        known = {
            (copy.recipient.address, copy.language)
            for copy in await unit.told.copies(run.withdrawn_anew, EVERY)
        }
        quiet = await unit.subscriptions.quiet()
        meant: dict[tuple[Address, str], Sent] = {}
        for copy in copies:
            key = (copy.recipient.address, copy.language)
            if key not in known and copy.recipient.person_id not in quiet:
                meant.setdefault(key, copy)
        for (languages, _), group in by_message(list(meant.values()), ()).items():
            notice = bulk(self._notices.withdrawn(broadcast, languages), run.withdrawn_anew, languages, None)
            await unit.outbox.add(
                replace(notice, priority=Priority.NORMAL),
                [replace(copy.recipient, edits=None) for copy in group],
                self._clock.now(),
            )
        return len(meant)
