# SPDX-License-Identifier: EUPL-1.2
"""Several questions in one message, and questions that lean on the answer before."""

import re
from collections.abc import Sequence

from bot.answers.concepts import ConceptFinder
from bot.answers.normalise import normalise

ASKING = frozenset({"HOW", "HOW_LONG", "HOW_MUCH", "WHERE", "WHEN", "WHO", "WHY", "CAN", "MAY_I", "WHAT_IS"})
"""Concepts that make a question of a clause."""
FOLLOW_UP_WORDS = 8
"""A longer message stands on its own."""
_SENTENCE_END = re.compile(r"(?<=[?؟.!።፧;\n])\s+|\n+")
_AND = re.compile(
    r"\s+(?:en|and|ook|also|plus|ካልእ|ከምኡውን|ከምኡ|w|ken)\s+|[,،፣]\s*|\s+(?=و\w{2,})", re.IGNORECASE
)
_FEWEST_WORDS = 3
_MARKS = ("?", "؟", "፧")


def split_questions(text: str, finder: ConceptFinder) -> list[str]:
    """Return the questions in a message when it holds at least two, else nothing."""
    sentences = [(sentence, _AND.split(sentence)) for sentence in _SENTENCE_END.split(text)]
    if len(sentences) == 1 and len(sentences[0][1]) == 1:
        return []
    questions: list[str] = []
    for sentence, parts in sentences:
        asked = [part for part in parts if _asks(part, finder)]
        if len(asked) > 1:
            questions += asked
        elif sentence.strip().endswith(_MARKS) or asked:
            questions.append(sentence)
    long_enough = [each for each in questions if len(normalise(each).split()) >= _FEWEST_WORDS]
    return long_enough if len(long_enough) > 1 else []


def follows_up(words: Sequence[str], finder: ConceptFinder) -> bool:
    """Whether a message is short and says something, so that it may lean on the answer before."""
    return 0 < len(words) <= FOLLOW_UP_WORDS and bool(finder.find(words))


def _asks(part: str, finder: ConceptFinder) -> bool:
    words = normalise(part).split()[:4]
    return len(words) >= _FEWEST_WORDS and bool(ASKING & finder.find(words).keys())
