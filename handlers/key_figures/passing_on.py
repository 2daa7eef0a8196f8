# SPDX-License-Identifier: EUPL-1.2
"""Passing updates on: `/doorsturen`, inline mode, 'passed on', and what people say."""

import secrets
from dataclasses import asdict, dataclass

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import (
    CallbackQuery,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultUnion,
    InputTextMessageContent,
    Message,
)
from markupsafe import Markup

from bot.channels.markup import parse_html
from bot.domain.errors import StaleError
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.key_figures import SOMEWHERE, KeyFigureService, Update
from handlers.filters import HasRole, PlainText, Private
from handlers.key_figures import views
from handlers.key_figures.callbacks import Heard, PassedOn, PassOn, SendHeard, Updates
from handlers.links import InvitationLinks
from handlers.screen import Screen, follow, replace, show

router = Router(name="key_figures.passing_on")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.KEY_FIGURE, Role.AREA_MANAGER))
router.inline_query.filter(HasRole(Role.KEY_FIGURE, Role.AREA_MANAGER))

RESULTS = 50
"""What an inline query may answer (Bot API, answerInlineQuery)."""
CACHED_SECONDS = 30


class HeardForm(StatesGroup):
    """The steps of telling what people say."""

    text = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class HeardDraft:
    """What is being told about which broadcast."""

    broadcast: int = 0
    text: str = ""
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "HeardDraft":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("heard_draft", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(heard_draft=asdict(self))
        await state.set_state(step)


@router.message(Command("doorsturen"))
async def newest(
    message: Message, state: FSMContext, person: Person, texts: Texts, key_figures: KeyFigureService
) -> None:
    """List the newest updates."""
    await state.clear()
    await show(message, views.newest(await key_figures.newest(person), texts))


@router.callback_query(Updates.filter())
async def newest_by_button(
    query: CallbackQuery, person: Person, texts: Texts, key_figures: KeyFigureService
) -> None:
    """List the newest updates."""
    found = await key_figures.newest(person)
    await query.answer()
    await follow(query, views.newest(found, texts))


@router.callback_query(PassOn.filter())
async def clean_message(
    query: CallbackQuery,
    callback_data: PassOn,
    person: Person,
    texts: Texts,
    key_figures: KeyFigureService,
    broadcast_notices: BroadcastNotices,
    links: InvitationLinks,
) -> None:
    """Show one update as a clean message without buttons, and below it what can be done."""
    language = callback_data.language or texts.code
    update = await key_figures.update(person, callback_data.id, language)
    await query.answer()
    await follow(query, Screen(_clean(update, broadcast_notices, links, texts)))
    await follow(query, views.after_clean(update.broadcast, language, texts))


@router.callback_query(PassedOn.filter())
async def passed_on(
    query: CallbackQuery,
    callback_data: PassedOn,
    person: Person,
    texts: Texts,
    key_figures: KeyFigureService,
) -> None:
    """Keep it at the first tap; where, and to about how many, may follow."""
    number, place, about = callback_data.id, callback_data.place, callback_data.about
    await key_figures.passed_on(person, number, place or SOMEWHERE, about)
    await query.answer(texts.label("pass.kept"))
    if not place:
        await replace(query, views.where(number, texts))
    elif not about:
        await replace(query, views.about(number, place, texts))
    else:
        await replace(query, views.thanks(number, texts))


@router.callback_query(Heard.filter())
async def heard(query: CallbackQuery, callback_data: Heard, state: FSMContext, texts: Texts) -> None:
    """Invite to tell what people say."""
    await HeardDraft(callback_data.id).keep(state, HeardForm.text)
    await query.answer()
    await follow(query, views.write_heard(texts))


@router.message(PlainText(), StateFilter(HeardForm.text, HeardForm.confirm))
async def heard_written(message: Message, state: FSMContext, texts: Texts) -> None:
    """Show it once more before it goes to the gebiedsmanager."""
    present = await HeardDraft.read(state)
    draft = HeardDraft(present.broadcast, message.text or "", secrets.token_hex(4))
    await draft.keep(state, HeardForm.confirm)
    await show(message, views.confirm_heard(draft.text, draft.token, texts))


@router.callback_query(SendHeard.filter())
async def heard_sent(
    query: CallbackQuery,
    callback_data: SendHeard,
    state: FSMContext,
    person: Person,
    texts: Texts,
    key_figures: KeyFigureService,
) -> None:
    """Send what people say."""
    draft = await HeardDraft.read(state)
    if not draft.token or draft.token != callback_data.token:
        raise StaleError
    await key_figures.heard(person, draft.broadcast, draft.text)
    await state.clear()
    await query.answer()
    await replace(query, views.heard_sent(texts))


@router.inline_query()
async def in_any_chat(
    query: InlineQuery,
    person: Person,
    texts: Texts,
    key_figures: KeyFigureService,
    broadcast_notices: BroadcastNotices,
    links: InvitationLinks,
) -> None:
    """Offer the newest updates in every language, one's own first; the words typed narrow them down."""
    words = query.query.lower().split()
    results: list[InlineQueryResultUnion] = []
    found = await key_figures.all_languages(person)
    for update in sorted(found, key=lambda each: each.language != texts.code):
        plain = parse_html(update.broadcast.texts[update.language].text).text
        if not all(word in plain.lower() for word in words):
            continue
        own = texts.other(update.language)
        results.append(
            InlineQueryResultArticle(
                id=f"{update.broadcast.id}-{update.language}",
                title=f"{own.label(f'topic.{update.broadcast.topic}')} · {own.language.name}",
                description=plain[:120],
                input_message_content=InputTextMessageContent(
                    message_text=_clean(update, broadcast_notices, links, texts), parse_mode="HTML"
                ),
            )
        )
    await query.answer(results[:RESULTS], cache_time=CACHED_SECONDS, is_personal=True)


def _clean(update: Update, notices: BroadcastNotices, links: InvitationLinks, texts: Texts) -> str:
    """Return an update made to be passed on: whole, with date, expiry and link, and nothing else."""
    own = texts.other(update.language)
    foot = own(
        "pass.foot",
        day=own.full_day(update.day),
        link=links.share(update.share.code),
    )
    return str(Markup("{}\n\n{}").format(Markup(notices.body(update.broadcast, update.language)), foot))  # noqa: S704
