# SPDX-License-Identifier: EUPL-1.2
"""The rules of reports that need no database: who may change what, drafts, times, small numbers."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from street import CONTENT, START, languages

from bot.content.municipality import load_municipality
from bot.domain.errors import StaleError
from bot.domain.place import Place, Point
from bot.domain.report import (
    ALLOWED,
    CLOSED,
    OPEN,
    SOLVED,
    Actor,
    Change,
    Note,
    Report,
    ReportState,
    check_change,
    is_legal,
)
from bot.domain.report_draft import Draft, DraftStep
from bot.services.report_errors import WrongTextError
from bot.services.report_export import as_csv
from bot.services.report_results import Count, Results, _tellable
from handlers.area_manager.report_changes import read_day
from handlers.report_results import ChatResultsWording

R = ReportState


def report(state: ReportState = R.RECEIVED, *changes: Change, **more: object) -> Report:
    values = {
        "id": 1, "person_id": 5, "language": "nl", "kind": "waste", "area": "hofland", "place": Place("hoek"),
        "text": "zakken", "state": state, "created_at": START, "changed_at": START, "due_at": START,
        "assigned_to": None, "joined_to": None, "photos": (), "notes": (), "changes": changes, "followers": 0,
    }  # fmt: skip
    return Report(**{**values, **more})


def change(before: ReportState, after: ReportState, actor: Actor = Actor.MANAGER, **more: object) -> Change:
    return Change(1, before, after, actor, 7, START, {}, **more)


def test_the_table_knows_every_actor_and_state() -> None:
    assert set(ALLOWED) == set(Actor)
    for rows in ALLOWED.values():
        assert set(rows) == set(ReportState)
    assert set(ReportState) == OPEN | CLOSED


def test_who_may_make_what_of_what() -> None:
    work = {R.IN_PROGRESS, R.PLANNED, R.WAITING, R.FORWARDED, R.DONE, R.NOT_POSSIBLE, R.JOINED}
    for state in OPEN:
        assert work - {state} <= ALLOWED[Actor.MANAGER][state] <= work
        assert R.WITHDRAWN in ALLOWED[Actor.REPORTER][state]
        # Another system knows nothing of questions in the chat, nor of which reports are the same.
        assert not ALLOWED[Actor.OUTSIDE][state] & {R.WAITING, R.JOINED, R.WITHDRAWN}
    for actor in Actor:
        assert not ALLOWED[actor][R.WITHDRAWN]
    assert ALLOWED[Actor.REPORTER][R.DONE] == {R.REOPENED}
    assert ALLOWED[Actor.REPORTER][R.WAITING] == {R.WITHDRAWN, R.IN_PROGRESS}
    assert not ALLOWED[Actor.REPORTER][R.JOINED]
    assert ALLOWED[Actor.MANAGER][R.JOINED] == {R.REOPENED}
    for state in CLOSED:
        assert not ALLOWED[Actor.OUTSIDE][state]


def test_what_is_not_in_the_table_is_refused() -> None:
    for actor, before, after in product(Actor, ReportState, ReportState):
        if after in ALLOWED[actor][before]:
            check_change(actor, before, after)
        else:
            with pytest.raises(StaleError):
                check_change(actor, before, after)


def test_a_history_is_legal_step_by_step() -> None:
    assert is_legal(report())
    assert is_legal(report(R.DONE, change(R.RECEIVED, R.IN_PROGRESS), change(R.IN_PROGRESS, R.DONE)))
    undone = change(R.RECEIVED, R.DONE, undone_at=START)
    assert is_legal(report(R.RECEIVED, undone))
    assert not is_legal(report(R.DONE, undone))
    assert not is_legal(report(R.DONE))
    assert not is_legal(report(R.DONE, change(R.IN_PROGRESS, R.DONE)))
    assert not is_legal(report(R.REOPENED, change(R.RECEIVED, R.REOPENED, Actor.REPORTER)))


def test_not_solved_counts_for_fourteen_days() -> None:
    done = report(R.DONE)
    assert done.may_reopen(START + timedelta(days=14))
    assert not done.may_reopen(START + timedelta(days=14, seconds=1))
    assert not report(R.JOINED).may_reopen(START)
    assert not report(R.IN_PROGRESS).may_reopen(START)


def test_solved_counts_until_something_changes() -> None:
    solved = Note(Actor.REPORTER, SOLVED, START + timedelta(hours=1))
    assert report(R.DONE, change(R.RECEIVED, R.DONE), notes=(solved,)).is_confirmed
    later = replace(change(R.RECEIVED, R.DONE), at=START + timedelta(hours=2))
    assert not report(R.DONE, later, notes=(solved,)).is_confirmed
    assert not report(R.DONE, notes=(Note(Actor.MANAGER, SOLVED, START),)).is_confirmed


def test_only_what_is_open_is_late() -> None:
    later = START + timedelta(seconds=1)
    assert report().is_overdue(later)
    assert not report().is_overdue(START)
    assert not report(R.DONE).is_overdue(later)


def draft(**more: object) -> Draft:
    return Draft(**{"token": "t", "language": "nl", "updated_at": START, **more})


def test_a_draft_passes_over_what_is_filled_in() -> None:
    begun = draft(kind="waste", place=Place("hoek"))
    assert begun.after(DraftStep.KIND).step is DraftStep.PHOTOS
    full = draft(kind="waste", place=Place("hoek"), photos=("a",), text="zakken")
    assert full.after(DraftStep.KIND).step is DraftStep.SUMMARY
    assert draft(kind="waste").after(DraftStep.KIND).step is DraftStep.PLACE


def test_a_draft_that_misses_something_needed_has_no_summary() -> None:
    for step in (DraftStep.PHOTOS, DraftStep.WORDS):
        assert draft(kind="waste", step=step, editing=True).after(step).step is DraftStep.PLACE
        assert draft(step=step, editing=True).back().step is DraftStep.KIND
    assert draft(step=DraftStep.WORDS).after(DraftStep.WORDS).step is DraftStep.KIND


def test_back_from_a_part_that_is_changed_leads_to_the_summary() -> None:
    whole = draft(kind="waste", place=Place("hoek"), step=DraftStep.PLACE, editing=True)
    assert whole.back().step is DraftStep.SUMMARY
    assert draft(kind="waste", step=DraftStep.PLACE).back().step is DraftStep.KIND
    assert draft(step=DraftStep.KIND).back().step is DraftStep.KIND


TODAY = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24-12", date(2026, 12, 24)),
        ("24/12", date(2026, 12, 24)),
        (" 3.1 ", date(2027, 1, 3)),
        ("20-12", TODAY),
        ("24-12-2027", date(2027, 12, 24)),
    ],
)
def test_a_day_as_people_type_it(text: str, day: date) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["morgen", "", "31-2", "24-12-2025", "1-1-2031", "99-99", "12", "24-12-26"])
def test_a_day_that_is_none_or_past(text: str) -> None:
    with pytest.raises(WrongTextError):
        read_day(text, TODAY)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_day_or_not_one(text: str) -> None:
    with suppress(WrongTextError):
        assert TODAY <= read_day(text, TODAY) <= TODAY + timedelta(days=730)


def test_a_cell_of_the_export_is_never_a_formula() -> None:
    municipality = load_municipality(CONTENT)
    shown = report(text="=HYPERLINK(1)", place=Place('+hoek; "links"', Point(52.04, 4.95)), person_id=None)
    lines = as_csv([shown], {}, municipality, "nl").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("number;state;kind;area;place")
    assert "'=HYPERLINK(1)" in lines[1]
    assert '\'+hoek; ""links""' in lines[1]
    assert "52.04000;4.95000" in lines[1]
    assert lines[1].endswith(";0;0;yes")


def test_small_numbers_are_not_told_nor_found_by_subtraction() -> None:
    assert _tellable({"a": (12, 9), "b": (4, 4), None: (3, 0)}) == {"a": Count(12, 9)}
    # 4 would be left over after 12 and 6: so 6 is left out too.
    assert _tellable({"a": (12, 9), "b": (6, 1), "c": (4, 4)}) == {"a": Count(12, 9)}
    assert _tellable({"a": (12, 9), "b": (6, 1)}) == {"a": Count(12, 9), "b": Count(6, 1)}
    assert _tellable({"a": (3, 1)}) == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("nl", ("november 2026", "Gemeld: <b>12</b>", "minder dan 5", "Hofland: 9 gemeld")),
        ("ar", ("12", "أقل من 5", "Hofland")),
        ("ti", ("12", "ትሕቲ 5", "Hofland")),
        ("en", ("November 2026", "Reported: <b>12</b>", "fewer than 5", "Hofland: 9 reported")),
    ],
)
def test_results_in_words(code: str, words: tuple[str, ...]) -> None:
    wording = ChatResultsWording(languages(), load_municipality(CONTENT))
    told = wording.results(Results(date(2026, 11, 1), Count(12, 3), {"hofland": Count(9, 6)}), code)
    text = told.translate({0x2068: None, 0x2069: None})
    for each in words:
        assert each in text
