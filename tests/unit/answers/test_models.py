# SPDX-License-Identifier: EUPL-1.2
"""The mathematics: lines between labels, vectors, and honest probabilities."""

import numpy as np
import pytest
from scipy import sparse

from bot.answers.calibration import Logistic
from bot.answers.margins import AWAY, draw_lines
from bot.answers.places import Places
from bot.answers.rounded import Rounded
from bot.answers.stored import StoredIndexError, unpack_learnt
from bot.answers.vectors import Vocabulary


def test_lines_tell_labels_apart_and_keep_away_from_unknown_ones() -> None:
    features = sparse.csr_matrix(np.repeat(np.eye(3, dtype=np.float32), 4, axis=0))
    labels = np.array([0, 1, 3]).repeat(4)
    scores = draw_lines(features, labels, 5).scores(features[[0, 4, 8]])
    assert scores.argmax(axis=1).tolist() == [0, 1, 3]
    assert (scores[:, [2, 4]] == AWAY).all()


@pytest.mark.parametrize("labels", [[1, 1, 1, 1], [0, 0, 1, 1]])
def test_lines_of_one_or_two_labels(labels: list[int]) -> None:
    features = sparse.csr_matrix(np.repeat(np.eye(2, dtype=np.float32), 2, axis=0))
    scores = draw_lines(features, np.array(labels), 3).scores(features)
    assert scores.argmax(axis=1).tolist() == labels


def test_answers_teach_less_than_questions() -> None:
    features = sparse.csr_matrix(np.array([[1, 0], [0, 1], [1, 0]], np.float32))
    labels = np.array([0, 1, 1])
    weight = np.array([1, 1, 0.2], np.float32)
    assert draw_lines(features, labels, 2, weight).scores(features[[0]]).argmax() == 0


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
    vocabulary = Vocabulary.learn([["a", "b", "b"], ["a", "c"]])
    ids, values = vocabulary.vector(["a", "a", "a", "b", "never seen"])
    assert len(ids) == 2
    assert np.linalg.norm(values) == pytest.approx(1)
    assert vocabulary.weights[vocabulary.find(["b"])] > vocabulary.weights[vocabulary.find(["a"])]


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_broken_index_is_refused(data: bytes) -> None:
    with pytest.raises(StoredIndexError):
        unpack_learnt(data)


def test_rounded_weights_are_nearly_the_same() -> None:
    weights = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
    weights[4] = 0
    ids, values = np.array([3, 4, 40]), np.array([0.5, 2, 1], np.float32)
    rounded = Rounded.of(weights)
    assert rounded.steps.nbytes * 4 == weights.nbytes
    assert rounded.sum(ids, values) == pytest.approx(values @ weights[ids], abs=0.05)


def test_places_are_found_again_and_only_for_known_features() -> None:
    places, chosen = Places.of(["huis", "ገዛ", "بيت"])
    assert sorted(chosen.tolist()) == [0, 1, 2]
    assert sorted(places.find(["بيت", "huis", "ገዛ", "tuin"])) == [0, 1, 2]
    assert places.find_each(["huis", "tuin"]) == [places.find(["huis"])[0], len(places)]
    assert Places.of([])[0].find(["huis"]) == []


def test_rows_of_a_matrix_are_the_same_as_single_vectors() -> None:
    texts = [["a", "b", "b"], [], ["a", "c", "never seen"]]
    vocabulary = Vocabulary.learn([*texts[:1], ["c", "a"]])
    rows = vocabulary.matrix(texts).toarray()
    for features, row in zip(texts, rows, strict=True):
        ids, values = vocabulary.vector(features)
        assert row[ids] == pytest.approx(values)
        assert np.linalg.norm(row) == pytest.approx(1 if len(ids) else 0)


def test_lines_go_on_from_others_to_the_same_place() -> None:
    dice = np.random.default_rng(4)
    features = sparse.csr_matrix(dice.normal(size=(60, 8)).astype(np.float32))
    labels = dice.integers(3, size=60)
    fresh = draw_lines(features, labels, 3)
    further = draw_lines(features, labels, 3, start=draw_lines(features[:40], labels[:40], 3))
    assert further.weights == pytest.approx(fresh.weights, abs=0.02)
