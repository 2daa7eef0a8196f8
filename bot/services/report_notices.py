# SPDX-License-Identifier: EUPL-1.2
"""What is told about reports outside a direct reply. `language` is the reader's."""

from typing import Protocol

from bot.domain.outgoing import Outgoing
from bot.domain.report import Change, Note, Report


class ReportNotices(Protocol):
    """The wording of what is told about reports."""

    def arrived(self, report: Report, picture: str | None, language: str) -> Outgoing:
        """Tell a gebiedsmanager about a new report; `picture` is a photo with the sketch of a map."""
        ...

    def changed(
        self, report: Report, change: Change, picture: str | None, language: str, *, own: bool
    ) -> Outgoing:
        """Tell the reporter (`own`) or a follower what became of it."""
        ...

    def by_reporter(self, report: Report, change: Change, language: str) -> Outgoing:
        """Tell the gebiedsmanager that the reporter withdrew it, or says that it is not solved."""
        ...

    def written_on(self, report: Report, note: Note | None, language: str) -> Outgoing:
        """Tell the gebiedsmanager that the reporter added words, or a photo (None)."""
        ...

    def handed(self, report: Report, language: str) -> Outgoing:
        """Tell a colleague that a report was handed to them."""
        ...

    def overdue(self, reports: tuple[Report, ...], total: int, language: str) -> Outgoing:
        """Remind of reports that are past their expected time: the oldest ones, and how many there are."""
        ...

    def not_transferred(self, report: Report, language: str) -> Outgoing:
        """Tell that a report could not be handed to another system."""
        ...
