# SPDX-License-Identifier: EUPL-1.2
"""What residents' questions look like to the gebiedsmanager."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.channels.markup import utf16_length
from bot.domain.question import Author, Question, QuestionState
from bot.i18n import Texts
from handlers.area_manager.callbacks import (
    AnswerQuestion,
    CloseQuestion,
    OpenQuestion,
    RewordAnswer,
    SendAnswer,
    TakeQuestion,
    WaitingQuestions,
)
from handlers.residents.callbacks import Cancel
from handlers.residents.contact_views import excerpt
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button

SHOWN = 8
LINES = 6
ROOM = 3000
"""UTF-16 units of what was said on one card: the rest of a message is for what stands around it."""


def waiting(questions: Sequence[Question], texts: Texts) -> Screen:
    """List what waits, the oldest first."""
    if not questions:
        return Screen(texts("desk.nothing-waits"), [home_row(texts)])
    lines = [texts.count("desk.waiting", len(questions))]
    rows = []
    for question in questions[:SHOWN]:
        lines.append(
            texts(
                "desk.line",
                number=question.id,
                state=texts.label(f"question.state.{question.state}"),
                due=texts.day(question.due_at.astimezone(texts.zone).date()),
                text=excerpt(question.lines[0].text),
            )
        )
        rows.append(
            [button(texts.label("desk.open", number=question.id), OpenQuestion(question=question.id))]
        )
    return Screen("\n\n".join(lines), [*rows, home_row(texts)])


def card(question: Question, texts: Texts) -> Screen:
    """Show one question with the last lines of what was said."""
    said = _said(question, texts)
    text = texts(
        "desk.card",
        number=question.id,
        state=texts.label(f"question.state.{question.state}"),
        language=texts.languages.get(question.language).name,
        due=texts.day(question.due_at.astimezone(texts.zone).date()),
        lines=Markup("\n\n").join(said),
    )
    rows = [[button(texts.label("desk.answer"), AnswerQuestion(question=question.id))]]
    if question.state is QuestionState.OPEN:
        rows.append([button(texts.label("desk.take"), TakeQuestion(question=question.id))])
    if question.state is not QuestionState.CLOSED:
        rows.append([button(texts.label("desk.close"), CloseQuestion(question=question.id))])
    return Screen(text, [*rows, [button(texts.label("menu.vragen"), WaitingQuestions())]])


def _said(question: Question, texts: Texts) -> list[Markup]:
    """Return the last lines in their order: the newest one whole, older ones as far as they fit."""
    said: list[Markup] = []
    left = ROOM
    for line in reversed(question.lines[-LINES:]):
        whole = utf16_length(line.text) <= left
        text = line.text if whole or not said else excerpt(line.text)
        left -= utf16_length(text)
        said.insert(0, texts(f"desk.said.{line.author}", moment=texts.moment(line.at), text=text))
    return said


def close_sure(question: Question, texts: Texts) -> Screen:
    """Ask once more before a question is closed."""
    answered = any(line.author is Author.MUNICIPALITY for line in question.lines)
    return Screen(
        texts("desk.close-sure" if answered else "desk.close-unanswered", number=question.id),
        [
            [button(texts.label("desk.close"), CloseQuestion(question=question.id, sure=True))],
            [button(texts.label("button.back"), OpenQuestion(question=question.id))],
        ],
    )


def write(question: Question, texts: Texts) -> Screen:
    """Invite to write the answer."""
    return Screen(
        texts("desk.write", number=question.id, language=texts.languages.get(question.language).name),
        [[button(texts.label("button.cancel"), Cancel())]],
    )


def reword(number: int, texts: Texts) -> Screen:
    """Invite to write it anew."""
    return Screen(texts("desk.reword", number=number), [[button(texts.label("button.cancel"), Cancel())]])


def confirm(number: int, text: str, token: str, texts: Texts) -> Screen:
    """Show the answer once more before it is sent."""
    return Screen(
        texts("desk.confirm", number=number, text=text),
        [
            [button(texts.label("button.send"), SendAnswer(token=token))],
            [
                button(texts.label("button.reword"), RewordAnswer(token=token)),
                button(texts.label("button.cancel"), Cancel()),
            ],
        ],
    )


def sent(question: Question, texts: Texts) -> Screen:
    """Confirm that the answer is on its way."""
    return Screen(
        texts("desk.sent", number=question.id),
        [[button(texts.label("menu.vragen"), WaitingQuestions())], home_row(texts)],
    )
