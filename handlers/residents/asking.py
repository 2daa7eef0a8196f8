# SPDX-License-Identifier: EUPL-1.2
"""Asking: any text is a question. Also browsing by topic, and what follows an answer."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.decision import DecisionKind
from bot.domain.municipality import Municipality
from bot.domain.person import Person
from bot.i18n import Texts
from bot.services.asking import AskingService
from bot.services.library import Library
from bot.services.people import PeopleService
from bot.services.report_drafting import DraftService
from bot.services.report_recognition import ReportRecogniser
from handlers.filters import PlainText, Private
from handlers.residents import answer_views as views
from handlers.residents import report_views, welcome_views
from handlers.residents.callbacks import Helped, InDutch, NoneOfThese, OpenEntry, OpenTopic, Topics
from handlers.residents.report_beginning import can_be_reported, offering
from handlers.screen import follow, replace, show, without_buttons

router = Router(name="asking")
router.message.filter(Private())
router.callback_query.filter(Private())


@router.message(Command("vraag"))
async def topics(message: Message, texts: Texts, library: Library) -> None:
    """Invite to ask, and show the topics for those who would rather not type."""
    await show(message, views.topics(library.topics(), texts))


@router.message(Command("besluiten"))
async def decisions(message: Message, texts: Texts, library: Library) -> None:
    """Show the answers about decisions of the municipality."""
    await show(message, views.topic("decisions", library.under("decisions"), 0, texts))


@router.callback_query(Topics.filter())
async def topics_by_button(query: CallbackQuery, texts: Texts, library: Library) -> None:
    """Show the topics."""
    await query.answer()
    await replace(query, views.topics(library.topics(), texts))


@router.callback_query(OpenTopic.filter())
async def open_topic(query: CallbackQuery, callback_data: OpenTopic, texts: Texts, library: Library) -> None:
    """Show the answers under a topic."""
    await query.answer()
    entries = library.under(callback_data.topic)
    await replace(query, views.topic(callback_data.topic, entries, callback_data.page, texts))


@router.callback_query(OpenEntry.filter())
async def open_entry(
    query: CallbackQuery,
    callback_data: OpenEntry,
    person: Person,
    texts: Texts,
    asking: AskingService,
    library: Library,
) -> None:
    """Show the answer that was picked."""
    await query.answer()
    answer, exchange = await asking.open(person, callback_data.entry, texts)
    await follow(query, views.answer(answer, exchange, library, texts))
    if callback_data.exchange:
        await without_buttons(query)


@router.callback_query(InDutch.filter())
async def in_dutch(
    query: CallbackQuery,
    callback_data: InDutch,
    person: Person,
    texts: Texts,
    asking: AskingService,
    library: Library,
) -> None:
    """Show the Dutch text of an answer."""
    await query.answer()
    dutch = texts.other("nl")
    answer, exchange = await asking.open(person, callback_data.entry, dutch)
    await follow(query, views.answer(answer, exchange, library, dutch))


@router.callback_query(Helped.filter())
async def helped(
    query: CallbackQuery, callback_data: Helped, person: Person, texts: Texts, asking: AskingService
) -> None:
    """Keep whether it helped; where it did not, lead on."""
    await asking.helped(person, callback_data.exchange, helped=callback_data.yes)
    if callback_data.yes:
        await query.answer(texts.label("answer.glad"))
        await without_buttons(query)
        return
    await query.answer()
    others = await asking.others(person, callback_data.exchange)
    await follow(query, views.not_helped(others, callback_data.exchange, texts))


@router.callback_query(NoneOfThese.filter())
async def none_of_these(
    query: CallbackQuery, callback_data: NoneOfThese, person: Person, texts: Texts, asking: AskingService
) -> None:
    """Lead on from a choice that held nothing fitting."""
    await query.answer()
    exchange = await asking.exchange(person, callback_data.exchange)
    await replace(query, views.lead_on(exchange.id, texts))


@router.message(PlainText())
async def ask(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    asking: AskingService,
    people: PeopleService,
    library: Library,
    municipality: Municipality,
    recogniser: ReportRecogniser,
    drafting: DraftService,
) -> None:
    """Answer, offer to report what is told, offer a choice, or say honestly that it is not known."""
    text = message.text or ""
    if not person.chosen and (spoken := asking.spoken(text)) is not None:
        person = await people.guess_language(person, spoken)
        texts = texts.other(person.language)
    reply = await asking.ask(person, text, texts)
    exchange = reply.exchange.id
    introduce = reply.first and not person.chosen and not (await state.get_data()).get("introduced")
    emergency = reply.decision.kind is DecisionKind.EMERGENCY
    if introduce and not emergency:
        await show(message, welcome_views.introduction(texts, municipality))
    found = recogniser.recognise(text, reply.decision)
    offer = offering(found, text, reply.decision, exchange, drafting, library, texts)
    if offer is not None:
        await show(message, offer)
    else:
        screens = list(views.reply(reply, library, texts))
        if can_be_reported(found, drafting):
            screens[-1] = report_views.with_report_row(screens[-1], exchange, texts)
        for screen in screens:
            await show(message, screen)
    offered = []
    if introduce and emergency:
        await show(message, welcome_views.introduction(texts, municipality))
    elif reply.speaks is not None and not introduce and not emergency:
        offered = await _offer_language(message, state, texts, reply.speaks)
    await asking.keep(reply.exchange)
    if offered:
        await state.update_data(languages_offered=offered)


async def _offer_language(message: Message, state: FSMContext, texts: Texts, spoken: str) -> list[str]:
    """Offer a language once; who goes on in another one is not asked again and again.

    Returns what to remember as offered, or nothing.
    """
    offered = (await state.get_data()).get("languages_offered", [])
    if spoken in offered:
        return []
    await show(message, welcome_views.other_language(texts, spoken))
    return [*offered, spoken]
