# SPDX-License-Identifier: EUPL-1.2
"""What people are told outside a direct reply, in their own words and language."""

from typing import Protocol

from bot.domain.outgoing import Outgoing
from bot.domain.question import Question


class QuestionNotices(Protocol):
    """The wording of what is told about a question to a person. `language` is the reader's."""

    def arrived(self, question: Question, language: str) -> Outgoing:
        """Tell a gebiedsmanager about a new question."""
        ...

    def written_on(self, question: Question, language: str) -> Outgoing:
        """Tell the one who answers that the resident wrote on."""
        ...

    def answered(self, question: Question, language: str) -> Outgoing:
        """Tell the resident what was answered."""
        ...
