# SPDX-License-Identifier: EUPL-1.2
"""What is typed or sent for a broadcast: its texts, and what goes along."""

from dataclasses import asdict, dataclass
from io import BytesIO

from aiogram import Bot, Router
from aiogram.enums import ContentType
from aiogram.filters import Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.broadcast import FileTooLargeError
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.spoken_time import read_day
from bot.i18n import Texts
from bot.services.broadcasts import BroadcastService
from bot.services.ports import Clock, Media
from handlers.area_manager import broadcast_detail_views as detail_views
from handlers.area_manager import broadcast_language_views as language_views
from handlers.area_manager import broadcast_views as views
from handlers.area_manager.broadcast_callbacks import Attach, WriteText
from handlers.filters import HasRole, PlainText, Private
from handlers.screen import Screen, replace, show

router = Router(name="area_manager.broadcast_forms")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))

ALBUM = 10
"""Pictures in one album (Bot API, sendMediaGroup)."""
LARGEST = 20 * 1024 * 1024
"""Bytes that getFile gives (Bot API)."""


class BroadcastForm(StatesGroup):
    """What the next message is taken for. The draft itself is kept apart, and outlives this."""

    text = State()
    attachment = State()
    expiry = State()


@dataclass(frozen=True, slots=True)
class Writing:
    """Which broadcast and language is being written."""

    broadcast: int = 0
    language: str = BASE_LANGUAGE

    @classmethod
    async def read(cls, state: FSMContext) -> "Writing":
        """Return what was kept. Raises StaleError where nothing was."""
        kept = (await state.get_data()).get("broadcast_writing")
        if kept is None:
            raise StaleError
        return cls(**kept)


async def begin_writing(state: FSMContext, broadcast: int, language: str) -> None:
    """Take the next text for this language."""
    await state.update_data(broadcast_writing=asdict(Writing(broadcast, language)))
    await state.set_state(BroadcastForm.text)


async def begin_expiry(state: FSMContext, broadcast: int) -> None:
    """Take the next text for the last day."""
    await state.update_data(broadcast_writing=asdict(Writing(broadcast)))
    await state.set_state(BroadcastForm.expiry)


class Attachment(Filter):
    """Lets through what can go along with a broadcast."""

    KINDS = frozenset(
        {
            ContentType.PHOTO,
            ContentType.VOICE,
            ContentType.DOCUMENT,
            ContentType.LOCATION,
            ContentType.VENUE,
        }
    )

    async def __call__(self, message: Message) -> bool:
        """Whether it is one of those."""
        return message.content_type in self.KINDS


@router.callback_query(WriteText.filter())
async def write(
    query: CallbackQuery,
    callback_data: WriteText,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Invite to write the text of one language."""
    if callback_data.language not in texts.languages:
        raise NotFoundError
    broadcast = await broadcasts.get(person, callback_data.id)
    await begin_writing(state, broadcast.id, callback_data.language)
    await query.answer()
    await replace(query, views.write(broadcast, callback_data.language, texts))


@router.callback_query(Attach.filter())
async def attach(
    query: CallbackQuery,
    callback_data: Attach,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Invite to send what goes along."""
    broadcast = await broadcasts.get(person, callback_data.id)
    await state.update_data(broadcast_writing=asdict(Writing(broadcast.id)))
    await state.set_state(BroadcastForm.attachment)
    await query.answer()
    await replace(query, detail_views.attach(broadcast, texts))


@router.message(PlainText(), StateFilter(BroadcastForm.text))
async def written(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
) -> None:
    """Keep the text, and show the whole with hints."""
    writing = await Writing.read(state)
    broadcast = await broadcasts.write(person, writing.broadcast, writing.language, message.html_text)
    await state.clear()
    if writing.language == BASE_LANGUAGE:
        await show(message, views.card(broadcast, municipality, texts))
    else:
        await show(message, language_views.language_text(broadcast, writing.language, texts))


@router.message(PlainText(), StateFilter(BroadcastForm.expiry))
async def last_day(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
    clock: Clock,
) -> None:
    """Take the last day as it is typed: 'vrijdag', '3 december'."""
    day = read_day(message.text or "", clock.now(), municipality.zone)
    if day is None:
        await show(message, Screen(texts("broadcast.day-not-understood")))
        return
    writing = await Writing.read(state)
    broadcast = await broadcasts.expire(person, writing.broadcast, day)
    await state.clear()
    await show(message, views.card(broadcast, municipality, texts))


@router.message(PlainText(), StateFilter(BroadcastForm.attachment))
async def link(
    message: Message, state: FSMContext, person: Person, texts: Texts, broadcasts: BroadcastService
) -> None:
    """Take a web address as the link that goes along."""
    address = (message.text or "").strip()
    if not address.startswith(("https://", "http://")) or " " in address or len(address) > 500:
        await show(message, Screen(texts("broadcast.no-link")))
        return
    writing = await Writing.read(state)
    broadcast = await broadcasts.link(person, writing.broadcast, address)
    await show(message, detail_views.attach(broadcast, texts))


@router.message(Attachment(), StateFilter(BroadcastForm.attachment, BroadcastForm.text))
async def along(
    message: Message,
    bot: Bot,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    media: Media,
) -> None:
    """Take a picture, voice, document or place. Pictures add up to an album, others take its place.

    A caption that comes with it, while the text is being written, is the text.
    """
    writing = await Writing.read(state)
    broadcast = await broadcasts.get(person, writing.broadcast)
    if message.location is not None:
        place = (message.location.latitude, message.location.longitude)
        broadcast = await broadcasts.place(person, broadcast.id, place)
    else:
        kind = ContentType(message.content_type).value
        kept = await stored(message, bot, media)
        present = broadcast.media if broadcast.media_kind == kind == "photo" else ()
        broadcast = await broadcasts.attach(person, broadcast.id, (*present, kept)[-ALBUM:], kind)
    if message.caption and await state.get_state() == BroadcastForm.text.state:
        broadcast = await broadcasts.write(person, broadcast.id, writing.language, message.html_text)
    await show(message, detail_views.attach(broadcast, texts))


async def stored(message: Message, bot: Bot, media: Media) -> str:
    """Keep the file of a message and return its id. Raises FileTooLargeError."""
    if message.photo:
        file, kind, mime = message.photo[-1].file_id, "photo", "image/jpeg"
        size = message.photo[-1].file_size
    else:
        found = message.voice or message.document
        if found is None:
            raise NotFoundError
        kind = "voice" if message.voice else "document"
        file, size = found.file_id, found.file_size
        mime = found.mime_type or ("audio/ogg" if message.voice else "application/octet-stream")
    if (size or 0) > LARGEST:
        raise FileTooLargeError(megabytes=LARGEST // (1024 * 1024))
    content = await bot.download(file, BytesIO())
    if content is None:
        raise NotFoundError
    return (await media.store(content.read(), kind, mime)).id
