# SPDX-License-Identifier: EUPL-1.2
"""What asking a person looks like to a resident."""

from collections.abc import Sequence

from bot.domain.question import Author, Question, QuestionState
from bot.i18n import Texts
from handlers.residents.callbacks import Cancel, RewordQuestion, SendQuestion, Solved, WriteOn
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button

SHOWN = 5
EXCERPT = 120


def write(texts: Texts) -> Screen:
    """Invite to write the question."""
    return Screen(texts("contact.write"), [[button(texts.label("button.cancel"), Cancel())]])


def write_on(question: Question, texts: Texts) -> Screen:
    """Invite to add to a question."""
    return Screen(
        texts("contact.write-on", number=question.id), [[button(texts.label("button.cancel"), Cancel())]]
    )


def confirm(text: str, token: str, texts: Texts) -> Screen:
    """Show the question once more before it is sent."""
    return Screen(
        texts("contact.confirm", text=text),
        [
            [button(texts.label("button.send"), SendQuestion(token=token))],
            [
                button(texts.label("button.reword"), RewordQuestion(token=token)),
                button(texts.label("button.cancel"), Cancel()),
            ],
        ],
    )


def sent(question: Question, texts: Texts) -> Screen:
    """Confirm, with a number and the day by which an answer comes."""
    return Screen(
        texts(
            "contact.sent", number=question.id, due=texts.day(question.due_at.astimezone(texts.zone).date())
        ),
        [home_row(texts)],
    )


def my_questions(questions: Sequence[Question], texts: Texts) -> Screen:
    """List a resident's own questions."""
    if not questions:
        return Screen(texts("contact.none-yet"), [home_row(texts)])
    lines = [texts("contact.mine")]
    rows = []
    for question in questions[:SHOWN]:
        lines.append(
            texts(
                "contact.line",
                number=question.id,
                state=texts.label(f"question.state.{question.state}"),
                text=excerpt(question.lines[0].text),
            )
        )
        if question.state is not QuestionState.CLOSED:
            rows.append(
                [button(texts.label("contact.add-to", number=question.id), WriteOn(question=question.id))]
            )
    return Screen("\n\n".join(lines), [*rows, home_row(texts)])


def answered(question: Question, texts: Texts) -> Screen:
    """Show the answer of a person to the resident who asked."""
    answer = next(line for line in reversed(question.lines) if line.author is Author.MUNICIPALITY)
    asked = next(line for line in reversed(question.lines) if line.author is Author.RESIDENT)
    return Screen(
        texts("contact.answered", number=question.id, question=excerpt(asked.text), answer=answer.text),
        [
            [button(texts.label("contact.solved"), Solved(question=question.id))],
            [button(texts.label("contact.ask-further"), WriteOn(question=question.id))],
        ],
    )


def excerpt(text: str) -> str:
    """Return the beginning of a text, cut at a word."""
    if len(text) <= EXCERPT:
        return text
    return text[:EXCERPT].rsplit(" ", 1)[0] + " …"
