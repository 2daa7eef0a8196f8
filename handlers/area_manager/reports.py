# SPDX-License-Identifier: EUPL-1.2
"""Reports for the gebiedsmanager: where they stand, lists, cards, search, export."""

from datetime import timedelta

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.domain.errors import StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.report import CLOSED, OPEN, Report, ReportFilter, ReportState
from bot.i18n import Texts
from bot.services.ports import Clock
from bot.services.report_desk import ReportDesk
from bot.services.report_drafting import DraftService
from bot.services.report_export import as_csv
from bot.services.reports import ReportService
from handlers.area_manager import report_views as views
from handlers.area_manager.report_callbacks import (
    ExportReports,
    ListReports,
    NarrowReports,
    OpenReport,
    ReportHistory,
    ReportPhotos,
    ReportsHome,
    RetryTransfer,
    SearchReports,
    SetArea,
    SetKind,
)
from handlers.filters import HasRole, PlainText, Private
from handlers.pictures import show_pictures
from handlers.screen import Screen, follow, replace, show

LONGEST_AGE = 3_650
"""Days: what a forged button may ask for at most."""

router = Router(name="area_manager.reports")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


class SearchForm(StatesGroup):
    """While something is looked for."""

    words = State()


class ReportCards:
    """Makes the card of a report for a reader."""

    def __init__(self, drafting: DraftService, municipality: Municipality, clock: Clock) -> None:
        self.kinds = drafting.kinds
        self.municipality = municipality
        self.clock = clock

    def of(self, report: Report, reader: Person, texts: Texts) -> Screen:
        """Return the card."""
        return views.card(report, reader, self.kinds, self.municipality, self.clock.now(), texts)


@router.message(Command("meldingen"))
async def home(message: Message, person: Person, texts: Texts, desk: ReportDesk) -> None:
    """Show where the reports stand."""
    await show(message, views.home(await desk.counts(person), texts))


@router.callback_query(ReportsHome.filter())
async def home_by_button(query: CallbackQuery, person: Person, texts: Texts, desk: ReportDesk) -> None:
    """Show where the reports stand."""
    await query.answer()
    await replace(query, views.home(await desk.counts(person), texts))


@router.callback_query(ListReports.filter())
async def list_(
    query: CallbackQuery,
    callback_data: ListReports,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Show a list."""
    page = await desk.page(person, _filter(callback_data, person, cards), callback_data.page)
    await query.answer()
    await replace(query, views.list_(page, callback_data, cards.kinds, cards.clock.now(), texts))


@router.callback_query(NarrowReports.filter())
async def narrow(
    query: CallbackQuery, callback_data: NarrowReports, texts: Texts, cards: ReportCards
) -> None:
    """Offer areas, kinds or states."""
    await query.answer()
    await replace(query, views.narrow(callback_data.by, cards.municipality, cards.kinds, texts))


@router.callback_query(SearchReports.filter())
async def search(query: CallbackQuery, state: FSMContext, texts: Texts) -> None:
    """Ask what to look for."""
    await query.answer()
    await state.set_state(SearchForm.words)
    await follow(query, views.search(texts))


@router.message(PlainText(), StateFilter(SearchForm.words))
async def searched(
    message: Message, state: FSMContext, person: Person, texts: Texts, desk: ReportDesk, cards: ReportCards
) -> None:
    """Show what was found."""
    reports = await desk.search(person, message.text or "")
    await state.set_state(None)
    if len(reports) == 1:
        await show(message, cards.of(reports[0], person, texts))
    else:
        await show(message, views.found(reports, cards.kinds, cards.clock.now(), texts))


@router.callback_query(OpenReport.filter())
async def open_report(
    query: CallbackQuery,
    callback_data: OpenReport,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Show the card of a report."""
    report = await desk.get(person, callback_data.report)
    await query.answer()
    await follow(query, cards.of(report, person, texts))


@router.callback_query(ReportHistory.filter())
async def history(
    query: CallbackQuery, callback_data: ReportHistory, person: Person, texts: Texts, desk: ReportDesk
) -> None:
    """Show all that happened."""
    report = await desk.get(person, callback_data.report)
    await query.answer()
    await follow(query, views.history(report, texts))


@router.callback_query(ReportPhotos.filter())
async def photos(
    query: CallbackQuery,
    callback_data: ReportPhotos,
    person: Person,
    desk: ReportDesk,
    reports: ReportService,
) -> None:
    """Show the photos."""
    report = await desk.get(person, callback_data.report)
    await query.answer()
    if isinstance(query.message, Message):
        await show_pictures(query.message, [*await reports.all_pictures(report)])


@router.callback_query(SetArea.filter())
async def set_area(
    query: CallbackQuery,
    callback_data: SetArea,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Say in which area it is."""
    if callback_data.area:
        report = await desk.set_area(person, callback_data.report, callback_data.area)
        screen = cards.of(report, person, texts)
    else:
        report = await desk.get(person, callback_data.report)
        screen = views.areas(report, cards.municipality, texts)
    await query.answer()
    await replace(query, screen)


@router.callback_query(SetKind.filter())
async def set_kind(
    query: CallbackQuery,
    callback_data: SetKind,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Say which kind it is."""
    if callback_data.kind:
        report = await desk.set_kind(person, callback_data.report, callback_data.kind)
        screen = cards.of(report, person, texts)
    else:
        report = await desk.get(person, callback_data.report)
        screen = views.kinds_of(report, cards.kinds, texts)
    await query.answer()
    await replace(query, screen)


@router.callback_query(RetryTransfer.filter())
async def retry(
    query: CallbackQuery,
    callback_data: RetryTransfer,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Try again to hand it to the other system."""
    report = await desk.retry(person, callback_data.report)
    await query.answer()
    await replace(query, cards.of(report, person, texts))


@router.callback_query(ExportReports.filter())
async def export(
    query: CallbackQuery, person: Person, texts: Texts, desk: ReportDesk, cards: ReportCards
) -> None:
    """Send all reports as a CSV file."""
    await query.answer()
    reports = [report async for report in desk.all(person)]
    day = cards.clock.now().astimezone(texts.zone).date()
    content = as_csv(reports, cards.kinds, cards.municipality, texts.code)
    if isinstance(query.message, Message):
        await query.message.answer_document(BufferedInputFile(content, f"meldingen-{day.isoformat()}.csv"))


def _filter(wanted: ListReports, person: Person, cards: ReportCards) -> ReportFilter:
    """Return which reports a list shows. Raises StaleError for one that does not exist."""
    if wanted.state:
        try:
            return ReportFilter(states=frozenset({ReportState(wanted.state)}))
        except ValueError as error:
            raise StaleError from error
    area = None if not wanted.area else "" if wanted.area == views.NO_AREA else wanted.area
    states = {
        "new": frozenset({ReportState.RECEIVED, ReportState.REOPENED}),
        "closed": CLOSED,
    }.get(wanted.which, OPEN)
    return ReportFilter(
        states,
        area,
        wanted.kind or None,
        overdue_at=cards.clock.now() if wanted.which == "overdue" else None,
        assigned_to=person.id if wanted.which == "mine" else None,
        before=cards.clock.now() - timedelta(days=min(wanted.days, LONGEST_AGE)) if wanted.days else None,
    )
