# SPDX-License-Identifier: EUPL-1.2
"""Photos and locations while a report is being made."""

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from bot.domain.person import Person
from bot.domain.report_draft import DraftStep
from bot.i18n import Texts
from bot.services.library import Library
from bot.services.report_drafting import DraftService
from bot.services.report_errors import AboutPeopleError, PersonalDetailError, TooManyPhotosError
from handlers.filters import Private
from handlers.pictures import HasFile, fetch
from handlers.residents import report_views as views
from handlers.residents.report import ReportForm, ReportScreens, refusal
from handlers.screen import NO_PREVIEW, Screen, show

router = Router(name="report_media")
router.message.filter(Private())


class HasLocation(Filter):
    """Lets through a shared location, or a place picked on the map."""

    async def __call__(self, message: Message) -> bool:
        """Whether there is a location."""
        return message.location is not None


@router.message(HasLocation(), StateFilter(ReportForm.open))
async def location(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
) -> None:
    """Take over where it is."""
    if await drafting.current(person) is None:
        await _gone(message, state, texts)
        return
    if message.location is not None:
        draft = await drafting.set_location(person, message.location.latitude, message.location.longitude)
        await show(message, await screens.of(person, draft, texts))


@router.message(HasFile(), StateFilter(ReportForm.open))
async def photo(
    message: Message,
    bot: Bot,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
    library: Library,
) -> None:
    """Add a photo, and what stands below it. More than five of one album are refused once."""
    if await drafting.current(person) is None:
        await _gone(message, state, texts)
        return
    if message.caption:
        try:
            await drafting.add_words(person, message.caption)
        except (PersonalDetailError, AboutPeopleError) as error:
            await show(message, refusal(error, library, texts))
    try:
        draft = await drafting.add_photo(person, await fetch(message, bot))
    except TooManyPhotosError:
        if await _first_of_album(message, state):
            raise
        return
    if draft.step is DraftStep.PHOTOS:
        screen = views.photos(draft, texts)
    else:
        screen = await screens.of(person, draft, texts)
        if draft.step is not DraftStep.SUMMARY:
            screen = views.photo_got(draft, screen, texts)
    await _show_count(message, state, screen)


async def _first_of_album(message: Message, state: FSMContext) -> bool:
    """Whether this is the first refused photo of its album; a photo alone always is."""
    album = message.media_group_id
    if album is not None and (await state.get_data()).get("report_album_full") == album:
        return False
    await state.update_data(report_album_full=album)
    return True


async def _show_count(message: Message, state: FSMContext, screen: Screen) -> None:
    """Say how many there are: once for an album, whose photos come as messages of their own."""
    album = message.media_group_id
    data = await state.get_data()
    known = data.get("report_album", {})
    if album is not None and known.get("group") == album and message.bot is not None:
        try:
            await message.bot.edit_message_text(
                screen.text,
                chat_id=message.chat.id,
                message_id=known["message"],
                reply_markup=screen.keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except TelegramBadRequest as error:
            if "message is not modified" not in error.message:
                await show(message, screen)
        return
    shown = await show(message, screen)
    if album is not None:
        await state.update_data(report_album={"group": album, "message": shown.message_id})


async def _gone(message: Message, state: FSMContext, texts: Texts) -> None:
    await show(message, views.gone(texts))
    await state.set_state(None)
