# SPDX-License-Identifier: EUPL-1.2
"""Finding the concepts in a text: the layer that all languages share.

A form of up to three letters matches a whole word, a longer one the beginning of a word, a long Dutch
one also the inside of a compound. Clitics of Arabic and Tigrinya are stripped lightly first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from bot.answers.keys import KEYS
from bot.answers.normalise import normalise, script_of

WHOLE_WORD = 3
"""Forms up to this many letters match only a whole word (in Ge'ez script: two, a letter is a syllable)."""
WHOLE_WORD_ETHIOPIC = 2
INSIDE = 6
"""Dutch forms from this many letters are also found inside compounds."""
_SHORTEST_STEM = 3
_LONGEST_COMPOUND = 60
_REMEMBERED = 32768
_ARABIC_CLITICS = ("وبال", "وال", "فال", "بال", "كال", "عال", "هال", "لل", "ال", "و", "ف", "ب", "ل", "ك", "ع")
_TIGRINYA_CLITICS = ("እንተዘይ", "እንተ", "ንዘይ", "ብዘይ", "ዘይ", "ኣይ", "ንም", "ክት", "ክን", "ን", "ብ", "ዝ", "ክ", "ም")

_TIGRINYA_SUFFIXES = ("ይ", "ና", "ካ", "ኪ", "ኩም", "ክን", "ኡ", "ኣ", "ኦም", "ኤን", "ታት", "ን", "ዶ", "ከ")
"""Whose it is, how many, and the particles of 'and' and of a question."""


_Table = dict[str, tuple[str, ...]]
"""A form to its concepts, mostly one: a tuple takes a quarter of the memory of a set."""


class ConceptFinder:
    """Finds concepts by their forms."""

    def __init__(self, concepts: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._whole: _Table = {}
        self._starts: _Table = {}
        self._inside: _Table = {}
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        self._keys: dict[str, _Table] = {language: {} for language in KEYS}
        for language, forms_of in concepts.items():
            for concept, forms in forms_of.items():
                for form in forms:
                    self._learn(language, concept, normalise(form))
        self._longest = max(map(len, self._starts), default=0)
        self._of_word = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def _learn(self, language: str, concept: str, form: str) -> None:
        words = form.split()
        if not words:
            return
        if len(words) > 1:
            firsts = self._phrases.setdefault(_head(words[1]), {})
            firsts.setdefault(_head(words[0]), []).append((tuple(words), concept))
            return
        if language in self._keys:
            key = KEYS[language](form)
            if len(key) >= _SHORTEST_STEM:
                _add(self._keys[language], key, concept)
        limit = WHOLE_WORD_ETHIOPIC if script_of(form) == "Ethi" else WHOLE_WORD
        _add(self._whole, form, concept)
        if len(form) > limit:
            _add(self._starts, form, concept)
        if language == "nl" and len(form) >= INSIDE:
            _add(self._inside, form, concept)

    def find(self, words: Sequence[str], keys: Collection[str] = ()) -> dict[str, list[str]]:
        """Return the concepts in normalised words, each with the words that gave it.

        `keys` names the languages (`ar`, `ti`) whose Latin-script spelling is tried by sound for
        words that give nothing else.
        """
        found: dict[str, list[str]] = {}
        for position, word in enumerate(words):
            concepts = self._of_word(word)
            if not concepts and keys and word.isascii():
                concepts = self._by_sound(word, keys)
            phrases = self._of_phrases(words, position)
            for concept in (concepts | phrases) if phrases else concepts:
                found.setdefault(concept, []).append(word)
        return found

    def _by_sound(self, word: str, keys: Collection[str]) -> frozenset[str]:
        return frozenset().union(*(self._keys[each].get(KEYS[each](word), ()) for each in keys))

    def _look_up(self, word: str) -> frozenset[str]:
        found: set[str] = set()
        for stem in _stems(word):
            found.update(self._whole.get(stem, ()))
            for end in range(WHOLE_WORD_ETHIOPIC + 1, min(len(stem), self._longest) + 1):
                found.update(self._starts.get(stem[:end], ()))
        if word.isascii() and INSIDE < len(word) <= _LONGEST_COMPOUND:
            for start in range(1, len(word) - INSIDE + 1):
                for end in range(start + INSIDE, len(word) + 1):
                    found.update(self._inside.get(word[start:end], ()))
        return frozenset(found)

    def _of_phrases(self, words: Sequence[str], position: int) -> set[str]:
        """Return the concepts of the phrases that begin at a position."""
        firsts = self._phrases.get(_head(words[position + 1])) if position + 1 < len(words) else None
        if not firsts:
            return set()
        return {
            concept
            for stem in _stems(words[position])
            for phrase, concept in firsts.get(_head(stem), ())
            if _continues(words[position + 1 : position + len(phrase)], phrase[1:])
            and _begins(stem, phrase[0])
        }


def _add(table: _Table, form: str, concept: str) -> None:
    known = table.get(form, ())
    if concept not in known:
        table[form] = (*known, concept)


def _head(word: str) -> str:
    return word[:3]


def _begins(word: str, form: str) -> bool:
    return word == form or (len(form) > WHOLE_WORD and word.startswith(form))


def _continues(words: Sequence[str], forms: Sequence[str]) -> bool:
    return len(words) == len(forms) and all(map(_begins, words, forms))


@lru_cache(maxsize=_REMEMBERED)
def _stems(word: str) -> tuple[str, ...]:
    """Return the word, and what is left of it without a clitic before it, a suffix behind it, or both."""
    return tuple(_cut(word))


def _cut(word: str) -> Iterator[str]:
    yield word
    if word.isascii():
        return
    ethiopic = script_of(word) == "Ethi"
    clitics = _TIGRINYA_CLITICS if ethiopic else _ARABIC_CLITICS
    suffixes = _TIGRINYA_SUFFIXES if ethiopic else ()  # the Arabic lists hold the forms with suffixes
    shortest = WHOLE_WORD_ETHIOPIC if ethiopic else _SHORTEST_STEM
    stems = [word]
    stems += [
        word[len(clitic) :]
        for clitic in clitics
        if word.startswith(clitic) and len(word) - len(clitic) >= shortest
    ]
    yield from stems[1:]
    for stem in stems:
        for suffix in suffixes:
            if stem.endswith(suffix) and len(stem) - len(suffix) >= shortest:
                yield stem[: -len(suffix)]
