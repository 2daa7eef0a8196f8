# SPDX-License-Identifier: EUPL-1.2
"""Results for the neighbourhood: looked at, and made a draft update that is then approved like any other."""

from collections.abc import Sequence
from datetime import date

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.report_results import ReportResults, Results
from handlers.area_manager import broadcast_views
from handlers.area_manager.report_callbacks import DraftResults, ReportsHome, ShowResults
from handlers.filters import HasRole, Private
from handlers.report_results import areas, figure
from handlers.screen import Screen, button, follow, replace

router = Router(name="area_manager.report_results")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.callback_query(ShowResults.filter())
async def show_results(
    query: CallbackQuery, person: Person, texts: Texts, results: ReportResults, municipality: Municipality
) -> None:
    """Show what came in and what was solved, this month and the one before."""
    months = await results.months(person)
    await query.answer()
    await replace(query, _months(months, municipality, texts))


@router.callback_query(DraftResults.filter())
async def draft_results(
    query: CallbackQuery,
    callback_data: DraftResults,
    person: Person,
    texts: Texts,
    results: ReportResults,
    municipality: Municipality,
) -> None:
    """Make a draft update, which is changed and sent like any other."""
    try:
        month = date.fromisoformat(f"{callback_data.month}-01")
    except ValueError as error:
        raise StaleError from error
    draft = await results.draft(person, month)
    await query.answer()
    await follow(query, broadcast_views.card(draft, municipality, texts))


def _months(months: Sequence[Results], municipality: Municipality, texts: Texts) -> Screen:
    parts = [
        texts(
            "results.month",
            month=texts.month(each.month),
            came=figure(each.total.came, texts),
            done=figure(each.total.done, texts),
            areas=areas(each, municipality, texts),
        )
        for each in months
    ]
    rows = [
        [
            button(
                texts.label("results.draft", month=texts.month(each.month)),
                DraftResults(month=f"{each.month:%Y-%m}"),
            )
        ]
        for each in months
    ]
    return Screen("\n\n".join(parts), [*rows, [button(texts.label("menu.meldingen"), ReportsHome())]])
