# SPDX-License-Identifier: EUPL-1.2
"""What was learnt, to bytes and back, without anything that could run code when it is read."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.examples import Label, Target
from bot.answers.language import Ballot, Identifier
from bot.answers.learning import Learnt
from bot.answers.meaning import MeaningModel
from bot.answers.pairs import PairsModel
from bot.answers.places import Places
from bot.answers.rounded import Rounded
from bot.answers.vectors import Vocabulary
from bot.answers.wording import FAMILIES, WordingModel

Arrays = dict[str, NDArray[Any]]
_META = "meta"
_COMPRESSION = 1
"""The best compression takes four times as long and saves a tenth."""


class StoredIndexError(Exception):
    """Bytes that are no stored index."""


def pack_learnt(fingerprint: str, learnt: Learnt) -> bytes:
    """Write what was learnt, with the fingerprint of what it was learnt from."""
    arrays: Arrays = {
        "meaning.weights": learnt.meaning.weights,
        "meaning.bias": learnt.meaning.bias,
        **_pack_vocabulary("meaning", learnt.meaning.vocabulary),
        **_pack_rounded("pairs", learnt.pairs.weights),
        "pairs.bias": learnt.pairs.bias,
        **_pack_vocabulary("pairs", learnt.pairs.vocabulary),
    }
    for language, model in learnt.wording.items():
        for family, vocabulary in model.families.items():
            arrays |= _pack_vocabulary(f"{language}.{family}", vocabulary)
        arrays |= _pack_rounded(language, model.weights)
        arrays[f"{language}.bias"] = model.bias
    for script, ballot in learnt.identifier.ballots.items():
        arrays[f"{script}.hashes"] = ballot.places.hashes
        arrays[f"{script}.votes"] = ballot.votes
    meta = {
        "fingerprint": fingerprint,
        "labels": [[label.target, label.name] for label in learnt.labels],
        "wording": list(learnt.wording),
        "certainty": {code: _pack_logistic(curve) for code, curve in learnt.certainty.items()},
        "certainty_by_meaning": _pack_logistic(learnt.certainty_by_meaning),
        "danger": _pack_logistic(learnt.danger),
        "concepts": learnt.concepts,
        "talk": learnt.talk,
        "titles": learnt.titles,
        "ballots": {script: ballot.languages for script, ballot in learnt.identifier.ballots.items()},
    }
    text = json.dumps(meta, default=dict, ensure_ascii=False)
    arrays[_META] = np.frombuffer(text.encode(), np.uint8)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
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
    return Learnt(
        labels=tuple(Label(Target(target), name) for target, name in meta["labels"]),
        wording={
            language: WordingModel(
                language,
                {
                    family: _unpack_vocabulary(f"{language}.{family}", arrays)
                    for family in FAMILIES
                    if f"{language}.{family}.hashes" in arrays
                },
                _unpack_rounded(language, arrays),
                arrays[f"{language}.bias"],
            )
            for language in meta["wording"]
        },
        pairs=PairsModel(
            _unpack_vocabulary("pairs", arrays), _unpack_rounded("pairs", arrays), arrays["pairs.bias"]
        ),
        meaning=MeaningModel(
            _unpack_vocabulary("meaning", arrays), arrays["meaning.weights"], arrays["meaning.bias"]
        ),
        identifier=Identifier(
            {
                script: Ballot(languages, Places(arrays[f"{script}.hashes"]), arrays[f"{script}.votes"])
                for script, languages in meta["ballots"].items()
            }
        ),
        certainty={code: _unpack_logistic(raw) for code, raw in meta["certainty"].items()},
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


def _pack_rounded(name: str, weights: Rounded) -> Arrays:
    return {f"{name}.steps": weights.steps, f"{name}.scale": weights.scale}


def _unpack_rounded(name: str, arrays: Mapping[str, NDArray[Any]]) -> Rounded:
    return Rounded(arrays[f"{name}.steps"], arrays[f"{name}.scale"])


def _pack_vocabulary(name: str, vocabulary: Vocabulary) -> Arrays:
    return {f"{name}.hashes": vocabulary.places.hashes, f"{name}.rarity": vocabulary.weights}


def _unpack_vocabulary(name: str, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
    return Vocabulary(Places(arrays[f"{name}.hashes"]), arrays[f"{name}.rarity"])
