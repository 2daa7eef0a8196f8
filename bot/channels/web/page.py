# SPDX-License-Identifier: EUPL-1.2
"""The page and its files: in the visitor's language, cached by content, with nothing from outside."""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from bot.channels.web.wording import Wording

_FOLDER: Final = Path(__file__).parent
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_PACKED: Final = frozenset({".js", ".css", ".svg", ".txt", ".webmanifest"})

COMMON_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), microphone=(self), camera=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers. `packed` is the same with gzip, where that helps."""

    content: bytes
    type: str
    packed: bytes | None


class Assets:
    """Everything under `static/`, read once. Its address changes when its content does."""

    def __init__(self, folder: Path = _FOLDER / "static") -> None:
        files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.suffix in _TYPES
        }
        fonts = {name: path.read_bytes() for name, path in files.items() if name.startswith("fonts/")}
        code = {name: path.read_bytes() for name, path in files.items() if name not in fonts}
        font_version, self.version = _digest(fonts), _digest({**fonts, **code})
        # The fonts keep their address when only the code changes.
        code = {
            name: content.replace(b'url("fonts/', f'url("../{font_version}/fonts/'.encode())
            for name, content in code.items()
        }
        self._assets = {
            f"{version}/{name}": _asset(name, content)
            for version, group in ((font_version, fonts), (self.version, code))
            for name, content in group.items()
        }

    def get(self, path: str) -> Asset | None:
        """Return the file at `<version>/<name>`."""
        return self._assets.get(path)

    def url(self, name: str) -> str:
        """Return the address of a file."""
        return f"/static/{self.version}/{name}"


def _asset(name: str, content: bytes) -> Asset:
    suffix = Path(name).suffix
    return Asset(content, _TYPES[suffix], gzip.compress(content, 9, mtime=0) if suffix in _PACKED else None)


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


class Page:
    """Draws the chat page, in a window of its own or in another site's frame."""

    def __init__(
        self,
        wording: Wording,
        assets: Assets,
        municipality: str,
        public_url: str,
        frame_ancestors: Sequence[str],
    ) -> None:
        """`frame_ancestors` are origins (`https://www.example.nl`). Raises ValueError for anything else."""
        for origin in frame_ancestors:
            if not re.fullmatch(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d+)?", origin):
                raise ValueError(f"not the origin of a web site: {origin}")
        self._wording = wording
        self._assets = assets
        self._municipality = municipality
        self._public_url = public_url
        self._ancestors = " ".join(frame_ancestors) or "'none'"
        self._page = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
        self._embed = (_FOLDER / "embed.js").read_text(encoding="utf-8")

    def draw(self, language: str, *, embedded: bool) -> str:
        """Return the HTML."""
        texts = self._wording.texts(language)
        known = self._wording.languages.get(language)
        without_script = "".join(
            f'<p lang="{other.code}" dir="{other.direction}">{html.escape(words["noscript"])}</p>'
            for other in self._wording.languages
            for words in (self._wording.texts(other.code),)
        )
        setup = {
            "embedded": embedded,
            "language": known.code,
            "direction": known.direction,
            "texts": dict(texts),
        }
        return self._page.substitute(
            {f"t_{key}": html.escape(text) for key, text in texts.items()},
            language=known.code,
            direction=known.direction,
            municipality=html.escape(self._municipality),
            style=self._assets.url("chat.css"),
            script=self._assets.url("app.js"),
            icon=self._assets.url("mark.svg"),
            noscript=without_script,
            # '<' is written so that no text can end the script element.
            setup=json.dumps(setup, ensure_ascii=False).replace("<", "\\u003c"),
            frame="embedded" if embedded else "whole",
        )

    def embed_script(self) -> str:
        """Return the script that another site loads to get a button and a frame."""
        words = {
            language.code: {
                "direction": language.direction,
                "open": self._wording.texts(language.code)["embed_open"],
                "close": self._wording.texts(language.code)["embed_close"],
                "title": self._wording.texts(language.code)["log_label"],
            }
            for language in self._wording.languages
        }
        return self._embed.replace("{/* words */}", json.dumps(words, ensure_ascii=False))

    def headers(self, *, embedded: bool) -> dict[str, str]:
        """Return the page's own security headers."""
        sockets = re.sub("^http", "ws", self._public_url)
        ancestors = self._ancestors if embedded else "'none'"
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            "img-src 'self' blob:; media-src 'self' blob:; manifest-src 'self'; "
            f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; "
            f"require-trusted-types-for 'script'; frame-ancestors {ancestors}"
        )
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
        if not embedded or self._ancestors == "'none'":
            headers["X-Frame-Options"] = "DENY"
        if embedded:
            # A frame has no opener of its own to guard, and the other site must be allowed to load it.
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
        if self._public_url.startswith("https://"):
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return headers
