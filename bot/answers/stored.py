# SPDX-License-Identifier: EUPL-1.2
"""Arrays and plain values to bytes and back, without anything that could run code when read."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.vectors import Vocabulary

_META = "meta"


class StoredIndexError(Exception):
    """Bytes that are no stored index."""


def pack(arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, object]) -> bytes:
    """Write named arrays and JSON values."""
    out = io.BytesIO()
    text = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(out, allow_pickle=False, **{**arrays, _META: text})
    return out.getvalue()


def unpack(data: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read what `pack` wrote. Raises StoredIndexError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(arrays.pop(_META).tobytes().decode())
    except Exception as error:  # zip, numpy and json each have errors of their own
        raise StoredIndexError(f"not a stored index: {error}") from error
    return arrays, meta


def pack_vocabulary(name: str, vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """Turn a vocabulary into arrays: its features hold no line break."""
    features = "\n".join(sorted(vocabulary.places, key=lambda feature: vocabulary.places[feature]))
    return {
        f"{name}.features": np.frombuffer(features.encode(), np.uint8),
        f"{name}.rarity": vocabulary.weights,
    }


def unpack_vocabulary(name: str, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
    """Read what `pack_vocabulary` wrote."""
    text = arrays[f"{name}.features"].tobytes().decode()
    features = text.split("\n") if text else []
    return Vocabulary({feature: place for place, feature in enumerate(features)}, arrays[f"{name}.rarity"])
