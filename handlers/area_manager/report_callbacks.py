# SPDX-License-Identifier: EUPL-1.2
"""The buttons of the gebiedsmanager around reports."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.report import ReportState
from handlers.residents.report_callbacks import Number


class ReportsHome(CallbackData, prefix="reports"):
    """Show where the reports stand."""


class ListReports(CallbackData, prefix="reports-list"):
    """Show a list: `which` is new, open, overdue, mine or closed; the rest narrows it.

    Area `-` is unknown; `days`: reported longer ago than that.
    """

    which: str
    area: str = ""
    kind: str = ""
    state: str = ""
    days: Number = 0
    page: Number = 0


class NarrowReports(CallbackData, prefix="reports-by"):
    """Choose an area, kind, state or age."""

    by: str


class SearchReports(CallbackData, prefix="reports-search"):
    """Look for a number or words."""


class ShowResults(CallbackData, prefix="reports-results"):
    """Show what came in and what was solved."""


class DraftResults(CallbackData, prefix="reports-tell"):
    """Make a draft update of a month's results; `month` is like 2026-11."""

    month: str


class ExportReports(CallbackData, prefix="reports-csv"):
    """Send all reports as a CSV file."""


class OpenReport(CallbackData, prefix="rep"):
    """Show one report."""

    report: Number


class ReportHistory(CallbackData, prefix="rep-history"):
    """Show all that happened to a report."""

    report: Number


class ReportPhotos(CallbackData, prefix="rep-photos"):
    """Show the photos of a report."""

    report: Number


class ChangeReport(CallbackData, prefix="rep-to"):
    """Change the state; what it needs is asked first, then it is confirmed."""

    report: Number
    wanted: ReportState


class PlanIn(CallbackData, prefix="rep-day"):
    """Plan it so many days from now."""

    token: str
    days: Number


class SkipNote(CallbackData, prefix="rep-skip"):
    """Go on without (more) words."""

    token: str


class Translate(CallbackData, prefix="rep-translate"):
    """Write the note in another language too."""

    token: str
    language: str


class ConfirmChange(CallbackData, prefix="rep-yes"):
    """Do what was just read through."""

    token: str


class UndoChange(CallbackData, prefix="rep-undo"):
    """Take a change back within a minute."""

    report: Number
    change: Number


class TakeReport(CallbackData, prefix="rep-take"):
    """Take care of it."""

    report: Number


class HandReport(CallbackData, prefix="rep-hand"):
    """Hand it to a colleague; `person` 0: first show who there is."""

    report: Number
    person: Number = 0


class UndoHand(CallbackData, prefix="rep-unhand"):
    """Take a report back from a colleague within a minute."""

    report: Number


class SetArea(CallbackData, prefix="rep-area"):
    """Say in which area it is; empty: first show the areas."""

    report: Number
    area: str = ""


class SetKind(CallbackData, prefix="rep-kind"):
    """Say which kind it is; empty: first show the kinds."""

    report: Number
    kind: str = ""


class Duplicates(CallbackData, prefix="rep-same"):
    """Show reports that may be the same."""

    report: Number


class JoinReports(CallbackData, prefix="rep-join"):
    """Join other reports with this one: `other`, or when it is 0 all that were shown, up to number `last`."""

    report: Number
    other: Number = 0
    last: Number = 0


class UndoJoin(CallbackData, prefix="rep-part"):
    """Take back, within a minute, what was joined in one press; `change` is one of the changes."""

    report: Number
    change: Number


class RetryTransfer(CallbackData, prefix="rep-retry"):
    """Try again to hand it to the other system."""

    report: Number
