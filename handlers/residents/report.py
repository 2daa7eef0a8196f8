# SPDX-License-Identifier: EUPL-1.2
"""Making a report: what, where, photos, a few words, send. The draft is kept by the service at each step."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import DomainError
from bot.domain.person import Person
from bot.domain.report_draft import Draft, DraftStep
from bot.i18n import Texts
from bot.services.asking import AskingService
from bot.services.library import Library
from bot.services.ports import Clock
from bot.services.report_drafting import DraftService
from bot.services.report_errors import AboutPeopleError, PersonalDetailError
from bot.services.report_recognition import ReportRecogniser
from bot.services.reports import ReportService
from handlers.filters import PlainText, Private
from handlers.residents import answer_views
from handlers.residents import report_views as views
from handlers.residents.report_callbacks import (
    AnswerInstead,
    BeginAnew,
    BeginReport,
    ContinueReport,
    DropReport,
    EditPart,
    ElsewhereKinds,
    FollowSimilar,
    MineIsAnother,
    NoPhotos,
    PickElsewhere,
    PickKind,
    PickPlace,
    ReportLater,
    SendReport,
    SkipStep,
    StepBack,
)
from handlers.screen import Screen, follow, replace, show

router = Router(name="report")
router.message.filter(Private())
router.callback_query.filter(Private())

DISCRIMINATION = "art1"
"""The contact for discrimination in contacts.toml."""


class ReportForm(StatesGroup):
    """While a report is being made. Which step, stands in the draft."""

    open = State()


class ReportScreens:
    """Returns the screen of a draft: the step, or first the reports that may be about the same."""

    def __init__(self, drafting: DraftService, reports: ReportService, clock: Clock) -> None:
        self._drafting = drafting
        self._reports = reports
        self._clock = clock

    async def of(self, person: Person, draft: Draft, texts: Texts) -> Screen:
        """Return what is to be shown for a draft."""
        if draft.step in {DraftStep.PHOTOS, DraftStep.WORDS, DraftStep.SUMMARY}:
            found = await self._drafting.similar(person)
            if found:
                return views.similar(draft, found, self._clock.now(), texts)
        due = self._reports.expected(draft.kind) if draft.step is DraftStep.SUMMARY else None
        return views.step(draft, self._drafting.kinds, self._drafting.places, due, texts)


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
    await show(message, await _begin(state, person, texts, drafting, screens))


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
) -> None:
    """Begin a report, with what a message told already."""
    await query.answer()
    waiting = await drafting.current(person)
    if waiting is not None:
        await follow(query, views.waiting_draft(waiting, callback_data.exchange, texts))
        return
    draft = await _from_message(callback_data.exchange, person, texts, drafting, asking, recogniser)
    await state.set_state(ReportForm.open)
    await follow(query, await screens.of(person, draft, texts))


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
) -> None:
    """Throw the waiting draft away and begin another one."""
    await query.answer()
    waiting = await drafting.current(person)
    if waiting is None or waiting.token != callback_data.token:
        await replace(query, views.gone(texts))
        return
    draft = await _from_message(callback_data.exchange, person, texts, drafting, asking, recogniser)
    await state.set_state(ReportForm.open)
    await replace(query, await screens.of(person, draft, texts))


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
    await query.answer()
    draft = await drafting.current(person)
    if draft is None or draft.token != callback_data.token:
        await replace(query, views.gone(texts))
        return
    await state.set_state(ReportForm.open)
    await replace(query, await screens.of(person, draft, texts))


@router.callback_query(PickKind.filter())
async def pick_kind(
    query: CallbackQuery, callback_data: PickKind, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Take over what it is about."""
    draft = await drafting.set_kind(person, callback_data.token, callback_data.kind)
    await _next(query, draft, state, person, texts, screens)


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
    """Say where it goes. No report is made, so the draft goes too."""
    await query.answer()
    screen = await _elsewhere(callback_data.kind, state, person, texts, drafting, library)
    await replace(query, screen)


@router.callback_query(PickPlace.filter())
async def pick_place(
    query: CallbackQuery, callback_data: PickPlace, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Take over where it is."""
    draft = await drafting.set_known_place(person, callback_data.token, callback_data.place)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(SkipStep.filter())
async def skip(
    query: CallbackQuery, callback_data: SkipStep, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Go on to the next step."""
    draft = await drafting.skip(person, callback_data.token)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(StepBack.filter())
async def back(
    query: CallbackQuery, callback_data: StepBack, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Go one step back."""
    draft = await drafting.back(person, callback_data.token)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(EditPart.filter())
async def edit(
    query: CallbackQuery, callback_data: EditPart, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Change one part."""
    draft = await drafting.edit(person, callback_data.token, callback_data.part)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(NoPhotos.filter())
async def no_photos(
    query: CallbackQuery, callback_data: NoPhotos, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Take the photos off."""
    draft = await drafting.without_photos(person, callback_data.token)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(MineIsAnother.filter())
async def mine_is_another(
    query: CallbackQuery, callback_data: MineIsAnother, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Go on: the similar ones are about something else."""
    draft = await drafting.mine_is_another(person, callback_data.token)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(FollowSimilar.filter())
async def follow_similar(
    query: CallbackQuery,
    callback_data: FollowSimilar,
    state: FSMContext,
    person: Person,
    texts: Texts,
    reports: ReportService,
) -> None:
    """Follow a similar report in the place of sending this one."""
    report = await reports.follow_instead(person, callback_data.token, callback_data.report)
    await state.set_state(None)
    await query.answer()
    await replace(query, views.following(report, texts))


@router.callback_query(ReportLater.filter())
async def later(query: CallbackQuery, state: FSMContext, texts: Texts) -> None:
    """Let the draft wait."""
    await query.answer()
    await state.set_state(None)
    await replace(query, views.kept_for_later(texts))


@router.callback_query(DropReport.filter())
async def drop(
    query: CallbackQuery,
    callback_data: DropReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
) -> None:
    """Throw the draft away."""
    await drafting.drop(person, callback_data.token)
    await state.set_state(None)
    await query.answer()
    await replace(query, views.dropped(texts))


@router.callback_query(SendReport.filter())
async def send(
    query: CallbackQuery,
    callback_data: SendReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    reports: ReportService,
    drafting: DraftService,
) -> None:
    """Send the report that was just read through; pressed again it shows the same number."""
    receipt = await reports.send(person, callback_data.token, anonymous=callback_data.anonymous)
    await state.set_state(None)
    await query.answer()
    await replace(query, views.sent(receipt, drafting.kinds, callback_data.anonymous, texts))


@router.message(PlainText(), ReportForm.open)
async def written(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    screens: ReportScreens,
    library: Library,
) -> None:
    """Take over what was typed, as the answer to the present step."""
    text = message.text or ""
    draft = await drafting.current(person)
    if draft is None:
        await state.set_state(None)
        await show(message, views.gone(texts))
        return
    try:
        if draft.step is DraftStep.KIND:
            kind = drafting.kind_of(text)
            if kind and drafting.kinds[kind].elsewhere:
                await show(message, await _elsewhere(kind, state, person, texts, drafting, library))
                return
            draft = await drafting.set_kind_and_words(person, draft.token, kind, text)
        elif draft.step is DraftStep.PLACE:
            draft = await drafting.set_place_text(person, text)
        elif draft.step in {DraftStep.PHOTOS, DraftStep.WORDS}:
            draft = await drafting.set_text(person, text)
    except (PersonalDetailError, AboutPeopleError) as error:
        await show(message, refusal(error, library, texts))
        return
    await show(message, await screens.of(person, draft, texts))


def refusal(error: DomainError, library: Library, texts: Texts) -> Screen:
    """Return what is said about words that point at a person, or are about who people are."""
    if isinstance(error, PersonalDetailError):
        return views.personal(error.text, error.marks, texts)
    return views.about_people(library.knowledge.contacts.get(DISCRIMINATION), texts)


async def _elsewhere(
    kind_id: str, state: FSMContext, person: Person, texts: Texts, drafting: DraftService, library: Library
) -> Screen:
    kind = drafting.kind(kind_id)
    draft = await drafting.current(person)
    if draft is not None:
        await drafting.drop(person, draft.token)
    await state.set_state(None)
    contacts = [found for each in kind.contacts if (found := library.knowledge.contacts.get(each))]
    return views.goes_elsewhere(kind, contacts, texts)


async def _begin(
    state: FSMContext, person: Person, texts: Texts, drafting: DraftService, screens: ReportScreens
) -> Screen:
    waiting = await drafting.current(person)
    if waiting is not None:
        return views.waiting_draft(waiting, 0, texts)
    draft = await drafting.begin(person, texts.code)
    await state.set_state(ReportForm.open)
    return await screens.of(person, draft, texts)


async def _from_message(
    exchange_id: int,
    person: Person,
    texts: Texts,
    drafting: DraftService,
    asking: AskingService,
    recogniser: ReportRecogniser,
) -> Draft:
    """Begin a draft with what a message told, when there was one."""
    if not exchange_id:
        return await drafting.begin(person, texts.code)
    exchange = await asking.exchange(person, exchange_id)
    found = recogniser.in_text(exchange.text, (exchange.entry,) if exchange.entry else ())
    return await drafting.begin(
        person,
        texts.code,
        kind=found.kind,
        place=found.place.id if found.place else None,
        text=exchange.text if found.is_report else "",
    )


async def _next(
    query: CallbackQuery,
    draft: Draft,
    state: FSMContext,
    person: Person,
    texts: Texts,
    screens: ReportScreens,
) -> None:
    """Show the step that follows, and let typed text be the answer to it."""
    await state.set_state(ReportForm.open)
    await query.answer()
    await replace(query, await screens.of(person, draft, texts))
