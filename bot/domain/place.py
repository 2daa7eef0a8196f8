# SPDX-License-Identifier: EUPL-1.2
"""Places: those that are known by name, distances, and recognising a name that is not spelled exactly."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

EARTH_METRES = 6_371_000
"""Mean radius of the earth (IUGG)."""
LONGEST_PLACE = 200
"""Characters of a place in one's own words."""
LETTERS_PER_MISTAKE = 4
"""A name of so many letters may have one mistake, of twice as many two; not more than two."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth, in degrees (WGS 84)."""

    lat: float
    lon: float

    def metres_to(self, other: "Point") -> float:
        """Return the distance in metres: exact enough within a municipality (equirectangular)."""
        middle = math.radians((self.lat + other.lat) / 2)
        east = math.radians(other.lon - self.lon) * math.cos(middle)
        north = math.radians(other.lat - self.lat)
        return EARTH_METRES * math.hypot(east, north)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: in words, and as a point where one was shared.

    `known` is the id of a known place that was recognised in it.
    """

    text: str = ""
    point: Point | None = None
    known: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known about where it is."""
        return not self.text and self.point is None and self.known is None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place with a name. `point` is only set where it is known; `approximate` says how well."""

    id: str
    name: str
    area: str | None
    aliases: tuple[str, ...] = ()
    point: Point | None = None
    approximate: bool = True
    reach: float = 0
    """Metres around `point` within which a shared location counts as its area. 0: never."""
    unlike: tuple[str, ...] = ()
    """What is spelled almost the same and is something else."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box that surely holds the municipality and not much more."""

    south: float
    west: float
    north: float
    east: float

    def hold(self, point: Point) -> bool:
        """Whether the point is inside."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


class Places:
    """The known places of a municipality."""

    def __init__(
        self, places: Iterable[KnownPlace], bounds: Bounds, normalise: Callable[[str], str] = str.casefold
    ) -> None:
        self.all: Mapping[str, KnownPlace] = {place.id: place for place in places}
        self.bounds = bounds
        self._normalise = normalise
        self._unlike = {
            (tuple(normalise(form).split()), place.id) for place in self.all.values() for form in place.unlike
        }
        self._forms: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        """What a place may be called, by its first letter: that one is never mistaken."""
        for place in self.all.values():
            for name in (place.name, *place.aliases):
                if form := tuple(normalise(name).split()):
                    self._forms[form[0][0]].append((form, place.id))

    def get(self, place_id: str | None) -> KnownPlace | None:
        """Return the place of that id, or None."""
        return self.all.get(place_id or "")

    def named_in(self, text: str) -> KnownPlace | None:
        """Return the known place that a text names, with tolerance for spelling; the longest name wins."""
        words = self._normalise(text).split()
        best: tuple[int, int, str] | None = None
        for start, word in enumerate(words):
            for form, place_id in self._forms.get(word[0], ()):
                written = tuple(words[start : start + len(form)])
                mistakes = _mistakes(written, form)
                if mistakes is None or (written, place_id) in self._unlike:
                    continue
                candidate = (mistakes, -sum(map(len, form)), place_id)
                best = min(best, candidate) if best else candidate
        return self.all[best[2]] if best else None

    def near(self, point: Point) -> KnownPlace | None:
        """Return the known place in whose reach a point lies, the nearest one first."""
        found = [
            (place.point.metres_to(point), place.id, place)
            for place in self.all.values()
            if place.point is not None and place.point.metres_to(point) <= place.reach
        ]
        return min(found)[2] if found else None

    def area_of(self, place: Place) -> str | None:
        """Return the area that a place lies in, as far as that is known."""
        known = self.get(place.known)
        if known is None and place.point is not None:
            known = self.near(place.point)
        return known.area if known else None


def _mistakes(words: Sequence[str], form: Sequence[str]) -> int | None:
    """Return how many letters differ, or None when it is another name."""
    if len(words) != len(form):
        return None
    total = 0
    for word, wanted in zip(words, form, strict=True):
        allowed = 0 if wanted.isdigit() else min(2, len(wanted) // LETTERS_PER_MISTAKE)
        if abs(len(word) - len(wanted)) > allowed or (allowed and word[0] != wanted[0]):
            return None
        mistakes = edits(word, wanted, allowed)
        if mistakes > allowed:
            return None
        total += mistakes
    return total


def edits(left: str, right: str, limit: int) -> int:
    """Return how many letters must be added, removed, replaced or swapped; `limit` + 1 where it is more.

    Optimal string alignment (Damerau-Levenshtein without a second edit of what was swapped).
    """
    if left == right:
        return 0
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if above and i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
