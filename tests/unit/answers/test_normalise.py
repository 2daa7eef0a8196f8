# SPDX-License-Identifier: EUPL-1.2
"""Spelling: what must become the same, and what must stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.normalise import normalise, script_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ሠላም", "ሰላም"),
        ("ፀሓይ", "ጸሓይ"),
        ("ኀይሊ", "ሃይሊ"),
        ("ሀገር", "ሃገር"),
        ("አነ", "ኣነ"),
        ("ዐይኒ", "ዓይኒ"),
        ("ቐልጢፉ", "ቀልጢፉ"),
        ("ይኸውን", "ይከውን"),
        ("ቘ", "ቈ"),
        ("እዩ።", "እዩ"),
        ("أهلاً", "اهلا"),
        ("مدينة", "مدينه"),
        ("على", "علي"),
        ("مسؤول", "مسوول"),
        ("شئ", "شي"),
        ("ـــكتاب", "كتاب"),
        ("کتاب", "كتاب"),
        ("١٢٣", "123"),
        ("Één  CAFÉ!", "een cafe"),
        ("heeeeel", "hel"),
        ("ａｂｃ", "abc"),
        ("zie https://voorbeeld.nl/a?b=1 hier", "zie hier"),
    ],
)
def test_spellings_of_the_same_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ሓ", "ሃ"), ("ዓ", "ኣ"), ("ሐ", "ሀ"), ("ጸ", "ጠ"), ("ሰ", "ሸ"), ("حال", "هال")]
)
def test_different_sounds_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("word", "script"), [("huis", "Latn"), ("بيت", "Arab"), ("ገዛ", "Ethi"), ("дом", "Zyyy"), ("123", "Zyyy")]
)
def test_script(word: str, script: str) -> None:
    assert script_of(word) == script
