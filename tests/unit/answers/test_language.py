# SPDX-License-Identifier: EUPL-1.2
"""In which language a message is written, with the real word lists and examples."""

import pytest

from bot.answers.engine import Engine


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik zoek een woning voor mijn gezin in de buurt", "nl"),
        ("I am looking for a home for my family near here", "en"),
        ("أبحث عن بيت لعائلتي قريب من هنا", "ar"),
        ("ንስድራቤተይ ዝኸውን ገዛ እደሊ ኣለኹ", "ti"),
        ("geza kab zeytsbeku kndey amet koynu", "ti"),
        ("kif fini sajjel 3ala bet la 3ayelti", "ar"),
        ("عندي urgentie كيف بقدم على woningnet", "ar"),
        ("ቤት ለማግኘት ምን ያህል ጊዜ መጠበቅ አለብኝ", "other"),
        ("Ich suche eine Wohnung für meine Familie hier", "other"),
        ("Szukam mieszkania dla mojej rodziny w tym mieście", "other"),
        ("Ailem için burada bir ev arıyorum lütfen", "other"),
        ("Я шукаю житло для своєї родини", "other"),
    ],
)
def test_language(engine: Engine, text: str, language: str) -> None:
    assert engine.identify(text).language == language


def test_two_words_never_suggest_a_switch(engine: Engine) -> None:
    assert not engine.identify("waste container").sure
    assert engine.identify("I am looking for a home for my family").sure
