# SPDX-License-Identifier: EUPL-1.2
"""What `buurtbrug ask` prints."""

import json

import pytest
from small import small_knowledge, small_lexicon

from bot.answers.ask import AskLineError, as_text, ask_lines
from bot.answers.engine import Engine


@pytest.fixture(scope="module")
def small() -> Engine:
    return Engine.build(small_knowledge(), small_lexicon())


def test_lines_come_back_in_order_with_every_field(small: Engine) -> None:
    lines = [
        '{"id": 7, "text": "wachttijd woning", "language": "nl"}',
        "",
        '{"id": "b", "text": "er is brand"}',
    ]
    found = [json.loads(line) for line in ask_lines(small, lines, "nl")]
    assert [each["id"] for each in found] == [7, "b"]
    assert found[1]["decision"] == "emergency"
    assert found[1]["entry"] == "emergency"
    for each in found:
        assert list(each) == ["id", "decision", "entry", "candidates", "language"]
        assert {"entry", "probability"} == set(each["candidates"][0])


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": 5}', '{"text": "a", "language": 3}'])
def test_bad_line_is_named(small: Engine, line: str) -> None:
    with pytest.raises(AskLineError, match="line 2"):
        list(ask_lines(small, ['{"text": "a"}', line]))


def test_explanation_names_the_concepts(small: Engine) -> None:
    shown = as_text(small.decide("wachttijd woning", language="nl"), explain=True)
    assert "WAIT" in shown
    assert "reasons" not in as_text(small.decide("wachttijd woning", language="nl"))
