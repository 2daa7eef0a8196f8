# SPDX-License-Identifier: EUPL-1.2
"""What a text is made of for the models: pieces of words, keys and concepts, each family with its weight."""

from collections import Counter
from collections.abc import Iterable

from bot.answers.keys import KEYS


def pieces(words: Iterable[str], shortest: int, longest: int, tag: str = "") -> Counter[str]:
    """Count the pieces of `shortest` to `longest` letters inside words; a space marks a word's ends."""
    found: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        length = len(padded)
        for size in range(shortest, min(longest, length) + 1):
            for start in range(length - size + 1):
                found[tag + padded[start : start + size]] += 1
    return found


def key_pieces(words: Iterable[str], language: str) -> Counter[str]:
    """Count the pieces of the sound keys of words; none for a language with one script."""
    key = KEYS.get(language)
    if key is None:
        return Counter()
    return pieces((found for word in words if (found := key(word))), 2, 4, "~")
