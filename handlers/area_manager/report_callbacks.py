# SPDX-License-Identifier: EUPL-1.2
"""The buttons of the gebiedsmanager around reports."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.report import ReportState


class ReportsHome(CallbackData, prefix="reports"):
    """Show where the reports stand."""


class ListReports(CallbackData, prefix="reports-list"):
    """Show a list: `which` is new, open, overdue, mine or closed; the rest narrows it (area `-`: unknown)."""

    which: str
    area: str = ""
    kind: str = ""
    state: str = ""
    page: int = 0


class NarrowReports(CallbackData, prefix="reports-by"):
    """Choose an area, kind or state."""

    by: str


class SearchReports(CallbackData, prefix="reports-search"):
    """Look for a number or words."""


class ExportReports(CallbackData, prefix="reports-csv"):
    """Send all reports as a CSV file."""


class OpenReport(CallbackData, prefix="rep"):
    """Show one report."""

    report: int


class ReportHistory(CallbackData, prefix="rep-history"):
    """Show all that happened to a report."""

    report: int


class ReportPhotos(CallbackData, prefix="rep-photos"):
    """Show the photos of a report."""

    report: int


class ChangeReport(CallbackData, prefix="rep-to"):
    """Change the state; what it needs is asked first, then it is confirmed."""

    report: int
    wanted: ReportState


class PlanIn(CallbackData, prefix="rep-day"):
    """Plan it so many days from now."""

    token: str
    days: int


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

    report: int
    change: int


class TakeReport(CallbackData, prefix="rep-take"):
    """Take care of it."""

    report: int


class HandReport(CallbackData, prefix="rep-hand"):
    """Hand it to a colleague; `person` 0: first show who there is."""

    report: int
    person: int = 0


class SetArea(CallbackData, prefix="rep-area"):
    """Say in which area it is; empty: first show the areas."""

    report: int
    area: str = ""


class SetKind(CallbackData, prefix="rep-kind"):
    """Say which kind it is; empty: first show the kinds."""

    report: int
    kind: str = ""


class Duplicates(CallbackData, prefix="rep-same"):
    """Show reports that may be the same."""

    report: int


class JoinReports(CallbackData, prefix="rep-join"):
    """Join other reports with this one: `other`, or all that were shown when it is 0."""

    report: int
    other: int = 0


class RetryTransfer(CallbackData, prefix="rep-retry"):
    """Try again to hand it to the other system."""

    report: int
