# SPDX-License-Identifier: EUPL-1.2
"""Splitting a message into its questions."""

import pytest

from bot.answers.concepts import ConceptFinder
from bot.answers.questions import split_questions

FINDER = ConceptFinder(
    {"nl": {"HOW": ("hoe",), "WHERE": ("waar",)}, "ar": {"HOW": ("كيف",)}, "en": {"WHEN": ("when",)}}
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Hoe lang moet ik wachten? Waar kan mijn oude bank heen?", 2),
        ("hoe lang moet ik wachten en waar kan mijn bank heen", 2),
        ("كيف بسجل للبيت وكيف بقدم على دعم", 2),
        ("Hoe lang moet ik wachten? Ik sta al acht jaar ingeschreven.", 0),
        ("ik wil brood en melk", 0),
        ("", 0),
    ],
)
def test_split(text: str, count: int) -> None:
    assert len(split_questions(text, FINDER)) == count
