# SPDX-License-Identifier: EUPL-1.2
"""The answer engine: a message in, a decision out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.certainty import NOWHERE, Layout, Read, danger_signals, entry_signals
from bot.answers.concepts import ConceptFinder
from bot.answers.examples import examples_of, sentences_of
from bot.answers.keys import KEYS
from bot.answers.language import OTHER, Identified
from bot.answers.learning import Learnt, learn
from bot.answers.lexicon import Lexicon
from bot.answers.margins import AWAY
from bot.answers.normalise import normalise
from bot.answers.questions import follows_up, split_questions
from bot.answers.stored import pack_learnt, unpack_learnt
from bot.answers.version import code_version
from bot.domain.decision import Candidate, Decision, DecisionKind
from bot.domain.entry import BASE_LANGUAGE, Knowledge

__all__ = ["Engine", "Identified", "fingerprint_of"]

CANDIDATES = 5
COST_OF_WRONG = 3.5
"""How much worse a wrong answer is than asking 'which of these three?'."""
COST_OF_ASKING_IN_VAIN = 0.15
"""How much worse three titles that all miss are than saying 'I do not know' at once."""
ANSWER_FROM = 1 - 1 / COST_OF_WRONG
"""An answer is shown at once when (1 - p) · COST_OF_WRONG is less than the cost 1 of asking."""
CHOOSE_FROM = COST_OF_ASKING_IN_VAIN / (1 + COST_OF_ASKING_IN_VAIN)
"""Titles are offered when the gain p of finding it exceeds (1 - p) · COST_OF_ASKING_IN_VAIN."""
DANGER_FROM = 0.3
"""A missed emergency is more than twice as bad as a needless answer with 112."""
DANGER_POSSIBLE = 0.1
"""From here on the entry about the danger counts among the likely ones."""
TALK_WORDS = 6
"""Small talk is short; longer messages hold a question."""
HEARD_FROM = 0.1
"""A language less likely than this is not asked."""
WORDS = 400
"""Of a longer message the first words are read."""
PIECES = 4
_EMOJI = "emoji-and-punctuation"
_SHARPNESS = 4.0
"""How fast the probability of the next candidates falls with their distance in score."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message as the models see it. `model` is the language whose own model heard most of it, or empty."""

    words: tuple[str, ...]
    identified: Identified
    concepts: Mapping[str, Sequence[str]]
    read: Read
    model: str


class Engine:
    """Finds the entry that a message asks for, or says honestly that it does not know."""

    def __init__(self, fingerprint: str, learnt: Learnt) -> None:
        self.fingerprint = fingerprint
        self._learnt = learnt
        self._layout = Layout.of(learnt.labels)
        self._finder = ConceptFinder(learnt.concepts)

    @classmethod
    def build(cls, knowledge: Knowledge, lexicon: Lexicon) -> "Engine":
        """Learn from the examples and the word lists. Takes some seconds and changes nothing outside."""
        return cls(fingerprint_of(knowledge, lexicon), learn(knowledge, lexicon))

    def dumps(self) -> bytes:
        """Write the learnt index, to be read by `loads`."""
        return pack_learnt(self.fingerprint, self._learnt)

    @classmethod
    def loads(cls, data: bytes) -> "Engine":
        """Read a stored index. Raises StoredIndexError."""
        return cls(*unpack_learnt(data))

    def identify(self, text: str) -> Identified:
        """Tell the language of a text, to offer a switch of language."""
        return self._learnt.identifier.identify(normalise(text).split()[:WORDS])

    def decide(self, text: str, *, language: str | None = None, previous: str | None = None) -> Decision:
        """Decide what to do with a message.

        `language` is the person's own; `previous` the entry that was shown before, for questions such
        as 'and for my son?'.
        """
        decision = self._decide(text, language)
        if decision.kind is DecisionKind.ANSWER:
            return self._with_second_question(text, language, decision)
        if previous and decision.kind in (DecisionKind.CHOOSE, DecisionKind.UNKNOWN):
            return self._following_up(text, language, previous, decision)
        return decision

    def _decide(self, text: str, language: str | None) -> Decision:
        heard = self._hear(text, language)
        identified = heard.identified
        spoken = (language or BASE_LANGUAGE) if identified.language == OTHER else identified.language
        danger = self._learnt.danger.probability(danger_signals(heard.read, self._layout)[0].tolist())
        in_danger = bool(len(self._layout.danger)) and danger >= DANGER_FROM and bool(heard.words)
        candidates = self._candidates(heard, danger)
        reasons: dict[str, object] = {
            "language": {"found": identified.language, "certainty": round(identified.certainty, 3)},
            "concepts": {concept: list(words) for concept, words in heard.concepts.items()},
            "danger": round(danger, 3),
        }
        decided = partial(
            Decision, language=spoken, candidates=candidates, sure=identified.sure, reasons=reasons
        )
        if in_danger:
            entry = self._endangered(heard)
            return decided(DecisionKind.EMERGENCY, entry=entry, candidates=_first(entry, danger, candidates))
        talk = self._talk(text, heard)
        if talk is not None:
            return decided(DecisionKind.SMALLTALK, smalltalk=talk)
        elsewhere, rival = self._best(heard, self._layout.elsewhere)
        lead = self._layout.entry_scores(heard.read.scores)[0]
        reasons["rival"] = {"neighbouring topic": elsewhere, "score": round(rival, 3)}
        foreign = identified.language == OTHER and len(heard.words) > 1 and identified.script != "Zyyy"
        if foreign or not candidates:
            return decided(DecisionKind.UNKNOWN)
        if elsewhere and rival > lead.max():
            return decided(DecisionKind.UNKNOWN, elsewhere=elsewhere)
        first = candidates[0]
        if first.probability >= ANSWER_FROM:
            return decided(DecisionKind.ANSWER, entry=first.entry)
        return decided(DecisionKind.CHOOSE if first.probability >= CHOOSE_FROM else DecisionKind.UNKNOWN)

    def _with_second_question(self, text: str, language: str | None, decision: Decision) -> Decision:
        """Add the decision about another question in the same message, when both are clear."""
        parts = split_questions(text, self._finder)[:PIECES]
        for part in parts:
            also = self._decide(part, language)
            if also.kind is DecisionKind.ANSWER and also.entry != decision.entry:
                return replace(decision, also=also)
        return decision

    def _following_up(self, text: str, language: str | None, previous: str, decision: Decision) -> Decision:
        """Understand a short message with the title of the entry before it."""
        words = normalise(text).split()
        titles = self._learnt.titles.get(decision.language) or self._learnt.titles.get(BASE_LANGUAGE, {})
        if (
            previous not in titles
            or not follows_up(words, self._finder)
            or self._is_elsewhere(text, language)
        ):
            return decision
        together = self._decide(f"{titles[previous]} {text}", language)
        if together.kind is not DecisionKind.ANSWER:
            return decision
        return replace(
            together,
            language=decision.language,
            sure=decision.sure,
            reasons={**together.reasons, "follows up": previous},
        )

    def _is_elsewhere(self, text: str, language: str | None) -> bool:
        """Whether a message by itself is more about something that is not ours than about any entry."""
        scores = self._hear(text, language).read.scores
        lead = self._layout.entry_scores(scores).max(initial=NOWHERE)
        return bool(self._layout.best(scores, self._layout.others)[0] > lead)

    def _hear(self, text: str, language: str | None) -> _Heard:
        words = tuple(normalise(text).split()[:WORDS])
        identified = self._learnt.identifier.identify(words, language)
        heard = {each: share for each, share in identified.shares.items() if share >= HEARD_FROM}
        concepts = self._finder.find(words, [each for each in heard if each in KEYS])
        shares = {each: share for each, share in heard.items() if each in self._learnt.wording}
        unheard = 1 - sum(shares.values())
        wording = np.full(len(self._learnt.labels) + 1, unheard * AWAY, np.float32)
        for each, share in shares.items():
            wording += np.float32(share) * self._learnt.wording[each].read(words)
        meaning = self._learnt.meaning.read(concepts)
        pairs = self._learnt.pairs.read(concepts)
        read = Read(wording[None, :], pairs[None, :], meaning[None, :], np.array([len(words)], np.float32))
        by_wording = sum(shares.values()) >= 0.5 or identified.language in self._learnt.wording
        model = max(shares, key=lambda each: shares[each], default=identified.language) if by_wording else ""
        return _Heard(words, identified, concepts, read, model)

    def _best(self, heard: _Heard, places: NDArray[np.intp]) -> tuple[str, float]:
        if not len(places):
            return "", 0.0
        scores = heard.read.scores[0, places]
        best = int(scores.argmax())
        return self._learnt.labels[places[best]].name, float(scores[best])

    def _endangered(self, heard: _Heard) -> str:
        return self._best(heard, self._layout.danger)[0]

    def _talk(self, text: str, heard: _Heard) -> str | None:
        exact = self._learnt.talk.get(" ".join(heard.words))
        if exact is not None:
            return exact
        if not heard.words:
            return _EMOJI if text.strip() else None
        name, score = self._best(heard, self._layout.talk)
        short = len(heard.words) <= TALK_WORDS
        return name if name and short and score >= heard.read.scores[0].max() and score >= 0.3 else None

    def _candidates(self, heard: _Heard, danger: float) -> tuple[Candidate, ...]:
        layout, read = self._layout, heard.read
        of_entries = layout.endangered_scores if danger >= DANGER_POSSIBLE else layout.entry_scores
        scores = of_entries(read.scores)[0]
        if not len(scores):
            return ()
        order = np.argsort(-scores)[:CANDIDATES]
        judge = self._learnt.certainty.get(heard.model, self._learnt.certainty_by_meaning)
        first = judge.probability(entry_signals(heard.read, self._layout)[0].tolist())
        if not heard.words:
            first = 0.0
        shares = np.exp(_SHARPNESS * (scores[order[1:]] - scores[order[0]]))
        rest = np.minimum((1 - first) * shares / (1 + shares.sum()), first)
        names = [self._learnt.labels[self._layout.entries[place]].name for place in order]
        return tuple(map(Candidate, names, [first, *rest.tolist()]))


def fingerprint_of(knowledge: Knowledge, lexicon: Lexicon) -> str:
    """Return a hash of all that an index depends on: what is learnt from, and the code that learns."""
    examples = [
        (each.text, each.label.target, each.label.name, each.language)
        for each in (*examples_of(knowledge, lexicon), *sentences_of(knowledge))
    ]
    text = json.dumps([code_version(), lexicon.digest(), examples], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _first(entry: str, probability: float, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    others = [each for each in candidates if each.entry != entry]
    found: list[Any] = [Candidate(entry, probability)]
    found += [Candidate(each.entry, min(each.probability, 1 - probability)) for each in others]
    return tuple(found[:CANDIDATES])
