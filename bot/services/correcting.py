# SPDX-License-Identifier: EUPL-1.2
"""Bringing a correction to exactly those who got the wrong text.

A correction is marked in the history with its language and the number of the newest message in the outbox:
every message up to that number holds the wrong text. `catch_up` compares the copies with these marks and does
what is missing, so it may run as often as one likes; what was on its way during the correction is reached
when it has arrived.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.broadcast import Broadcast, Run
from bot.domain.outgoing import Action, DeliveryState, Outgoing, Priority
from bot.domain.person import Address, Role
from bot.services.audience import Parcel
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.broadcast_ports import Sent
from bot.services.ports import Clock, UnitOfWork
from bot.services.releasing import ask_later, bulk, fitting, languages_of, queue_messages

ARRIVED = frozenset({DeliveryState.SENT.value})
PERHAPS = frozenset({DeliveryState.UNKNOWN.value})
REFUSED = frozenset({DeliveryState.FAILED.value})
EVERY = frozenset(state.value for state in DeliveryState)
Marks = dict[str, int]
"""The number of the newest wrong message, by language."""


def mark(language: str, newest: int) -> str:
    """Return the details of the history's line of a correction."""
    return f"{language}:{newest}"


class Correcting:
    """Steps of a correction inside a transaction; the caller commits."""

    def __init__(self, clock: Clock, notices: BroadcastNotices) -> None:
        self._clock = clock
        self._notices = notices

    async def catch_up(self, unit: UnitOfWork, broadcast: Broadcast, run: Run) -> int:
        """Correct every copy of a run that still holds a wrong text; returns how many rows were written."""
        marks = await _marks(unit, broadcast)
        if not marks:
            return 0
        helpers = {person.id for person in await unit.people.with_role(Role.KEY_FIGURE)}
        written = await self._replace_waiting(unit, broadcast, run, marks, helpers)
        written += await self._change_arrived(unit, broadcast, run, marks, helpers)
        return written + await self._tell_anew(unit, broadcast, run, marks)

    async def _replace_waiting(
        self, unit: UnitOfWork, broadcast: Broadcast, run: Run, marks: Marks, helpers: Collection[int]
    ) -> int:
        """Let what still waits leave with the new text: a cancelled copy keeps its row, another is added."""
        now = self._clock.now()
        taken: list[Sent] = []
        for language, newest in marks.items():
            taken += await unit.told.take_back(run.reason, [language], newest)
            for reason in (run.voices, run.correction, run.corrected_anew):
                await unit.told.take_back(reason, [language], newest)
            asked = await unit.told.take_back(run.question, [language], newest)
            if asked:
                recipients = [copy.recipient for copy in asked]
                await ask_later(unit, self._notices, broadcast, run, recipients, language, now)
        for (languages, reader), copies in by_message(taken, helpers).items():
            parcel = Parcel(languages, reader, tuple(copy.recipient for copy in copies))
            await queue_messages(unit, self._notices, broadcast, run, parcel, now)
        return len(taken)

    async def _change_arrived(
        self, unit: UnitOfWork, broadcast: Broadcast, run: Run, marks: Marks, helpers: Collection[int]
    ) -> int:
        """Change the messages that arrived; a recording of the wrong words is removed."""
        now = self._clock.now()
        written = 0
        done = {
            (copy.recipient.address, copy.recipient.edits): copy.message_id
            for reason in (run.correction, run.voice_removal)
            for copy in await unit.told.copies(reason, EVERY)
        }
        for reason in (run.reason, run.corrected_anew, run.voices):
            wrong = [
                copy
                for copy in await unit.told.copies(reason, ARRIVED)
                if is_wrong(copy, marks)
                and copy.sent_message_id is not None
                and done.get((copy.recipient.address, copy.sent_message_id), 0) <= _newest(copy, marks)
            ]
            for (languages, reader), copies in by_message(wrong, helpers).items():
                change = self._change(broadcast, run, reason, languages, reader)
                recipients = [replace(copy.recipient, edits=copy.sent_message_id) for copy in copies]
                await unit.outbox.add(change, recipients, now)
            written += len(wrong)
        return written

    def _change(
        self, broadcast: Broadcast, run: Run, reason: str, languages: tuple[str, ...], reader: Reader
    ) -> Outgoing:
        if reason == run.voices:
            removal = bulk(Outgoing(""), run.voice_removal, languages, None)
            return replace(removal, action=Action.DELETE, priority=Priority.NORMAL)
        if reason == run.corrected_anew:
            message = self._notices.correction(broadcast, languages)
        else:
            message = self._notices.message(broadcast, languages, reader)
        return replace(
            bulk(message, run.correction, languages, None), action=Action.EDIT, priority=Priority.NORMAL
        )

    async def _tell_anew(self, unit: UnitOfWork, broadcast: Broadcast, run: Run, marks: Marks) -> int:
        """Send the correction as a message of its own to those who cannot see the old one change.

        That is where changing was refused, where nobody knows whether the wrong text arrived, and who read
        it in a digest. Who stopped in the meantime is told nothing more.
        """
        failed = [
            copy
            for copy in await unit.told.copies(run.correction, REFUSED)
            if copy.message_id > _newest(copy, marks)
        ]
        unsure = await unit.told.copies(run.reason, PERHAPS)
        if (await unit.plans.runs(broadcast.id))[0].id == run.id:
            unsure = [*unsure, *await unit.told.digests(broadcast.id)]
        known = {
            (copy.recipient.address, copy.language): copy.message_id
            for copy in await unit.told.copies(run.corrected_anew, EVERY)
        }
        quiet = await unit.subscriptions.quiet()
        meant: dict[tuple[Address, str], Sent] = {}
        for copy in [*failed, *(each for each in unsure if is_wrong(each, marks))]:
            key = (copy.recipient.address, copy.language)
            if known.get(key, 0) <= _newest(copy, marks) and copy.recipient.person_id not in quiet:
                meant.setdefault(key, copy)
        for (languages, _), copies in by_message(list(meant.values()), ()).items():
            for fitting_languages in fitting(self._notices, broadcast, languages, Reader.GROUP):
                message = self._notices.correction(broadcast, fitting_languages)
                await unit.outbox.add(
                    replace(bulk(message, run.corrected_anew, languages, None), priority=Priority.NORMAL),
                    [replace(copy.recipient, edits=None) for copy in copies],
                    self._clock.now(),
                )
        return len(meant)


def is_wrong(copy: Sent, marks: Marks) -> bool:
    """Whether a copy holds a text that was corrected after it was written."""
    return copy.message_id <= _newest(copy, marks)


def by_message(
    copies: Sequence[Sent], helpers: Collection[int]
) -> dict[tuple[tuple[str, ...], Reader], list[Sent]]:
    """Put copies that get the same message together; `helpers` are the key figures, whose buttons differ."""
    found: defaultdict[tuple[tuple[str, ...], Reader], list[Sent]] = defaultdict(list)
    for copy in copies:
        person_id = copy.recipient.person_id
        reader = Reader.GROUP if person_id is None else Reader.SUBSCRIBER
        reader = Reader.KEY_FIGURE if person_id in helpers else reader
        found[languages_of(copy.language), reader].append(copy)
    return found


def _newest(copy: Sent, marks: Marks) -> int:
    return max((marks.get(language, 0) for language in languages_of(copy.language)), default=0)


async def _marks(unit: UnitOfWork, broadcast: Broadcast) -> Marks:
    marks: Marks = {}
    for line in await unit.broadcasts.history(broadcast.id):
        if line.what == "corrected":
            language, _, newest = line.details.partition(":")
            marks[language] = int(newest or 0)
    return marks
