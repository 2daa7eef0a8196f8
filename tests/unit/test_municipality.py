# SPDX-License-Identifier: EUPL-1.2
"""When an answer may be expected."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.loader import ContentError
from bot.content.municipality import load_municipality

MONTFOORT = load_municipality(Path(__file__).resolve().parents[2] / "content" / "montfoort")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MONTFOORT.zone)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23 10:00", "2026-11-25 17:00"),  # Monday morning: Wednesday
        ("2026-11-23 18:00", "2026-11-26 17:00"),  # Monday evening is read on Tuesday
        ("2026-11-27 10:00", "2026-12-01 17:00"),  # over a weekend
        ("2026-11-28 10:00", "2026-12-02 17:00"),  # asked on a Saturday
        ("2026-12-24 10:00", "2026-12-29 17:00"),  # Christmas Day and Boxing Day, then a weekend
        ("2027-04-26 10:00", "2027-04-29 17:00"),  # King's Day
    ],
)
def test_an_answer_is_promised_in_working_days(asked: str, due: str) -> None:
    assert MONTFOORT.answer_due(at(asked)) == at(due)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001
def test_what_is_promised_is_a_closing_hour_after_the_question(asked: datetime) -> None:
    moment = asked.replace(tzinfo=MONTFOORT.zone)
    due = MONTFOORT.answer_due(moment)
    assert due > moment
    assert MONTFOORT.is_working_day(due.date())
    assert due - moment < timedelta(days=14)
    assert due.time() == MONTFOORT.hours[due.weekday()][1]


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23 10:00", True),
        ("2026-11-23 17:00", False),
        ("2026-11-22 10:00", False),
        ("2026-12-25 10:00", False),
    ],
)
def test_opening_hours(moment: str, opened: bool) -> None:
    assert MONTFOORT.is_open(at(moment)) is opened


def test_a_malformed_file_says_which(tmp_path: Path) -> None:
    (tmp_path / "municipality.toml").write_text('name = "X"\n', "utf-8")
    with pytest.raises(ContentError, match=r"municipality\.toml"):
        load_municipality(tmp_path)
