# SPDX-License-Identifier: EUPL-1.2
"""A Bot API message as the browser needs it: lines of spans, media by id, offered buttons."""

from typing import Any, Final

from bot.channels.markup import Entity, Marked, Span, spans
from bot.channels.web.store import Json, Message
from bot.channels.web.wording import Wording

_BULLET: Final = "• "
"""What a line of a list begins with; the browser gets it as an item of a real list."""

_HIDDEN: Final = "/start"
"""What opens a conversation (and may hold an invitation) is kept, but not shown."""


def offered(body: Json) -> frozenset[str]:
    """Return the callback data that this message offers now."""
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return frozenset(button["callback_data"] for row in rows for button in row if "callback_data" in button)


def message_view(message: Message, wording: Wording, language: str | None) -> Json:
    """Return the message for the browser. `language` is the person's."""
    body = message.body
    view: Json = {
        "id": message.message_id,
        "mine": message.from_visitor,
        "date": body["date"],
        "lines": _lines(body, wording, language),
    }
    if message.client_id:
        view["client_id"] = message.client_id
    if "edit_date" in body:
        view["edited"] = True
    if "media_group_id" in body:
        view["group"] = body["media_group_id"]
    if message.from_visitor and str(body.get("text", "")).split(" ")[0] == _HIDDEN:
        view["hidden"] = True
        view["lines"] = []
    view.update(_media(body))
    keyboard = body.get("reply_markup", {}).get("inline_keyboard", [])
    rows = [[_button(button, wording, language) for button in row] for row in keyboard]
    if rows:
        view["buttons"] = rows
    return view


def _button(button: Json, wording: Wording, language: str | None) -> Json:
    view: Json = {"text": button["text"]}
    written = wording.language_of(button["text"], language)
    if written is not None:
        view["lang"] = written.code
    if "style" in button:
        view["style"] = button["style"]
    if "url" in button:
        return {**view, "url": button["url"]}
    if "copy_text" in button:
        return {**view, "copy": button["copy_text"]["text"]}
    return {**view, "data": button["callback_data"]}


def _media(body: Json) -> Json:
    found: Json = {}
    if body.get("photo"):
        photo = body["photo"][-1]
        found["photo"] = {"file": photo["file_id"], "width": photo["width"], "height": photo["height"]}
    for kind in ("voice", "audio"):
        if kind in body:
            found["voice"] = {"file": body[kind]["file_id"], "duration": body[kind]["duration"]}
    if "document" in body:
        document = body["document"]
        found["document"] = {
            "file": document["file_id"],
            "name": document.get("file_name", ""),
            "size": document.get("file_size", 0),
        }
    if "location" in body:
        place = body.get("venue", {})
        found["location"] = {
            "latitude": body["location"]["latitude"],
            "longitude": body["location"]["longitude"],
            "title": place.get("title", ""),
            "address": place.get("address", ""),
        }
    return found


def _lines(body: Json, wording: Wording, language: str | None) -> list[Json]:
    text = body.get("text") or body.get("caption") or ""
    raw = body.get("entities") or body.get("caption_entities") or []
    marked = Marked(
        text, tuple(Entity(item["type"], item["offset"], item["length"], item.get("url", "")) for item in raw)
    )
    lines: list[list[Span]] = [[]]
    for span in spans(marked):
        first, *rest = span.text.split("\n")
        lines[-1].append(Span(first, span.styles, span.url, span.command))
        lines.extend([Span(piece, span.styles, span.url, span.command)] for piece in rest)
    return [_line([span for span in line if span.text], wording, language) for line in lines] if text else []


def _line(line: list[Span], wording: Wording, language: str | None) -> Json:
    view: Json = {"spans": [_span(span) for span in line]}
    found = wording.language_of("".join(span.text for span in line), language)
    if found is not None:
        view["lang"] = found.code
    if line and line[0].text.startswith(_BULLET):
        view["kind"] = "item"
        view["spans"][0]["text"] = line[0].text.removeprefix(_BULLET)
    for kind in ("blockquote", "pre"):
        if line and all(kind in span.styles for span in line):
            view["kind"] = kind
    return view


def _span(span: Span) -> dict[str, Any]:
    view: dict[str, Any] = {"text": span.text}
    styles = [style for style in span.styles if style not in {"blockquote", "pre"}]
    if styles:
        view["styles"] = styles
    if span.url:
        view["url"] = span.url
    if span.command:
        view["command"] = span.command
    return view
