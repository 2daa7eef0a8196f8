# SPDX-License-Identifier: EUPL-1.2
"""What a text is made of for the models: pieces of words, and of their sound keys."""

from collections.abc import Iterable

from bot.answers.keys import KEYS


def pieces(words: Iterable[str], shortest: int, longest: int) -> list[str]:
    """Return the pieces of `shortest` to `longest` letters inside words; a space marks a word's ends."""
    found: list[str] = []
    for word in words:
        padded = f" {word} "
        length = len(padded)
        for size in range(shortest, min(longest, length) + 1):
            found += [padded[start : start + size] for start in range(length - size + 1)]
    return found


def key_pieces(word: str, language: str) -> list[str]:
    """Return the pieces of the sound key of a word; none for a language with one script."""
    key = KEYS.get(language)
    sound = key(word) if key else ""
    return pieces([sound], 2, 4) if sound else []
