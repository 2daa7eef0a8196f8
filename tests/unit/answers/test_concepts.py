# SPDX-License-Identifier: EUPL-1.2
"""Where a concept is found, and where not."""

import pytest

from bot.answers.concepts import ConceptFinder
from bot.answers.normalise import normalise

FORMS = {
    "nl": {
        "RENT": ("huur",),
        "QUEUE": ("rij", "wachtlijst"),
        "MEDIATION": ("buurtbemiddeling",),
        "TURN": ("aan de beurt",),
    },
    "ar": {"HOME": ("بيت",), "QUEUE": ("طابور",)},
    "ti": {"HOME": ("ገዛ",)},
}


@pytest.fixture(scope="module")
def finder() -> ConceptFinder:
    return ConceptFinder(FORMS)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("huurtoeslag", "RENT"),  # the beginning of a word
        ("in de rij", "QUEUE"),  # a short form, whole
        ("ik ben aan de beurt", "TURN"),  # a phrase
        ("welzijnsbuurtbemiddelingspunt", "MEDIATION"),  # inside a compound
        ("والبيت", "HOME"),  # after clitics
        ("بالبيت", "HOME"),
        ("ብገዛና", "HOME"),
    ],
)
def test_found(finder: ConceptFinder, text: str, concept: str) -> None:
    assert concept in finder.find(normalise(text).split())


@pytest.mark.parametrize(
    ("text", "concept"),
    [("rijles", "QUEUE"), ("aan de kant beurt", "TURN"), ("verhuurd", "RENT"), ("geza", "HOME")],
)
def test_not_found(finder: ConceptFinder, text: str, concept: str) -> None:
    assert concept not in finder.find(normalise(text).split())


def test_latin_spelling_is_tried_only_where_it_is_likely(finder: ConceptFinder) -> None:
    longer = ConceptFinder({"ar": {"FIRE": ("حريق",)}})
    assert "FIRE" in longer.find(["7ari8"], ["ar"])
    assert "FIRE" not in longer.find(["7ari8"])
    assert finder.find(["huur"], ["ti"]) == {"RENT": ["huur"]}
