# SPDX-License-Identifier: EUPL-1.2
"""Finding words and short phrases in a text, in the scripts of all languages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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


class Forms:
    """Words and phrases that are looked for in texts, all at once.

    There are hundreds of them and most are not in a text: so it is the few words of the text that are looked
    up among the first words of the forms, not the other way round.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._beginning_with: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for form in dict.fromkeys(forms):
            wanted = form_words(form)
            if wanted:
                self._beginning_with[wanted[0]].append((form, wanted))

    def find(self, words: Sequence[str]) -> dict[str, int]:
        """Return the forms that are in normalised words, and at which word each begins first."""
        found: dict[str, int] = {}
        for place, word in enumerate(words):
            for part in _parts(word):
                for form, wanted in self._beginning_with.get(part, ()):
                    if form not in found and _follows(words[place : place + len(wanted)], wanted):
                        found[form] = place
        return found

    def any_in(self, words: Sequence[str]) -> bool:
        """Whether one of the forms is in normalised words."""
        return bool(self.find(words))


def _follows(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(words) == len(wanted) and all(map(_fits, words, wanted))


def _fits(word: str, wanted: str) -> bool:
    """Whether one word of a text is what one word of a form means."""
    script = _script(wanted)
    if script not in INSIDE:
        return word.startswith(wanted) if len(wanted) > WHOLE_WORD else word == wanted
    if len(wanted) >= INSIDE[script]:
        return wanted in word
    return word == wanted or wanted in _without_clitic(word)


_script = lru_cache(maxsize=8192)(script_of)


def _parts(word: str) -> Iterator[str]:
    """Yield every part of a word that may be the first word of a form."""
    if word.isascii():
        yield word
        yield from (word[:end] for end in range(WHOLE_WORD + 1, len(word)))
        return
    least = min(INSIDE.values())
    inside = {
        word[start:end]
        for start in range(len(word) - least + 1)
        for end in range(start + least, len(word) + 1)
    }
    yield from {word, *inside, *_without_clitic(word)}


def _without_clitic(word: str) -> set[str]:
    """Return what is left of a word without what its script writes together with it."""
    return {
        word[len(clitic) :] for clitics in _CLITICS.values() for clitic in clitics if word.startswith(clitic)
    }
