# SPDX-License-Identifier: EUPL-1.2
"""The steps of a report: what, where, photos, a few words, send. The service keeps the draft at each step.

An update may come again after a crash, so each is answered before anything marks it as handled.
"""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import DomainError
from bot.domain.person import Person
from bot.domain.report_draft import Draft, DraftStep
from bot.domain.report_kind import ReportKind
from bot.i18n import Texts
from bot.services.library import Library
from bot.services.ports import Clock
from bot.services.report_drafting import DraftService
from bot.services.report_errors import AboutPeopleError, PersonalDetailError
from bot.services.reports import ReportService
from handlers.filters import PlainText, Private
from handlers.residents import report_views as views
from handlers.residents.report_callbacks import (
    DropReport,
    EditPart,
    FollowSimilar,
    MineIsAnother,
    NoPhotos,
    NoWords,
    PickKind,
    PickPlace,
    ReportLater,
    SendReport,
    SkipStep,
    StepBack,
)
from handlers.screen import Screen, replace, replace_surely, show

router = Router(name="report")
router.message.filter(Private())
router.callback_query.filter(Private())

DISCRIMINATION = "art1"
"""The contact for discrimination in contacts.toml."""


class ReportForm(StatesGroup):
    """While a report is being made. Which step, stands in the draft."""

    open = State()


async def stay_open(state: FSMContext) -> None:
    """Let what is typed next be the answer to the present step."""
    if await state.get_state() != ReportForm.open.state:
        await state.set_state(ReportForm.open)


class ReportScreens:
    """Returns the screen of a draft: the step, or first the reports that may be about the same."""

    def __init__(self, drafting: DraftService, reports: ReportService, clock: Clock) -> None:
        self._drafting = drafting
        self._reports = reports
        self._clock = clock

    async def of(self, person: Person, draft: Draft, texts: Texts) -> Screen:
        """Return what is to be shown for a draft. Where there may be danger, 112 comes first."""
        kind = self._drafting.kinds.get(draft.kind)
        screen = await self._of(person, draft, texts)
        if kind is not None and kind.danger and draft.step in {DraftStep.PLACE, DraftStep.PHOTOS}:
            return Screen(f"{texts('reports.step.danger')}\n\n{screen.text}", screen.rows)
        return screen

    async def _of(self, person: Person, draft: Draft, texts: Texts) -> Screen:
        if draft.step in {DraftStep.PHOTOS, DraftStep.WORDS, DraftStep.SUMMARY}:
            found = await self._drafting.similar(person)
            if found:
                return views.similar(draft, found, self._clock.now(), texts)
        due = self._reports.expected(draft.kind) if draft.step is DraftStep.SUMMARY else None
        return views.step(draft, self._drafting.kinds, self._drafting.places, due, texts)


@router.callback_query(PickKind.filter())
async def pick_kind(
    query: CallbackQuery, callback_data: PickKind, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Take over what it is about."""
    draft = await drafting.set_kind(person, callback_data.token, callback_data.kind)
    await _next(query, draft, state, person, texts, screens)


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
    draft = await drafting.skip(person, callback_data.token, callback_data.step)
    await _next(query, draft, state, person, texts, screens)


@router.callback_query(StepBack.filter())
async def back(
    query: CallbackQuery, callback_data: StepBack, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Go one step back."""
    draft = await drafting.back(person, callback_data.token, callback_data.step)
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


@router.callback_query(NoWords.filter())
async def no_words(
    query: CallbackQuery, callback_data: NoWords, person: Person, texts: Texts, state: FSMContext,
    drafting: DraftService, screens: ReportScreens,
) -> None:  # fmt: skip
    """Take the words off."""
    draft = await drafting.without_words(person, callback_data.token)
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
    await replace(query, views.following(report, texts))
    await state.set_state(None)
    await query.answer()


@router.callback_query(ReportLater.filter())
async def later(
    query: CallbackQuery,
    callback_data: ReportLater,
    state: FSMContext,
    person: Person,
    texts: Texts,
    drafting: DraftService,
) -> None:
    """Let the draft wait."""
    await drafting.later(person, callback_data.token)
    await replace(query, views.kept_for_later(texts))
    await state.set_state(None)
    await query.answer()


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
    await replace_surely(query, views.sent(receipt, drafting.kinds, callback_data.anonymous, texts))
    await state.set_state(None)
    await query.answer()


@router.message(PlainText(), StateFilter(ReportForm.open))
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
    draft = await drafting.current(person)
    if draft is None:
        await show(message, views.gone(texts))
        await state.set_state(None)
        return
    if draft.taken != message.message_id:
        try:
            told = await _take(message, draft, person, drafting)
        except (PersonalDetailError, AboutPeopleError) as error:
            await show(message, refusal(error, library, texts))
            return
        if told is None:
            kind = drafting.elsewhere(drafting.kind_of(message.text or ""))
            await drafting.drop(person, draft.token)
            await show(message, goes_elsewhere(kind, library, texts))
            await state.set_state(None)
            return
        draft = told
    await show(message, await screens.of(person, draft, texts))


async def _take(message: Message, draft: Draft, person: Person, drafting: DraftService) -> Draft | None:
    """Take a text over as the answer to the present step; None for what belongs elsewhere."""
    text = message.text or ""
    if draft.step is DraftStep.KIND:
        kind = drafting.kind_of(text)
        if kind and drafting.kinds[kind].elsewhere:
            return None
        return await drafting.describe(person, kind, text, message.message_id)
    if draft.step is DraftStep.PLACE:
        return await drafting.set_place_text(person, text, message.message_id)
    return await drafting.say(person, text, message.message_id)


def goes_elsewhere(kind: ReportKind, library: Library, texts: Texts) -> Screen:
    """Return where something goes that belongs elsewhere, with whom to call."""
    contacts = [found for each in kind.contacts if (found := library.knowledge.contacts.get(each))]
    return views.goes_elsewhere(kind, contacts, texts)


def refusal(error: DomainError, library: Library, texts: Texts) -> Screen:
    """Return what is said about words that point at a person, or are about who people are."""
    if isinstance(error, PersonalDetailError):
        return views.personal(error.text, error.marks, texts)
    return views.about_people(library.knowledge.contacts.get(DISCRIMINATION), texts)


async def _next(
    query: CallbackQuery,
    draft: Draft,
    state: FSMContext,
    person: Person,
    texts: Texts,
    screens: ReportScreens,
) -> None:
    """Show the step that follows, and let typed text be the answer to it."""
    await replace(query, await screens.of(person, draft, texts))
    await stay_open(state)
    await query.answer()
