# SPDX-License-Identifier: EUPL-1.2
"""Content that changes while the bot runs."""

from pathlib import Path

import pytest
from answers.small import small_knowledge, small_lexicon

from bot.answers.engine import Engine
from bot.content.loader import ContentError
from bot.domain.entry import Knowledge
from bot.refresh import Refresh
from bot.services.library import Library

NOTHING = ("-c", "pass")
FAILS = ("-c", "raise SystemExit(1)")


@pytest.fixture(scope="module")
def engine_of_two() -> Engine:
    return Engine.build(small_knowledge(), small_lexicon())


def _library(engine: Engine, knowledge: Knowledge) -> Library:
    return Library(knowledge, engine, small_lexicon())


async def test_a_changed_file_brings_new_answers(engine_of_two: Engine, tmp_path: Path) -> None:
    (tmp_path / "nl.md").write_text("old")
    library = _library(engine_of_two, Knowledge({}))
    refresh = Refresh(library, [tmp_path], lambda: _library(engine_of_two, small_knowledge()), NOTHING)
    assert not await refresh.run()
    (tmp_path / "nl.md").write_text("new text")
    assert await refresh.run()
    assert library.entry("waste").id == "waste"
    assert library.small_talk("greeting", "nl") == "Hallo!"
    assert not await refresh.run()


@pytest.mark.parametrize("fault", ["unreadable", "not learnt"])
async def test_faulty_content_changes_nothing(engine_of_two: Engine, tmp_path: Path, fault: str) -> None:
    def unreadable() -> Library:
        raise ContentError("nl.md: no title")

    library = _library(engine_of_two, small_knowledge())
    before = library.knowledge
    refresh = Refresh(library, [tmp_path], unreadable, FAILS if fault == "not learnt" else NOTHING)
    (tmp_path / "nl.md").write_text("new text")
    assert not await refresh.run()
    assert library.knowledge is before
