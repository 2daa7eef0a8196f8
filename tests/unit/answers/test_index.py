# SPDX-License-Identifier: EUPL-1.2
"""The learnt index on disk."""

from pathlib import Path

import pytest
from small import small_knowledge, small_lexicon

from bot.answers.engine import Engine
from bot.content.index import load_or_build


def test_second_start_does_not_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_or_build(small_knowledge(), small_lexicon(), tmp_path)

    def learning(*_: object) -> Engine:
        raise AssertionError("learnt again")

    monkeypatch.setattr(Engine, "build", learning)
    second = load_or_build(small_knowledge(), small_lexicon(), tmp_path)
    assert second.fingerprint == first.fingerprint
    assert [path.name for path in tmp_path.iterdir()] == [f"index-{first.fingerprint}.npz"]


def test_broken_file_is_replaced(tmp_path: Path) -> None:
    engine = load_or_build(small_knowledge(), small_lexicon(), tmp_path)
    path = tmp_path / f"index-{engine.fingerprint}.npz"
    path.write_bytes(b"half a file")
    load_or_build(small_knowledge(), small_lexicon(), tmp_path)
    assert Engine.loads(path.read_bytes()).fingerprint == engine.fingerprint


def test_works_without_a_writable_folder(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    engine = load_or_build(small_knowledge(), small_lexicon(), blocked / "data")
    assert engine.decide("wachttijd", language="nl").candidates
