# SPDX-License-Identifier: EUPL-1.2
"""The buttons of a resident: one class for each action, at most 64 bytes, nothing personal in it."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.domain.question import NUMBER_BITS

ExchangeNumber = Annotated[int, Field(ge=0, lt=2**NUMBER_BITS)]
"""The number of an exchange. A forged one that cannot exist is no button at all."""


class ChooseLanguage(CallbackData, prefix="language"):
    """Read and be written to in this language."""

    code: str


class KeepLanguage(CallbackData, prefix="keep-language"):
    """Stay with the present language, after a message in another one."""


class OpenEntry(CallbackData, prefix="entry"):
    """Show an answer. `exchange` is the question that led to it, 0 for none."""

    entry: str
    exchange: ExchangeNumber = 0


class InDutch(CallbackData, prefix="dutch"):
    """Show the Dutch text, which has been checked."""

    entry: str


class Helped(CallbackData, prefix="helped"):
    """Say whether the answer helped."""

    exchange: ExchangeNumber
    yes: bool


class NoneOfThese(CallbackData, prefix="none"):
    """None of the entries that were offered was meant."""

    exchange: ExchangeNumber


class Topics(CallbackData, prefix="topics"):
    """Show the topics."""


class OpenTopic(CallbackData, prefix="topic"):
    """Show the answers under a topic, from `page` (0 is the first) on."""

    topic: str
    page: int = 0


class AskPerson(CallbackData, prefix="person"):
    """Ask the gebiedsmanager; `exchange` is the question that was asked before, 0 for none."""

    exchange: ExchangeNumber = 0


class SendQuestion(CallbackData, prefix="send-question"):
    """Send the question that was just shown. `token` tells this form from an older one."""

    token: str


class RewordQuestion(CallbackData, prefix="reword-question"):
    """Write the question in other words."""

    token: str


class WriteOn(CallbackData, prefix="write-on"):
    """Add something to a question that was sent before."""

    question: int


class Solved(CallbackData, prefix="solved"):
    """The question is answered."""

    question: int


class Cancel(CallbackData, prefix="cancel"):
    """Leave what was begun."""


class Home(CallbackData, prefix="home"):
    """Back to the beginning."""


class Help(CallbackData, prefix="help"):
    """Show what the bot can do."""


class Languages(CallbackData, prefix="languages"):
    """Show the languages."""


class MyData(CallbackData, prefix="my-data"):
    """Show what is kept about me."""


class MyQuestions(CallbackData, prefix="my-questions"):
    """Show my questions to a person."""


class ForgetMe(CallbackData, prefix="forget-me"):
    """Remove me and what is kept about me; asked once more before it is done (`sure`)."""

    sure: bool = False
