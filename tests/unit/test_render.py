# SPDX-License-Identifier: EUPL-1.2
"""From the text of an entry to what a person reads."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.content.render import Answer, render
from bot.domain.entry import (
    Certainty,
    Contact,
    Entry,
    EntryKind,
    Figure,
    Knowledge,
    Source,
    Translation,
)
from bot.i18n import Texts, load_languages, plain

LANGUAGES = load_languages(Path(__file__).resolve().parents[2] / "locales")
DAY = date(2026, 11, 23)
RENT = Figure(
    "rent", Decimal("932.93"), "euro", date(2026, 1, 1), date(2026, 12, 31), "s", "https://x", DAY, "desk"
)
DESK = Contact(
    "desk",
    {"nl": "de balie", "ar": "المكتب"},
    "0900-8844",
    "",
    "https://www.desk.nl",
    Certainty.VERIFIED,
    "s",
    DAY,
)
TEXT = "De huur is hoogstens {figure:rent}.\n\n- Bel {phone:desk}\n- Kijk op {web:desk}\n\n**Vet** <b> & [link](https://a.nl)"


def show(text: str = TEXT, code: str = "nl", today: date = DAY, **other: Translation) -> Answer:
    translations = {"nl": Translation("nl", "Huur", text, 2, "", ()), **other}
    entry = Entry(
        "rent", "housing", EntryKind.ANSWER, ("desk",), (), (Source("s", "https://x", DAY),), translations
    )
    knowledge = Knowledge({"rent": entry}, figures={"rent": RENT}, contacts={"desk": DESK})
    return render(entry, knowledge, Texts(LANGUAGES, code, ZoneInfo("Europe/Amsterdam")), today)


def test_figures_and_contacts_are_filled_in() -> None:
    html = show().html
    assert "De huur is hoogstens € 932,93." in html
    assert "• Bel 0900-8844\n• Kijk op <a href=" in html
    assert ">desk.nl</a>" in html


def test_markdown_becomes_telegrams_html_and_the_rest_is_escaped() -> None:
    assert '<b>Vet</b> &lt;b&gt; &amp; <a href="https://a.nl">link</a>' in show().html


def test_an_expired_figure_is_never_shown() -> None:
    html = show(today=date(2027, 1, 1)).html
    assert "932" not in html
    assert "De huur is hoogstens" not in html
    assert "de balie" in html.rsplit("\n\n", 1)[-1]
    assert "Bel 0900-8844" in html


def test_only_the_point_with_the_expired_figure_goes() -> None:
    html = show("Eerst.\n\n- een {figure:rent}\n- twee", today=date(2027, 1, 1)).html
    assert "• twee" in html
    assert "een" not in html.split("• twee")[0]


def test_a_missing_translation_falls_back_and_says_so() -> None:
    answer = show(code="ti")
    assert answer.fallback
    assert answer.language == "nl"
    assert not answer.unchecked


def test_a_translation_says_whether_somebody_read_it_and_whether_it_is_old() -> None:
    unread = show(code="ar", ar=Translation("ar", "إيجار", "الإيجار {figure:rent}", 1, "", ()))
    assert unread.unchecked
    assert unread.outdated
    read = show(code="ar", ar=Translation("ar", "إيجار", "نص", 2, "native speaker", ()))
    assert not read.unchecked
    assert not read.outdated


def test_numbers_are_kept_in_order_inside_arabic() -> None:
    answer = show(code="ar", ar=Translation("ar", "إيجار", "اتصل على {phone:desk} الآن", 2, "", ()))
    assert "\u20680900-8844\u2069" in answer.html
    assert plain(answer.html) == "اتصل على 0900-8844 الآن"
