# SPDX-License-Identifier: EUPL-1.2
"""Files of the web chat: what they really are, and pictures made harmless."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

MAX_PICTURE_SIDE: Final = 2000
MAX_PICTURE_PIXELS: Final = 50_000_000
"""A small file can hold a huge picture: those are refused before they are unpacked."""

_PICTURES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_MARKS: Final = (
    (0, b"\xff\xd8\xff", "photo", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "photo", "image/png"),
    (8, b"WEBP", "photo", "image/webp"),
    (0, b"GIF8", "photo", "image/gif"),
    (0, b"OggS", "voice", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "voice", "audio/webm"),
    (4, b"ftypM4A", "voice", "audio/mp4"),
    (4, b"ftypmp4", "voice", "audio/mp4"),
    (4, b"ftypiso", "voice", "audio/mp4"),
    (0, b"ID3", "voice", "audio/mpeg"),
    (0, b"\xff\xfb", "voice", "audio/mpeg"),
    (0, b"%PDF-", "document", "application/pdf"),
)
"""Where in a file which bytes stand, and what it is then."""


class FileRefusedError(Exception):
    """The file can't be taken. `reason` is `type`, `picture` (damaged or too large) or `size`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be kept. `kind` is photo, voice or document."""

    content: bytes
    kind: str
    mime: str
    width: int = 0
    height: int = 0


def sniff(content: bytes) -> tuple[str, str] | None:
    """Return the kind and media type that the first bytes tell, or None for what is not taken."""
    for begin, mark, kind, mime in _MARKS:
        if content[begin : begin + len(mark)] == mark and (mime != "image/webp" or content[:4] == b"RIFF"):
            return kind, mime
    return None


def prepare(content: bytes) -> Prepared:
    """Check a file from a visitor; a picture is drawn anew, so without place and time.

    Slow for pictures: call it in a thread. Raises FileRefusedError.
    """
    found = sniff(content)
    if found is None:
        raise FileRefusedError("type")
    kind, mime = found
    if kind != "photo":
        return Prepared(content, kind, mime)
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_PICTURES)) as picture:
            if picture.width * picture.height > MAX_PICTURE_PIXELS:
                raise FileRefusedError("picture")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_PICTURE_SIDE, MAX_PICTURE_SIDE))
            flat = Image.new("RGB", upright.size, "white")
            layered = upright.convert("RGBA")
            flat.paste(layered, mask=layered.getchannel("A"))
            drawn = io.BytesIO()
            flat.save(drawn, "JPEG", quality=85, optimize=True)
            return Prepared(drawn.getvalue(), "photo", "image/jpeg", flat.width, flat.height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefusedError("picture") from error


def measure(content: bytes) -> Prepared:
    """Return a picture of the bot's own with its size. Slow: call it in a thread. Raises FileRefusedError."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_PICTURES)) as picture:
            mime = _PICTURES[str(picture.format)]
            return Prepared(content, "photo", mime, picture.width, picture.height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefusedError("picture") from error
