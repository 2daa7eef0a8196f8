# SPDX-License-Identifier: EUPL-1.2
"""Conversations: a chat event in, one use case called, its result shown."""

from copy import deepcopy

from aiogram import Router

from handlers import errors
from handlers.area_manager import (
    broadcast_after,
    broadcast_details,
    broadcast_forms,
    broadcast_languages,
    broadcast_sending,
    broadcasts,
    groups,
    knowledge,
    people,
    planning,
    questions,
    report_changes,
    report_results,
    report_sorting,
    reports,
)
from handlers.filters import InConversation
from handlers.groups import membership
from handlers.key_figures import passing_on, translating
from handlers.residents import (
    asking,
    contact,
    my_data,
    other_messages,
    report,
    report_beginning,
    report_media,
    report_mine,
    safety,
    updates,
    welcome,
)

STEPS = (
    safety.router,
    welcome.router,
    my_data.router,
    report_beginning.router,
    report.router,
    report_media.router,
    report_mine.router,
    reports.router,
    report_changes.router,
    report_results.router,
    report_sorting.router,
    questions.router,
    people.router,
    knowledge.router,
    groups.router,
    membership.router,
    broadcasts.router,
    broadcast_languages.router,
    broadcast_details.router,
    broadcast_sending.router,
    broadcast_after.router,
    planning.router,
    translating.router,
    passing_on.router,
    updates.router,
    broadcast_forms.router,
    contact.router,
)
"""Commands, buttons and forms. The first router that takes an update handles it: danger first, what begins
with a command next. None of them takes a text that is written out of the blue."""
QUESTIONS = (asking.router, other_messages.router)
"""Any other text is a question; last comes what nobody else took."""


def build_router() -> Router:
    """Return one router with all conversations.

    A router belongs to one parent: each bot in a process gets copies of its own.
    """
    steps = Router(name="steps")
    # Most messages are questions: they need not be shown to all the others first.
    steps.message.filter(InConversation())
    steps.include_routers(*map(deepcopy, STEPS))
    root = Router(name="root")
    root.include_routers(deepcopy(errors.router), steps, *map(deepcopy, QUESTIONS))
    return root
