# SPDX-License-Identifier: EUPL-1.2
"""The buttons of the gebiedsmanager: one class for each action, at most 64 bytes."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.person import Role


class WaitingQuestions(CallbackData, prefix="waiting-questions"):
    """List the questions that wait for an answer."""


class OpenQuestion(CallbackData, prefix="question"):
    """Show one question whole."""

    question: int


class TakeQuestion(CallbackData, prefix="take-question"):
    """Say that one will answer it."""

    question: int


class CloseQuestion(CallbackData, prefix="close-question"):
    """Close it without an answer; asked once more before it is done (`sure`)."""

    question: int
    sure: bool = False


class AnswerQuestion(CallbackData, prefix="answer-question"):
    """Write an answer."""

    question: int


class SendAnswer(CallbackData, prefix="send-answer"):
    """Send the answer that was just shown. `token` tells this form from an older one."""

    token: str


class RewordAnswer(CallbackData, prefix="reword-answer"):
    """Write the answer in other words."""

    token: str


class PeopleList(CallbackData, prefix="people"):
    """Show who has which role."""


class Invite(CallbackData, prefix="invite"):
    """Make an invitation for a role."""

    role: Role


class Revoke(CallbackData, prefix="revoke"):
    """Take a role away; asked once more before it is done (`sure`)."""

    person: int
    role: Role
    sure: bool = False


class KnowledgeStatus(CallbackData, prefix="knowledge"):
    """Show how complete the answers are."""
