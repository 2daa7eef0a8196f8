# SPDX-License-Identifier: EUPL-1.2
"""Reading `municipality.toml`."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from bot.content.loader import ContentError, read_toml
from bot.domain.municipality import Municipality

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load_municipality(folder: Path) -> Municipality:
    """Read the settings of a municipality. Raises ContentError when something is missing or malformed."""
    path = folder / "municipality.toml"
    raw = read_toml(path)
    try:
        answering = raw["answering"]
        return Municipality(
            name=raw["name"],
            zone=ZoneInfo(raw["zone"]),
            languages=tuple(raw["languages"]),
            areas=raw.get("areas", {}),
            hours={WEEKDAYS.index(day): _span(text) for day, text in answering["hours"].items()},
            answer_days=int(answering["working_days"]),
            is_holiday=_calendar(answering.get("holidays", "")),
        )
    except (KeyError, ValueError, TypeError, AttributeError, ZoneInfoNotFoundError) as error:
        raise ContentError(f"{path}: {error!r} is missing or malformed") from error


def _span(text: str) -> tuple[time, time]:
    opening, closing = (time.fromisoformat(part.strip()) for part in text.split("-"))
    if opening >= closing:
        raise ValueError(f"{text}: opens after it closes")
    return opening, closing


def _calendar(country: str) -> Callable[[date], bool]:
    if not country:
        return lambda _day: False
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError as error:
        raise ValueError(f"holidays of {country!r} are not known") from error
    return lambda day: day in calendar
