# SPDX-License-Identifier: EUPL-1.2
"""Hints for plain Dutch (B1) while writing: long sentences, hard and long words, the passive.

Source of the measures: 'Direct Duidelijk' and the B1 guidance of Dutch municipalities: short sentences
(about 15 words at most), everyday words, active verbs. Hints, never a refusal.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_SENTENCE = 15
"""Words in a sentence."""
LONGEST_WORD = 18
"""Letters in a word. Names are left out: they begin with a capital."""
MOST_HINTS = 4

HARD_WORDS = {
    "aangaande": "over", "aanvangen": "beginnen", "alsmede": "en ook", "betreffende": "over",
    "conform": "volgens", "derhalve": "daarom", "desbetreffende": "deze", "dient": "moet",
    "dienen": "moeten", "doch": "maar", "echter": "maar", "ervan uitgaan": "denken", "faciliteren":
    "helpen", "gedurende": "tijdens", "gelieve": "wil je", "geschieden": "gebeuren", "heden": "nu",
    "hieromtrent": "hierover", "implementeren": "invoeren", "inzake": "over", "jegens": "tegen",
    "krachtens": "volgens", "mede": "ook", "mits": "als", "nabij": "bij", "nochtans": "toch", "omtrent":
    "over", "onderhavige": "deze", "participeren": "meedoen", "realiseren": "maken", "reeds": "al",
    "retourneren": "terugsturen", "sedert": "sinds", "teneinde": "om", "tevens": "ook", "thans": "nu",
    "tijdig": "op tijd", "trachten": "proberen", "uitsluitend": "alleen", "verzoeken": "vragen",
    "vervaardigen": "maken", "voornemens": "van plan", "voorts": "ook", "wederom": "weer", "zodoende": "zo",
    "zulks": "dat",
}  # fmt: skip
"""Official words and what people say instead."""

_SENTENCE = re.compile(r"[^.!?…\n]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PASSIVE = re.compile(
    r"\b(?:wordt|worden|werd|werden)\b[^.!?\n]{0,60}?\b(ge[a-z]{3,}(?:d|t|en)|(?:be|ver|ont|her)[a-z]{3,}(?:d|t))\b",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(r"\S+@\S+|https?://\S+|<[^>]+>")


_BLANK = re.compile(r"\[[^\]\n]{1,60}\]")


def blanks(text: str) -> tuple[str, ...]:
    """Return what a template left to be filled in and still stands there, such as '[dag]'."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


class Kind(StrEnum):
    """What could be plainer."""

    LONG_SENTENCE = "long-sentence"
    HARD_WORD = "hard-word"
    LONG_WORD = "long-word"
    PASSIVE = "passive"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that could be plainer: the words it is about, and what could stand there (or a number)."""

    kind: Kind
    words: str
    better: str = ""


def hints(text: str) -> tuple[Hint, ...]:
    """Return the few most useful hints for a Dutch text, or none."""
    text = _ADDRESSES.sub(" ", text)
    found: list[Hint] = []
    for sentence in _SENTENCE.findall(text):
        words = _WORD.findall(sentence)
        if len(words) > LONGEST_SENTENCE:
            found.append(Hint(Kind.LONG_SENTENCE, " ".join(words[:4]), str(len(words))))
    for word in _WORD.findall(text):
        if word.lower() in HARD_WORDS:
            found.append(Hint(Kind.HARD_WORD, word, HARD_WORDS[word.lower()]))
        elif len(word) > LONGEST_WORD and word[0].islower():
            found.append(Hint(Kind.LONG_WORD, word))
    found += [Hint(Kind.PASSIVE, match[0]) for match in _PASSIVE.finditer(text)]
    return tuple(dict.fromkeys(found))[:MOST_HINTS]
