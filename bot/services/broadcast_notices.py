# SPDX-License-Identifier: EUPL-1.2
"""The wording of broadcasts and of what is told around them. `reader` is the language of who reads it."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.domain.broadcast import Broadcast, Copies, Run
from bot.domain.group import Group
from bot.domain.outgoing import Outgoing
from bot.domain.schedule import Occurrence
from bot.domain.subscription import Frequency


class Reader(StrEnum):
    """For whom a copy is made: the buttons differ."""

    GROUP = "group"
    SUBSCRIBER = "subscriber"
    KEY_FIGURE = "key_figure"


class BroadcastNotices(Protocol):
    """What people are told about broadcasts, groups and translations."""

    def message(self, broadcast: Broadcast, languages: Sequence[str], reader: Reader) -> Outgoing:
        """Return the message itself, in one language or in several below one another."""
        ...

    def recording(self, broadcast: Broadcast, language: str) -> Outgoing:
        """Return the spoken text of one language, which follows the written one."""
        ...

    def body(self, broadcast: Broadcast, language: str) -> str:
        """Return the whole text in one language as HTML: topic, text, link, expiry."""
        ...

    def length(self, outgoing: Outgoing) -> tuple[int, int]:
        """Return the length of a message as the channel counts it, and what is allowed."""
        ...

    def correction(self, broadcast: Broadcast, languages: Sequence[str]) -> Outgoing:
        """Return the corrected message as a new one, for who can't see the old one change."""
        ...

    def withdrawn(self, broadcast: Broadcast, languages: Sequence[str]) -> Outgoing:
        """Tell that a message no longer holds."""
        ...

    def rehearsal(self, broadcast: Broadcast, languages: Sequence[str], reader: str) -> Outgoing:
        """Return what stands above a rehearsed message, so that nobody takes it for the real one."""
        ...

    def after_rehearsal(self, broadcast: Broadcast, reader: str) -> Outgoing:
        """Return what stands below the last rehearsed message: where to go on."""
        ...

    def report(
        self,
        broadcast: Broadcast,
        run: Run,
        counts: Sequence[Copies],
        groups: Sequence[tuple[Group, str, str]],
        reader: str,
    ) -> Outgoing:
        """Return the delivery report: by language, and by group with language and state."""
        ...

    def overdue(self, broadcast: Broadcast, occurrence: Occurrence, reader: str) -> Outgoing:
        """Ask what to do with what could not go out in time."""
        ...

    def stopped(self, broadcast: Broadcast, occurrence: Occurrence, why: Exception, reader: str) -> Outgoing:
        """Tell that nothing was sent: a language was missing, it no longer holds, or nobody would get it."""
        ...

    def group(self, group: Group, reader: str) -> Outgoing:
        """Tell a gebiedsmanager what happened to a group, with the buttons to decide."""
        ...

    def translation_asked(self, broadcast: Broadcast, language: str, reader: str) -> Outgoing:
        """Ask a key figure for a translation."""
        ...

    def translation_offered(self, broadcast: Broadcast, language: str, reader: str) -> Outgoing:
        """Show a gebiedsmanager a translation that came in."""
        ...

    def heard_question(self, broadcast: Broadcast, reader: str) -> Outgoing:
        """Ask a key figure what people say about it."""
        ...

    def heard(self, broadcast: Broadcast, text: str, reader: str) -> Outgoing:
        """Tell a gebiedsmanager what people say."""
        ...

    def digest(
        self, broadcasts: Sequence[Broadcast], frequency: Frequency, reader: str
    ) -> Sequence[tuple[Outgoing, Sequence[int]]]:
        """Return several updates in as few messages as hold them, each with the numbers of its updates."""
        ...

    def monthly_text(
        self, month: date, results: Sequence[Broadcast], done: Mapping[str, int], reader: str
    ) -> str:
        """Return the text of a key figure's monthly digest, in their language."""
        ...

    def monthly(self, digest_id: int, number: int, texts: Sequence[str], reader: str) -> Outgoing:
        """Show a gebiedsmanager a digest that waits for approval, as it will arrive and as they read it."""
        ...
