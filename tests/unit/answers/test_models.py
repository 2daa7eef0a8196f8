# SPDX-License-Identifier: EUPL-1.2
"""The mathematics: hidden examples without training again, and honest probabilities."""

import numpy as np
import pytest
from scipy import sparse

from bot.answers.calibration import Logistic
from bot.answers.ridge import fit
from bot.answers.stored import StoredIndexError, unpack_learnt
from bot.answers.vectors import Vocabulary


def test_left_out_scores_are_those_of_a_model_trained_without() -> None:
    dice = np.random.default_rng(1)
    features = sparse.csr_matrix(dice.normal(size=(12, 6)).astype(np.float32))
    labels = np.array([0, 1, 2] * 4)
    learnt = fit(features, labels, 3, 0.5)
    for hidden in ([4], list(np.flatnonzero(labels == labels[4]))):
        keep = np.setdiff1d(np.arange(12), hidden)
        without = fit(features[keep], labels[keep], 3, 0.5)
        expected = features[[4]] @ without.weights + without.bias
        found = learnt.left_out[4] if hidden == [4] else learnt.class_left_out[4]
        np.testing.assert_allclose(found, expected[0], atol=1e-4)


def test_probabilities_are_as_often_right_as_they_say() -> None:
    dice = np.random.default_rng(2)
    signal = dice.uniform(-3, 3, size=(20_000, 1))
    right = dice.uniform(size=20_000) < 1 / (1 + np.exp(-(2 * signal[:, 0] - 1)))
    curve = Logistic.learn(signal, right)
    sure = curve.probabilities(signal)
    for low in (0.1, 0.4, 0.8):
        chosen = (sure >= low) & (sure < low + 0.1)
        assert right[chosen].mean() == pytest.approx(sure[chosen].mean(), abs=0.04)


def test_vectors_have_length_one_and_forget_unknown_features() -> None:
    vocabulary = Vocabulary.learn([{"a": 1, "b": 2}, {"a": 1, "c": 1}])
    ids, values = vocabulary.vector({"a": 3, "b": 1, "never seen": 9})
    assert len(ids) == 2
    assert np.linalg.norm(values) == pytest.approx(1)
    assert vocabulary.weights[vocabulary.places["b"]] > vocabulary.weights[vocabulary.places["a"]]


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_broken_index_is_refused(data: bytes) -> None:
    with pytest.raises(StoredIndexError):
        unpack_learnt(data)
