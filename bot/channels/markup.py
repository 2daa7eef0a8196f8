# SPDX-License-Identifier: EUPL-1.2
"""Telegram's HTML: what it says without its marks, how long that is, and in which pieces it is shown.

Source of the rules: Bot API, 'Formatting options' and 'MessageEntity'. Offsets and lengths are UTF-16 units.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

_KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
    "tg-emoji": "",
}
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|lt|gt|amp|quot);")
_FOUND: Final = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-zA-Z]{2,12}(?![\w-]))"
    r"|(?P<url>(?<![\w/@.-])(?:https?://[^\s<>\"'\u2066-\u2069]{2,1000}"
    r"|(?:[a-zA-Z0-9][a-zA-Z0-9-]{0,62}\.){1,4}(?:nl|eu|org|com|net|gov)(?![\w.-]*[\w])(?:/[^\s<>\"'\u2066-\u2069]{0,500})?))"
    r"|(?P<phone_number>(?<![\w+-])(?:0[89]00-\d{4,7}|0\d{1,3}-\d{6,8})(?![\w-]))"
    r"|(?P<bot_command>(?<![\w/.])/[A-Za-z0-9_]{1,32}(?![\w/]))"
)
_TRAILING: Final = ".,:;!?)]}'»”’…،؛؟።፣፤"
_SAFE: Final = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_OPAQUE: Final = frozenset({"text_link", "url", "email", "phone_number", "code", "pre"})


class MarkupError(ValueError):
    """The text is not Telegram's HTML. The message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text with a meaning, named as in the Bot API."""

    type: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Text without its marks, and the marks."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that looks the same all over. `url` makes it a link, `command` something to send."""

    text: str
    styles: tuple[str, ...] = ()
    url: str = ""
    command: str = ""


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it: characters outside the basic plane are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def visible_length(source: str) -> int:
    """Return how long HTML is after its marks were taken out. Raises MarkupError."""
    return utf16_length(parse_html(source).text)


def parse_html(source: str) -> Marked:
    """Read Telegram's HTML. Space around the whole is dropped, as Telegram does. Raises MarkupError."""
    pieces: list[str] = []
    open_tags: list[tuple[str, Entity]] = []
    entities: list[Entity] = []
    length = position = 0
    while position < len(source):
        if source[position] != "<":
            end = source.find("<", position)
            end = len(source) if end < 0 else end
            piece = _REFERENCE.sub(lambda found: html.unescape(found[0]), source[position:end])
            pieces.append(piece)
            length += utf16_length(piece)
            position = end
            continue
        tag = _TAG.match(source, position)
        if tag is None:
            raise MarkupError(f"can't parse entities: unescaped '<' at character {position}")
        name = tag[2].lower()
        if name not in _KINDS:
            raise MarkupError(
                f'can\'t parse entities: unsupported start tag "{name}" at character {position}'
            )
        if tag[1]:
            if not open_tags or open_tags[-1][0] != name:
                raise MarkupError(
                    f'can\'t parse entities: unexpected end tag "{name}" at character {position}'
                )
            begun = open_tags.pop()[1]
            if begun.type and length > begun.offset:
                entities.append(replace(begun, length=length - begun.offset))
        else:
            open_tags.append((name, _opened(name, tag[3], length)))
        position = tag.end()
    if open_tags:
        raise MarkupError(f"can't parse entities: can't find end tag for \"{open_tags[-1][0]}\"")
    return _trimmed("".join(pieces), entities)


def _opened(name: str, attributes: str, offset: int) -> Entity:
    given = {
        found[1].lower(): found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(attributes)
    }
    if name == "span" and given.get("class") != "tg-spoiler":
        raise MarkupError('can\'t parse entities: tag "span" must have class "tg-spoiler"')
    url = html.unescape(given.get("href", "")) if name == "a" else ""
    kind = _KINDS[name]
    if kind == "text_link" and not _SAFE.match(url):
        kind = ""  # Telegram shows such a link as plain text
    return Entity(kind, offset, 0, url)


def _trimmed(text: str, entities: Iterable[Entity]) -> Marked:
    front = len(text) - len(text.lstrip())
    kept = text.strip()
    limit = utf16_length(kept)
    moved = []
    for entity in entities:
        begin = max(0, entity.offset - front)  # space is always one unit
        end = min(limit, entity.offset + entity.length - front)
        if end > begin:
            moved.append(replace(entity, offset=begin, length=end - begin))
    return Marked(kept, tuple(sorted(moved, key=lambda entity: (entity.offset, -entity.length))))


def detect(text: str, *, taken: Sequence[Entity] = ()) -> tuple[Entity, ...]:
    """Find links, addresses, Dutch phone numbers and commands that stand there unmarked, outside `taken`."""
    found = []
    busy = [(entity.offset, entity.offset + entity.length) for entity in taken if entity.type in _OPAQUE]
    for match in _FOUND.finditer(text):
        kind = str(match.lastgroup)
        value = match[0].rstrip(_TRAILING) if kind == "url" else match[0]
        offset = utf16_length(text[: match.start()])
        length = utf16_length(value)
        if not any(begin < offset + length and offset < end for begin, end in busy):
            found.append(Entity(kind, offset, length))
    return tuple(found)


def spans(marked: Marked) -> list[Span]:
    """Cut the text where its look changes, links that were written without marks included."""
    units = marked.text.encode("utf-16-le", "surrogatepass")
    entities = (*marked.entities, *detect(marked.text, taken=marked.entities))
    cuts = {0, len(units) // 2}
    for entity in entities:
        cuts |= {entity.offset, entity.offset + entity.length}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(units) // 2)
    result = []
    for begin, end in pairwise(edges):
        covering = [e for e in entities if e.offset <= begin and end <= e.offset + e.length]
        text = units[2 * begin : 2 * end].decode("utf-16-le", "replace")
        result.append(_span(text, covering, units))
    return result


def _span(text: str, covering: Sequence[Entity], units: bytes) -> Span:
    styles, url, command = [], "", ""
    for entity in covering:
        whole = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")
        match entity.type:
            case "text_link":
                url = entity.url if _SAFE.match(entity.url) else ""
            case "url":
                url = whole if "://" in whole else f"https://{whole}"
            case "email":
                url = f"mailto:{whole}"
            case "phone_number":
                url = f"tel:{whole}"
            case "bot_command":
                command = whole
            case kind:
                styles.append(kind)
    return Span(text, tuple(sorted(set(styles))), url, command)
