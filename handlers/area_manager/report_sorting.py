# SPDX-License-Identifier: EUPL-1.2
"""Who takes care of a report, and which reports are the same: both can be taken back for a minute."""

from dataclasses import asdict
from datetime import datetime

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.errors import StaleError
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.report_changing import Handed, ReportChanging
from bot.services.report_desk import ReportDesk
from handlers.area_manager import report_views as views
from handlers.area_manager.report_callbacks import (
    Duplicates,
    HandReport,
    JoinReports,
    TakeReport,
    UndoHand,
    UndoJoin,
)
from handlers.area_manager.reports import ReportCards
from handlers.filters import HasRole, Private
from handlers.screen import follow, replace

router = Router(name="area_manager.report_sorting")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.callback_query(TakeReport.filter())
async def take(
    query: CallbackQuery,
    callback_data: TakeReport,
    person: Person,
    texts: Texts,
    changing: ReportChanging,
    cards: ReportCards,
) -> None:
    """Take care of it."""
    report, _ = await changing.assign(person, callback_data.report, person.id)
    await query.answer()
    await replace(query, cards.of(report, person, texts))


@router.callback_query(HandReport.filter())
async def hand(
    query: CallbackQuery,
    callback_data: HandReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    changing: ReportChanging,
) -> None:
    """Hand it to a colleague, who is picked first."""
    if callback_data.person:
        report, handed = await changing.assign(person, callback_data.report, callback_data.person)
        if handed is not None:
            await state.update_data(report_handed={**asdict(handed), "at": handed.at.isoformat()})
        screen = views.handed(report, person, texts)
    else:
        report = await desk.get(person, callback_data.report)
        screen = views.colleagues(report, await desk.colleagues(person), texts)
    await query.answer()
    await replace(query, screen)


@router.callback_query(UndoHand.filter())
async def undo_hand(
    query: CallbackQuery,
    callback_data: UndoHand,
    state: FSMContext,
    person: Person,
    texts: Texts,
    changing: ReportChanging,
    cards: ReportCards,
) -> None:
    """Take it back from the colleague, who has not heard of it yet."""
    kept = (await state.get_data()).get("report_handed")
    if kept is None or kept["report"] != callback_data.report:
        raise StaleError
    handed = Handed(
        kept["report"],
        kept["to"],
        kept["before"],
        tuple(kept["messages"]),
        datetime.fromisoformat(kept["at"]),
    )
    report = await changing.undo_hand(person, handed)
    await query.answer(texts.label("reports.desk.undo-done"))
    await replace(query, cards.of(report, person, texts))


@router.callback_query(Duplicates.filter())
async def duplicates(
    query: CallbackQuery,
    callback_data: Duplicates,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    cards: ReportCards,
) -> None:
    """Show reports that may be the same."""
    report = await desk.get(person, callback_data.report)
    same = await desk.duplicates(person, report.id)
    await query.answer()
    await follow(query, views.duplicates(report, same, cards.kinds, cards.clock.now(), texts))


@router.callback_query(JoinReports.filter())
async def join(
    query: CallbackQuery,
    callback_data: JoinReports,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    changing: ReportChanging,
) -> None:
    """Close reports that are the same as this one: one of those that were shown, or all of them."""
    same = [each.id for each in await desk.duplicates(person, callback_data.report)]
    if callback_data.other:
        chosen = [each for each in same if each == callback_data.other]
    else:
        chosen = [each for each in same if each <= callback_data.last]
    joined = await changing.join(person, callback_data.report, chosen)
    report = await desk.get(person, callback_data.report)
    await query.answer()
    await replace(query, views.joined(report, joined, texts))


@router.callback_query(UndoJoin.filter())
async def undo_join(
    query: CallbackQuery,
    callback_data: UndoJoin,
    person: Person,
    texts: Texts,
    desk: ReportDesk,
    changing: ReportChanging,
    cards: ReportCards,
) -> None:
    """Open again what was joined in one press."""
    await changing.undo_join(person, callback_data.report, callback_data.change)
    report = await desk.get(person, callback_data.report)
    await query.answer(texts.label("reports.desk.undo-done"))
    await replace(query, cards.of(report, person, texts))
