# SPDX-License-Identifier: EUPL-1.2
"""What people are told about reports outside a direct reply: the same screens, put into the outbox."""

from zoneinfo import ZoneInfo

from bot.domain.municipality import Municipality
from bot.domain.outgoing import Outgoing, Priority
from bot.domain.report import Change, Note, Report, ReportState
from bot.domain.report_kind import Kinds
from bot.i18n import Languages, Texts
from bot.services.ports import Clock
from handlers.area_manager import report_views
from handlers.area_manager.report_callbacks import ListReports, OpenReport
from handlers.residents import report_mine_views
from handlers.screen import Screen, button


class ChatReportNotices:
    """The wording of what is told about reports."""

    def __init__(
        self, languages: Languages, zone: ZoneInfo, kinds: Kinds, municipality: Municipality, clock: Clock
    ) -> None:
        self._languages = languages
        self._zone = zone
        self._kinds = kinds
        self._municipality = municipality
        self._clock = clock

    def arrived(self, report: Report, picture: str | None, language: str) -> Outgoing:
        """Tell a gebiedsmanager about a new report, with its photo and the sketch of a map."""
        texts = self._texts(language)
        return self._card(texts("reports.desk.new"), report, texts, picture)

    def changed(
        self, report: Report, change: Change, picture: str | None, language: str, *, own: bool
    ) -> Outgoing:
        """Tell the reporter or a follower what became of it."""
        texts = self._texts(language)
        screen = report_mine_views.told(report, change, self._kinds, texts, own=own)
        return _outgoing("", screen, report.id, language, picture)

    def by_reporter(self, report: Report, change: Change, language: str) -> Outgoing:
        """Tell the gebiedsmanager that the reporter withdrew it, or says that it is not solved."""
        texts = self._texts(language)
        withdrawn = change.after is ReportState.WITHDRAWN
        key = "reports.desk.withdrew" if withdrawn else "reports.desk.says-not-solved"
        return self._card(texts(key), report, texts)

    def written_on(self, report: Report, note: Note | None, language: str) -> Outgoing:
        """Tell the gebiedsmanager that the reporter added words, or a photo."""
        texts = self._texts(language)
        heading = texts("reports.desk.wrote", text=note.text) if note else texts("reports.desk.sent-photo")
        return self._card(heading, report, texts)

    def handed(self, report: Report, language: str) -> Outgoing:
        """Tell a colleague that a report was handed to them."""
        texts = self._texts(language)
        return self._card(texts("reports.desk.handed"), report, texts)

    def overdue(self, reports: tuple[Report, ...], total: int, language: str) -> Outgoing:
        """Remind of reports that are past their expected time: the oldest ones, and how many there are."""
        texts = self._texts(language)
        now = self._clock.now()
        lines = [report_views.line(report, self._kinds, now, texts) for report in reports]
        rows = [
            [button(texts.label("reports.desk.open", number=str(each.id)), OpenReport(report=each.id))]
            for each in reports
        ]
        rows.append([button(texts.label("reports.desk.list.overdue"), ListReports(which="overdue"))])
        screen = Screen("\n\n".join(lines), rows)
        return _outgoing(texts.count("reports.desk.overdue", total), screen, reports[0].id, language)

    def not_transferred(self, report: Report, language: str) -> Outgoing:
        """Tell that a report could not be handed to another system."""
        texts = self._texts(language)
        return self._card(texts("reports.desk.not-transferred", number=str(report.id)), report, texts)

    def _card(self, heading: str, report: Report, texts: Texts, picture: str | None = None) -> Outgoing:
        screen = report_views.card(report, None, self._kinds, self._municipality, self._clock.now(), texts)
        return _outgoing(heading, screen, report.id, texts.code, picture)

    def _texts(self, language: str) -> Texts:
        return Texts(self._languages, language, self._zone)


def _outgoing(
    heading: str, screen: Screen, number: int, language: str, picture: str | None = None
) -> Outgoing:
    return Outgoing(
        text="\n\n".join(part for part in (heading, screen.text) if part),
        priority=Priority.URGENT,
        reason=f"report:{number}",
        language=language,
        media=(picture,) if picture else (),
        buttons=tuple(tuple(row) for row in screen.rows),
    )
