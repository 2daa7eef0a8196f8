# SPDX-License-Identifier: EUPL-1.2
"""What is approved for telling, and the engine that finds it: exchanged together when the content changes."""

from datetime import date

from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.content.render import Answer, render
from bot.domain.entry import BASE_LANGUAGE, Entry, EntryKind, Knowledge, Topic
from bot.domain.errors import NotFoundError
from bot.i18n import Texts


class Library:
    """The present knowledge and its engine."""

    def __init__(self, knowledge: Knowledge, engine: Engine, lexicon: Lexicon) -> None:
        self.knowledge = knowledge
        self.engine = engine
        self._lexicon = lexicon

    def exchange(self, fresh: "Library") -> None:
        """Take over new content. An answer that is being made keeps the snapshot it began with."""
        self.knowledge, self.engine, self._lexicon = fresh.knowledge, fresh.engine, fresh._lexicon

    def entry(self, entry_id: str) -> Entry:
        """Return an entry. Raises NotFoundError, for example for a button from before it was removed."""
        found = self.knowledge.find(entry_id)
        if found is None:
            raise NotFoundError
        return found

    def answer(self, entry_id: str, texts: Texts, today: date) -> Answer:
        """Return an entry, ready to be read. Raises NotFoundError."""
        return render(self.entry(entry_id), self.knowledge, texts, today)

    def small_talk(self, kind: str, language: str) -> str:
        """Return the reply to a kind of small talk, or the Dutch one where the language has none."""
        replies = self._lexicon.replies
        return replies.get((language, kind)) or replies[(BASE_LANGUAGE, kind)]

    def topics(self) -> tuple[Topic, ...]:
        """Return the headings under which answers can be browsed."""
        return tuple(self.knowledge.topics.values())

    def under(self, topic: str) -> tuple[Entry, ...]:
        """Return the answers under a heading. Raises NotFoundError."""
        if topic not in self.knowledge.topics:
            raise NotFoundError
        return tuple(entry for entry in self.knowledge.under(topic) if entry.kind is EntryKind.ANSWER)
