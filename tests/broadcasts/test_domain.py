# SPDX-License-Identifier: EUPL-1.2
"""The rules alone: moments, days, spoken times, plain Dutch, states."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import group, readability, schedule
from bot.domain.broadcast import ALLOWED, BroadcastState, ColleagueFirstError, change
from bot.domain.group import GroupState, Membership
from bot.domain.schedule import Repeat, Rule, moment, next_day
from bot.domain.spoken_time import read_day, read_moment
from bot.domain.subscription import Frequency, Subscription, Topic, next_digest

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def never(_day: date) -> bool:
    return False


def test_a_time_that_does_not_exist_goes_out_an_hour_later() -> None:
    assert moment(date(2027, 3, 28), time(2, 30), ZONE) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment(date(2027, 3, 28), time(2, 30), ZONE).astimezone(ZONE).time() == time(3, 30)


def test_a_time_that_exists_twice_goes_out_the_first_time() -> None:
    assert moment(date(2026, 10, 25), time(2, 30), ZONE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(date(2026, 10, 25), time(2, 30, fold=1), ZONE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(list(Repeat)),
    st.integers(1, 8),
)
def test_occurrences_come_one_by_one_and_never_twice(
    first: date, at: time, repeat: Repeat, number: int
) -> None:
    rule = Rule(first, at, repeat)
    now = datetime.combine(first, time(), ZONE).astimezone(UTC)
    day, moments = None, []
    for _ in range(number):
        found = next_day(rule, now, ZONE, never, day)
        if found is None:
            break
        moments.append(moment(found, at, ZONE))
        day = found
    assert moments == sorted(set(moments))
    assert len(moments) == (1 if repeat is Repeat.ONCE else number)
    assert all(each >= now for each in moments)


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        (Repeat.WEEKLY, ["2026-12-07", "2026-12-14", "2026-12-21"]),
        (Repeat.MONTHLY, ["2026-12-07", "2027-01-07", "2027-02-07"]),
        (Repeat.NTH_WEEKDAY, ["2026-12-07", "2027-01-04", "2027-02-01"]),
    ],
)
def test_days_of_a_rule(repeat: Repeat, days: list[str]) -> None:
    rule = Rule(date(2026, 12, 7), time(9), repeat)
    assert [str(day) for day in islice(rule.days(date(2026, 11, 1), never), 3)] == days


def test_the_last_monday_of_every_month_whether_it_is_the_fourth_or_the_fifth() -> None:
    rule = Rule(date(2026, 11, 30), time(9), Repeat.NTH_WEEKDAY)
    days = [str(day) for day in islice(rule.days(date(2026, 11, 1), never), 4)]
    assert days == ["2026-11-30", "2026-12-28", "2027-01-25", "2027-02-22"]


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(3)])
def test_a_weekly_plan_keeps_its_local_time_over_both_changes_of_the_clock(at: time) -> None:
    rule = Rule(date(2026, 10, 11), at, Repeat.WEEKLY)
    days = list(islice(rule.days(date(2026, 10, 11), never), 26))
    moments = [moment(day, at, ZONE) for day in days]
    assert len(set(moments)) == 26
    changes = {date(2026, 10, 25), date(2027, 3, 28)}
    assert changes <= set(days)
    for day, each in zip(days, moments, strict=True):
        if day not in changes:
            assert each.astimezone(ZONE).time() == at
    offsets = [each.astimezone(ZONE).utcoffset() for each in moments]
    assert offsets[0] == offsets[-1] == timedelta(hours=2)
    assert offsets[3] == timedelta(hours=1)


def test_the_31st_falls_on_the_last_day_of_a_short_month() -> None:
    rule = Rule(date(2027, 1, 31), time(9), Repeat.MONTHLY)
    days = list(islice(rule.days(date(2027, 1, 1), never), 4))
    assert days == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_holidays_are_skipped_when_asked_and_the_end_counts() -> None:
    rule = Rule(date(2026, 12, 18), time(9), Repeat.WEEKLY, date(2027, 1, 8), skip_holidays=True)

    def christmas(day: date) -> bool:
        return day == date(2026, 12, 25)

    found = list(rule.days(date(2026, 12, 1), christmas))
    assert found == [date(2026, 12, 18), date(2027, 1, 1), date(2027, 1, 8)]


@pytest.mark.parametrize(
    ("words", "day", "at"),
    [
        ("morgen 18:30", "2026-11-24", "18:30"),
        ("vrijdag om 9", "2026-11-27", "09:00"),
        ("Morgenavond om 7 uur", "2026-11-24", "19:00"),
        ("morgenochtend 9 uur", "2026-11-24", "09:00"),
        ("donderdagavond half 8", "2026-11-26", "19:30"),
        ("vrijdag 's avonds om 8", "2026-11-27", "20:00"),
        ("zaterdag 12 uur 's middags", "2026-11-28", "12:00"),
        ("kwart over 9", "2026-11-24", "09:15"),
        ("morgen kwart voor 9", "2026-11-24", "08:45"),
        ("vrijdag om negen uur", "2026-11-27", "09:00"),
        ("vrijdag 9u30", "2026-11-27", "09:30"),
        ("over 2 uur", "2026-11-23", "13:00"),
        ("over een half uur", "2026-11-23", "11:30"),
        ("over 3 dagen om 9", "2026-11-26", "09:00"),
        ("komende vrijdag 10 uur", "2026-11-27", "10:00"),
        ("volgende week dinsdag om 10", "2026-12-01", "10:00"),
        ("om 9 uur 3 december", "2026-12-03", "09:00"),
        ("vrijdag 4 december 9:00", "2026-12-04", "09:00"),
        ("half past 9", "2026-11-24", "09:30"),
        ("quarter to 10", "2026-11-24", "09:45"),
        ("tomorrow noon", "2026-11-24", "12:00"),
        ("in 2 hours", "2026-11-23", "13:00"),
        ("December 3 at 5pm", "2026-12-03", "17:00"),
        ("3 ديسمبر الساعة 10", "2026-12-03", "10:00"),
        ("غدا الساعة التاسعة والنصف صباحا", "2026-11-24", "09:30"),
        ("الجمعة القادمة الساعة 6 مساء", "2026-11-27", "18:00"),
        ("بعد ساعتين", "2026-11-23", "13:00"),
        ("ጽባሕ ንግሆ ሰዓት 9", "2026-11-24", "09:00"),
        ("3 ታሕሳስ ሰዓት 10", "2026-12-03", "10:00"),
        ("ሰዓት 9ን ፈረቓን", "2026-11-24", "09:30"),
        ("overmorgen 10.15", "2026-11-25", "10:15"),
        ("maandag 9:00", "2026-11-30", "09:00"),
        ("maandag 14:00", "2026-11-23", "14:00"),
        ("vanavond 8 uur", "2026-11-23", "20:00"),
        ("donderdag half acht", "2026-11-26", "07:30"),
        ("3 december 10:00", "2026-12-03", "10:00"),
        ("3/12 10:00", "2026-12-03", "10:00"),
        ("2027-01-04 08:00", "2027-01-04", "08:00"),
        ("10:30", "2026-11-24", "10:30"),
        ("16:00", "2026-11-23", "16:00"),
        ("tomorrow at 9", "2026-11-24", "09:00"),
        ("friday 6 pm", "2026-11-27", "18:00"),
        ("غدا 18:30", "2026-11-24", "18:30"),
        ("الجمعة الساعة 9", "2026-11-27", "09:00"),
        ("غدا ١٨:٣٠", "2026-11-24", "18:30"),
        ("ጽባሕ 18:30", "2026-11-24", "18:30"),
        ("ዓርቢ ሰዓት 9", "2026-11-27", "09:00"),
    ],
)
def test_moments_as_people_write_them(words: str, day: str, at: str) -> None:
    found = read_moment(words, NOW, ZONE)
    assert found == (date.fromisoformat(day), time.fromisoformat(at))


@pytest.mark.parametrize(
    "words",
    [
        *("", "ooit", "morgen", "25:00", "vrijdag", "32 december 10:99", "abc def"),
        *("31 februari 10:00", "32 december 10:00", "volgende maand 10:00", "volgende vrijdag 9:00"),
        *("vrijdag 5 december 9:00", "zo snel mogelijk om 9", "morgen 9 of 10 uur", "12 uur 's avonds"),
    ],
)
def test_what_is_not_sure_is_not_a_moment(words: str) -> None:
    assert read_moment(words, NOW, ZONE) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("vrijdag", "2026-11-27"),
        ("vandaag", "2026-11-23"),
        ("tot en met 3 december", "2026-12-03"),
        ("t/m vrijdag", "2026-11-27"),
        ("until friday", "2026-11-27"),
        ("حتى الجمعة", "2026-11-27"),
        ("ክሳብ ዓርቢ", "2026-11-27"),
        ("over 7 dagen", "2026-11-30"),
    ],
)
def test_days_as_people_write_them(words: str, day: str) -> None:
    assert read_day(words, NOW, ZONE) == date.fromisoformat(day)


@pytest.mark.parametrize("words", ["", "ooit", "31 februari", "vrijdag om 9", "morgen of overmorgen"])
def test_what_is_not_sure_is_not_a_day(words: str) -> None:
    assert read_day(words, NOW, ZONE) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_moments_or_the_hints(text: str) -> None:
    read_moment(text, NOW, ZONE)
    readability.hints(text)


def test_hints_for_plain_dutch() -> None:
    text = (
        "Teneinde de werkzaamheden tijdig af te ronden dient u er rekening mee te houden dat de straat "
        "gedurende de hele week is afgesloten. De stoep wordt door de gemeente gemaakt."
    )
    kinds = {hint.kind for hint in readability.hints(text)}
    assert {readability.Kind.LONG_SENTENCE, readability.Kind.HARD_WORD} <= kinds
    assert [hint.kind for hint in readability.hints("De stoep wordt door ons gemaakt.")] == [
        readability.Kind.PASSIVE
    ]
    assert readability.hints("We maken morgen de stoep in de Hofstraat. Kom je kijken?") == ()


def test_what_a_template_left_open() -> None:
    assert readability.blanks("Vanaf [dag] tot [dag] in [straat].") == ("[dag]", "[straat]")
    assert readability.blanks("Kom je ook? (gratis) [") == ()


@pytest.mark.parametrize("present", list(BroadcastState))
@pytest.mark.parametrize("wanted", list(BroadcastState))
def test_only_the_changes_of_the_table_exist(present: BroadcastState, wanted: BroadcastState) -> None:
    if wanted in ALLOWED[present]:
        assert change(present, wanted) is wanted
    else:
        with pytest.raises(ColleagueFirstError):
            change(present, wanted)


def test_a_released_occurrence_is_never_released_again() -> None:
    released = schedule.OccurrenceState.RELEASED
    assert released not in schedule.ALLOWED
    assert released not in schedule.OPEN


def test_a_group_that_was_removed_and_added_again_waits_for_approval() -> None:
    removed = group.after(GroupState.APPROVED, Membership.OUT, was_approved=True)
    assert removed is GroupState.REMOVED
    assert group.after(removed, Membership.MEMBER, was_approved=True) is GroupState.WAITING


def test_a_group_that_gets_its_right_to_write_back_goes_on() -> None:
    muted = group.after(GroupState.APPROVED, Membership.MUTED, was_approved=True)
    assert muted is GroupState.MUTED
    assert group.after(muted, Membership.MEMBER, was_approved=True) is GroupState.APPROVED
    assert group.after(muted, Membership.MEMBER, was_approved=False) is GroupState.WAITING


def test_wishes() -> None:
    follower = Subscription(1, frozenset({"hofland"}), frozenset({Topic.MEETING}))
    assert follower.wants(Topic.MEETING, frozenset({"hofland", "heeswijk"}))
    assert not follower.wants(Topic.WORKS, frozenset({"hofland"}))
    assert not follower.wants(Topic.MEETING, frozenset({"heeswijk"}))
    assert follower.wants(Topic.WARNING, frozenset())
    assert Subscription(2).wants(Topic.NEWS, frozenset({"centrum"}))


MOMENTS = st.integers(0, 5 * 366 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(MOMENTS)
def test_a_digest_is_due_later_than_now_at_six_in_the_evening(now: datetime) -> None:
    daily = next_digest(Frequency.DAILY, now, ZONE)
    weekly = next_digest(Frequency.WEEKLY, now, ZONE)
    assert daily is not None
    assert now < daily <= now + timedelta(hours=25)
    assert daily.astimezone(ZONE).time() == time(18)
    assert weekly is not None
    assert weekly.astimezone(ZONE).weekday() == 4
    assert next_digest(Frequency.NOW, now, ZONE) is None
