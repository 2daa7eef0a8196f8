# SPDX-License-Identifier: EUPL-1.2
"""One's own reports: how they stand, adding to them, taking them back, saying that it is not solved."""

from dataclasses import asdict, dataclass

from aiogram import Bot, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.person import Person
from bot.i18n import Texts
from bot.services.library import Library
from bot.services.ports import Clock
from bot.services.report_drafting import DraftService
from bot.services.report_errors import AboutPeopleError, PersonalDetailError
from bot.services.reports import ReportService
from handlers.filters import PlainText, Private
from handlers.pictures import HasFile, fetch, show_pictures
from handlers.residents import report_mine_views as views
from handlers.residents.report import refusal
from handlers.residents.report_callbacks import (
    AddNote,
    AddPhoto,
    MyReports,
    OpenMyReport,
    ShowPhotos,
    Solved,
    Unfollow,
    Withdraw,
)
from handlers.screen import follow, replace, show, without_buttons

router = Router(name="report_mine")
router.message.filter(Private())
router.callback_query.filter(Private())


class AddForm(StatesGroup):
    """While something is added to a report."""

    words = State()
    photo = State()


@dataclass(frozen=True, slots=True)
class Adding:
    """To which report something is added."""

    report: int = 0

    @classmethod
    async def read(cls, state: FSMContext) -> "Adding":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("report_adding", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(report_adding=asdict(self))
        await state.set_state(step)


@router.message(Command("mijnmeldingen"))
async def mine(
    message: Message, person: Person, texts: Texts, reports: ReportService, drafting: DraftService
) -> None:
    """List one's own reports and those one follows."""
    await show(message, views.mine(await reports.mine(person), 0, drafting.kinds, texts))


@router.callback_query(MyReports.filter())
async def mine_by_button(
    query: CallbackQuery,
    callback_data: MyReports,
    person: Person,
    texts: Texts,
    reports: ReportService,
    drafting: DraftService,
) -> None:
    """List one's own reports and those one follows."""
    await query.answer()
    await replace(query, views.mine(await reports.mine(person), callback_data.page, drafting.kinds, texts))


@router.callback_query(OpenMyReport.filter())
async def open_report(
    query: CallbackQuery,
    callback_data: OpenMyReport,
    person: Person,
    texts: Texts,
    reports: ReportService,
    drafting: DraftService,
    clock: Clock,
) -> None:
    """Show one report with its history."""
    report = await reports.get(person, callback_data.report)
    await query.answer()
    await replace(query, views.detail(report, person, drafting.kinds, clock.now(), texts))


@router.callback_query(ShowPhotos.filter())
async def show_photos(
    query: CallbackQuery, callback_data: ShowPhotos, person: Person, reports: ReportService
) -> None:
    """Show the photos; of another's report only the result."""
    report = await reports.get(person, callback_data.report)
    await query.answer()
    pictures = await reports.pictures(person, report)
    if isinstance(query.message, Message):
        await show_pictures(query.message, list(pictures))


@router.callback_query(AddNote.filter())
async def add_note(
    query: CallbackQuery,
    callback_data: AddNote,
    state: FSMContext,
    person: Person,
    texts: Texts,
    reports: ReportService,
) -> None:
    """Invite to add words."""
    report = await reports.addable(person, callback_data.report)
    await query.answer()
    await Adding(report.id).keep(state, AddForm.words)
    await follow(query, views.write(report, texts))


@router.message(PlainText(), StateFilter(AddForm.words, AddForm.photo))
async def note_written(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    reports: ReportService,
    library: Library,
) -> None:
    """Add the words."""
    adding = await Adding.read(state)
    try:
        report = await reports.add_note(person, adding.report, message.text or "")
    except (PersonalDetailError, AboutPeopleError) as error:
        await show(message, refusal(error, library, texts))
        return
    await state.set_state(None)
    await show(message, views.added(report, texts))


@router.callback_query(AddPhoto.filter())
async def add_photo(
    query: CallbackQuery,
    callback_data: AddPhoto,
    state: FSMContext,
    person: Person,
    texts: Texts,
    reports: ReportService,
) -> None:
    """Invite to add a photo."""
    report = await reports.addable(person, callback_data.report)
    await query.answer()
    await Adding(report.id).keep(state, AddForm.photo)
    await follow(query, views.send_photo(report, texts))


@router.message(HasFile(), StateFilter(AddForm.photo, AddForm.words))
async def photo_sent(
    message: Message, bot: Bot, state: FSMContext, person: Person, texts: Texts, reports: ReportService
) -> None:
    """Add the photo; the form stays open for more of an album."""
    adding = await Adding.read(state)
    report = await reports.add_photo(person, adding.report, await fetch(message, bot))
    await show(message, views.added(report, texts))


@router.callback_query(Withdraw.filter())
async def withdraw(
    query: CallbackQuery,
    callback_data: Withdraw,
    person: Person,
    texts: Texts,
    reports: ReportService,
    drafting: DraftService,
    clock: Clock,
) -> None:
    """Take a report back, once sure."""
    if callback_data.sure:
        report = await reports.withdraw(person, callback_data.report)
        screen = views.detail(report, person, drafting.kinds, clock.now(), texts)
    else:
        screen = views.withdraw_sure(await reports.get(person, callback_data.report), texts)
    await query.answer()
    await replace(query, screen)


@router.callback_query(Solved.filter())
async def solved(
    query: CallbackQuery, callback_data: Solved, person: Person, texts: Texts, reports: ReportService
) -> None:
    """Say whether it is solved; where it is not, it opens again."""
    if callback_data.yes:
        await reports.solved(person, callback_data.report)
        await query.answer(texts.label("reports.glad"))
        await without_buttons(query)
        return
    report = await reports.not_solved(person, callback_data.report)
    await query.answer()
    await without_buttons(query)
    await follow(query, views.reopened(report, texts))


@router.callback_query(Unfollow.filter())
async def unfollow(
    query: CallbackQuery,
    callback_data: Unfollow,
    person: Person,
    texts: Texts,
    reports: ReportService,
    drafting: DraftService,
) -> None:
    """Stop following."""
    await reports.unfollow(person, callback_data.report)
    await query.answer(texts.label("reports.mine.unfollowed"))
    await replace(query, views.mine(await reports.mine(person), 0, drafting.kinds, texts))
