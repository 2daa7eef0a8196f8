# SPDX-License-Identifier: EUPL-1.2
"""Sound keys: what is left of a word when it no longer matters in which script it was typed.

Tigrinya is often typed in Latin letters, Arabic in Latin letters and digits (Arabizi). Nobody spells
them alike: vowels come and go, one sound has three spellings. A key keeps the consonants, with the
spellings of one sound merged, so that ገዛ and `geza`, and حريق and `7aree2`, meet. The tables are explained
in docs/answers.md.
"""

import re
from collections.abc import Callable
from functools import lru_cache

_ETHIOPIC_ROWS = {
    "ሀ": "h", "ለ": "l", "ሐ": "h", "መ": "m", "ሰ": "s", "ረ": "r", "ሸ": "X", "ቀ": "k", "በ": "b", "ቨ": "v",
    "ተ": "t", "ቸ": "c", "ነ": "n", "ኘ": "N", "አ": "", "ከ": "k", "ወ": "w", "ዐ": "", "ዘ": "z", "ዠ": "j",
    "የ": "y", "ደ": "d", "ጀ": "j", "ገ": "g", "ጠ": "t", "ጨ": "c", "ጰ": "p", "ጸ": "S", "ፈ": "f", "ፐ": "p",
    "ቈ": "kw", "ኰ": "kw", "ጐ": "gw",
}  # fmt: skip
"""The sound of each row after normalising; capital letters stand for ts (S), sh (X) and ny (N)."""

_ROW_LENGTH = 8
_ETHIOPIC_SOUNDS = {
    chr(ord(first) + order): sound for first, sound in _ETHIOPIC_ROWS.items() for order in range(_ROW_LENGTH)
}

_TIGRINYA_LATIN = (
    ("tch", "c"), ("ts", "S"), ("tz", "S"), ("sh", "X"), ("ch", "c"), ("gn", "N"), ("ny", "N"), ("kh", "k"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("zh", "j"), ("x", "S"), ("q", "k"), ("ck", "k"),
)  # fmt: skip
_LATIN_VOWELS = re.compile("[aeiou0-9']")

_ARABIC_SOUNDS = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "K", "د": "d", "ذ": "d", "ر": "r", "ز": "z",
    "س": "s", "ش": "X", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "3", "غ": "G", "ف": "f", "ق": "k",
    "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
}  # fmt: skip
_ARABIZI = (
    ("3'", "G"), ("7'", "K"), ("tch", "X"), ("sch", "X"), ("kh", "K"), ("gh", "G"), ("sh", "X"), ("ch", "X"),
    ("th", "t"), ("dh", "d"), ("ou", "w"), ("oo", "w"), ("ee", "y"), ("5", "K"), ("6", "t"), ("7", "h"),
    ("8", "k"), ("9", "s"), ("q", "k"), ("g", "j"), ("p", "b"), ("v", "f"), ("c", "k"), ("x", "ks"),
    ("2", ""),
)  # fmt: skip
"""Digits stand for the letter they look like: 2 ء, 3 ع, 5 خ, 6 ط, 7 ح, 8 ق, 9 ص."""
_ARABIZI_VOWELS = re.compile("[aeiou014]")
_INNER_GLIDES = re.compile("(?<=.)[wy]|(?<=..)h$")
"""Also the h at the end: ة is heard in one word and not in the next, and written as it is heard."""
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC_ARTICLE = re.compile("^(?:ال|لل)(?=...)")
_ARABIZI_ARTICLE = re.compile("^(?:al|el|il)(?=...)")


@lru_cache(maxsize=16384)
def tigrinya_key(word: str) -> str:
    """Return the consonants of a normalised word in Ge'ez or Latin script, as Tigrinya sounds."""
    if word.isascii():
        for spelling, sound in _TIGRINYA_LATIN:
            word = word.replace(spelling, sound)
        word = _LATIN_VOWELS.sub("", word)
    else:
        word = "".join(_ETHIOPIC_SOUNDS.get(letter, "") for letter in word)
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=16384)
def arabic_key(word: str) -> str:
    """Return the consonants of a normalised word in Arabic or Latin script, as Arabic sounds.

    Long vowels are written in Arabic script and mostly not in Latin, so that و and ي count only at
    the beginning of a word, and a last ة or ه not at all.
    """
    if word.isascii():
        word = _ARABIZI_ARTICLE.sub("", word)
        for spelling, sound in _ARABIZI:
            word = word.replace(spelling, sound)
        word = _ARABIZI_VOWELS.sub("", word)
    else:
        word = _ARABIC_ARTICLE.sub("", word)
        word = "".join(_ARABIC_SOUNDS.get(letter, "") for letter in word)
    return _DOUBLED.sub(r"\1", _INNER_GLIDES.sub("", word))


KEYS: dict[str, Callable[[str], str]] = {"ar": arabic_key, "ti": tigrinya_key}
"""Languages that are typed in two scripts, with the key in which both meet."""
