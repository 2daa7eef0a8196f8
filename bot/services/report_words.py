# SPDX-License-Identifier: EUPL-1.2
"""Finding words and short phrases in a text, in the scripts of all languages."""

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
    for start in range(len(words) - len(wanted) + 1):
        if all(_fits(words[start + offset], each) for offset, each in enumerate(wanted)):
            return start
    return None


def any_of(words: Sequence[str], forms: Iterable[str]) -> bool:
    """Whether one of the forms is in the words."""
    return any(finds(words, form) is not None for form in forms)


def _fits(word: str, form: str) -> bool:
    if word == form:
        return True
    script = script_of(form)
    if script in INSIDE:
        if len(form) >= INSIDE[script]:
            return form in word
        return any(word.startswith(clitic) and word[len(clitic) :] == form for clitic in _CLITICS[script])
    return len(form) > WHOLE_WORD and word.startswith(form)
