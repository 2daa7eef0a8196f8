# SPDX-License-Identifier: EUPL-1.2
"""Planning: when a broadcast goes out, and `/planning` with all that is planned."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date, time, timedelta

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.schedule import Repeat, Rule
from bot.domain.spoken_time import read_moment
from bot.i18n import Texts
from bot.services.broadcasts import BroadcastService
from bot.services.planning import PlanningService
from bot.services.ports import Clock
from handlers.area_manager import planning_views as views
from handlers.area_manager.broadcast_callbacks import (
    ChangePlan,
    DecideOccurrence,
    KeepPlan,
    OpenPlan,
    PlanAt,
    PlanBroadcast,
    PlanHolidays,
    Planning,
    PlanRepeat,
    PlanUntil,
    taken_apart,
)
from handlers.filters import HasRole, PlainText, Private
from handlers.screen import Screen, show
from handlers.screen import replace as show_instead

router = Router(name="area_manager.planning")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


class PlanForm(StatesGroup):
    """The steps of a plan."""

    when = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What is being planned. `plan` is one that is changed, 0 for a new one. Days as ISO texts."""

    broadcast: int = 0
    plan: int = 0
    version: int = 0
    day: str = ""
    at: str = ""
    repeat: str = Repeat.ONCE.value
    until: str = ""
    skip_holidays: bool = False
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "PlanDraft":
        """Return what was kept. Raises StaleError where nothing was."""
        kept = (await state.get_data()).get("plan_draft")
        if kept is None:
            raise StaleError
        return cls(**kept)

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(plan_draft=asdict(self))
        await state.set_state(step)

    @property
    def rule(self) -> Rule:
        """The rule as it stands. Raises StaleError before a moment was chosen."""
        if not self.day:
            raise StaleError
        return Rule(
            date.fromisoformat(self.day),
            time.fromisoformat(self.at),
            Repeat(self.repeat),
            date.fromisoformat(self.until) if self.until else None,
            self.skip_holidays,
        )


@router.message(Command("planning"))
async def listed(
    message: Message, state: FSMContext, person: Person, texts: Texts, planning: PlanningService
) -> None:
    """Show what is planned."""
    await state.clear()
    await show(message, views.listed(await planning.listed(person), texts))


@router.callback_query(Planning.filter())
async def listed_by_button(
    query: CallbackQuery, person: Person, texts: Texts, planning: PlanningService
) -> None:
    """Show what is planned."""
    await query.answer()
    await show_instead(query, views.listed(await planning.listed(person), texts))


@router.callback_query(OpenPlan.filter())
async def open_plan(
    query: CallbackQuery,
    callback_data: OpenPlan,
    person: Person,
    texts: Texts,
    planning: PlanningService,
) -> None:
    """Show one plan."""
    planned = await planning.get(person, callback_data.plan)
    await query.answer()
    await show_instead(query, views.card(planned, texts))


@router.callback_query(PlanBroadcast.filter())
async def when(
    query: CallbackQuery,
    callback_data: PlanBroadcast,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    clock: Clock,
) -> None:
    """Ask when it goes out."""
    broadcast = await broadcasts.get(person, callback_data.id)
    await PlanDraft(broadcast.id).keep(state, PlanForm.when)
    await query.answer()
    await show_instead(query, views.when(broadcast.id, clock.now(), texts))


@router.callback_query(PlanAt.filter())
async def at_button(
    query: CallbackQuery,
    callback_data: PlanAt,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
) -> None:
    """Take the moment of a button."""
    draft = await PlanDraft.read(state)
    try:
        day = date.fromisoformat(callback_data.day)
        at = time(*divmod(callback_data.minutes, 60))
    except ValueError:
        raise NotFoundError from None
    draft = replace(draft, day=day.isoformat(), at=at.isoformat())
    screen = await _confirm(draft, state, person, texts, planning, broadcasts)
    await query.answer()
    await show_instead(query, screen)


@router.message(PlainText(), StateFilter(PlanForm.when, PlanForm.confirm))
async def at_text(
    message: Message,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
    municipality: Municipality,
    clock: Clock,
) -> None:
    """Take a moment as it is typed: 'morgen 18:30', 'vrijdag om 9'."""
    draft = await PlanDraft.read(state)
    moment = read_moment(message.text or "", clock.now(), municipality.zone)
    if moment is None:
        await show(message, Screen(texts("plan.not-understood")))
        return
    draft = replace(draft, day=moment[0].isoformat(), at=moment[1].isoformat())
    await show(message, await _confirm(draft, state, person, texts, planning, broadcasts))


@router.callback_query(PlanRepeat.filter())
async def repeat(
    query: CallbackQuery,
    callback_data: PlanRepeat,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
) -> None:
    """Choose how it repeats."""
    draft = replace(await PlanDraft.read(state), repeat=callback_data.repeat.value)
    screen = await _confirm(draft, state, person, texts, planning, broadcasts)
    await query.answer()
    await show_instead(query, screen)


@router.callback_query(PlanUntil.filter())
async def until(
    query: CallbackQuery,
    callback_data: PlanUntil,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
) -> None:
    """Choose until when."""
    draft = await PlanDraft.read(state)
    weeks = min(callback_data.weeks, 104)
    last = draft.rule.first + timedelta(weeks=weeks) if weeks > 0 else None
    draft = replace(draft, until=last.isoformat() if last else "")
    screen = await _confirm(draft, state, person, texts, planning, broadcasts)
    await query.answer()
    await show_instead(query, screen)


@router.callback_query(PlanHolidays.filter())
async def holidays(
    query: CallbackQuery,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
) -> None:
    """Skip public holidays, or not."""
    draft = await PlanDraft.read(state)
    draft = replace(draft, skip_holidays=not draft.skip_holidays)
    screen = await _confirm(draft, state, person, texts, planning, broadcasts)
    await query.answer()
    await show_instead(query, screen)


@router.callback_query(KeepPlan.filter())
async def keep(
    query: CallbackQuery,
    callback_data: KeepPlan,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
) -> None:
    """Plan it as it was shown."""
    draft = await PlanDraft.read(state)
    if not draft.token or draft.token != callback_data.token:
        raise StaleError
    if draft.plan:
        planned = await planning.replan(person, draft.plan, draft.version, draft.rule)
    else:
        planned = await planning.plan(
            person, draft.broadcast, draft.token, draft.rule, without=taken_apart(callback_data.without)
        )
    await state.clear()
    await query.answer(texts.label("plan.kept"))
    await show_instead(query, views.card(planned, texts))


@router.callback_query(ChangePlan.filter())
async def change(
    query: CallbackQuery,
    callback_data: ChangePlan,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    clock: Clock,
) -> None:
    """Pause, resume, edit or cancel a plan."""
    plan, version = callback_data.plan, callback_data.version
    match callback_data.what:
        case "pause":
            screen = views.card(await planning.pause(person, plan, version), texts)
        case "resume":
            screen = views.card(await planning.resume(person, plan, version), texts)
        case "edit":
            planned = await planning.get(person, plan)
            rule = planned.plan.rule
            draft = PlanDraft(
                planned.broadcast.id,
                plan,
                planned.plan.version,
                repeat=rule.repeat.value,
                until=rule.until.isoformat() if rule.until else "",
                skip_holidays=rule.skip_holidays,
            )
            await draft.keep(state, PlanForm.when)
            screen = views.when(planned.broadcast.id, clock.now(), texts)
        case "cancel" if callback_data.sure:
            await planning.cancel(person, plan, version)
            screen = views.listed(await planning.listed(person), texts)
        case "cancel":
            screen = views.cancel_sure(await planning.get(person, plan), texts)
        case _:
            raise NotFoundError
    await query.answer()
    await show_instead(query, screen)


@router.callback_query(DecideOccurrence.filter())
async def decide(
    query: CallbackQuery,
    callback_data: DecideOccurrence,
    person: Person,
    texts: Texts,
    planning: PlanningService,
) -> None:
    """Skip one, or send it now once sure."""
    if callback_data.what == "skip":
        planned = await planning.skip(person, callback_data.occurrence)
        await query.answer(texts.label("plan.skipped"))
        await show_instead(query, views.card(planned, texts))
    elif callback_data.what == "send" and callback_data.sure:
        without = taken_apart(callback_data.without)
        run = await planning.send_now(person, callback_data.occurrence, without)
        await query.answer(texts.label("broadcast.sending"))
        await show_instead(query, Screen(texts("plan.sent", number=run.broadcast_id)))
    elif callback_data.what == "send":
        broadcast, reach = await planning.before_sending(person, callback_data.occurrence)
        await query.answer()
        await show_instead(query, views.send_sure(broadcast, reach, callback_data.occurrence, texts))
    else:
        raise NotFoundError


async def _confirm(
    draft: PlanDraft,
    state: FSMContext,
    person: Person,
    texts: Texts,
    planning: PlanningService,
    broadcasts: BroadcastService,
) -> Screen:
    """Keep the draft with a token, and return the screen that asks whether it is right."""
    first = planning.first_moment(draft.rule)
    if draft.plan:
        missing: frozenset[str] = frozenset()
        blanks: tuple[str, ...] = ()
        token = secrets.token_hex(4)
    else:
        found = await broadcasts.confirm(person, draft.broadcast)
        missing, blanks, token = found.reach.missing, found.blanks, found.token
    draft = replace(draft, token=token)
    await draft.keep(state, PlanForm.confirm)
    warnings = views.Warnings(missing, blanks, planning.on_holiday(first))
    return views.confirm(draft.broadcast, draft.rule, first, token, warnings, texts)
