# SPDX-License-Identifier: EUPL-1.2
"""One spelling for what is written in many ways: Latin, Arabic and Ge'ez script.

The Tigrinya part is explained letter by letter, with its sources, in docs/answers.md.
"""

import re
import unicodedata
from functools import lru_cache

ARABIC_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ک": "ك",
        "ی": "ي",
        "ے": "ي",
        "گ": "ك",
        "ݣ": "ك",
        "چ": "ك",
        "پ": "ب",
        "ڤ": "ف",
        "ـ": "",
    }
)
"""Hamza carriers, final forms and the letters that Persian, Iraqi and Moroccan keyboards add."""

_ETHIOPIC_ROW = 8
_MERGED_ROWS = {0x1220: 0x1230, 0x1340: 0x1338, 0x1280: 0x1200, 0x1250: 0x1240, 0x12B8: 0x12A8}
"""First letter of a row to the row it is merged into: ሠ→ሰ, ፀ→ጸ, ኀ→ሀ, ቐ→ቀ, ኸ→ከ."""
_FOURTH_ORDER = {"ሀ": "ሃ", "ሐ": "ሓ", "አ": "ኣ", "ዐ": "ዓ"}


def _ethiopic_letters() -> dict[int, str]:
    table: dict[int, str] = {}
    for source, target in _MERGED_ROWS.items():
        for order in range(_ETHIOPIC_ROW):
            if unicodedata.name(chr(source + order), "") and unicodedata.name(chr(target + order), ""):
                table[source + order] = chr(target + order)
    # The labialised rows: ቘ→ቈ and ዀ→ኰ, and ኈ, which has no twin in the ሀ row.
    for source, target in ((0x1258, 0x1248), (0x12C0, 0x12B0)):
        for order in (0, 2, 3, 4, 5):
            table[source + order] = chr(target + order)
    for letter, fourth in _FOURTH_ORDER.items():
        table[ord(letter)] = fourth
    table[0x1280] = _FOURTH_ORDER["ሀ"]
    return table


ETHIOPIC_LETTERS = _ethiopic_letters()
_DIGITS = {code: str(unicodedata.digit(chr(code))) for code in range(0x80, 0x20000) if chr(code).isdigit()}
_LETTERS = {**ARABIC_LETTERS, **ETHIOPIC_LETTERS, **_DIGITS}

_MARKS = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LINKS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_NOT_A_WORD = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")

_REMEMBERED = 32768
"""How many words keep their script in memory."""


def normalise(text: str) -> str:
    """Return the text in one spelling: small letters, no marks, single spaces between words.

    Compatibility forms are composed (presentation forms of Arabic, wide letters), links and mail
    addresses left out, digits of every script made ASCII, a letter written three times or more
    written once.
    """
    text = _LINKS.sub(" ", text)
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text).casefold()
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    return _REPEATED.sub(r"\1", _NOT_A_WORD.sub(" ", text)).strip()


@lru_cache(maxsize=_REMEMBERED)
def script_of(word: str) -> str:
    """Return the script of most letters of a normalised word: `Latn`, `Arab`, `Ethi` or `Zyyy` (others)."""
    counts = {"Latn": 0, "Arab": 0, "Ethi": 0, "Zyyy": 0}
    for letter in word:
        code = ord(letter)
        if 0x61 <= code <= 0x7A or 0xC0 <= code <= 0x24F:
            counts["Latn"] += 1
        elif 0x600 <= code <= 0x6FF:
            counts["Arab"] += 1
        elif 0x1200 <= code <= 0x139F:
            counts["Ethi"] += 1
        elif letter.isalpha():
            counts["Zyyy"] += 1
    best = max(counts, key=lambda script: counts[script])
    return best if counts[best] else "Zyyy"
