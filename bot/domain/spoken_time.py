# SPDX-License-Identifier: EUPL-1.2
"""Moments as people write them: 'morgen 18:30', 'vrijdag om 9', and alike in the other languages."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = (
    ("maandag", "ma", "monday", "mon", "الاثنين", "الإثنين", "ሰኑይ"),
    ("dinsdag", "di", "tuesday", "tue", "الثلاثاء", "ሰሉስ", "ሠሉስ"),
    ("woensdag", "wo", "wednesday", "wed", "الأربعاء", "الاربعاء", "ረቡዕ"),
    ("donderdag", "do", "thursday", "thu", "الخميس", "ሓሙስ"),
    ("vrijdag", "vr", "friday", "fri", "الجمعة", "ዓርቢ"),
    ("zaterdag", "za", "saturday", "sat", "السبت", "ቀዳም"),
    ("zondag", "zo", "sunday", "sun", "الأحد", "الاحد", "ሰንበት"),
)
DAYS_AHEAD = {
    "vandaag": 0, "today": 0, "اليوم": 0, "ሎሚ": 0,
    "morgen": 1, "tomorrow": 1, "غدا": 1, "غداً": 1, "ጽባሕ": 1,
    "overmorgen": 2, "بعد غد": 2, "ድሕሪ ጽባሕ": 2,
}  # fmt: skip
EVENING = ("vanavond", "tonight", "الليلة", "ሎምሸት")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan", "january"),
            ("februari", "feb", "february"),
            ("maart", "mrt", "march", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "jun", "june"),
            ("juli", "jul", "july"),
            ("augustus", "aug", "august"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_AFTERNOON = ("middags", "avonds", "pm", "p.m", "مساء", "ምሸት", "avond", "middag", "evening", "afternoon")
_CLOCK = re.compile(r"(?<![\d/-])(\d{1,2})(?:[:.h](\d{2}))(?![\d/-])")
_HOUR = re.compile(r"(?:\bom|\bat|الساعة|ሰዓት|@)\s*(\d{1,2})(?![\d:.])")
_BARE_HOUR = re.compile(r"(?<![\d/.:-])(\d{1,2})\s*(?:uur|u\b|h\b|am\b|pm\b|$)")
_HALF = re.compile(r"\bhalf\s+(een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\d{1,2})\b")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"],
        start=1,
    )
}
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?(?!\d)")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
NOON = 12
WEEK = 7


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> tuple[date, time] | None:
    """Return the local day and time that is meant, or None where it cannot be told for sure.

    Without a day it is today, or tomorrow when that time has passed. A weekday is the next one with that
    name whose time has not passed.
    """
    words = " ".join(text.translate(_DIGITS).replace("'s ", " ").lower().split())
    local = now.astimezone(zone)
    day, rest, weekday = _day(words, local.date())
    at = _time(rest, words)
    if at is None:
        return None
    if day is None:
        day = local.date() if at > local.time() else local.date() + timedelta(days=1)
    elif weekday and day == local.date() and at <= local.time():
        day += timedelta(days=WEEK)
    return day, at


def _day(words: str, today: date) -> tuple[date | None, str, bool]:
    """Return the day, the words without it, and whether it was named by its weekday."""
    for pattern, order in ((_ISO, "ymd"), (_NUMERIC, "dmy"), (_NAMED, "dmy")):
        found = pattern.search(words)
        if found is None:
            continue
        day = _calendar_day(dict(zip(order, found.groups(), strict=True)), today)
        if day is not None:
            return day, words[: found.start()] + " " + words[found.end() :], False
    for word in sorted(DAYS_AHEAD, key=len, reverse=True):
        if _has(words, word):
            return today + timedelta(days=DAYS_AHEAD[word]), words.replace(word, " ", 1), False
    if any(_has(words, word) for word in EVENING):
        return today, words, False
    for number, names in enumerate(WEEKDAYS):
        for name in names:
            if _has(words, name):
                ahead = (number - today.weekday()) % WEEK
                return today + timedelta(days=ahead), words.replace(name, " ", 1), True
    return None, words, False


def _calendar_day(parts: dict[str, str | None], today: date) -> date | None:
    month = parts["m"] or ""
    number = int(month) if month.isdigit() else MONTHS.get(month)
    if number is None:
        return None
    try:
        day = date(int(parts["y"] or today.year), number, int(parts["d"] or 0))
        return day if parts["y"] or day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None


def _time(rest: str, words: str) -> time | None:
    late = any(word in words for word in (*_AFTERNOON, *EVENING))
    found = _HALF.search(rest)
    if found is not None:
        hour = _NUMBERS.get(found[1]) or int(found[1])
        return _clock(hour - 1 if hour > 1 else NOON, 30, late=late)
    found = _CLOCK.search(rest)
    if found is not None:
        return _clock(int(found[1]), int(found[2]), late=late)
    found = _HOUR.search(rest) or _BARE_HOUR.search(rest.strip())
    return _clock(int(found[1]), 0, late=late) if found is not None else None


def _clock(hour: int, minute: int, *, late: bool) -> time | None:
    if late and 0 < hour < NOON:
        hour += NOON
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _has(words: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words) is not None
