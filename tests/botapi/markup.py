# SPDX-License-Identifier: EUPL-1.2
"""Telegram's HTML: the text that people see and its entities, or what is wrong with it.

Stricter than Telegram in one point: an unknown named entity is refused here, not shown as it is.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from botapi.kinds import RefusedError, units

TYPES = {
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
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
PIECE = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]*))?)*)\s*>|<|[^<]+"
)
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]*)))?")
ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|[a-zA-Z][a-zA-Z0-9]*);")
NAMED = frozenset({"lt", "gt", "amp", "quot"})
ALLOWED = {
    "a": {"href"},
    "span": {"class"},
    "code": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
}
NO_ENTITIES: list[dict[str, Any]] = []


def _wrong(what: str) -> RefusedError:
    return RefusedError(f"Bad Request: can't parse entities: {what}")


def _decode(text: str) -> str:
    for match in ENTITY.finditer(text):
        if not match[1].startswith("#") and match[1] not in NAMED:
            raise _wrong(f'unsupported entity "{match[0]}"')
    return unescape(text) if "&" in text else text


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the visible text and its entities. Raises RefusedError."""
    if "<" not in html and "&" not in html:
        return html, NO_ENTITIES
    text: list[str] = []
    entities: list[dict[str, Any]] = []
    opened: list[_Open] = []
    offset = 0
    for match in PIECE.finditer(html):
        piece = match[0]
        if piece[0] != "<":
            decoded = _decode(piece)
            text.append(decoded)
            offset += units(decoded)
            continue
        if match[2] is None:
            raise _wrong(f"unexpected '<' at offset {match.start()}")
        tag = match[2].lower()
        if tag not in TYPES:
            raise _wrong(f'unsupported start tag "{tag}" at byte offset {match.start()}')
        if match[1]:
            if not opened or opened[-1].tag != tag:
                raise _wrong(f'unmatched end tag "{tag}"')
            began = opened.pop()
            if entity := _entity(began, offset):
                entities.append(entity)
        else:
            attributes = {
                each[1].lower(): _decode(each[2] or each[3] or each[4] or "")
                for each in ATTRIBUTE.finditer(match[3])
            }
            if extra := attributes.keys() - ALLOWED.get(tag, set()):
                raise _wrong(f'tag "{tag}" has no attribute {sorted(extra)}')
            if tag == "span" and attributes.get("class") != "tg-spoiler":
                raise _wrong('tag "span" must have class "tg-spoiler"')
            opened.append(_Open(tag, offset, attributes))
    if opened:
        raise _wrong(f'can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    entities.sort(key=lambda each: (each["offset"], -each["length"]))
    return "".join(text), entities


def _entity(began: _Open, end: int) -> dict[str, Any] | None:
    if end == began.offset:
        return None
    entity: dict[str, Any] = {
        "type": TYPES[began.tag],
        "offset": began.offset,
        "length": end - began.offset,
    }
    if began.tag == "a":
        href = began.attributes.get("href", "")
        if not href.startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
            return None
        entity["url"] = href
    if began.tag == "tg-emoji":
        entity["custom_emoji_id"] = began.attributes.get("emoji-id", "")
    return entity
