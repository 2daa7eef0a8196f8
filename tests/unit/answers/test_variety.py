# SPDX-License-Identifier: EUPL-1.2
"""Checks for content editors."""

from dataclasses import replace

from small import WAITING, entry, small_knowledge, small_lexicon

from bot.answers.variety import examine_lexicon, likeness, near_copies, variety
from bot.domain.entry import Knowledge


def test_likeness() -> None:
    found = likeness(["Hoe lang wachten?", "hoe lang wachten", "grofvuil", "hoe lang duurt het wachten"])
    assert found[0, 1] == 1
    assert found[0, 2] == 0
    assert 0.3 < found[0, 3] == found[3, 0] < 0.9


def test_variety_falls_with_copies() -> None:
    assert variety(likeness(WAITING)) > 0.6 > variety(likeness([*WAITING[:1] * 3]))
    assert variety(likeness(WAITING[:1])) == 1


def test_near_copy_is_named() -> None:
    copied = entry("a", ("hoe lang moet ik wachten op een huis", "Hoe lang moet ik wachten op een huis??"))
    found = list(near_copies(Knowledge({"a": copied})))
    assert [where for where, _ in found] == ["a/nl.md"]
    assert not list(near_copies(small_knowledge()))


def test_form_in_two_concepts_and_dead_concept() -> None:
    lexicon = small_lexicon()
    concepts = {"nl": {**lexicon.concepts["nl"], "DWELLING": ("woning",), "NEVER": ("xylofoon",)}}
    found = dict.fromkeys(
        message for _, message in examine_lexicon(replace(lexicon, concepts=concepts), small_knowledge())
    )
    assert any("'woning' stands in DWELLING, HOME" in message for message in found)
    assert any(message.startswith("NEVER is dead") for message in found)
