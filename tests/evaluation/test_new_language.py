# SPDX-License-Identifier: EUPL-1.2
"""A language from a word list: English without a single English example still finds its entries."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers.engine import Engine
from bot.answers.evaluate import read_cases, run
from bot.answers.lexicon import Lexicon
from bot.content.index import load_or_build
from bot.domain.entry import Entry, Knowledge

HERE = Path(__file__).parent


def _without_english(entry: Entry) -> Entry:
    return replace(
        entry, translations={code: each for code, each in entry.translations.items() if code != "en"}
    )


@pytest.fixture(scope="module")
def newcomer(knowledge: Knowledge, lexicon: Lexicon, request: pytest.FixtureRequest) -> Engine:
    """An engine that knows English only from the forms of its concepts."""
    bare = replace(
        knowledge,
        entries={key: _without_english(each) for key, each in knowledge.entries.items()},
        elsewhere={key: _without_english(each) for key, each in knowledge.elsewhere.items()},
    )
    words = replace(
        lexicon,
        small_talk={code: each for code, each in lexicon.small_talk.items() if code != "en"},
        out_of_scope={code: each for code, each in lexicon.out_of_scope.items() if code != "en"},
    )
    assert "en" in words.concepts
    return load_or_build(bare, words, request.config.cache.mkdir("engine-without-english"))


def test_english_without_examples(newcomer: Engine) -> None:
    lines = (HERE / "en.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in read_cases(lines) if case.style in ("plain", "short", "colloquial", "learner")]
    asked = [outcome for outcome in run(newcomer, cases) if outcome.case.expected]
    assert len(asked) > 200
    assert sum(outcome.among(1) for outcome in asked) >= 0.90 * len(asked)
    assert sum(outcome.among(3) for outcome in asked) >= 0.97 * len(asked)


def test_its_language_is_told_by_the_word_list(newcomer: Engine) -> None:
    assert newcomer.identify("how long do I have to wait for a rental home").language == "en"
