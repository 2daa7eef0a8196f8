# SPDX-License-Identifier: EUPL-1.2
"""Whether a message is a report: 'ligt weer afval naast de container bij het Doelenplein'. Pure, no I/O."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.answers.normalise import normalise
from bot.domain.decision import Decision, DecisionKind
from bot.domain.place import KnownPlace, Places
from bot.domain.report_kind import Kinds
from bot.domain.reporting import ReportWords
from bot.services.report_words import Forms, form_words

LIKELY = 0.3
"""An entry with this probability or more says what kind of thing a message is about."""
_ENTRY_WEIGHT = 0.8
"""A cue in the text itself counts more than what the answers make of it."""
PLACE_WEIGHT = 0.4
COMPOUND = 5
"""A Dutch cue of so many letters is also found at the end of a compound."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised. `kind` is empty where only the person can say it.

    `is_report`: offer to report it at once. Otherwise it is a question about such a thing: it gets its
    answer, with a button to report. `related`: it has to do with what can be reported.
    """

    is_report: bool
    kind: str = ""
    place: KnownPlace | None = None
    related: bool = False


class ReportRecogniser:
    """Recognises reports among messages."""

    def __init__(self, kinds: Kinds, places: Places, words: Mapping[str, ReportWords]) -> None:
        self.kinds = kinds
        self._places = places
        self._question = Forms(chain.from_iterable(each.question for each in words.values()))
        self._here = Forms(chain.from_iterable(each.here for each in words.values()))
        self._beside = Forms(chain.from_iterable(each.beside for each in words.values()))
        self._wish = Forms(chain.from_iterable(each.wish for each in words.values()))
        self._kinds_of = _kinds_of(kinds)
        self._cues = Forms(self._kinds_of)
        self._dutch_endings = {
            form[0]: cue
            for kind in kinds.values()
            for cue in kind.cues.get("nl", ())
            if len(form := form_words(cue)) == 1 and len(form[0]) >= COMPOUND
        }

    def recognise(self, text: str, decision: Decision) -> Recognised | None:
        """Return what a message reports, or None when it has nothing to do with a report."""
        if decision.kind in {DecisionKind.EMERGENCY, DecisionKind.SMALLTALK}:
            return None
        found = self.in_text(text, self._entries(decision))
        return found if found.is_report or found.related else None

    def in_text(self, text: str, entries: Mapping[str, float] | Sequence[str] = ()) -> Recognised:
        """Return what a text reports; `entries` are the answers that fit it, with their probability."""
        if not isinstance(entries, Mapping):
            entries = dict.fromkeys(entries, 1.0)
        words = normalise(text).split()
        kind = self.kind_of(text, entries)
        place = self._places.named_in(text)
        here = self._here.any_in(words)
        wish = self._wish.any_in(words)
        related = bool(kind) or any(
            entry in each.entries for entry in entries for each in self.kinds.values()
        )
        if self._is_question(text, words, here=here):
            return Recognised(False, kind, place, related)
        told = (bool(kind) and (here or place is not None)) or (related and here and place is not None)
        return Recognised(wish or told, kind, place, related)

    def kind_of(self, text: str, entries: Mapping[str, float] | None = None) -> str:
        """Return the kind whose words a text holds most of, or an empty string."""
        scores = self._scores(normalise(text).split())
        found = {kind_id: scores[kind_id] for kind_id in self.kinds if kind_id in scores}
        for kind_id in found:
            likely = [
                probability
                for entry, probability in (entries or {}).items()
                if entry in self.kinds[kind_id].entries
            ]
            found[kind_id] += _ENTRY_WEIGHT * max(likely, default=0)
        return max(found, key=lambda each: found[each]) if found else ""

    def _scores(self, words: Sequence[str]) -> dict[str, float]:
        """Return how much the words speak for each kind that they speak for at all."""
        scores: dict[str, float] = defaultdict(float)
        found = self._cues.find(words)
        compounds = {cue: at for cue, at in self._compounds(words).items() if cue not in found}
        for cue, at in chain(found.items(), compounds.items()):
            # A phrase says more than a word, a long word more than a short one, and what stands
            # after 'next to the' says where it is rather than what it is.
            weight = PLACE_WEIGHT if self._beside.any_in(words[max(0, at - 2) : at]) else 1
            for kind_id, language in self._kinds_of[cue]:
                if cue in found or language == "nl":
                    scores[kind_id] += weight * (len(form_words(cue)) + len(cue) / 100)
        return scores

    def _compounds(self, words: Sequence[str]) -> dict[str, int]:
        """Return the Dutch cues that end a compound, and which word that is."""
        found: dict[str, int] = {}
        for at, word in enumerate(words):
            for start in range(1, len(word) - COMPOUND + 1):
                cue = self._dutch_endings.get(word[start:])
                if cue is not None:
                    found.setdefault(cue, at)
        return found

    @staticmethod
    def _entries(decision: Decision) -> dict[str, float]:
        found = {each.entry: each.probability for each in decision.candidates if each.probability >= LIKELY}
        if decision.entry:
            found[decision.entry] = 1.0
        return found

    def _is_question(self, text: str, words: Sequence[str], *, here: bool) -> bool:
        """Whether it begins like a question, or ends like one without telling anything."""
        if 0 in self._question.find(words).values():
            return True
        return text.rstrip().endswith(("?", "؟", "፧")) and not here


def _kinds_of(kinds: Kinds) -> dict[str, list[tuple[str, str]]]:
    """Return for each cue the kinds that it speaks for, each with the language of the cue."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind_id, kind in kinds.items():
        for language, cues in kind.cues.items():
            for cue in cues:
                found[cue].append((kind_id, language))
    return found
