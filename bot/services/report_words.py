# SPDX-License-Identifier: EUPL-1.2
"""Finding words and short phrases in a text, in the scripts of all languages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.answers.normalise import normalise, script_of

WHOLE_WORD = 3
"""Forms of up to so many Latin letters match only a whole word."""
INSIDE = {"Arab": 4, "Ethi": 3}
"""From so many letters on a form is also found inside a word: there words carry articles and prepositions."""
_CLITICS = {"Arab": ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف"), "Ethi": ("ን", "ብ", "ዝ", "ናይ", "እ")}


@lru_cache(maxsize=8192)
def form_words(form: str) -> tuple[str, ...]:
    """Return a form as normalised words."""
    return tuple(normalise(form).split())


def finds(words: Sequence[str], form: str) -> int | None:
    """Return at which word a form begins in normalised words, or None."""
    wanted = form_words(form)
    if not wanted:
        return None
    index = _index(tuple(words))
    # Most forms are not in a text at all: that is one look into a dictionary for each.
    return next(
        (start for start in index.places(wanted[0]) if index.continues(start + 1, wanted[1:])),
        None,
    )


def any_of(words: Sequence[str], forms: Iterable[str]) -> bool:
    """Whether one of the forms is in the words."""
    return any(finds(words, form) is not None for form in forms)


class _Index:
    """Where the words of one text are, by each form that fits them."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._exactly: dict[str, list[int]] = defaultdict(list)
        self._beginning: dict[str, list[int]] = defaultdict(list)
        self._inside: dict[str, list[int]] = defaultdict(list)
        self._after_clitic: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            self._exactly[word].append(place)
            for end in range(WHOLE_WORD + 1, len(word) + 1):
                self._beginning[word[:end]].append(place)
            if not word.isascii():
                for part in _parts(word):
                    self._inside[part].append(place)
                for rest in _without_clitic(word):
                    self._after_clitic[rest].append(place)

    def places(self, form: str) -> Sequence[int]:
        """Return the places of the words that one word of a form fits, in their order."""
        script = _script(form)
        if script not in INSIDE:
            fitting = self._beginning if len(form) > WHOLE_WORD else self._exactly
            return fitting.get(form, ())
        if len(form) >= INSIDE[script]:
            return self._inside.get(form, ())
        exactly, after = self._exactly.get(form, ()), self._after_clitic.get(form, ())
        return sorted({*exactly, *after}) if after else exactly

    def continues(self, start: int, wanted: Sequence[str]) -> bool:
        """Whether the rest of a form follows from there on."""
        if start + len(wanted) > len(self._words):
            return False
        return all(start + offset in self.places(each) for offset, each in enumerate(wanted))


_index = lru_cache(maxsize=16)(_Index)
"""A text is asked for hundreds of forms, one after the other."""
_script = lru_cache(maxsize=8192)(script_of)


def _parts(word: str) -> set[str]:
    """Return every part of a word that is long enough to be found inside it."""
    least = min(INSIDE.values())
    return {
        word[start:end]
        for start in range(len(word) - least + 1)
        for end in range(start + least, len(word) + 1)
    }


def _without_clitic(word: str) -> set[str]:
    """Return what is left of a word without what its script writes together with it."""
    return {
        word[len(clitic) :] for clitics in _CLITICS.values() for clitic in clitics if word.startswith(clitic)
    }
