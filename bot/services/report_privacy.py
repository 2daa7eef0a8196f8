# SPDX-License-Identifier: EUPL-1.2
"""Protecting people: what in a text points at somebody, and reports about who people are. Pure, no I/O.

It marks rather too much than too little: what is marked is asked in other words, nothing is refused for good.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bot.answers.normalise import normalise
from bot.domain.reporting import PrivacyWords
from bot.services.report_words import Forms, form_words

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|\b00)?\(?\d[\d ().\-/]{6,18}\d\b")
_PHONE_DIGITS = range(9, 16)
_PLATE = re.compile(r"\b(?:[a-z]{1,3}|\d{1,3})(?:-(?:[a-z]{1,3}|\d{1,3})){2}\b", re.IGNORECASE)
_PLATE_SPACED = re.compile(r"\b(?:[A-Z]{1,3}|\d{1,3})(?: ?(?:[A-Z]{1,3}|\d{1,3})){2}\b")
_PLATE_LENGTH = 6
_STREET_NUMBER = re.compile(
    r"\b\w{2,}(?:straat|laan|weg|plein|hof|kade|singel|dijk|pad|steeg|gracht|plantsoen|erf|dreef)\s+"
    r"(\d{1,4}(?:\s?[a-z])?)\b(?!\s*(?:dag|week|weken|keer|uur|jaar|maand|meter))",
    re.IGNORECASE,
)
_PLACE_NUMBER = re.compile(r"\b[A-Z][^\W\d_]{3,}\s+(\d{1,4}(?:\s?[a-z])?)\b")
_SURNAME = re.compile(r"(?:\s+(?:van|de|den|der|el|al|ten|ter|ben|bin))*\s+[A-Z][^\W\d_]+")
_PARTICLES = frozenset({"van", "de", "den", "der", "el", "al", "ten", "ter", "ben", "bin"})
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|hof|kade|singel|dijk|pad|steeg|gracht|plantsoen|erf|dreef)$", re.IGNORECASE
)
"""How streets end: 'Jan Steenstraat' is a place."""
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_AFTER = re.compile(r"[\s.:]*(\d{1,4}(?:\s?[a-z])?)\b", re.IGNORECASE)
_PREFIXES = ("", "و", "ل", "ب", "ف", "ن", "ብ", "ን", "ናይ")


class MarkKind(StrEnum):
    """What was found."""

    NAME = "name"
    PHONE = "phone"
    PLATE = "plate"
    MAIL = "mail"
    HOUSE = "house"
    """The number of somebody's home."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text, from `start` up to `end`, that points at a person."""

    start: int
    end: int
    kind: MarkKind


class PrivacyGuard:
    """Looks for what points at people, in the words of all languages."""

    def __init__(self, words: Mapping[str, PrivacyWords]) -> None:
        def all_of(name: str) -> tuple[str, ...]:
            return tuple(chain.from_iterable(getattr(each, name) for each in words.values()))

        self._neighbour = Forms(all_of("neighbour"))
        self._named = all_of("named")
        self._not_names = frozenset(map(normalise, all_of("not_names")))
        self._names = frozenset(map(normalise, all_of("names")))
        # 'Poles' are people where the language writes them with a capital, and 'poles' hold a fence.
        self._capital = frozenset(form for form in all_of("group") if form[0].isupper())
        self._group = Forms(form for form in all_of("group") if form not in self._capital)
        self._self = Forms(all_of("self"))
        self._adjective, self._person = Forms(all_of("adjective")), Forms(all_of("person"))
        self._number = re.compile(
            r"(?<!\w)(?:"
            + "|".join(map(re.escape, sorted(all_of("number"), key=len, reverse=True)))
            + r")"
            + _NUMBER_AFTER.pattern,
            re.IGNORECASE,
        )

    def marks(self, text: str, *, near_homes: bool = False, place: bool = False) -> tuple[Mark, ...]:
        """Return what points at a person, in the order of the text, without overlaps.

        House numbers count where neighbours are spoken of or `near_homes` is set. In a `place` a bare
        first name does not count: streets are named after people.
        """
        found = [Mark(*match.span(), MarkKind.MAIL) for match in _MAIL.finditer(text)]
        found += [
            Mark(*match.span(), MarkKind.PHONE)
            for match in _PHONE.finditer(text)
            if sum(map(str.isdigit, match.group())) in _PHONE_DIGITS
        ]
        plates = chain(_PLATE.finditer(text), _PLATE_SPACED.finditer(text))
        found += [Mark(*match.span(), MarkKind.PLATE) for match in plates if _is_plate(match.group())]
        found += self._after_cues(text)
        if not place:
            found += self._first_names(text)
        if near_homes or self._neighbour.any_in(normalise(text).split()):
            found += [
                Mark(*match.span(1), MarkKind.HOUSE)
                for pattern in (_STREET_NUMBER, _PLACE_NUMBER, self._number)
                for match in pattern.finditer(text)
            ]
        return tuple(_without_overlaps(found))

    def is_about_people(self, text: str) -> bool:
        """Whether a text makes people's origin, religion or status its subject."""
        words = normalise(text).split()
        if any(word.group() in self._capital for word in _WORD.finditer(text)):
            return True
        if not all(self._speaks_of_self(words, at) for at in self._group.find(words).values()):
            return True
        return any(
            self._person.any_in(words[at + 1 : at + 2] + words[max(0, at - 1) : at])
            for at in self._adjective.find(words).values()
            if not self._speaks_of_self(words, at)
        )

    def _speaks_of_self(self, words: list[str], at: int) -> bool:
        """Whether what stands just before a word says that somebody speaks of themselves."""
        return self._self.any_in(words[max(0, at - 3) : at])

    def _after_cues(self, text: str) -> Iterator[Mark]:
        """Find what follows 'meneer', 'heet', 'اسمه' …: with a capital where the script has them."""
        words = list(_WORD.finditer(text))
        plain = [normalise(word.group()) for word in words]
        for cue in self._named:
            form = form_words(cue)
            for start in range(len(words) - len(form)):
                if tuple(plain[start : start + len(form)]) != form:
                    continue
                following = start + len(form)
                while following < len(words) - 1 and plain[following] in _PARTICLES:
                    following += 1
                name = words[following]
                word = name.group()
                capital = word[0].isupper() or not word[0].islower()
                if capital and len(word) > 1 and normalise(word) not in self._not_names:
                    yield _with_surname(text, name)

    def _first_names(self, text: str) -> Iterator[Mark]:
        for match in _WORD.finditer(text):
            word = normalise(match.group())
            if any(word.startswith(prefix) and word[len(prefix) :] in self._names for prefix in _PREFIXES):
                mark = _with_surname(text, match)
                if not _STREET.search(text[mark.start : mark.end]):
                    yield mark


def _with_surname(text: str, name: re.Match[str]) -> Mark:
    """Mark a name together with what follows it: 'Piet de Vries'."""
    following = _SURNAME.match(text, name.end())
    return Mark(name.start(), following.end() if following else name.end(), MarkKind.NAME)


def _is_plate(text: str) -> bool:
    """Whether it has six letters and digits of both sorts (RDW: all Dutch series)."""
    signs = [sign for sign in text if sign.isalnum()]
    return len(signs) == _PLATE_LENGTH and any(map(str.isdigit, signs)) and any(map(str.isalpha, signs))


def _without_overlaps(marks: Iterable[Mark]) -> Iterator[Mark]:
    end = -1
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if mark.start >= end:
            yield mark
            end = mark.end
