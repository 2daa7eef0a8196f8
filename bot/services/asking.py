# SPDX-License-Identifier: EUPL-1.2
"""Asking: a message in, the approved answer or an honest 'I do not know' out."""

from dataclasses import dataclass
from datetime import timedelta

from bot.content.render import Answer
from bot.domain.decision import Decision, DecisionKind
from bot.domain.entry import Entry
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.person import Person
from bot.domain.question import Exchange
from bot.i18n import Texts
from bot.services.library import Library
from bot.services.ports import Clock, Work

FOLLOW_UP_WITHIN = timedelta(minutes=15)
"""A question such as 'and for my son?' is understood with the answer shown in this time before."""
LONGEST = 4096
"""What one message can hold (Bot API, sendMessage)."""
SHOWN_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show for a question.

    `exchange` is to be kept once it was shown; 'did this help?' and 'ask a person' refer to it. `answers`
    holds the answer, and a second one when the message held two questions. `choices` are up to three
    entries to pick from. `speaks` is another language than the reader's in which the message was clearly
    written. `first` tells that this person never asked before.
    """

    decision: Decision
    exchange: Exchange
    answers: tuple[Answer, ...] = ()
    choices: tuple[Entry, ...] = ()
    elsewhere: Answer | None = None
    speaks: str | None = None
    first: bool = False


class AskingService:
    """Decides, prepares what is shown, and keeps what was told."""

    def __init__(
        self, work: Work, reading: Work, clock: Clock, library: Library, municipality: Municipality
    ) -> None:
        """Take what it needs; `reading` opens units that only read, and wait for nobody who writes."""
        self._work = work
        self._reading = reading
        self._clock = clock
        self._library = library
        self._municipality = municipality

    async def ask(self, person: Person, text: str, texts: Texts) -> Reply:
        """Decide about a message. Raises TooLongError for more than a message can hold."""
        if len(text) > LONGEST:
            raise TooLongError(length=len(text), limit=LONGEST)
        async with self._reading() as unit:
            previous, asked_before = await unit.exchanges.before(
                person.id, self._clock.now() - FOLLOW_UP_WITHIN
            )
        decision = self._library.engine.decide(text, language=texts.code, previous=previous)
        return Reply(
            decision=decision,
            exchange=self._exchange(person, text, texts.code, decision),
            answers=tuple(
                self._answer(each.entry, texts)
                for each in (decision, decision.also)
                if each is not None and each.entry is not None
            ),
            choices=self._choices(decision),
            elsewhere=self._answer(decision.elsewhere, texts) if decision.elsewhere else None,
            speaks=_other_language(decision, texts),
            first=not asked_before,
        )

    async def keep(self, exchange: Exchange) -> None:
        """Keep what was asked and shown, in one transaction with the update that brought it.

        After it was shown: who was killed in between is asked again, and answers again.
        """
        async with self._work() as unit:
            await unit.exchanges.add(exchange)
            await unit.commit()

    def spoken(self, text: str) -> str | None:
        """Return the language in which a text is clearly written, or None."""
        identified = self._library.engine.identify(text)
        return identified.language if identified.sure else None

    def danger(self, text: str, texts: Texts) -> Answer | None:
        """Return what to say at once when a text tells of danger, also in the middle of something else."""
        decision = self._library.engine.decide(text, language=texts.code)
        if decision.kind is not DecisionKind.EMERGENCY or decision.entry is None:
            return None
        return self._answer(decision.entry, texts)

    async def open(self, person: Person, entry_id: str, texts: Texts, text: str = "") -> tuple[Answer, int]:
        """Show an entry that was picked, and keep that it was told. Raises NotFoundError."""
        answer = self._answer(entry_id, texts)
        decision = Decision(DecisionKind.ANSWER, texts.code, entry=entry_id)
        exchange = self._exchange(person, text, texts.code, decision)
        async with self._work() as unit:
            await unit.exchanges.add(exchange)
            await unit.commit(repeatable=True)
        return answer, exchange.id

    async def helped(self, person: Person, exchange_id: int, *, helped: bool) -> Exchange:
        """Keep 'did this help?'. Raises NotFoundError when it is not this person's."""
        async with self._work() as unit:
            if not await unit.exchanges.set_helped(exchange_id, person.id, helped=helped):
                raise NotFoundError
            await unit.commit()
        return await self.exchange(person, exchange_id)

    async def exchange(self, person: Person, exchange_id: int) -> Exchange:
        """Return what was asked and shown. Raises NotFoundError when it is not this person's."""
        async with self._work() as unit:
            exchange = await unit.exchanges.get(exchange_id, person.id)
        if exchange is None:
            raise NotFoundError
        return exchange

    async def others(self, person: Person, exchange_id: int) -> tuple[Entry, ...]:
        """Return the next most likely entries after one that did not help."""
        exchange = await self.exchange(person, exchange_id)
        shown = {exchange.entry}
        found = (self._library.knowledge.entries.get(entry) for entry in exchange.candidates)
        return tuple(entry for entry in found if entry is not None and entry.id not in shown)[:SHOWN_CHOICES]

    def _choices(self, decision: Decision) -> tuple[Entry, ...]:
        if decision.kind is not DecisionKind.CHOOSE:
            return ()
        entries = self._library.knowledge.entries
        return tuple(
            entries[each.entry] for each in decision.candidates[:SHOWN_CHOICES] if each.entry in entries
        )

    def _answer(self, entry_id: str, texts: Texts) -> Answer:
        today = self._clock.now().astimezone(self._municipality.zone).date()
        return self._library.answer(entry_id, texts, today)

    def _exchange(self, person: Person, text: str, language: str, decision: Decision) -> Exchange:
        entry = self._library.knowledge.find(decision.entry) if decision.entry else None
        return Exchange(
            person_id=person.id,
            text=text,
            language=language,
            decision=decision.kind,
            entry=decision.entry,
            revision=entry.revision if entry else None,
            candidates=tuple(each.entry for each in decision.candidates),
            at=self._clock.now(),
        )


def _other_language(decision: Decision, texts: Texts) -> str | None:
    """Return the language in which a message is clearly written, where it is not the reader's."""
    other = decision.sure and decision.language in texts.languages and decision.language != texts.code
    return decision.language if other else None
