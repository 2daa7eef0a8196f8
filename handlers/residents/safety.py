# SPDX-License-Identifier: EUPL-1.2
"""Danger in the middle of something else: the number to call comes first, the form waits."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.content.render import Answer
from bot.i18n import Texts
from bot.services.asking import AskingService
from handlers.filters import PlainText, Private
from handlers.residents import answer_views as views
from handlers.screen import show

router = Router(name="safety")
router.message.filter(Private())


FOR_OTHERS = ("BroadcastForm:", "CorrectionForm:", "TranslationForm:", "PlanForm:", "HeardForm:")
"""Forms in which somebody writes for others: a warning about fire is no call for help."""


class DangerInForm(Filter):
    """Lets through a text that tells of danger while a form is open; gives the handler `danger`."""

    async def __call__(
        self, message: Message, texts: Texts, asking: AskingService, raw_state: str | None = None
    ) -> bool | dict[str, Answer]:
        """Whether it is danger; outside forms the usual way finds it too."""
        if raw_state is None or raw_state.startswith(FOR_OTHERS):
            return False
        danger = asking.danger(message.text or "", texts)
        return {"danger": danger} if danger is not None else False


@router.message(PlainText(), DangerInForm())
async def danger_in_form(message: Message, danger: Answer, texts: Texts) -> None:
    """Say whom to call. What was begun is kept; the text did not become part of it."""
    await show(message, views.emergency(danger, texts))
    await show(message, views.form_waits(texts))
