# SPDX-License-Identifier: EUPL-1.2
"""The text for one recipient: plurals, escaping, direction, dates and amounts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import CatalogueError, Texts, isolate_foreign, load_languages, plain

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = load_languages(ROOT / "locales")
ZONE = ZoneInfo("Europe/Amsterdam")
OPEN, CLOSE = "\u2068", "\u2069"


def texts(code: str) -> Texts:
    return Texts(LANGUAGES, code, ZONE)


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(0, "0 يوم"), (1, "يوم واحد"), (2, "يومان"), (3, "3 أيام"), (11, "11 يوماً"), (100, "100 يوم")],
)
def test_arabic_counts_in_six_forms(number: int, wanted: str) -> None:
    assert plain(texts("ar").count("unit.days", number)) == wanted


@pytest.mark.parametrize(("number", "wanted"), [(0, "0 dagen"), (1, "1 dag"), (2, "2 dagen")])
def test_dutch_counts_in_two(number: int, wanted: str) -> None:
    assert texts("nl").count("unit.days", number) == wanted


def test_what_people_write_is_escaped() -> None:
    shown = texts("nl")("contact.confirm", text="<b>&</b>")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in shown


def test_latin_words_and_numbers_stay_in_order_inside_arabic() -> None:
    shown = isolate_foreign('اتصل على 0900-8844 أو <a href="https://x.nl">GroenWest</a>')
    assert f"{OPEN}0900-8844{CLOSE}" in shown
    assert f'<a href="https://x.nl">{OPEN}GroenWest{CLOSE}</a>' in shown


def test_a_line_without_arabic_is_left_alone() -> None:
    assert isolate_foreign("GroenWest 0900-8844") == "GroenWest 0900-8844"


def test_an_entity_is_not_torn_apart() -> None:
    assert "&amp;" in isolate_foreign("مرحبا a&amp;b مرحبا")


@given(st.text(alphabet="مرحبا abc123 .-<>\n", max_size=80))
def test_isolating_adds_pairs_and_nothing_else(text: str) -> None:
    shown = isolate_foreign(text)
    assert plain(shown) == text
    assert shown.count(OPEN) == shown.count(CLOSE)


def test_isolating_twice_is_isolating_once() -> None:
    once = isolate_foreign("رقم 12 و GroenWest")
    assert isolate_foreign(once) == once


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("nl", "€ 932,93"), ("en", "€ 932.93"), ("ar", "€ 932.93"), ("ti", "€ 932.93")],
)
def test_amounts_by_locale(code: str, wanted: str) -> None:
    assert texts(code).euro(Decimal("932.93")) == wanted


def test_a_moment_is_told_in_the_municipalitys_zone() -> None:
    assert texts("nl").moment(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == "woensdag 1 juli 18:00"


def test_arabic_dates_use_the_digits_of_letters_here() -> None:
    assert texts("ar").full_day(date(2026, 11, 23)) == "23 نوفمبر 2026"


def test_a_missing_text_falls_back_to_dutch(tmp_path: Path) -> None:
    folder = tmp_path / "locales"
    for code in ("nl", "tr"):
        (folder / code).mkdir(parents=True)
    source = ROOT / "locales" / "nl"
    (folder / "nl" / "language.toml").write_text((source / "language.toml").read_text("utf-8"), "utf-8")
    (folder / "nl" / "general.po").write_text((source / "general.po").read_text("utf-8"), "utf-8")
    (folder / "tr" / "language.toml").write_text(
        'name = "Türkçe"\norder = 5\ndirection = "ltr"\nscript = "Latn"\nlocale = "tr_TR"\n'
        'plurals = ["one", "other"]\n',
        "utf-8",
    )
    (folder / "tr" / "general.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "button.home"\nmsgstr "Başlangıç"\n',
        "utf-8",
    )
    languages = load_languages(folder)
    turkish = Texts(languages, "tr", ZONE)
    assert languages.codes == ("nl", "tr")
    assert turkish.label("button.home") == "Başlangıç"
    assert turkish.label("button.cancel") == texts("nl").label("button.cancel")
    assert turkish.count("unit.days", 2) == "2 dagen"


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "nl"
    folder.mkdir()
    (folder / "language.toml").write_text((ROOT / "locales/nl/language.toml").read_text("utf-8"), "utf-8")
    for name in ("a.po", "b.po"):
        (folder / name).write_text('msgid ""\nmsgstr ""\n\nmsgid "button.home"\nmsgstr "x"\n', "utf-8")
    with pytest.raises(CatalogueError, match="stands in two files"):
        load_languages(tmp_path)
