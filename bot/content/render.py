# SPDX-License-Identifier: EUPL-1.2
"""From the text of an entry to what a person reads: placeholders filled in, Markdown as Telegram's HTML."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain.entry import BASE_LANGUAGE, Contact, Entry, Figure, Knowledge, Translation
from bot.i18n import Texts, isolate, isolate_foreign

PLACEHOLDER = re.compile(r"\{(figure|contact|phone|mail|web):([a-z0-9_-]+)\}")
_BLOCKS = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"(?m)^(?=- )")
_TAGS = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "link_close": "</a>",
}
_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry, ready to be read in one language.

    `html` is Telegram's HTML. `unchecked` tells that no native speaker has read this translation;
    `fallback` that the language has no text and this is the Dutch one; `outdated` that the Dutch text
    has changed since it was translated.
    """

    entry: Entry
    language: str
    title: str
    html: str
    contacts: tuple[Contact, ...]
    unchecked: bool
    fallback: bool
    outdated: bool

    @property
    def checked_on(self) -> date | None:
        """The oldest day on which one of the sources was compared."""
        return min((source.checked_on for source in self.entry.sources), default=None)


def render(entry: Entry, knowledge: Knowledge, texts: Texts, today: date) -> Answer:
    """Prepare an entry for a reader of `texts`. A figure that does not hold on `today` is left out."""
    translation = entry.in_language(texts.code)
    inner = texts if translation.language == texts.code else texts.other(translation.language)
    kept, missing = _without_expired(translation.text, knowledge, today)
    html = to_html(kept, lambda kind, name: _value(kind, name, knowledge, inner))
    if missing:
        names = " · ".join(
            sorted({knowledge.contacts[figure.contact].name(inner.code) for figure in missing})
        )
        html += "\n\n" + inner("answer.figure-expired", contact=names)
    return Answer(
        entry=entry,
        language=translation.language,
        title=translation.title,
        html=isolate_foreign(html) if inner.language.right_to_left else html,
        contacts=tuple(knowledge.contacts[name] for name in entry.contacts),
        unchecked=translation.language != BASE_LANGUAGE and not translation.reviewed,
        fallback=translation.language != texts.code,
        outdated=entry.is_outdated(translation.language),
    )


def placeholders(translation: Translation) -> Iterable[tuple[str, str]]:
    """Yield kind and name of each placeholder in a text."""
    return PLACEHOLDER.findall(translation.text)


def to_html(markdown: str, fill: Callable[[str, str], str]) -> str:
    """Turn Markdown (paragraphs, lists, bold, italics, links) into Telegram's HTML.

    `fill` gives the HTML for the kind and name of a placeholder.
    """
    return PLACEHOLDER.sub(lambda match: fill(match[1], match[2]), _with_placeholders(markdown))


@lru_cache(maxsize=512)
def _with_placeholders(markdown: str) -> str:
    """Turn Markdown into HTML, once for each text: reading it takes longer than finding the answer."""
    blocks: list[str] = []
    depth = 0
    for token in _markdown.parse(markdown):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline":
            text = _inline(token.children or [])
            if depth and blocks and blocks[-1].startswith("• "):
                blocks[-1] += f"\n• {text}"
            else:
                blocks.append(f"• {text}" if depth else text)
    return "\n\n".join(blocks)


def _inline(tokens: Iterable[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "link_open":
            parts.append(f'<a href="{escape(str(token.attrs["href"]))}">')
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" " if token.type == "softbreak" else "\n")
        else:
            parts.append(_TAGS.get(token.type) or escape(token.content, quote=False))
    return "".join(parts)


def _without_expired(text: str, knowledge: Knowledge, today: date) -> tuple[str, list[Figure]]:
    """Drop each paragraph and list item that quotes a figure which does not hold on `today`."""
    missing: list[Figure] = []
    kept = []
    for block in _BLOCKS.split(text):
        pieces = []
        for piece in _ITEM.split(block):
            names = [name for kind, name in PLACEHOLDER.findall(piece) if kind == "figure"]
            expired = [
                knowledge.figures[name] for name in names if not knowledge.figures[name].holds_on(today)
            ]
            missing += expired
            if not expired:
                pieces.append(piece)
        if body := "".join(pieces).strip():
            kept.append(body)
    return "\n\n".join(kept), missing


def _value(kind: str, name: str, knowledge: Knowledge, texts: Texts) -> str:
    if kind == "figure":
        return escape(show_figure(knowledge.figures[name], texts), quote=False)
    contact = knowledge.contacts[name]
    if kind == "contact":
        text = contact.name(texts.code)
        return escape(text, quote=False)
    if kind == "web":
        shown = contact.web.removeprefix("https://").removeprefix("www.").rstrip("/")
        return f'<a href="{escape(contact.web)}">{escape(shown)}</a>'
    value = contact.phone if kind == "phone" else contact.mail
    return isolate(escape(value)) if texts.language.right_to_left else escape(value)


def show_figure(figure: Figure, texts: Texts) -> str:
    """Return a figure with its unit in words."""
    if figure.unit == "euro":
        return texts.euro(figure.value)
    if figure.unit == "percent":
        return texts.percent(figure.value)
    if figure.unit == "count":
        return texts.number(figure.value)
    return texts.count(f"unit.{figure.unit}", int(figure.value))
