# SPDX-License-Identifier: EUPL-1.2
"""Moments as people write them: 'morgen 18:30', 'vrijdag om 9', and alike in the other languages.

Every word must be understood: what is left over ('volgende maand 10:00') makes that nothing is sure.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import time_words as words_of

NOON = 12
WEEK = 7
LAST_AFTERNOON_HOUR = 6
MONTHS = {name: number for number, names in enumerate(words_of.MONTHS, start=1) for name in names}
WEEKDAYS = {name: number for number, names in enumerate(words_of.WEEKDAYS) for name in names}


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern for whole words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w:.])(?:{pattern})(?![\w:]|\.\d)")


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩፡،,", "0123456789:  ")
_AT = _one_of(words_of.AT)
_HOUR_WORD = rf"\d{{1,2}}|{_one_of(words_of.HOURS)}"
_JOINED = re.compile(
    rf"\b({_one_of(('morgen', 'overmorgen', *(names[0] for names in words_of.WEEKDAYS)))})"
    r"(ochtend|middag|avond)\b"
)
_PARTS = _whole(_one_of(words_of.PARTS))
_ISO = _whole(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_DOTTED = _whole(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})")
_NUMERIC = _whole(r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})(?:[/-](?P<y>\d{4}))?")
_NAMED = _whole(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<m>{_one_of(MONTHS)})\.?(?:\s+(?P<y>\d{{4}}))?"
)
_NAMED_FIRST = _whole(
    r"(?P<m>january|february|march|april|may|june|july|august|september|october|november|december)"
    r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s+(?P<y>\d{4}))?"
)
_AHEAD = _whole(_one_of(words_of.DAYS_AHEAD))
_IN_DAYS = _whole(r"(?:over|in|بعد|ድሕሪ)\s+(?P<n>\d{1,2})\s+(?:dagen|days|day|dag|أيام|يوما|መዓልቲ|መዓልታት)")
_IN_HOURS = _whole(
    r"(?:over|in|بعد|ድሕሪ)\s+(?P<n>\d{1,3}|een half|half an|een|an|one|twee|two)?\s*"
    r"(?P<unit>uur|uren|hours?|ساعتين|ساعات|ساعة|ሰዓታት|ሰዓት|minuten|minuut|minutes?|min|دقائق|دقيقة|ደቒቕ|ደቓይቕ)"
)
_MINUTES = frozenset({"minuten", "minuut", "minutes", "minute", "min", "دقائق", "دقيقة", "ደቒቕ", "ደቓይቕ"})
_WEEKDAY = _whole(
    rf"(?:(?P<next>{_one_of(words_of.NEXT_WEEK)})\s+)?(?:(?:{_one_of(words_of.COMING)})\s+)?"
    rf"(?P<name>{_one_of(WEEKDAYS)})\.?(?:\s+(?P<late>{_one_of(words_of.NEXT_WEEK)}))?"
    rf"(?:\s+(?:{_one_of(words_of.COMING)}))?"
)
_CLOCK = re.compile(rf"(?<![\w/.:-])(?:(?:{_AT})\s*)?(\d{{1,2}})[:.hu](\d{{2}})(?![\w/-]|[:.]\d)")
_HALF = _whole(rf"(?:(?:{_AT})\s+)?half\s+(?P<past>past\s+)?(?P<hour>{_HOUR_WORD})")
_QUARTER = _whole(
    rf"(?:(?:{_AT})\s+)?"
    r"(?:(?P<quarter>kwart|a quarter|quarter)|(?P<minutes>5|10|20|vijf|tien|five|ten|twenty))"
    rf"\s+(?P<side>over|past|voor|to)\s+(?P<hour>{_HOUR_WORD})"
)
_ARABIC = _whole(
    rf"(?:الساعة\s+)?(?P<hour>{_HOUR_WORD})\s+(?P<side>والنصف|ونصف|والربع|وربع|إلا ربعا|إلا ربعاً|إلا الربع)"
)
_TIGRINYA = _whole(r"ሰዓት\s+(?P<hour>\d{1,2})ን\s+(?P<side>ፈረቓን|ርብዕን)")
_HOUR = _whole(
    rf"(?:(?:{_AT})\s*)?(?P<hour>{_HOUR_WORD})(?:\s*(?:{_one_of(words_of.OCLOCK)}))?(?P<half>\s*[ap]\.?m\b\.?)?"
)
_NOON = _whole(rf"(?:(?:{_AT})\s+)?(?:12 )?(?:{_one_of(words_of.NOON)})")
_SIDES = {"والنصف": 30, "ونصف": 30, "والربع": 15, "وربع": 15, "ፈረቓን": 30, "ርብዕን": 15}
_COUNTS = {"een": 1, "an": 1, "one": 1, "twee": 2, "two": 2, "vijf": 5, "five": 5, "tien": 10, "ten": 10}
_COUNTS |= {"twenty": 20}


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> tuple[date, time] | None:
    """Return the local day and time that is meant, or None where it cannot be told for sure.

    Without a day it is today, or tomorrow when that time has passed. A weekday is the next one with that
    name whose time has not passed.
    """
    local = now.astimezone(zone)
    reading = _Reading(_plain(text))
    if (found := reading.take(_IN_HOURS)) is not None:
        later = _later(now, found, zone)
        return later if reading.understood else None
    day = _day(reading, local.date())
    if day is _WRONG:
        return None
    at = _time(reading)
    if at is None or not reading.understood:
        return None
    if day is None:
        return (local.date() if at > local.time() else local.date() + timedelta(days=1)), at
    if day.by_name and day.day == local.date() and at <= local.time():
        return day.day + timedelta(days=WEEK), at
    return day.day, at


def read_day(text: str, now: datetime, zone: ZoneInfo) -> date | None:
    """Return the local day that is meant, or None where it cannot be told for sure. Today counts.

    Words such as 'tot en met' may stand before it.
    """
    reading = _Reading(_plain(text))
    reading.takes(words_of.UNTIL)
    day = _day(reading, now.astimezone(zone).date())
    return None if day is None or day is _WRONG or not reading.understood else day.day


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    by_name: bool = False


_WRONG = _Day(date.min)
"""A day was named that does not exist, such as 31 februari."""


class _Reading:
    """The words that nobody has understood yet."""

    def __init__(self, left: str) -> None:
        self.left = left

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what fits out of the words, and return it."""
        found = pattern.search(self.left)
        if found is not None:
            self.left = f"{self.left[: found.start()]} {self.left[found.end() :]}"
        return found

    def takes(self, words: Collection[str]) -> bool:
        """Take any of these words out, and tell whether one was there."""
        return self.take(_whole(_one_of(words))) is not None

    @property
    def understood(self) -> bool:
        """Whether nothing with a meaning is left."""
        return set(self.left.replace(".", " ").split()) <= words_of.FILLERS


def _plain(text: str) -> str:
    words = " ".join(text.lower().translate(_DIGITS).replace("’", "'").replace("'s ", " ").split())
    words = _JOINED.sub(r"\1 \2", words)
    return _PARTS.sub(lambda found: words_of.PARTS[found[0]], words)


def _later(now: datetime, found: re.Match[str], zone: ZoneInfo) -> tuple[date, time]:
    number, unit = found["n"] or "een", found["unit"]
    if number in {"een half", "half an"}:
        ahead = timedelta(minutes=30)
    else:
        count = 2 if unit == "ساعتين" else int(number) if number.isdecimal() else _COUNTS[number]
        ahead = timedelta(minutes=count) if unit in _MINUTES else timedelta(hours=count)
    later = (now + ahead).astimezone(zone)
    return later.date(), later.time().replace(second=0, microsecond=0, fold=0)


def _day(reading: _Reading, today: date) -> _Day | None:
    for pattern in (_ISO, _DOTTED, _NUMERIC, _NAMED, _NAMED_FIRST):
        found = reading.take(pattern)
        if found is not None:
            day = _calendar_day(found, today)
            named = reading.take(_WEEKDAY)  # 'vrijdag 4 december': the two must agree
            agrees = named is None or (day is not None and day.weekday() == WEEKDAYS[named["name"]])
            return _WRONG if day is None or not agrees else _Day(day)
    if (found := reading.take(_IN_DAYS)) is not None:
        return _Day(today + timedelta(days=int(found["n"])))
    if (found := reading.take(_AHEAD)) is not None:
        return _Day(today + timedelta(days=words_of.DAYS_AHEAD[found[0]]))
    if (found := reading.take(_WEEKDAY)) is not None:
        number = WEEKDAYS[found["name"]]
        if found["next"] or found["late"]:
            monday = today + timedelta(days=WEEK - today.weekday())
            return _Day(monday + timedelta(days=number))
        return _Day(today + timedelta(days=(number - today.weekday()) % WEEK), by_name=True)
    return None


def _calendar_day(found: re.Match[str], today: date) -> date | None:
    month = int(found["m"]) if found["m"].isdecimal() else MONTHS[found["m"]]
    try:
        day = date(int(found["y"] or today.year), month, int(found["d"]))
        return day if found["y"] or day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None


def _time(reading: _Reading) -> time | None:
    if reading.take(_NOON) is not None:
        return time(NOON)
    early = reading.takes(words_of.MORNING)
    middle = reading.takes(words_of.AFTERNOON)
    late = reading.takes(words_of.EVENING)
    after = reading.takes(words_of.PM)
    read = _hour_and_minute(reading)
    if read is None:
        return None
    hour, minute, half = read
    early = early or half.startswith("a")
    after = after or half.startswith("p")
    if early:
        hour = 0 if hour == NOON and half else hour
        if hour >= NOON:
            return None
    elif (late and hour < NOON) or (middle and 0 < hour <= LAST_AFTERNOON_HOUR) or (after and hour < NOON):
        hour += NOON
    elif (late and hour == NOON) or (middle and hour < NOON - 1):
        return None
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _hour_and_minute(reading: _Reading) -> tuple[int, int, str] | None:
    if (found := reading.take(_CLOCK)) is not None:
        return int(found[1]), int(found[2]), ""
    if (found := reading.take(_HALF)) is not None:
        hour = _number(found["hour"])
        return (hour, 30, "") if found["past"] else _before(hour, 30)
    if (found := reading.take(_QUARTER)) is not None:
        minutes = 15 if found["quarter"] else _number(found["minutes"])
        hour = _number(found["hour"])
        return (hour, minutes, "") if found["side"] in {"over", "past"} else _before(hour, 60 - minutes)
    if (found := reading.take(_ARABIC) or reading.take(_TIGRINYA)) is not None:
        hour, past = _number(found["hour"]), _SIDES.get(found["side"])
        return _before(hour, 45) if past is None else (hour, past, "")
    if (found := reading.take(_HOUR)) is not None:
        return _number(found["hour"]), 0, (found["half"] or "").strip()
    return None


def _before(hour: int, minute: int) -> tuple[int, int, str]:
    """Return a time before an hour: before one o'clock comes half past twelve."""
    return (hour - 1 if hour > 1 else NOON), minute, ""


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else words_of.HOURS.get(word) or _COUNTS[word]
