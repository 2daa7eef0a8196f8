# SPDX-License-Identifier: EUPL-1.2
"""Conversations: a chat event in, one use case called, its result shown."""

from aiogram import Router

from handlers import errors
from handlers.area_manager import people, questions
from handlers.residents import asking, contact, my_data, other_messages, safety, welcome

IN_ORDER = (
    errors.router,
    safety.router,
    welcome.router,
    my_data.router,
    questions.router,
    people.router,
    contact.router,
    asking.router,
    other_messages.router,
)
"""The first router that takes an update handles it: danger first, what begins with a command next, forms
before questions, and last what nobody else took."""


def build_router() -> Router:
    """Return one router with all conversations. Routers belong to one parent, so this is called once."""
    root = Router(name="root")
    root.include_routers(*IN_ORDER)
    return root
