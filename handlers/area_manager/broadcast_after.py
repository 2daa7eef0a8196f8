# SPDX-License-Identifier: EUPL-1.2
"""After 'send': the report, trying again, correcting, withdrawing, the monthly digests."""

import secrets
from dataclasses import asdict, dataclass

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.aftercare import AftercareService
from bot.services.broadcasts import BroadcastService
from bot.services.monthly_digests import MonthlyDigestService
from handlers.area_manager import broadcast_report_views as views
from handlers.area_manager import broadcast_views
from handlers.area_manager.broadcast_callbacks import (
    Correct,
    DecideMonthly,
    RetryFailed,
    SendCorrection,
    ShowReport,
    Withdraw,
)
from handlers.filters import HasRole, PlainText, Private
from handlers.screen import replace, show, without_buttons

router = Router(name="area_manager.broadcast_after")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


class CorrectionForm(StatesGroup):
    """The steps of a correction."""

    text = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """What is being corrected. `version` is the broadcast's when the wrong text was shown."""

    broadcast: int = 0
    version: int = 0
    language: str = BASE_LANGUAGE
    text: str = ""
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "CorrectionDraft":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("correction_draft", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(correction_draft=asdict(self))
        await state.set_state(step)


@router.callback_query(ShowReport.filter())
async def report(
    query: CallbackQuery,
    callback_data: ShowReport,
    person: Person,
    texts: Texts,
    aftercare: AftercareService,
) -> None:
    """Show what became of a run."""
    found = await aftercare.report(person, callback_data.run)
    await query.answer()
    await replace(query, views.report(found.broadcast, found.run, found.counts, found.groups, texts))


@router.callback_query(RetryFailed.filter())
async def retry(
    query: CallbackQuery,
    callback_data: RetryFailed,
    person: Person,
    texts: Texts,
    aftercare: AftercareService,
) -> None:
    """Try again what failed."""
    number = await aftercare.retry(person, callback_data.run)
    await query.answer(texts.label("report.retried", number=number))
    found = await aftercare.report(person, callback_data.run)
    await replace(query, views.report(found.broadcast, found.run, found.counts, found.groups, texts))


@router.callback_query(Correct.filter())
async def correct(
    query: CallbackQuery,
    callback_data: Correct,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Ask which language, then for the right text."""
    broadcast = await broadcasts.get(person, callback_data.id)
    if broadcast.version != callback_data.version:
        raise StaleError
    await query.answer()
    if not callback_data.language:
        await replace(query, views.which_language(broadcast, texts))
        return
    if callback_data.language not in broadcast.texts:
        raise NotFoundError
    draft = CorrectionDraft(broadcast.id, broadcast.version, callback_data.language)
    await draft.keep(state, CorrectionForm.text)
    await replace(query, views.write_correction(broadcast, callback_data.language, texts))


@router.message(PlainText(), StateFilter(CorrectionForm.text, CorrectionForm.confirm))
async def corrected(message: Message, state: FSMContext, texts: Texts) -> None:
    """Show the correction once more before it is sent."""
    present = await CorrectionDraft.read(state)
    draft = CorrectionDraft(
        present.broadcast, present.version, present.language, message.html_text, secrets.token_hex(4)
    )
    await draft.keep(state, CorrectionForm.confirm)
    await show(message, views.confirm_correction(draft.broadcast, draft.text, draft.token, texts))


@router.callback_query(SendCorrection.filter())
async def send_correction(
    query: CallbackQuery,
    callback_data: SendCorrection,
    state: FSMContext,
    person: Person,
    texts: Texts,
    aftercare: AftercareService,
    municipality: Municipality,
) -> None:
    """Put the right text in the place of the wrong one."""
    draft = await CorrectionDraft.read(state)
    if not draft.token or draft.token != callback_data.token:
        raise StaleError
    broadcast = await aftercare.correct(person, draft.broadcast, draft.version, draft.language, draft.text)
    await state.clear()
    await query.answer(texts.label("correct.done"))
    runs = await aftercare.runs(person, broadcast.id)
    await replace(query, broadcast_views.card(broadcast, municipality, texts, runs))


@router.callback_query(Withdraw.filter())
async def withdraw(
    query: CallbackQuery,
    callback_data: Withdraw,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    aftercare: AftercareService,
) -> None:
    """Withdraw it, once sure."""
    if not callback_data.token:
        token = await aftercare.withdraw_token(person, callback_data.id, secrets.token_hex(4))
        broadcast = await broadcasts.get(person, callback_data.id)
        await query.answer()
        await replace(query, views.withdraw_sure(broadcast, token, texts))
        return
    broadcast = await aftercare.withdraw(person, callback_data.id, callback_data.token)
    await query.answer()
    await replace(query, views.withdrawn(broadcast, texts))


@router.callback_query(DecideMonthly.filter())
async def monthly(
    query: CallbackQuery,
    callback_data: DecideMonthly,
    person: Person,
    texts: Texts,
    monthly_digests: MonthlyDigestService,
) -> None:
    """Send a key figure's digest, or drop it."""
    await monthly_digests.decide(person, callback_data.digest, send=callback_data.send)
    await query.answer(texts.label("monthly.sent" if callback_data.send else "monthly.dropped"))
    await without_buttons(query)
