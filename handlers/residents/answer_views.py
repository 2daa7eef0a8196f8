# SPDX-License-Identifier: EUPL-1.2
"""What answers, choices and topics look like."""

from collections.abc import Iterable, Sequence
from html import escape

from markupsafe import Markup

from bot.content.render import Answer
from bot.domain.decision import DecisionKind
from bot.domain.entry import Entry, Topic
from bot.domain.outgoing import Button
from bot.i18n import Texts
from bot.services.asking import Reply
from bot.services.library import Library
from handlers.residents.callbacks import (
    AskPerson,
    Cancel,
    Helped,
    Home,
    InDutch,
    NoneOfThese,
    OpenEntry,
    OpenTopic,
    Topics,
)
from handlers.screen import Screen, button

PER_PAGE = 8
RELATED = 3


def reply(found: Reply, library: Library, texts: Texts) -> Iterable[Screen]:
    """Return what to show for a question: one screen, or two where two questions were asked."""
    kind = found.decision.kind
    if kind is DecisionKind.EMERGENCY:
        return [emergency(each, texts) for each in found.answers]
    if kind is DecisionKind.ANSWER:
        return [answer(each, found.exchange.id, library, texts) for each in found.answers]
    if kind is DecisionKind.CHOOSE:
        return [choose(found.choices, found.exchange.id, texts)]
    if kind is DecisionKind.SMALLTALK:
        return [smalltalk(library, found.decision.smalltalk or "greeting", texts)]
    if found.elsewhere is not None:
        return [elsewhere(found.elsewhere, found.exchange.id, texts)]
    return [unknown(found.exchange.id, texts)]


def answer(found: Answer, exchange: int, library: Library, texts: Texts) -> Screen:
    """Return an answer with its source, its date, whom to ask, and where to go from here."""
    inner = texts.other(found.language)
    parts = [f"<b>{escape(found.title, quote=False)}</b>", found.html, _source(found, inner)]
    if found.fallback:
        parts.insert(0, texts("answer.only-dutch"))
    if found.outdated:
        parts.append(texts("answer.outdated"))
    elif found.unchecked:
        parts.append(texts("answer.unchecked"))
    rows: list[list[Button]] = [
        [
            button(texts.label("answer.helped"), Helped(exchange=exchange, yes=True)),
            button(texts.label("answer.not-helped"), Helped(exchange=exchange, yes=False)),
        ]
    ]
    rows += _entry_rows(_related(found, library), 0, texts)
    last = [button(texts.label("button.person"), AskPerson(exchange=exchange))]
    if found.unchecked or found.outdated:
        last.append(button(texts.label("button.in-dutch"), InDutch(entry=found.entry.id)))
    return Screen("\n\n".join(part for part in parts if part), [*rows, last])


def emergency(found: Answer, texts: Texts) -> Screen:
    """Return the number to call and what to say. Nothing stands before it."""
    text = f"<b>{escape(found.title, quote=False)}</b>\n\n{found.html}"
    return Screen(text, [[button(texts.label("emergency.no-danger"), Topics())]])


def form_waits(texts: Texts) -> Screen:
    """Say that what was begun is still there."""
    return Screen(texts("emergency.form-waits"), [[button(texts.label("button.cancel"), Cancel())]])


def choose(entries: Sequence[Entry], exchange: int, texts: Texts) -> Screen:
    """Ask which of up to three was meant."""
    return Screen(
        texts("answer.choose"),
        [
            *_entry_rows(entries, exchange, texts),
            [button(texts.label("answer.none-of-these"), NoneOfThese(exchange=exchange))],
        ],
    )


def not_helped(entries: Sequence[Entry], exchange: int, texts: Texts) -> Screen:
    """Lead on from an answer that did not help."""
    return Screen(
        texts("answer.sorry"), [*_entry_rows(entries, exchange, texts), _person_and_topics(exchange, texts)]
    )


def lead_on(exchange: int, texts: Texts) -> Screen:
    """Lead on where nothing fitted: other words, a topic, or a person."""
    return Screen(texts("answer.lead-on"), [_person_and_topics(exchange, texts)])


def unknown(exchange: int, texts: Texts) -> Screen:
    """Say that it is not known, and who can be asked."""
    return Screen(texts("answer.unknown"), [_person_and_topics(exchange, texts)])


def elsewhere(found: Answer, exchange: int, texts: Texts) -> Screen:
    """Say that this is not ours, and whose it is."""
    return Screen(
        f"<b>{escape(found.title, quote=False)}</b>\n\n{found.html}", [_person_and_topics(exchange, texts)]
    )


def smalltalk(library: Library, kind: str, texts: Texts) -> Screen:
    """Answer kindly and lead on to what the bot can do."""
    return Screen(
        escape(library.small_talk(kind, texts.code), quote=False),
        [[button(texts.label("button.topics"), Topics()), button(texts.label("button.person"), AskPerson())]],
    )


def topics(found: Sequence[Topic], texts: Texts) -> Screen:
    """Invite to ask, with the topics as buttons."""
    rows = [
        [button(f"{each.icon} {each.name(texts.code)}".strip(), OpenTopic(topic=each.id))] for each in found
    ]
    return Screen(texts("topics.text"), [*rows, [button(texts.label("button.home"), Home())]])


def topic(topic_id: str, entries: Sequence[Entry], page: int, texts: Texts) -> Screen:
    """List the answers under a topic, a page at a time."""
    pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = entries[page * PER_PAGE : (page + 1) * PER_PAGE]
    turn = []
    if page > 0:
        turn.append(button(texts.label("button.previous"), OpenTopic(topic=topic_id, page=page - 1)))
    if page < pages - 1:
        turn.append(button(texts.label("button.next"), OpenTopic(topic=topic_id, page=page + 1)))
    rows = [*_entry_rows(shown, 0, texts), *([turn] if turn else [])]
    return Screen(
        texts("topics.pick", page=page + 1, pages=pages) if pages > 1 else texts("topics.pick-one"),
        [*rows, [button(texts.label("button.topics"), Topics()), button(texts.label("button.home"), Home())]],
    )


def _entry_rows(entries: Iterable[Entry], exchange: int, texts: Texts) -> list[list[Button]]:
    return [
        [button(entry.in_language(texts.code).title, OpenEntry(entry=entry.id, exchange=exchange))]
        for entry in entries
    ]


def _person_and_topics(exchange: int, texts: Texts) -> list[Button]:
    return [
        button(texts.label("button.person"), AskPerson(exchange=exchange)),
        button(texts.label("button.topics"), Topics()),
    ]


def _related(found: Answer, library: Library) -> list[Entry]:
    entries = library.knowledge.entries
    return [entries[each] for each in found.entry.related if each in entries][:RELATED]


def _source(found: Answer, texts: Texts) -> str:
    lines = []
    if found.contacts:
        lines.append(texts("answer.ask", contact=Markup(" · ").join(_contacts(found, texts))))
    if found.entry.sources and found.checked_on is not None:
        links = [
            Markup('<a href="{}">{}</a>').format(source.url, source.title) for source in found.entry.sources
        ]
        lines.append(
            texts("answer.source", source=Markup("; ").join(links), day=texts.full_day(found.checked_on))
        )
    return "\n".join(lines)


def _contacts(found: Answer, texts: Texts) -> Iterable[str]:
    for contact in found.contacts[:2]:
        yield ", ".join(part for part in (contact.name(texts.code), contact.phone or contact.mail) if part)
