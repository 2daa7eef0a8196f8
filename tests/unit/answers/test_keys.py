# SPDX-License-Identifier: EUPL-1.2
"""Sound keys: the same word in two scripts."""

import pytest

from bot.answers.keys import arabic_key, tigrinya_key
from bot.answers.normalise import normalise


@pytest.mark.parametrize(
    ("ethiopic", "latin"),
    [
        ("ገዛ", "geza"),
        ("ገዛ", "gheza"),
        ("ንምንታይ", "nmntay"),
        ("ንምንታይ", "nimintay"),
        ("ጸገም", "tsegem"),
        ("ጸገም", "xegem"),
        ("ሸኽን", "shekhn"),
        ("ቀዳማይ", "qedamay"),
        ("ቀዳማይ", "kedamay"),
        ("መኘታ", "megneta"),
    ],
)
def test_tigrinya_in_two_scripts(ethiopic: str, latin: str) -> None:
    assert tigrinya_key(normalise(ethiopic)) == tigrinya_key(normalise(latin))


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("حريق", "7ari8"),
        ("خبز", "5obz"),
        ("خبز", "khobz"),
        ("عندي", "3andi"),
        ("شقة", "sha88a"),
        ("طبيب", "6abib"),
        ("صاحب", "9a7eb"),
        ("البيت", "elbayt"),
        ("بلدية", "baladiyyeh"),
    ],
)
def test_arabic_in_two_scripts(arabic: str, latin: str) -> None:
    assert arabic_key(normalise(arabic)) == arabic_key(normalise(latin))


def test_different_words_keep_different_keys() -> None:
    assert tigrinya_key("ገዛ") != tigrinya_key("ጎዳ")
    assert arabic_key("بيت") != arabic_key("بنك")
