# SPDX-License-Identifier: EUPL-1.2
"""Changing a report: what it needs is asked, it is read through, and can be taken back for a minute."""

import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta

from aiogram import Bot, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import StaleError
from bot.domain.person import Person, Role
from bot.domain.report import NEEDS_WORDS, ReportState
from bot.i18n import Texts
from bot.services.ports import Clock
from bot.services.report_changing import LONGEST_TARGET, ReportChanging, Step
from bot.services.report_errors import WrongTextError
from handlers.area_manager import report_change_views as views
from handlers.area_manager.report_callbacks import (
    ChangeReport,
    ConfirmChange,
    PlanIn,
    SkipNote,
    Translate,
    UndoChange,
)
from handlers.filters import HasRole, PlainText, Private
from handlers.pictures import HasFile, fetch
from handlers.screen import Screen, follow, show
from handlers.screen import replace as put

router = Router(name="area_manager.report_changes")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))

_DAY = re.compile(r"\s*(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}))?\s*")


class ChangeForm(StatesGroup):
    """The steps of a change."""

    day = State()
    target = State()
    note = State()
    translation = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """What is being changed. `seen`: the version looked at. `language`: what is being translated to."""

    report: int = 0
    wanted: str = ReportState.RECEIVED.value
    seen: int = 0
    note: dict[str, str] = field(default_factory=dict)
    day: str = ""
    target: str = ""
    photo: str = ""
    language: str = ""
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext, token: str | None = None) -> "ChangeDraft":
        """Return what was kept. Raises StaleError when a button belongs to another form."""
        draft = cls(**(await state.get_data()).get("report_change", {}))
        if not draft.report or (token is not None and draft.token != token):
            raise StaleError
        return draft

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(report_change=asdict(self))
        await state.set_state(step)

    @property
    def state(self) -> ReportState:
        """What the report becomes."""
        return ReportState(self.wanted)

    def step(self) -> Step:
        """Return it as the service wants it."""
        return Step(
            self.report,
            self.state,
            self.seen,
            self.note,
            date.fromisoformat(self.day) if self.day else None,
            self.target,
            self.photo or None,
        )


@router.callback_query(ChangeReport.filter())
async def begin(
    query: CallbackQuery,
    callback_data: ChangeReport,
    state: FSMContext,
    person: Person,
    texts: Texts,
    changing: ReportChanging,
    clock: Clock,
) -> None:
    """Ask what this change needs."""
    report = await changing.changeable(person, callback_data.report, callback_data.wanted)
    draft = ChangeDraft(report.id, callback_data.wanted.value, report.version, token=secrets.token_hex(4))
    await query.answer()
    if callback_data.wanted is ReportState.PLANNED:
        await draft.keep(state, ChangeForm.day)
        await follow(query, views.which_day(draft.token, _today(clock, texts), texts))
    elif callback_data.wanted is ReportState.FORWARDED:
        await draft.keep(state, ChangeForm.target)
        await follow(query, views.to_whom(texts))
    else:
        await draft.keep(state, ChangeForm.note)
        await follow(query, views.note(draft.token, draft.state, texts))


@router.callback_query(PlanIn.filter())
async def plan_in(
    query: CallbackQuery, callback_data: PlanIn, state: FSMContext, texts: Texts, clock: Clock
) -> None:
    """Take over the day that was picked."""
    draft = await ChangeDraft.read(state, callback_data.token)
    day = _today(clock, texts) + timedelta(days=max(0, min(callback_data.days, 365)))
    await replace(draft, day=day.isoformat()).keep(state, ChangeForm.note)
    await query.answer()
    await put(query, views.note(draft.token, draft.state, texts))


@router.message(PlainText(), StateFilter(ChangeForm.day))
async def day_typed(message: Message, state: FSMContext, texts: Texts, clock: Clock) -> None:
    """Take over the day that was typed."""
    draft = await ChangeDraft.read(state)
    day = read_day(message.text or "", _today(clock, texts))
    await replace(draft, day=day.isoformat()).keep(state, ChangeForm.note)
    await show(message, views.note(draft.token, draft.state, texts))


@router.message(PlainText(), StateFilter(ChangeForm.target))
async def target_typed(
    message: Message, state: FSMContext, person: Person, texts: Texts, changing: ReportChanging
) -> None:
    """Take over to whom it is passed on."""
    draft = await ChangeDraft.read(state)
    target = changing.checked(person, message.text or "", longest=LONGEST_TARGET)
    await replace(draft, target=target).keep(state, ChangeForm.note)
    await show(message, views.note(draft.token, draft.state, texts))


@router.message(HasFile(), StateFilter(ChangeForm.note))
async def photo_sent(
    message: Message, bot: Bot, state: FSMContext, person: Person, texts: Texts, changing: ReportChanging
) -> None:
    """Take over the picture of the result."""
    draft = await ChangeDraft.read(state)
    if draft.state is not ReportState.DONE:
        await show(message, views.note(draft.token, draft.state, texts))
        return
    photo = await changing.keep_picture(person, await fetch(message, bot))
    await replace(draft, photo=photo).keep(state, ChangeForm.note)
    await show(message, views.photo_got(draft.token, texts))


@router.message(PlainText(), StateFilter(ChangeForm.note, ChangeForm.confirm))
async def note_typed(
    message: Message, state: FSMContext, person: Person, texts: Texts, changing: ReportChanging
) -> None:
    """Take over the words, and show everything once more; typed again they replace the first ones."""
    draft = await ChangeDraft.read(state)
    note = changing.checked(person, message.text or "")
    draft = replace(draft, note={texts.code: note}, token=secrets.token_hex(4))
    await show(message, await _confirm(draft, state, person, texts, changing))


@router.callback_query(SkipNote.filter())
async def skip_note(
    query: CallbackQuery,
    callback_data: SkipNote,
    state: FSMContext,
    person: Person,
    texts: Texts,
    changing: ReportChanging,
) -> None:
    """Go on without words."""
    draft = await ChangeDraft.read(state, callback_data.token)
    if draft.state in NEEDS_WORDS:
        raise StaleError
    await query.answer()
    await put(query, await _confirm(draft, state, person, texts, changing))


@router.callback_query(Translate.filter())
async def translate(query: CallbackQuery, callback_data: Translate, state: FSMContext, texts: Texts) -> None:
    """Ask for the words in another language."""
    draft = await ChangeDraft.read(state, callback_data.token)
    if callback_data.language not in texts.languages or not draft.note:
        raise StaleError
    await query.answer()
    await replace(draft, language=callback_data.language).keep(state, ChangeForm.translation)
    await follow(query, views.translate(next(iter(draft.note.values())), callback_data.language, texts))


@router.message(PlainText(), StateFilter(ChangeForm.translation))
async def translated(
    message: Message, state: FSMContext, person: Person, texts: Texts, changing: ReportChanging
) -> None:
    """Take over the translation."""
    draft = await ChangeDraft.read(state)
    note = changing.checked(person, message.text or "")
    draft = replace(draft, note={**draft.note, draft.language: note}, token=secrets.token_hex(4))
    await show(message, await _confirm(draft, state, person, texts, changing))


@router.callback_query(ConfirmChange.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: ConfirmChange,
    state: FSMContext,
    person: Person,
    texts: Texts,
    changing: ReportChanging,
) -> None:
    """Do what was just read through."""
    draft = await ChangeDraft.read(state, callback_data.token)
    report, change = await changing.change(person, draft.step())
    await state.clear()
    await query.answer()
    await put(query, views.changed(report, change, texts))


@router.callback_query(UndoChange.filter())
async def undo(
    query: CallbackQuery, callback_data: UndoChange, person: Person, texts: Texts, changing: ReportChanging
) -> None:
    """Take it back within a minute."""
    report = await changing.undo(person, callback_data.report, callback_data.change)
    await query.answer()
    await put(query, views.undone(report, texts))


def read_day(text: str, today: date) -> date:
    """Return the day that was typed: `24-12` is the next one. Raises WrongTextError."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise WrongTextError
    day, month, year = match.groups()
    try:
        if year:
            found = date(int(year), int(month), int(day))
        else:
            found = date(today.year, int(month), int(day))
            if found < today:
                found = found.replace(year=today.year + 1)
    except ValueError as error:
        raise WrongTextError from error
    if not today <= found <= today + timedelta(days=730):
        raise WrongTextError
    return found


async def _confirm(
    draft: ChangeDraft, state: FSMContext, person: Person, texts: Texts, changing: ReportChanging
) -> Screen:
    await draft.keep(state, ChangeForm.confirm)
    readers = await changing.languages(person, draft.report)
    step = draft.step()
    return views.confirm(
        draft.report, draft.state, step.note, step.day, draft.target, draft.token, readers, texts
    )


def _today(clock: Clock, texts: Texts) -> date:
    return clock.now().astimezone(texts.zone).date()
