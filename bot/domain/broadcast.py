# SPDX-License-Identifier: EUPL-1.2
"""The gebiedsmanager's word: written once, in several languages, for groups, subscribers and key figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import DomainError, StaleError
from bot.domain.subscription import Topic


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    """It goes out at a time, or again and again."""
    SENT = "sent"
    """It was released; within the first minute that can be undone."""
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


OPEN = frozenset({BroadcastState.DRAFT, BroadcastState.PLANNED})
"""While it is one of these, everything about it may be changed."""
ALLOWED: Mapping[BroadcastState, frozenset[BroadcastState]] = {
    BroadcastState.DRAFT: frozenset({BroadcastState.PLANNED, BroadcastState.SENT, BroadcastState.DISCARDED}),
    BroadcastState.PLANNED: frozenset({BroadcastState.DRAFT, BroadcastState.SENT, BroadcastState.WITHDRAWN}),
    BroadcastState.SENT: frozenset({BroadcastState.DRAFT, BroadcastState.WITHDRAWN}),
    BroadcastState.WITHDRAWN: frozenset(),
    BroadcastState.DISCARDED: frozenset(),
}
"""The only changes that exist. Back to a draft from SENT is undoing it, before anything has left."""


class ColleagueFirstError(StaleError):
    """A colleague pressed first, or one's own second tap came after the first."""

    key = "errors.done-already"


class NotReadyError(DomainError):
    """A language is missing, not approved or outdated: nothing is sent. Details: `languages`."""

    key = "errors.languages-missing"


class NobodyError(DomainError):
    """There is nobody to send it to."""

    key = "errors.nobody"


class ExpiredError(DomainError):
    """It no longer holds on the day that it would go out."""

    key = "errors.expired"


class OriginalChangedError(StaleError):
    """The original changed after the translator saw it."""

    key = "errors.original-changed"


class TranslatedAlreadyError(StaleError):
    """Nobody asks for this translation any more: another key figure was first."""

    key = "errors.translated-already"


class NoTranslatorError(DomainError):
    """No key figure reads this language, so nobody was asked. Details: `language`."""

    key = "errors.no-translator"


class FileTooLargeError(DomainError):
    """The file is larger than what a bot can fetch. Details: `megabytes`, the most there may be."""

    key = "errors.file-too-large"


class UndoTooLateError(DomainError):
    """The minute in which it could be undone is over."""

    key = "errors.undo-too-late"


class PastError(DomainError):
    """The moment has passed already."""

    key = "errors.past"


def change(present: BroadcastState, wanted: BroadcastState) -> BroadcastState:
    """Return `wanted` where the change is allowed. Raises ColleagueFirstError where it is not."""
    if wanted not in ALLOWED[present]:
        raise ColleagueFirstError
    return wanted


class TextState(StrEnum):
    """Where one language's text stands."""

    ASKED = "asked"
    """Key figures were asked to translate; the text is that of before, if there was one."""
    OFFERED = "offered"
    """A key figure translated it; nobody approved it yet."""
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Text:
    """The text in one language. `revision` is that of the original it belongs to.

    A translation whose `revision` is lower than the original's is outdated. `voice` is a recording.
    """

    language: str
    text: str
    state: TextState
    revision: int
    translated_by: int | None = None
    approved_by: int | None = None
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets it. No areas: everywhere. `only_groups` limits the groups to these."""

    areas: frozenset[str] = frozenset()
    groups: bool = True
    subscribers: bool = True
    key_figures: bool = True
    only_groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast. `texts` by language; the Dutch one is the original, at `revision`.

    `version` rises with every change: who acts on an older one is told that something changed.
    """

    id: int
    author: int | None
    state: BroadcastState
    topic: Topic
    revision: int
    version: int
    created_at: datetime
    changed_at: datetime
    expires: date | None = None
    audience: Audience = field(default_factory=Audience)
    media: tuple[str, ...] = ()
    media_kind: str = "photo"
    location: tuple[float, float] | None = None
    link: str = ""
    texts: Mapping[str, Text] = field(default_factory=dict)

    @property
    def original(self) -> str:
        """The Dutch text, or nothing yet."""
        text = self.texts.get(BASE_LANGUAGE)
        return "" if text is None else text.text

    def outdated(self, language: str) -> bool:
        """Whether the original changed after this translation was made."""
        text = self.texts.get(language)
        return text is not None and text.revision < self.revision

    def ready(self, language: str) -> bool:
        """Whether this language can go out: approved, and of the present original."""
        text = self.texts.get(language)
        return bool(
            text and text.text and text.state is TextState.APPROVED and text.revision == self.revision
        )

    def expired(self, day: date) -> bool:
        """Whether it no longer holds on this day."""
        return self.expires is not None and self.expires < day

    def missing(self, languages: frozenset[str]) -> frozenset[str]:
        """Return which of these languages cannot go out."""
        return frozenset(language for language in languages if not self.ready(language))


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a broadcast was released. `starts_at` is when its first copy may leave."""

    id: int
    broadcast_id: int
    occurrence_id: int
    released_at: datetime
    starts_at: datetime
    by: int | None
    left_out: frozenset[str] = frozenset()
    done: bool = False

    @property
    def reason(self) -> str:
        """What the outbox calls its messages."""
        return f"broadcast:{self.id}"

    @property
    def voices(self) -> str:
        """What the outbox calls the recordings that go with its messages."""
        return f"voice:{self.id}"

    @property
    def voice_removal(self) -> str:
        """What the outbox calls the removal of recordings whose words were corrected."""
        return f"voice-removal:{self.id}"

    @property
    def question(self) -> str:
        """What the outbox calls the question to key figures what people say about it."""
        return f"ask:{self.id}"

    @property
    def correction(self) -> str:
        """What the outbox calls the changes of its messages."""
        return f"correction:{self.id}"

    @property
    def corrected_anew(self) -> str:
        """What the outbox calls corrections that followed as messages of their own."""
        return f"corrected-anew:{self.id}"

    @property
    def withdrawal(self) -> str:
        """What the outbox calls the removal of its messages."""
        return f"withdrawal:{self.id}"

    @property
    def withdrawn_anew(self) -> str:
        """What the outbox calls notices to those whose message could not be removed."""
        return f"withdrawn-anew:{self.id}"

    @property
    def report(self) -> str:
        """What the outbox calls the report about it."""
        return f"report:{self.id}"


@dataclass(frozen=True, slots=True)
class Share:
    """A share link: what it shows, and how often it was opened by nobody knows whom."""

    code: str
    broadcast_id: int
    language: str
    visits: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Who did what with a broadcast, and when."""

    what: str
    by: int | None
    at: datetime
    details: str = ""


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies of one language for one kind of recipient are in one state."""

    language: str
    channel: str
    to_groups: bool
    state: str
    number: int
