# SPDX-License-Identifier: EUPL-1.2
"""Files of the web chat: what they really are, pictures made harmless, contents sealed in a folder."""

import asyncio
import hashlib
import io
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from PIL import Image, ImageOps

MAX_PICTURE_SIDE: Final = 2000
MAX_PICTURE_PIXELS: Final = 50_000_000
"""A small file can hold a huge picture: those are refused before they are unpacked."""

_PICTURES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_NONCE_BYTES: Final = 12
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


class Contents:
    """Contents of files, each once under its SHA-256, sealed with AES-256-GCM. The first key writes."""

    def __init__(self, folder: Path, keys: Sequence[bytes]) -> None:
        self._folder = folder
        self._keys = [
            AESGCM(HKDF(SHA256(), length=32, salt=b"buurtbrug", info=b"web chat files").derive(key))
            for key in keys
        ]

    async def store(self, content: bytes) -> str:
        """Keep a content and return its digest. Raises OSError when the disk is full."""
        return await asyncio.to_thread(self._store, content)

    async def load(self, digest: str) -> bytes:
        """Return a content. Raises FileNotFoundError, and OSError when no key opens it."""
        return await asyncio.to_thread(self._load, digest)

    async def remove(self, digests: Sequence[str]) -> None:
        """Remove contents that nobody refers to."""
        await asyncio.to_thread(self._remove, digests)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _store(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._keys[0].encrypt(nonce, content, digest.encode())
        half = path.with_name(f"{digest}.{secrets.token_hex(4)}.part")
        try:
            with half.open("xb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        return digest

    def _load(self, digest: str) -> bytes:
        sealed = self._path(digest).read_bytes()
        for key in self._keys:
            with suppress(InvalidTag):
                return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], digest.encode())
        raise OSError(f"none of the secret keys opens the file {digest}")

    def _remove(self, digests: Sequence[str]) -> None:
        for digest in digests:
            self._path(digest).unlink(missing_ok=True)
