# SPDX-License-Identifier: EUPL-1.2
"""What people are told outside a direct reply: the same screens, put into the outbox."""

from zoneinfo import ZoneInfo

from bot.domain.outgoing import Outgoing, Priority
from bot.domain.question import Question
from bot.i18n import Languages, Texts
from handlers.area_manager import question_views
from handlers.residents import contact_views
from handlers.screen import Screen


class ChatQuestionNotices:
    """The wording of what is told about questions to a person."""

    def __init__(self, languages: Languages, zone: ZoneInfo) -> None:
        self._languages = languages
        self._zone = zone

    def arrived(self, question: Question, language: str) -> Outgoing:
        """Tell a gebiedsmanager about a new question."""
        texts = self._texts(language)
        return _outgoing(texts("desk.new"), question_views.card(question, texts), question, language)

    def written_on(self, question: Question, language: str) -> Outgoing:
        """Tell the one who answers that the resident wrote on."""
        texts = self._texts(language)
        return _outgoing(texts("desk.written-on"), question_views.card(question, texts), question, language)

    def answered(self, question: Question, language: str) -> Outgoing:
        """Tell the resident what was answered."""
        texts = self._texts(language)
        return _outgoing("", contact_views.answered(question, texts), question, language)

    def _texts(self, language: str) -> Texts:
        return Texts(self._languages, language, self._zone)


def _outgoing(heading: str, screen: Screen, question: Question, language: str) -> Outgoing:
    return Outgoing(
        text="\n\n".join(part for part in (heading, screen.text) if part),
        priority=Priority.URGENT,
        reason=f"question:{question.id}",
        language=language,
        buttons=tuple(tuple(row) for row in screen.rows),
    )
