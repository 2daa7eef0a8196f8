# SPDX-License-Identifier: EUPL-1.2
"""How the engine decides, on a small knowledge of its own."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import WAITING_EN, entry, small_knowledge, small_lexicon

from bot.answers.engine import CANDIDATES, Engine, fingerprint_of
from bot.domain.decision import DecisionKind
from bot.domain.entry import Knowledge


@pytest.fixture(scope="module")
def small() -> Engine:
    return Engine.build(small_knowledge(), small_lexicon())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("hoe lang wachten op een huis", "waiting-time"), ("waar laat ik grofvuil", "waste")],
)
def test_most_likely_entry_comes_first(small: Engine, text: str, expected: str) -> None:
    assert small.decide(text, language="nl").candidates[0].entry == expected


def test_candidates_are_ordered_and_probabilities(small: Engine) -> None:
    found = small.decide("wachttijd", language="nl").candidates
    chances = [each.probability for each in found]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    assert len({each.entry for each in found}) == len(found) <= CANDIDATES


def test_danger_comes_before_everything(small: Engine) -> None:
    decision = small.decide("help er is brand", language="nl")
    assert (decision.kind, decision.entry) == (DecisionKind.EMERGENCY, "emergency")
    assert decision.candidates[0].entry == "emergency"


def test_greeting_is_small_talk(small: Engine) -> None:
    assert small.decide("Goedemorgen!", language="nl").smalltalk == "greeting"


@pytest.mark.parametrize("text", ["😀", "?", "...", "👍👍"])
def test_signs_are_small_talk(small: Engine, text: str) -> None:
    assert small.decide(text, language="nl").kind is DecisionKind.SMALLTALK


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_unknown(small: Engine, text: str) -> None:
    assert small.decide(text, language="nl").kind is DecisionKind.UNKNOWN


def test_neighbouring_topic_is_named(small: Engine) -> None:
    decision = small.decide("paspoort aanvragen", language="nl")
    assert (decision.kind, decision.elsewhere, decision.entry) == (DecisionKind.UNKNOWN, "passport", None)


def test_language_without_examples_is_found_by_its_words(small: Engine) -> None:
    assert small.decide("blorven zumka", language="xx").candidates[0].entry == "waiting-time"
    assert small.decide("frukt", language="xx").candidates[0].entry == "waste"


def test_short_message_keeps_the_persons_language(small: Engine) -> None:
    assert small.decide("container", language="en").language == "en"
    assert small.decide("container", language="nl").language == "nl"


def test_explains_itself(small: Engine) -> None:
    reasons = small.decide("wachttijd woning", language="nl").reasons
    assert reasons["concepts"] == {"WAIT": ["wachttijd"], "HOME": ["woning"]}


def test_stored_engine_decides_alike(small: Engine) -> None:
    stored = Engine.loads(small.dumps())
    assert stored.fingerprint == small.fingerprint
    for text in ("hoe lang wachten", "er is brand", "hallo", "paspoort", "the green bin", ""):
        assert stored.decide(text, language="nl") == small.decide(text, language="nl")


def test_fingerprint_follows_what_is_learnt() -> None:
    knowledge, lexicon = small_knowledge(), small_lexicon()
    before = fingerprint_of(knowledge, lexicon)
    more = Knowledge({**knowledge.entries, "new": entry("new", ("iets heel anders",))}, knowledge.elsewhere)
    assert fingerprint_of(more, lexicon) != before
    assert fingerprint_of(knowledge, replace(lexicon, out_of_scope={})) != before
    assert fingerprint_of(small_knowledge(), small_lexicon()) == before


def test_learns_from_a_single_entry() -> None:
    one = Knowledge({"waiting-time": entry("waiting-time", WAITING_EN, WAITING_EN)})
    found = Engine.build(one, small_lexicon()).decide("how long must I wait", language="en")
    assert found.candidates[0].entry == "waiting-time"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400), st.sampled_from(["nl", "en", "xx", None]), st.sampled_from([None, "waste", "gone"])
)
def test_no_text_breaks_it(small: Engine, text: str, language: str | None, previous: str | None) -> None:
    decision = small.decide(text, language=language, previous=previous)
    assert decision.entry is None or decision.kind in (DecisionKind.ANSWER, DecisionKind.EMERGENCY)
