# SPDX-License-Identifier: EUPL-1.2
"""Translations: asked from key figures, offered by one of them, approved by the gebiedsmanager."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.broadcast import (
    OPEN,
    Broadcast,
    ColleagueFirstError,
    HistoryLine,
    NoTranslatorError,
    OriginalChangedError,
    Text,
    TextState,
    TranslatedAlreadyError,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.outgoing import Priority
from bot.domain.person import Person, Role
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import found_broadcast
from bot.services.telling import tell, tell_all

Terms = Mapping[str, Mapping[str, str]]
"""Dutch word to its established translation, by language."""
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """A translation that is asked for, with the words for which there is an established translation.

    `before` is the translation of an older original, where there was one.
    """

    broadcast: Broadcast
    language: str
    terms: tuple[tuple[str, str], ...]
    before: str = ""


class TranslatingService:
    """Who translates what."""

    def __init__(self, work: Work, clock: Clock, notices: BroadcastNotices, terms: Terms) -> None:
        self._work = work
        self._clock = clock
        self._notices = notices
        self._terms = terms

    async def ask(self, by: Person, broadcast_id: int, language: str) -> int:
        """Ask the key figures who read this language; returns how many.

        A translation that was there before is kept for them to build on. Raises NoTranslatorError, and
        ColleagueFirstError when they were asked already or it cannot be changed any more.
        """
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            if not broadcast.original or language == BASE_LANGUAGE:
                raise NotFoundError
            present = broadcast.texts.get(language)
            asked_already = (
                present is not None
                and present.state is TextState.ASKED
                and present.revision == broadcast.revision
            )
            if asked_already or broadcast.state not in OPEN:
                raise ColleagueFirstError
            quiet = await unit.subscriptions.quiet()
            translators = [
                each
                for each in await unit.people.with_role(Role.KEY_FIGURE)
                if each.language == language and each.id not in quiet
            ]
            if not translators:
                raise NoTranslatorError
            before = "" if present is None else present.text
            asked = Text(language, before, TextState.ASKED, broadcast.revision)
            await unit.broadcasts.put_text(broadcast_id, asked)
            for person in translators:
                await tell(
                    unit,
                    person,
                    lambda reader: self._notices.translation_asked(broadcast, language, reader),
                    now,
                )
            await self._keep(unit, broadcast, by, "translation-asked", language)
            await unit.commit()
        return len(translators)

    async def tasks(self, person: Person) -> Sequence[Task]:
        """Return what waits for a translation into the person's language. Raises NotAllowedError."""
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        language = person.language or BASE_LANGUAGE
        async with self._work() as unit:
            found = await unit.broadcasts.asked([language])
        return [self._task(broadcast, language) for broadcast in found]

    async def task(self, person: Person, broadcast_id: int, language: str) -> Task:
        """Return one task. Raises NotAllowedError, NotFoundError when nobody asks for it (any more)."""
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        async with self._work() as unit:
            return self._task(await self._asked(unit, broadcast_id, language), language)

    async def offer(
        self, person: Person, broadcast_id: int, language: str, revision: int, text: str, voice: str
    ) -> Broadcast:
        """Keep a translation and show it to the gebiedsmanagers. `voice` is a recording, or nothing.

        Raises NotAllowedError, NotFoundError, TooLongError, OriginalChangedError, and
        TranslatedAlreadyError when somebody else was first.
        """
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await self._asked(unit, broadcast_id, language)
            if broadcast.revision != revision:
                raise OriginalChangedError
            if not text.strip():
                raise NotFoundError
            offered = Text(
                language, text.strip(), TextState.OFFERED, revision, translated_by=person.id, voice=voice
            )
            changed = replace(broadcast, texts={**broadcast.texts, language: offered})
            length, limit = self._notices.length(self._notices.message(changed, [language], Reader.GROUP))
            if length > limit:
                raise TooLongError(length=length, limit=limit)
            await unit.broadcasts.put_text(broadcast_id, offered)
            await self._keep(unit, changed, person, "translation-offered", language)
            await tell_all(
                unit,
                Role.AREA_MANAGER,
                lambda reader: self._notices.translation_offered(changed, language, reader),
                now,
            )
            if voice:
                recording = replace(self._notices.recording(changed, language), priority=Priority.URGENT)
                await tell_all(unit, Role.AREA_MANAGER, lambda _: recording, now)
            await unit.commit()
        return changed

    async def _asked(self, unit: UnitOfWork, broadcast_id: int, language: str) -> Broadcast:
        broadcast = await unit.broadcasts.get(broadcast_id)
        if broadcast is None or broadcast.state not in OPEN:
            raise NotFoundError
        text = broadcast.texts.get(language)
        if text is None or text.state is not TextState.ASKED:
            raise TranslatedAlreadyError
        return broadcast

    async def _keep(
        self, unit: UnitOfWork, broadcast: Broadcast, by: Person, what: str, details: str
    ) -> None:
        now = self._clock.now()
        if not await unit.broadcasts.save(broadcast, now):
            raise ColleagueFirstError
        await unit.broadcasts.note(broadcast.id, HistoryLine(what, by.id, now, details))

    def _task(self, broadcast: Broadcast, language: str) -> Task:
        words = broadcast.original.lower()
        found = [
            (term, translations[language])
            for term, translations in self._terms.items()
            if language in translations and re.search(rf"(?<!\w){re.escape(term.lower())}(?!\w)", words)
        ]
        return Task(broadcast, language, tuple(found[:MOST_TERMS]), broadcast.texts[language].text)
