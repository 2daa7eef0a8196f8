# SPDX-License-Identifier: EUPL-1.2
"""The text for one recipient: their language, its direction, its plurals, its dates and amounts."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup, escape

from bot.domain.entry import BASE_LANGUAGE
from bot.i18n.direction import has_right_to_left, isolate, isolate_foreign, plain
from bot.i18n.languages import Language, Languages

DIGITS = "latn"
"""Amounts and phone numbers in the Netherlands are read in these digits, in every language."""


class Texts:
    """Looks up and fills in texts in one language.

    Every text is HTML as Telegram reads it, and marked as such (`Markup`). What is filled in is escaped,
    unless it is `Markup` itself, and kept apart from the direction of the text around it.
    """

    def __init__(self, languages: Languages, code: str | None, zone: ZoneInfo) -> None:
        self.languages = languages
        self.language: Language = languages.get(code)
        self.zone = zone

    @property
    def code(self) -> str:
        """The language's code."""
        return self.language.code

    def other(self, code: str | None) -> "Texts":
        """Return the texts in another language."""
        return Texts(self.languages, code, self.zone)

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the text of `key` with `values` filled in. Raises KeyError for a key that does not exist."""
        forms, language = self._find(key)
        return self._fill(forms[0], values, language)

    def label(self, key: str, **values: object) -> str:
        """Return a text for a button, or another place that shows plain text and no HTML."""
        forms, language = self._find(key)
        text = forms[0].format(**values) if values else forms[0]
        return isolate_foreign(text) if language.right_to_left else text

    def count(self, key: str, number: int, **values: object) -> Markup:
        """Return the plural form of `key` for `number`, which is filled in as `{number}`."""
        forms, language = self._find(key)
        category = language.locale.plural_form(number)
        index = language.plurals.index(category) if category in language.plurals else -1
        return self._fill(forms[index], {"number": number, **values}, language)

    def day(self, day: date) -> str:
        """Return a day in words, such as 'maandag 23 november'."""
        return format_date(day, "EEEE d MMMM", locale=self.language.locale)

    def full_day(self, day: date) -> str:
        """Return a day with its year, such as '23 november 2026'."""
        return format_date(day, "d MMMM y", locale=self.language.locale)

    def month(self, day: date) -> str:
        """Return the month of a day with its year, such as 'november 2026'."""
        return format_date(day, "LLLL y", locale=self.language.locale)

    def moment(self, moment: datetime) -> str:
        """Return a moment in the municipality's zone, such as 'maandag 23 november 18:30'."""
        return format_datetime(moment, "EEEE d MMMM HH:mm", tzinfo=self.zone, locale=self.language.locale)

    def time(self, moment: datetime) -> str:
        """Return the time of day in the municipality's zone, such as '18:30'."""
        return format_time(moment, "HH:mm", tzinfo=self.zone, locale=self.language.locale)

    def ago(self, moment: datetime, now: datetime) -> str:
        """Return how long ago a moment is, such as '3 dagen geleden'."""
        return format_timedelta(moment - now, add_direction=True, locale=self.language.locale)

    def number(self, value: int | Decimal) -> str:
        """Return a number with the language's separators."""
        return format_decimal(value, locale=self.language.locale, numbering_system=DIGITS)

    def euro(self, value: Decimal) -> str:
        """Return an amount in euro; whole amounts of a hundred and more without cents."""
        whole = value == value.to_integral_value() and value >= 100
        amount = format_currency(
            value,
            "EUR",
            locale=self.language.locale,
            numbering_system=DIGITS,
            format="¤ #,##0" if whole else "¤ #,##0.00",
            currency_digits=False,
        )
        return plain(amount).replace("\u200f", "").replace("\u061c", "").replace("\xa0", " ")

    def percent(self, value: Decimal) -> str:
        """Return a share, given in hundredths, such as '50%'."""
        return format_percent(value / 100, locale=self.language.locale, numbering_system=DIGITS)

    def _find(self, key: str) -> tuple[tuple[str, ...], Language]:
        forms = self.languages.catalogues[self.code].get(key)
        if forms is not None:
            return forms, self.language
        return self.languages.catalogues[BASE_LANGUAGE][key], self.languages.base

    def _fill(self, text: str, values: dict[str, object], language: Language) -> Markup:
        ready = {name: self._ready(value, language) for name, value in values.items()}
        filled = text.format(**ready) if ready else text
        # Safe: the catalogue is ours, and what was filled in has been escaped.
        return Markup(isolate_foreign(filled) if language.right_to_left else filled)  # noqa: S704

    def _ready(self, value: object, language: Language) -> str:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self.number(value)
        text = str(escape(value))
        block = isinstance(value, Markup) and "\n" in text
        foreign = language.right_to_left or has_right_to_left(text)
        return isolate(text) if foreign and not block else text
