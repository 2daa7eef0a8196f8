# SPDX-License-Identifier: EUPL-1.2
"""The page's own words, and in which language a line of text is written."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.i18n import Language, Languages

_SCRIPTS: Final = {
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "HIRAGANA": "Jpan",
    "LATIN": "Latn",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "TIFINAGH": "Tfng",
}
_ENOUGH_WORDS: Final = 3
_CLEARLY: Final = 1.5
"""So many times more words must be known in one language than in the next before the line is called that."""


class Wording:
    """`locales/<language>/web.toml` of every language. A key that a language lacks is shown in Dutch."""

    def __init__(self, languages: Languages, folder: Path) -> None:
        """Read the files. Raises tomllib.TOMLDecodeError, FileNotFoundError without the Dutch one."""
        self.languages = languages
        base = _read(folder / languages.base.code / "web.toml")
        self._texts: dict[str, Mapping[str, str]] = {}
        self._vocabulary: dict[str, frozenset[str]] = {}
        for language in languages:
            path = folder / language.code / "web.toml"
            own = _read(path) if path.exists() else {}
            self._texts[language.code] = base | own
            forms = (form for forms in languages.catalogues[language.code].values() for form in forms)
            self._vocabulary[language.code] = _words(" ".join((*own.values(), *forms)))

    def texts(self, code: str | None) -> Mapping[str, str]:
        """Return all words of the page in this language, or in Dutch."""
        return self._texts[self.languages.get(code).code]

    def negotiate(self, accept_language: str) -> str:
        """Return our language that the browser likes best (Accept-Language), or Dutch."""
        for code in preferred(accept_language):
            guess = self.languages.guess(code)
            if guess is not None:
                return guess
        return self.languages.base.code

    def language_of(self, line: str, present: str | None) -> Language | None:
        """Return the language of a line, for screen readers: by its script, then by its words.

        Where neither decides it is the `present` one. None for a line without letters, and where nothing
        tells.
        """
        script = _script(line)
        fitting = [language for language in self.languages if language.script == script]
        if len(fitting) <= 1:
            return fitting[0] if fitting else None
        words = _words(line)
        known = {language.code: len(words & self._vocabulary[language.code]) for language in fitting}
        best, second = sorted(fitting, key=lambda language: -known[language.code])[:2]
        if known[best.code] >= _ENOUGH_WORDS and known[best.code] > _CLEARLY * known[second.code]:
            return best
        return next((language for language in fitting if language.code == present), None)


def preferred(accept_language: str) -> list[str]:
    """Return the language codes of an Accept-Language header, the most wanted first."""
    wanted = []
    for part in accept_language[:500].split(","):
        code, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > 0 and code.replace("-", "").isalnum() and len(code) <= 35:
            wanted.append((-weight, code))
    return [code for _, code in sorted(wanted, key=lambda pair: pair[0])]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", text.lower()))


@lru_cache(maxsize=4096)
def _script(line: str) -> str:
    names = Counter(
        _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")
        for letter in line
        if letter.isalpha()
    )
    return names.most_common(1)[0][0] if names else ""


def _read(path: Path) -> dict[str, str]:
    return {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
