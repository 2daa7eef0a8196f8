# SPDX-License-Identifier: EUPL-1.2
"""Letting a broadcast go: one transaction from the occurrence to the last row of the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.broadcast import (
    Broadcast,
    ColleagueFirstError,
    ExpiredError,
    HistoryLine,
    NobodyError,
    NotReadyError,
    Run,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.outgoing import Outgoing, Priority, Recipient
from bot.domain.person import Person, Role
from bot.domain.schedule import Occurrence, OccurrenceState, change
from bot.services.audience import Parcel, reach
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.ports import UnitOfWork
from bot.services.telling import tell_all

ASK_AFTER = timedelta(days=1)
"""When key figures are asked what people say about it: people need time to talk."""
BETWEEN = "+"
"""Joins the languages of a message that has several: `nl+ar`."""


async def release(
    unit: UnitOfWork,
    notices: BroadcastNotices,
    broadcast: Broadcast,
    occurrence: Occurrence,
    *,
    without: frozenset[str],
    by: int | None,
    now: datetime,
    starts_at: datetime,
    today: date,
) -> Run:
    """Write everything that sends a broadcast; the caller commits.

    Raises NotReadyError when a needed language is neither ready nor left out on purpose, ExpiredError when
    it no longer holds `today` (the local day), NobodyError, and ColleagueFirstError when this occurrence was
    decided about before.
    """
    if broadcast.expired(today):
        raise ExpiredError
    found = await reach(unit, broadcast)
    if found.missing - without:
        raise NotReadyError(languages=", ".join(sorted(found.missing - without)))
    if not found.parcels:
        raise NobodyError
    change(occurrence.state, OccurrenceState.RELEASED)
    if not await unit.plans.set_state(occurrence, OccurrenceState.RELEASED):
        raise ColleagueFirstError
    run = Run(0, broadcast.id, occurrence.id, now, starts_at, by, found.missing)
    run = replace(run, id=await unit.plans.add_run(run))
    for parcel in found.parcels:
        await queue_messages(unit, notices, broadcast, run, parcel, now)
        await _queue_recordings(unit, notices, broadcast, run, parcel, now)
        if parcel.reader is Reader.KEY_FIGURE:
            await ask_later(unit, notices, broadcast, run, parcel.recipients, parcel.languages[0], now)
    await unit.broadcasts.note(
        broadcast.id, HistoryLine("released", by, now, ", ".join(sorted(found.missing)))
    )
    await unit.broadcasts.note(broadcast.id, HistoryLine("queued", by, now, str(found.messages)))

    def report(reader: str) -> Outgoing:
        outgoing = notices.report(broadcast, run, (), (), reader)
        return replace(outgoing, priority=Priority.URGENT, reason=run.report, language=reader)

    await tell_all(unit, Role.AREA_MANAGER, report, now)
    return run


async def queue_messages(
    unit: UnitOfWork,
    notices: BroadcastNotices,
    broadcast: Broadcast,
    run: Run,
    parcel: Parcel,
    now: datetime,
) -> None:
    """Write the rows of one parcel, in as few messages as hold its languages."""
    for languages in fitting(notices, broadcast, parcel.languages, parcel.reader):
        message = notices.message(broadcast, languages, parcel.reader)
        await unit.outbox.add(bulk(message, run.reason, languages, run.starts_at), parcel.recipients, now)


async def _queue_recordings(
    unit: UnitOfWork,
    notices: BroadcastNotices,
    broadcast: Broadcast,
    run: Run,
    parcel: Parcel,
    now: datetime,
) -> None:
    """Write the rows of the recordings that go with a parcel."""
    for language in parcel.languages:
        if broadcast.texts[language].voice:
            recording = bulk(notices.recording(broadcast, language), run.voices, (language,), run.starts_at)
            await unit.outbox.add(recording, parcel.recipients, now)


def fitting(
    notices: BroadcastNotices, broadcast: Broadcast, languages: Sequence[str], reader: Reader
) -> list[tuple[str, ...]]:
    """Return the languages message by message: together where they fit in one."""
    length, limit = notices.length(notices.message(broadcast, languages, reader))
    return [tuple(languages)] if length <= limit else [(language,) for language in languages]


def bulk(message: Outgoing, reason: str, languages: tuple[str, ...], not_before: datetime | None) -> Outgoing:
    """Return a message as part of a broadcast: behind everything else, countable by language."""
    return replace(
        message,
        priority=Priority.BULK,
        reason=reason,
        language=BETWEEN.join(languages),
        not_before=not_before,
    )


def languages_of(stored: str) -> tuple[str, ...]:
    """Return the languages of a message as `bulk` wrote them."""
    return tuple(stored.split(BETWEEN)) if stored else (BASE_LANGUAGE,)


async def ask_later(
    unit: UnitOfWork,
    notices: BroadcastNotices,
    broadcast: Broadcast,
    run: Run,
    recipients: Sequence[Recipient],
    language: str,
    now: datetime,
) -> None:
    """Ask key figures a day later what people say about it."""
    question = notices.heard_question(broadcast, language)
    question = replace(question, reason=run.question, language=language, not_before=run.starts_at + ASK_AFTER)
    await unit.outbox.add(question, recipients, now)


async def found_broadcast(unit: UnitOfWork, by: Person, broadcast_id: int) -> Broadcast:
    """Return a broadcast for a gebiedsmanager. Raises NotAllowedError, NotFoundError."""
    by.require(Role.AREA_MANAGER)
    broadcast = await unit.broadcasts.get(broadcast_id)
    if broadcast is None:
        raise NotFoundError
    return broadcast
