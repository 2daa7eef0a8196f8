# SPDX-License-Identifier: EUPL-1.2
"""The answer engine: a message in, a decision out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.concepts import ConceptFinder
from bot.answers.examples import Example, Label, Target, examples_of
from bot.answers.language import OTHER, Identified, Identifier, Variety
from bot.answers.lexicon import Lexicon
from bot.answers.meaning import MeaningModel, learn_meaning
from bot.answers.normalise import normalise
from bot.answers.stored import pack, pack_vocabulary, unpack, unpack_vocabulary
from bot.answers.version import code_version
from bot.answers.wording import WordingModel, learn_wording
from bot.domain.decision import Candidate, Decision, DecisionKind
from bot.domain.entry import BASE_LANGUAGE, Knowledge

Floats = NDArray[np.float32]

CANDIDATES = 5
MEANING_WEIGHT = 1.0
"""Weight of the concepts beside the wording."""
ANSWER_FROM = 0.7
CHOOSE_FROM = 0.25
DANGER_FROM = 0.35
TALK_FROM = 0.5
HEARD_FROM = 0.1
"""A language less likely than this is not asked."""
_LATIN_SPELLING = ("ar", "ti")


@dataclass(frozen=True, slots=True)
class Scored:
    """What the models say about a message."""

    words: tuple[str, ...]
    identified: Identified
    concepts: Mapping[str, Sequence[str]]
    scores: Floats


class Engine:
    """Finds the entry that a message asks for, or says honestly that it does not know."""

    def __init__(
        self,
        fingerprint: str,
        labels: Sequence[Label],
        wording: Mapping[str, WordingModel],
        meaning: MeaningModel,
        identifier: Identifier,
        certainty: Logistic,
        concepts: Mapping[str, Mapping[str, Sequence[str]]],
        talk: Mapping[str, str],
    ) -> None:
        self.fingerprint = fingerprint
        self._labels = tuple(labels)
        self._wording = dict(wording)
        self._meaning = meaning
        self._identifier = identifier
        self._certainty = certainty
        self._concepts = concepts
        self._finder = ConceptFinder(concepts)
        self._talk = dict(talk)
        self._places = {
            target: np.array([i for i, label in enumerate(labels) if label.target is target], np.intp)
            for target in Target
        }

    @classmethod
    def build(cls, knowledge: Knowledge, lexicon: Lexicon) -> "Engine":
        """Learn from the examples and the word lists. Takes some seconds and changes nothing outside."""
        examples = examples_of(knowledge, lexicon)
        labels = sorted({example.label for example in examples})
        place = {label: i for i, label in enumerate(labels)}
        numbers = np.array([place[example.label] for example in examples], np.int64)
        languages = np.array([example.language for example in examples])
        words = [tuple(normalise(example.text).split()) for example in examples]
        identifier = Identifier.learn(_texts_by_language(examples, words, lexicon))
        finder = ConceptFinder(lexicon.concepts)
        found = [
            finder.find(each, _keys_of(language)) for each, language in zip(words, languages, strict=True)
        ]
        meaning = learn_meaning(found, numbers, len(labels))
        hidden = MEANING_WEIGHT * meaning.hidden
        label_hidden = MEANING_WEIGHT * meaning.label_hidden
        wording: dict[str, WordingModel] = {}
        for language in sorted(set(languages)):
            rows = np.flatnonzero(languages == language)
            learnt = learn_wording(language, [words[row] for row in rows], numbers[rows], len(labels))
            wording[language] = learnt.model
            hidden[rows] += learnt.hidden
            label_hidden[rows] += learnt.label_hidden
        certainty = _learn_certainty(labels, numbers, hidden, label_hidden)
        talk = {
            normalise(form): name
            for classes in lexicon.small_talk.values()
            for name, forms in classes.items()
            for form in forms
        }
        return cls(
            fingerprint_of(knowledge, lexicon), labels, wording, meaning.model, identifier, certainty,
            lexicon.concepts, talk,
        )  # fmt: skip

    def identify(self, text: str) -> Identified:
        """Tell the language of a text, to offer a switch of language."""
        return self._identifier.identify(normalise(text).split())

    def decide(self, text: str, *, language: str | None = None, previous: str | None = None) -> Decision:
        """Decide what to do with a message.

        `language` is the person's own; `previous` the entry shown before.
        """
        own = language or BASE_LANGUAGE
        scored = self._score(text, language)
        spoken = scored.identified.language
        spoken = own if spoken == OTHER else spoken
        candidates = self._candidates(scored.scores)
        reasons: dict[str, object] = {
            "language": {
                "found": scored.identified.language,
                "certainty": round(scored.identified.certainty, 3),
            },
            "concepts": {concept: list(words) for concept, words in scored.concepts.items()},
        }

        def decision(kind: DecisionKind, **more: Any) -> Decision:
            return Decision(kind, spoken, candidates=candidates, reasons=reasons, **more)

        danger, strength = self._best(scored.scores, Target.DANGER)
        if danger and strength >= DANGER_FROM:
            return decision(DecisionKind.EMERGENCY, entry=danger)
        talk = self._talk.get(" ".join(scored.words))
        if talk is None:
            name, strength = self._best(scored.scores, Target.TALK)
            talk = name if name and strength >= TALK_FROM and strength >= scored.scores.max() else None
        if talk is not None:
            return decision(DecisionKind.SMALLTALK, smalltalk=talk)
        elsewhere, strength = self._best(scored.scores, Target.ELSEWHERE)
        if elsewhere and strength >= scored.scores.max():
            return decision(DecisionKind.UNKNOWN, elsewhere=elsewhere)
        if not candidates or scored.identified.language == OTHER:
            return decision(DecisionKind.UNKNOWN)
        first = candidates[0]
        if first.probability >= ANSWER_FROM:
            return decision(DecisionKind.ANSWER, entry=first.entry)
        if first.probability >= CHOOSE_FROM:
            return decision(DecisionKind.CHOOSE)
        return decision(DecisionKind.UNKNOWN)

    def dumps(self) -> bytes:
        """Write the learnt index, to be read by `loads`."""
        arrays: dict[str, NDArray[Any]] = {
            "meaning.weights": self._meaning.weights,
            "meaning.bias": self._meaning.bias,
            **pack_vocabulary("meaning", self._meaning.vocabulary),
        }
        for language, model in self._wording.items():
            arrays |= pack_vocabulary(f"{language}.letters", model.letters)
            arrays |= pack_vocabulary(f"{language}.keys", model.keys)
            arrays[f"{language}.weights"] = model.weights
            arrays[f"{language}.bias"] = model.bias
        meta = {
            "fingerprint": self.fingerprint,
            "labels": [[label.target, label.name] for label in self._labels],
            "wording": list(self._wording),
            "certainty": [self._certainty.weights.tolist(), self._certainty.bias],
            "concepts": self._concepts,
            "talk": self._talk,
            "identifier": [
                [variety.language, variety.script, self._identifier.unseen[variety], votes]
                for variety, votes in self._identifier.votes.items()
            ],
        }
        return pack(arrays, json.loads(json.dumps(meta, default=dict)))

    @classmethod
    def loads(cls, data: bytes) -> "Engine":
        """Read a stored index. Raises StoredIndexError."""
        arrays, meta = unpack(data)
        varieties = [(Variety(item[0], item[1]), item[2], item[3]) for item in meta["identifier"]]
        wording = {
            language: WordingModel(
                language,
                unpack_vocabulary(f"{language}.letters", arrays),
                unpack_vocabulary(f"{language}.keys", arrays),
                arrays[f"{language}.weights"],
                arrays[f"{language}.bias"],
            )
            for language in meta["wording"]
        }
        return cls(
            meta["fingerprint"],
            [Label(Target(target), name) for target, name in meta["labels"]],
            wording,
            MeaningModel(
                unpack_vocabulary("meaning", arrays), arrays["meaning.weights"], arrays["meaning.bias"]
            ),
            Identifier({each: votes for each, _, votes in varieties}, {each: u for each, u, _ in varieties}),
            Logistic(np.array(meta["certainty"][0]), meta["certainty"][1]),
            meta["concepts"],
            meta["talk"],
        )

    def _score(self, text: str, language: str | None) -> Scored:
        words = tuple(normalise(text).split())
        identified = self._identifier.identify(words, language)
        heard = {
            each: share
            for each, share in identified.shares.items()
            if share >= HEARD_FROM and each in self._wording
        }
        concepts = self._finder.find(words, [each for each in heard if each in _LATIN_SPELLING])
        scores = MEANING_WEIGHT * self._meaning.read(concepts)
        for each, share in heard.items():
            scores = scores + np.float32(share) * self._wording[each].read(words).scores
        return Scored(words, identified, concepts, np.asarray(scores, np.float32))

    def _best(self, scores: Floats, target: Target) -> tuple[str, float]:
        places = self._places[target]
        if not len(places):
            return "", 0.0
        best = places[int(np.argmax(scores[places]))]
        return self._labels[best].name, float(scores[best])

    def _candidates(self, scores: Floats) -> tuple[Candidate, ...]:
        places = self._places[Target.ENTRY]
        order = places[np.argsort(-scores[places])][:CANDIDATES]
        if not len(order):
            return ()
        probability = self._certainty.probability(_signals(scores[None, :], places)[0].tolist())
        rest = np.exp(4 * (scores[order[1:]] - scores[order[0]]))
        shares = (1 - probability) * rest / (1 + rest.sum()) if len(rest) else rest
        shares = np.minimum(shares, probability)
        return (
            Candidate(self._labels[order[0]].name, probability),
            *(
                Candidate(self._labels[i].name, float(share))
                for i, share in zip(order[1:], shares, strict=True)
            ),
        )


def fingerprint_of(knowledge: Knowledge, lexicon: Lexicon) -> str:
    """Return a hash of all that an index depends on: what is learnt from, and the code that learns."""
    examples = [
        [each.text, each.label.target, each.label.name, each.language]
        for each in examples_of(knowledge, lexicon)
    ]
    text = json.dumps([code_version(), lexicon.digest(), examples], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _keys_of(language: str) -> list[str]:
    return [language] if language in _LATIN_SPELLING else []


def _texts_by_language(
    examples: Sequence[Example], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> list[tuple[str, Sequence[str]]]:
    texts = [(example.language, each) for example, each in zip(examples, words, strict=True)]
    for language, concepts in lexicon.concepts.items():
        texts += [(language, normalise(form).split()) for forms in concepts.values() for form in forms]
    for language, sentences in lexicon.other_languages.items():
        texts += [(f"{OTHER}-{language}", normalise(sentence).split()) for sentence in sentences]
    return texts


def _signals(scores: Floats, entries: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what certainty is judged by: the best score, its lead, and the best rival that is no entry."""
    among = -np.sort(-scores[:, entries], axis=1)
    first = among[:, 0]
    second = among[:, 1] if among.shape[1] > 1 else np.zeros_like(first)
    others = np.delete(scores, entries, axis=1)
    rival = others.max(axis=1) if others.shape[1] else np.zeros_like(first)
    return np.stack([first, first - second, rival], axis=1).astype(np.float64)


def _learn_certainty(
    labels: Sequence[Label], numbers: NDArray[np.int64], hidden: Floats, label_hidden: Floats
) -> Logistic:
    entries = np.array([i for i, label in enumerate(labels) if label.target is Target.ENTRY], np.intp)
    is_entry = np.isin(numbers, entries)
    best = entries[np.argmax(hidden[:, entries], axis=1)]
    signals = np.vstack([_signals(hidden, entries), _signals(label_hidden[is_entry], entries)])
    right = np.concatenate([best == numbers, np.zeros(int(is_entry.sum()), bool)])
    importance = np.concatenate([np.ones(len(numbers)), np.full(int(is_entry.sum()), 0.3)])
    return Logistic.learn(signals, right, importance)
