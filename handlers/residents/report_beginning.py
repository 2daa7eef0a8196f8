# SPDX-License-Identifier: EUPL-1.2
"""How a report begins: by the command, by a button, by just saying it; or that it belongs elsewhere."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.decision import Decision, DecisionKind
from bot.domain.person import Person
from bot.domain.report_draft import Draft
from bot.i18n import Texts
from bot.services.asking import AskingService
from bot.services.library import Library
from bot.services.report_drafting import DraftService
from bot.services.report_errors import AboutPeopleError, DraftGoneError, PersonalDetailError
from bot.services.report_recognition import Recognised, ReportRecogniser
from handlers.filters import Private
from handlers.residents import answer_views
from handlers.residents import report_views as views
from handlers.residents.report import ReportScreens, goes_elsewhere, refusal, stay_open
from handlers.residents.report_callbacks import (
    AnswerInstead,
    BeginAnew,
    BeginReport,
    ContinueReport,
    ElsewhereKinds,
    PickElsewhere,
)
from handlers.screen import Screen, follow, replace, show

router = Router(name="report_beginning")
router.message.filter(Private())
router.callback_query.filter(Private())


@router.message(Command("melding"))
async def begin(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
) -> None:
    """Begin a report, or ask about the one that waits."""
    waiting = await drafting.current(person)
    if waiting is not None:
        await show(message, views.waiting_draft(waiting, BeginReport(), drafting.kinds, texts))
        return
    draft = await drafting.begin(person, texts.code)
    await show(message, await screens.of(person, draft, texts))
    await stay_open(state)


@router.callback_query(BeginReport.filter())
async def begin_by_button(
    query: CallbackQuery,
    callback_data: BeginReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
    asking: AskingService,
    recogniser: ReportRecogniser,
    library: Library,
) -> None:
    """Begin a report, with what a message told already."""
    waiting = await drafting.current(person)
    if waiting is not None:
        await query.answer()
        await follow(query, views.waiting_draft(waiting, callback_data, drafting.kinds, texts))
        return
    beginning = _Beginning(person, texts, drafting, asking, recogniser, library)
    for screen in await beginning.screens(callback_data, screens):
        await follow(query, screen)
    if beginning.draft is not None:
        await stay_open(state)
    await query.answer()


@router.callback_query(BeginAnew.filter())
async def begin_anew(
    query: CallbackQuery,
    callback_data: BeginAnew,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
    asking: AskingService,
    recogniser: ReportRecogniser,
    library: Library,
) -> None:
    """Throw the waiting draft away and begin another one."""
    wanted = BeginReport(exchange=callback_data.exchange, kind=callback_data.kind)
    waiting = await drafting.current(person)
    if waiting is None:
        raise DraftGoneError
    if waiting.token != callback_data.token:
        await replace(query, views.waiting_draft(waiting, wanted, drafting.kinds, texts))
        await query.answer()
        return
    beginning = _Beginning(person, texts, drafting, asking, recogniser, library)
    first, *others = await beginning.screens(wanted, screens)
    await replace(query, first)
    for screen in others:
        await follow(query, screen)
    if beginning.draft is not None:
        await stay_open(state)
    await query.answer()


@router.callback_query(AnswerInstead.filter())
async def answer_instead(
    query: CallbackQuery,
    callback_data: AnswerInstead,
    person: Person,
    texts: Texts,
    asking: AskingService,
    library: Library,
) -> None:
    """Answer what was taken for a report."""
    await query.answer()
    exchange = await asking.exchange(person, callback_data.exchange)
    if exchange.entry is not None:
        answer, number = await asking.open(person, exchange.entry, texts)
        await replace(query, answer_views.answer(answer, number, library, texts))
    else:
        others = await asking.others(person, callback_data.exchange)
        await replace(query, answer_views.not_helped(others, callback_data.exchange, texts))


@router.callback_query(ContinueReport.filter())
async def go_on(
    query: CallbackQuery,
    callback_data: ContinueReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
) -> None:
    """Go on with the draft that waits."""
    draft = await drafting.current(person)
    if draft is None or draft.token != callback_data.token:
        raise DraftGoneError
    await replace(query, await screens.of(person, draft, texts))
    await stay_open(state)
    await query.answer()


@router.callback_query(ElsewhereKinds.filter())
async def elsewhere_kinds(
    query: CallbackQuery, callback_data: ElsewhereKinds, texts: Texts, drafting: DraftService
) -> None:
    """Show what belongs elsewhere."""
    await query.answer()
    await replace(query, views.elsewhere_kinds(callback_data.token, drafting.kinds, texts))


@router.callback_query(PickElsewhere.filter())
async def pick_elsewhere(
    query: CallbackQuery,
    callback_data: PickElsewhere,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    library: Library,
) -> None:
    """Say where it goes. No report is made, so the draft that led here goes too."""
    kind = drafting.elsewhere(callback_data.kind)
    draft = await drafting.current(person)
    if draft is not None and draft.token == callback_data.token:
        await drafting.drop(person, draft.token)
        await state.set_state(None)
    await query.answer()
    await replace(query, goes_elsewhere(kind, library, texts))


def offering(
    found: Recognised | None,
    text: str,
    decision: Decision,
    exchange: int,
    drafting: DraftService,
    library: Library,
    texts: Texts,
) -> Screen | None:
    """Return what answers a message that reports something; None where it is to be answered as a question.

    What belongs elsewhere is sent there, unless there is a sure answer, which says more.
    """
    if found is None or not found.is_report:
        return None
    if drafting.guard.is_about_people(text):
        return views.with_answer_row(refusal(AboutPeopleError(), library, texts), exchange, texts)
    kind = drafting.kinds.get(found.kind)
    if kind is None or not kind.elsewhere:
        return views.offer(found, drafting.kinds, exchange, texts)
    if decision.kind is DecisionKind.ANSWER:
        return None
    return views.with_answer_row(goes_elsewhere(kind, library, texts), exchange, texts)


def can_be_reported(found: Recognised | None, drafting: DraftService) -> bool:
    """Whether an answer gets a button to report what it is about."""
    kind = drafting.kinds.get(found.kind) if found is not None else None
    return found is not None and (kind is None or not kind.elsewhere)


class _Beginning:
    """A draft that is begun with what a message told, when there was one."""

    def __init__(
        self,
        person: Person,
        texts: Texts,
        drafting: DraftService,
        asking: AskingService,
        recogniser: ReportRecogniser,
        library: Library,
    ) -> None:
        self._person = person
        self._texts = texts
        self._drafting = drafting
        self._asking = asking
        self._recogniser = recogniser
        self._library = library
        self.draft: Draft | None = None
        """Set where a draft was begun."""

    async def screens(self, wanted: BeginReport, screens: ReportScreens) -> list[Screen]:
        """Begin, and return what is shown: why the words were not taken over, and the first step."""
        shown = []
        text, kind, place = "", wanted.kind, None
        if wanted.exchange:
            exchange = await self._asking.exchange(self._person, wanted.exchange)
            found = self._recogniser.in_text(exchange.text, (exchange.entry,) if exchange.entry else ())
            text = exchange.text if found.is_report else ""
            kind = kind or found.kind
            place = found.place.id if found.place else None
        if (elsewhere := self._drafting.kinds.get(kind)) is not None and elsewhere.elsewhere:
            return [goes_elsewhere(elsewhere, self._library, self._texts)]
        try:
            self._drafting.checked_words(text, kind)
        except AboutPeopleError as error:
            return [refusal(error, self._library, self._texts)]
        except PersonalDetailError as error:
            shown.append(refusal(error, self._library, self._texts))
        self.draft = await self._drafting.begin(
            self._person, self._texts.code, kind=kind, place=place, text=text
        )
        return [*shown, await screens.of(self._person, self.draft, self._texts)]
