# SPDX-License-Identifier: EUPL-1.2
"""What was learnt, to bytes and back, without anything that could run code when it is read."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.examples import Label, Target
from bot.answers.language import Identifier, Variety
from bot.answers.learning import Learnt
from bot.answers.meaning import MeaningModel
from bot.answers.pairs import PairsModel
from bot.answers.vectors import Vocabulary
from bot.answers.wording import FAMILIES, WordingModel

Arrays = dict[str, NDArray[Any]]
_META = "meta"


class StoredIndexError(Exception):
    """Bytes that are no stored index."""


def pack_learnt(fingerprint: str, learnt: Learnt) -> bytes:
    """Write what was learnt, with the fingerprint of what it was learnt from."""
    arrays: Arrays = {
        "meaning.weights": learnt.meaning.weights,
        "meaning.bias": learnt.meaning.bias,
        **_pack_vocabulary("meaning", learnt.meaning.vocabulary),
        "pairs.weights": learnt.pairs.weights,
        "pairs.bias": learnt.pairs.bias,
        **_pack_vocabulary("pairs", learnt.pairs.vocabulary),
    }
    for language, model in learnt.wording.items():
        for family, vocabulary in model.families.items():
            arrays |= _pack_vocabulary(f"{language}.{family}", vocabulary)
        arrays[f"{language}.weights"] = model.weights
        arrays[f"{language}.bias"] = model.bias
    meta = {
        "fingerprint": fingerprint,
        "labels": [[label.target, label.name] for label in learnt.labels],
        "wording": list(learnt.wording),
        "certainty": _pack_logistic(learnt.certainty),
        "certainty_by_meaning": _pack_logistic(learnt.certainty_by_meaning),
        "danger": _pack_logistic(learnt.danger),
        "concepts": learnt.concepts,
        "talk": learnt.talk,
        "titles": learnt.titles,
        "identifier": [
            [variety.language, variety.script, learnt.identifier.unseen[variety], votes]
            for variety, votes in learnt.identifier.votes.items()
        ],
    }
    text = json.dumps(meta, default=dict, ensure_ascii=False)
    arrays[_META] = np.frombuffer(text.encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack_learnt(data: bytes) -> tuple[str, Learnt]:
    """Read the fingerprint and what was learnt. Raises StoredIndexError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(arrays.pop(_META).tobytes().decode())
        return str(meta["fingerprint"]), _learnt(arrays, meta)
    except Exception as error:  # zip, numpy and json each have errors of their own
        raise StoredIndexError(f"not a stored index: {error}") from error


def _learnt(arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> Learnt:
    varieties = [(Variety(item[0], item[1]), item[2], item[3]) for item in meta["identifier"]]
    return Learnt(
        labels=tuple(Label(Target(target), name) for target, name in meta["labels"]),
        wording={
            language: WordingModel(
                language,
                {
                    family: _unpack_vocabulary(f"{language}.{family}", arrays)
                    for family in FAMILIES
                    if f"{language}.{family}.features" in arrays
                },
                arrays[f"{language}.weights"],
                arrays[f"{language}.bias"],
            )
            for language in meta["wording"]
        },
        pairs=PairsModel(_unpack_vocabulary("pairs", arrays), arrays["pairs.weights"], arrays["pairs.bias"]),
        meaning=MeaningModel(
            _unpack_vocabulary("meaning", arrays), arrays["meaning.weights"], arrays["meaning.bias"]
        ),
        identifier=Identifier(
            {variety: votes for variety, _, votes in varieties},
            {variety: unseen for variety, unseen, _ in varieties},
        ),
        certainty=_unpack_logistic(meta["certainty"]),
        certainty_by_meaning=_unpack_logistic(meta["certainty_by_meaning"]),
        danger=_unpack_logistic(meta["danger"]),
        concepts=meta["concepts"],
        talk=meta["talk"],
        titles=meta["titles"],
    )


def _pack_logistic(curve: Logistic) -> list[object]:
    return [curve.weights.tolist(), curve.bias]


def _unpack_logistic(raw: list[Any]) -> Logistic:
    return Logistic(np.array(raw[0]), float(raw[1]))


def _pack_vocabulary(name: str, vocabulary: Vocabulary) -> Arrays:
    features = "\n".join(sorted(vocabulary.places, key=lambda feature: vocabulary.places[feature]))
    return {
        f"{name}.features": np.frombuffer(features.encode(), np.uint8),
        f"{name}.rarity": vocabulary.weights,
    }


def _unpack_vocabulary(name: str, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
    text = arrays[f"{name}.features"].tobytes().decode()
    features = text.split("\n") if text else []
    return Vocabulary({feature: place for place, feature in enumerate(features)}, arrays[f"{name}.rarity"])
