# SPDX-License-Identifier: EUPL-1.2
"""Reports on SQLite and PostgreSQL: sent once, found again, changed together, let go in time."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from street import START, Street, picture

from bot.domain.errors import NotAllowedError, NotFoundError, StaleError
from bot.domain.place import Place, Point
from bot.domain.report import Actor, ReportFilter, ReportState, is_legal
from bot.domain.report_draft import DraftStep
from bot.services.report_changing import Step
from bot.services.report_errors import (
    AboutPeopleError,
    DraftGoneError,
    IncompleteError,
    NotAPictureError,
    NotYoursToReopenError,
    PersonalDetailError,
    TooFewToTellError,
    TooLateToUndoError,
    TooManyPhotosError,
)
from bot.services.report_export import as_csv
from storage.tables.reports import ReportDraftRow, ReportRow

R = ReportState
HERE = (52.0460, 4.9530)
"""A point; a thousandth of a degree of latitude is 111 metres."""


def step(report, wanted: ReportState, **more) -> Step:
    return Step(report.id, wanted, report.version, **more)


async def test_a_report_is_kept_whole_and_once(street: Street) -> None:
    person = await street.person("ar")
    draft = await street.parts.drafting.begin(person, "ar", kind="waste", place="doelenplein", text="كيسان")
    await street.parts.drafting.add_photo(person, picture("red"))
    first = await street.parts.reports.send(person, draft.token, anonymous=False)
    again = await street.parts.reports.send(person, draft.token, anonymous=False)
    assert (first.again, again.again) == (False, True)
    assert first.report == again.report == await street.get(1)
    report = first.report
    assert (report.kind, report.area, report.place.known, report.text) == (
        "waste", "centrum", "doelenplein", "كيسان",
    )  # fmt: skip
    assert report.person_id == person.id
    assert report.state is R.RECEIVED
    assert len(report.photos) == 1
    assert await street.parts.drafting.current(person) is None
    # Three working days from Monday 11:00 on.
    assert report.due_at.date() == date(2026, 11, 26)


async def test_sent_at_the_same_moment_by_two_taps(street: Street) -> None:
    person = await street.person()
    draft = await street.parts.drafting.begin(person, "nl", kind="waste", place="hofland")
    send = street.parts.reports.send
    receipts = await asyncio.gather(*(send(person, draft.token, anonymous=False) for _ in range(4)))
    assert {each.report.id for each in receipts} == {1}
    assert sorted(each.again for each in receipts) == [False, True, True, True]


async def test_an_anonymous_report_does_not_know_its_reporter(street: Street) -> None:
    person = await street.person()
    report = await street.reports(person, anonymous=True)
    assert report.person_id is None
    assert await street.parts.reports.mine(person) == []
    with pytest.raises(NotFoundError):
        await street.parts.reports.get(person, report.id)
    async with street.database.reading() as session:
        row = (await session.execute(select(ReportRow.__table__))).one()
        assert person.id not in [row.person_id, row.assigned_to]
        assert (await session.execute(select(ReportDraftRow.person_id))).all() == []


async def test_words_and_place_are_sealed_at_rest(street: Street) -> None:
    person = await street.person()
    await street.parts.drafting.begin(person, "nl", kind="waste")
    await street.parts.drafting.set_place_text(person, "achter de muziekkapel", 1)
    draft = await street.parts.drafting.say(person, "vijf pianokratten", 2)
    async with street.database.reading() as session:
        drafts = bytes((await session.execute(select(ReportDraftRow.data))).scalar_one())
    assert b"muziek" not in drafts
    await street.parts.reports.send(person, draft.token, anonymous=False)
    async with street.database.reading() as session:
        row = (await session.execute(select(ReportRow.place, ReportRow.text))).one()
    assert b"muziek" not in row.place
    assert b"piano" not in row.text


async def test_what_is_missing_is_asked_for(quick_street: Street) -> None:
    person = await quick_street.person()
    draft = await quick_street.parts.drafting.begin(person, "nl", kind="waste")
    with pytest.raises(IncompleteError):
        await quick_street.parts.reports.send(person, draft.token, anonymous=False)
    with pytest.raises(DraftGoneError):
        await quick_street.parts.reports.send(person, "another", anonymous=False)


@pytest.mark.parametrize("kind", ["crime", "repair-at-home", "nonsense", ""])
async def test_what_belongs_elsewhere_never_becomes_a_report(quick_street: Street, kind: str) -> None:
    person = await quick_street.person()
    draft = await quick_street.parts.drafting.begin(person, "nl", kind=kind, place="hofland")
    assert draft.kind == ""
    with pytest.raises(StaleError):
        await quick_street.parts.drafting.set_kind(person, draft.token, kind)


async def test_a_draft_waits_a_day(quick_street: Street) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    draft = await drafting.begin(person, "nl", kind="waste", place="hofland")
    quick_street.clock.passes(hours=24)
    assert (await drafting.current(person)) == draft
    assert await drafting.clean() == 0
    quick_street.clock.passes(seconds=1)
    assert await drafting.current(person) is None
    with pytest.raises(DraftGoneError):
        await drafting.later(person, draft.token)
    with pytest.raises(DraftGoneError):
        await quick_street.parts.reports.send(person, draft.token, anonymous=False)
    assert await drafting.clean() == 1


async def test_a_step_taken_twice_goes_on_once(quick_street: Street) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    draft = await drafting.begin(person, "nl", kind="waste", place="hofland")
    for _ in range(2):
        assert (await drafting.skip(person, draft.token, DraftStep.PHOTOS)).step is DraftStep.WORDS
    for _ in range(2):
        assert (await drafting.back(person, draft.token, DraftStep.WORDS)).step is DraftStep.PHOTOS
    with pytest.raises(StaleError):
        await drafting.skip(person, draft.token, DraftStep.PLACE)
    with pytest.raises(StaleError):
        await drafting.edit(person, draft.token, DraftStep.SUMMARY)


async def test_the_same_photo_is_one_and_a_sixth_is_too_many(quick_street: Street) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    draft = await drafting.begin(person, "nl", kind="waste", place="hofland")
    for colour in ("red", "red", "blue", "green", "white", "red"):
        draft = await drafting.add_photo(person, picture(colour))
    assert len(draft.photos) == 4
    await drafting.add_photo(person, picture("black"))
    with pytest.raises(TooManyPhotosError):
        await drafting.add_photo(person, picture("yellow"))
    assert (await drafting.without_photos(person, draft.token)).photos == ()


@pytest.mark.parametrize("content", [b"%PDF-1.7 not a photo", b"", b"\xff\xd8\xff\xe0 torn", b"GIF89a"])
async def test_what_is_no_picture_leaves_no_trace(quick_street: Street, content: bytes, tmp_path) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    before = await drafting.begin(person, "nl", kind="waste", place="hofland")
    with pytest.raises(NotAPictureError):
        await drafting.add_photo(person, content)
    assert await drafting.current(person) == before
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


async def test_words_add_up_change_and_go(quick_street: Street) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    draft = await drafting.begin(person, "nl", kind="waste", place="hofland")
    await drafting.add_words(person, "twee zakken")
    await drafting.add_words(person, "twee zakken")
    draft = await drafting.say(person, "en een doos", 1)
    assert (draft.text, draft.step) == ("twee zakken\nen een doos", DraftStep.SUMMARY)
    await drafting.edit(person, draft.token, DraftStep.WORDS)
    draft = await drafting.say(person, "drie zakken", 2)
    assert draft.text == "drie zakken"
    assert (await drafting.without_words(person, draft.token)).text == ""


async def test_what_points_at_people_is_not_kept(quick_street: Street) -> None:
    person, drafting = await quick_street.person(), quick_street.parts.drafting
    before = await drafting.begin(person, "nl", kind="waste", place="hofland", text="meneer Jansen doet dit")
    assert before.text == ""
    with pytest.raises(PersonalDetailError):
        await drafting.say(person, "bel 0612345678", 1)
    with pytest.raises(AboutPeopleError):
        await drafting.describe(person, "waste", "die asielzoekers", 1)
    with pytest.raises(PersonalDetailError):
        await drafting.set_place_text(person, "bij de buren op nummer 12", 1)
    assert await drafting.current(person) == before


@pytest.mark.parametrize(
    ("north", "known", "days", "found"),
    [
        (0.0005, None, 3, [1]),  # 56 metres
        (0.0008, None, 3, []),  # 89 metres: outside the 75 of this kind
        (0.0008, "hofland", 3, []),  # at the same known place, but both points are known
        (None, "hofland", 3, [1]),
        (None, "heeswijk", 3, []),
        (0.0005, None, 31, []),
        (0.0005, None, 30, [1]),
    ],
)
async def test_similar_by_radius_place_and_age(street: Street, north, known, days, found) -> None:
    first, second = await street.person(), await street.person()
    await street.reports(first, place="hofland", point=HERE)
    await street.reports(first, kind="green", place="hofland", point=HERE)
    street.clock.passes(days=days)
    draft = await street.parts.drafting.begin(second, "nl", kind="waste", place=known)
    if north is not None:
        await street.parts.drafting.set_location(second, HERE[0] + north, HERE[1])
    similar = await street.parts.drafting.similar(second)
    assert [each.report_id for each in similar] == found
    if found and north is not None:
        assert similar[0].metres == pytest.approx(north * 111_195, rel=0.01)
    assert draft.kind == "waste"


async def test_closed_reports_are_no_duplicates(street: Street) -> None:
    first, second = await street.person(), await street.person()
    report = await street.reports(first)
    await street.parts.reports.withdraw(first, report.id)
    await street.parts.drafting.begin(second, "nl", kind="waste", place="doelenplein")
    assert await street.parts.drafting.similar(second) == []


async def test_following_instead_is_for_similar_ones_alone(street: Street) -> None:
    first, second, stranger = [await street.person() for _ in range(3)]
    similar = await street.reports(first)
    other = await street.reports(first, place="hofland")
    draft = await street.parts.drafting.begin(second, "nl", kind="waste", place="doelenplein")
    follow = street.parts.reports.follow_instead
    for report_id in (other.id, 999):
        with pytest.raises(StaleError):
            await follow(second, draft.token, report_id)
    for _ in range(2):
        assert (await follow(second, draft.token, similar.id)).followers == 1
    assert await street.parts.drafting.current(second) is None
    assert [each.id for each in await street.parts.reports.mine(second)] == [similar.id]
    with pytest.raises(DraftGoneError):
        await follow(stranger, draft.token, similar.id)
    await street.parts.reports.unfollow(second, similar.id)
    with pytest.raises(NotFoundError):
        await street.parts.reports.get(second, similar.id)


async def test_a_change_is_told_after_a_minute_and_can_be_taken_back(street: Street) -> None:
    resident, manager = await street.person("ti"), await street.manager()
    report = await street.reports(resident)
    await street.deliver()
    planned = step(report, R.PLANNED, day=date(2026, 11, 30), note={"nl": "De wagen komt."})
    report, change = await street.parts.changing.change(manager, planned)
    assert (report.state, report.due_at.date()) == (R.PLANNED, date(2026, 11, 30))
    assert report.assigned_to == manager.id
    street.clock.passes(seconds=59)
    assert await street.deliver() == []
    back = await street.parts.changing.undo(manager, report.id, change.id)
    assert (back.state, back.due_at.date()) == (R.RECEIVED, date(2026, 11, 26))
    assert back.changes[0].undone_at is not None
    assert is_legal(back)
    street.clock.passes(hours=1)
    assert await street.deliver() == []
    again, change = await street.parts.changing.change(manager, step(back, R.IN_PROGRESS))
    street.clock.passes(seconds=60)
    (told,) = await street.deliver()
    assert "ይስራሓሉ" in told.outgoing.text
    with pytest.raises(TooLateToUndoError):
        await street.parts.changing.undo(manager, again.id, change.id)


async def test_what_was_seen_before_something_happened_is_stale(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    seen = await street.reports(resident)
    await street.parts.reports.add_note(resident, seen.id, "het zijn er nu drie")
    with pytest.raises(StaleError):
        await street.parts.changing.change(manager, step(seen, R.DONE))
    report = await street.get(seen.id)
    done = [street.parts.changing.change(manager, step(report, R.DONE)) for _ in range(2)]
    results = await asyncio.gather(*done, return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["StaleError", "tuple"]


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (R.PLANNED, {}),
        (R.PLANNED, {"day": START.date() - timedelta(days=1)}),
        (R.FORWARDED, {}),
        (R.WAITING, {}),
        (R.NOT_POSSIBLE, {}),
        (R.NOT_POSSIBLE, {"note": {"nl": ""}}),
        (R.JOINED, {"target": "1"}),
        (R.RECEIVED, {}),
        (R.REOPENED, {}),
        (R.WITHDRAWN, {}),
    ],
)
async def test_a_change_that_lacks_something_or_is_not_allowed(quick_street: Street, wanted, more) -> None:
    resident, manager = await quick_street.person(), await quick_street.manager()
    report = await quick_street.reports(resident)
    with pytest.raises(StaleError):
        await quick_street.parts.changing.change(manager, step(report, wanted, **more))
    assert await quick_street.get(report.id) == report


async def test_nobody_can_be_asked_about_an_anonymous_report(quick_street: Street) -> None:
    manager = await quick_street.manager()
    report = await quick_street.reports(await quick_street.person(), anonymous=True)
    with pytest.raises(StaleError):
        await quick_street.parts.changing.changeable(manager, report.id, R.WAITING)
    with pytest.raises(StaleError):
        await quick_street.parts.changing.change(manager, step(report, R.WAITING, note={"nl": "Waar?"}))


async def test_only_gebiedsmanagers_do_any_of_this(quick_street: Street) -> None:
    resident = await quick_street.person()
    report = await quick_street.reports(resident)
    desk, changing, results = quick_street.parts.desk, quick_street.parts.changing, quick_street.parts.results
    for call in (
        desk.get(resident, report.id), desk.page(resident, ReportFilter()), desk.counts(resident),
        desk.search(resident, "1"), desk.colleagues(resident), desk.duplicates(resident, report.id),
        desk.set_area(resident, report.id, "hofland"), desk.set_kind(resident, report.id, "green"),
        desk.retry(resident, report.id), changing.change(resident, step(report, R.DONE)),
        changing.changeable(resident, report.id, R.DONE), changing.undo(resident, report.id, 1),
        changing.join(resident, report.id, []), changing.undo_join(resident, report.id, 1),
        changing.assign(resident, report.id, resident.id), changing.languages(resident, report.id),
        results.months(resident), results.draft(resident, date(2026, 11, 1)),
    ):  # fmt: skip
        with pytest.raises(NotAllowedError):
            await call
    assert await quick_street.get(report.id) == report


async def test_a_question_is_answered_and_goes_on(street: Street) -> None:
    resident, follower, manager = await street.person("ar"), await street.person("en"), await street.manager()
    report = await street.reports(resident)
    draft = await street.parts.drafting.begin(follower, "en", kind="waste", place="doelenplein")
    await street.parts.reports.follow_instead(follower, draft.token, report.id)
    report = await street.get(report.id)
    await street.parts.changing.change(manager, step(report, R.WAITING, note={"nl": "Hoeveel?", "ar": "كم؟"}))
    await street.deliver()
    street.clock.passes(minutes=1)
    texts = {each.recipient.person_id: each.outgoing.text for each in await street.deliver()}
    assert "كم؟" in texts[resident.id]
    assert "asked the reporter" in texts[follower.id]
    report = await street.parts.reports.add_note(resident, report.id, "كيسان")
    assert report.state is R.IN_PROGRESS
    assert report.changes[-1].actor is Actor.REPORTER
    (told,) = await street.deliver()
    assert "كيسان" in told.outgoing.text


async def test_followers_see_the_result_and_not_the_reporters_photo(street: Street) -> None:
    resident, follower, manager = await street.person(), await street.person(), await street.manager()
    report = await street.reports(resident, photos=(picture("red"),))
    draft = await street.parts.drafting.begin(follower, "nl", kind="waste", place="doelenplein")
    await street.parts.reports.follow_instead(follower, draft.token, report.id)
    result = await street.parts.changing.keep_picture(manager, picture("white"))
    report = await street.get(report.id)
    await street.parts.changing.change(manager, step(report, R.DONE, photo=result))
    await street.deliver()
    street.clock.passes(minutes=1)
    media = {each.recipient.person_id: each.outgoing.media for each in await street.deliver()}
    assert media[follower.id] == (result,)
    assert media[resident.id] != (result,)
    report = await street.get(report.id)
    assert len(await street.parts.reports.pictures(follower, report)) == 1
    assert len(await street.parts.reports.pictures(resident, report)) == 1  # both beside each other


async def test_solved_not_solved_and_for_how_long(street: Street) -> None:
    resident, stranger, manager = await street.person(), await street.person(), await street.manager()
    report = await street.reports(resident)
    with pytest.raises(StaleError):
        await street.parts.reports.solved(resident, report.id)
    await street.parts.changing.change(manager, step(report, R.DONE))
    for who in (stranger, manager):
        with pytest.raises(NotFoundError):
            await street.parts.reports.not_solved(who, report.id)
    for _ in range(2):
        assert len((await street.parts.reports.solved(resident, report.id)).notes) == 1
    with pytest.raises(StaleError):
        await street.parts.reports.add_note(resident, report.id, "nog iets")
    with pytest.raises(StaleError):
        await street.parts.reports.add_photo(resident, report.id, picture())
    street.clock.passes(days=14)
    assert (await street.parts.reports.not_solved(resident, report.id)).state is R.REOPENED
    report = await street.get(report.id)
    await street.parts.changing.change(manager, step(report, R.DONE))
    street.clock.passes(days=14, seconds=1)
    with pytest.raises(NotYoursToReopenError):
        await street.parts.reports.not_solved(resident, report.id)


async def test_joining_and_taking_it_back(street: Street) -> None:
    one, two, three, manager = [*[await street.person() for _ in range(3)], await street.manager()]
    reports = [await street.reports(each) for each in (one, two, three)]
    other_kind = await street.reports(one, kind="green")
    await street.deliver()
    target = reports[0].id
    shown = await street.parts.desk.duplicates(manager, target)
    assert {each.id for each in shown} == {each.id for each in reports[1:]}
    joined = await street.parts.changing.join(manager, target, [*[r.id for r in reports], other_kind.id])
    assert joined.reports == (reports[1].id, reports[2].id)
    assert (await street.get(target)).followers == 2
    assert (await street.get(reports[1].id)).joined_to == target
    assert (await street.get(other_kind.id)).state is R.RECEIVED
    with pytest.raises(StaleError):
        await street.parts.changing.undo(manager, reports[1].id, joined.change)
    street.clock.passes(seconds=30)
    assert await street.parts.changing.undo_join(manager, target, joined.change) == 2
    assert (await street.get(target)).followers == 0
    for each in reports[1:]:
        back = await street.get(each.id)
        assert (back.state, back.joined_to) == (R.RECEIVED, None)
        assert is_legal(back)
    street.clock.passes(hours=1)
    assert await street.deliver() == []
    joined = await street.parts.changing.join(manager, target, [reports[1].id])
    street.clock.passes(minutes=1)
    assert len(await street.deliver()) == 1
    with pytest.raises(TooLateToUndoError):
        await street.parts.changing.undo_join(manager, target, joined.change)
    with pytest.raises(StaleError):
        await street.parts.changing.undo_join(manager, target, joined.change + 1000)
    reopened = await street.get(reports[1].id)
    await street.parts.changing.change(manager, step(reopened, R.REOPENED))
    assert (await street.get(reopened.id)).joined_to is None


async def test_handing_on_and_taking_it_back(street: Street) -> None:
    resident, manager, colleague = await street.person(), await street.manager(), await street.manager("en")
    report = await street.reports(resident)
    await street.deliver()
    with pytest.raises(NotFoundError):
        await street.parts.changing.assign(manager, report.id, resident.id)
    _, handed = await street.parts.changing.assign(manager, report.id, colleague.id)
    assert handed is not None
    assert await street.deliver() == []
    assert (await street.parts.changing.undo_hand(manager, handed)).assigned_to is None
    with pytest.raises(StaleError):
        await street.parts.changing.undo_hand(manager, handed)
    street.clock.passes(hours=1)
    assert await street.deliver() == []
    _, handed = await street.parts.changing.assign(manager, report.id, colleague.id)
    street.clock.passes(minutes=1)
    (told,) = await street.deliver()
    assert told.recipient.person_id == colleague.id
    assert handed is not None
    with pytest.raises(TooLateToUndoError):
        await street.parts.changing.undo_hand(manager, handed)
    # From now on the colleague alone hears of it.
    await street.parts.reports.withdraw(resident, report.id)
    assert [each.recipient.person_id for each in await street.deliver()] == [colleague.id]


async def test_lists_by_area_kind_state_age_and_pages(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    for _ in range(9):
        await street.reports(resident, place="hofland")
    street.clock.passes(days=8)
    await street.reports(resident, kind="green")
    desk = street.parts.desk
    first = await desk.page(manager, ReportFilter())
    assert (first.total, len(first.reports)) == (10, 8)
    last = await desk.page(manager, ReportFilter(), 99)
    assert [each.id for each in last.reports] == [9, 10]
    assert (await desk.page(manager, ReportFilter(area="hofland"))).total == 9
    assert (await desk.page(manager, ReportFilter(area=""))).total == 0
    assert (await desk.page(manager, ReportFilter(kind="green"))).total == 1
    assert (await desk.page(manager, ReportFilter(before=street.clock.now() - timedelta(days=7)))).total == 9
    assert await desk.counts(manager) == {"new": 10, "open": 10, "overdue": 9, "mine": 0}
    await street.parts.changing.assign(manager, 1, manager.id)
    await street.parts.reports.withdraw(resident, 2)
    assert await desk.counts(manager) == {"new": 9, "open": 9, "overdue": 8, "mine": 1}
    assert (await desk.set_area(manager, 10, "linschoten")).area == "linschoten"
    assert (await desk.set_kind(manager, 10, "waste")).kind == "waste"
    for call in (desk.set_area(manager, 10, "mars"), desk.set_kind(manager, 10, "crime")):
        with pytest.raises(StaleError):
            await call


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2", [2]), ("#2", [2]), ("melding 2", [2]), ("البلاغ ٢", [2]), ("Pianokrat", [1]),
        ("hofland krat", [1]),
        ("afval", [2, 1]), ("rubbish", [2, 1]), ("قمامة doelenplein", [2]), ("krat heeswijk", []),
        ("99999999999999999999", []), ("", []), ("999", []), ("%", []),
    ],
)  # fmt: skip
async def test_search_by_number_word_and_kind(street: Street, text: str, found: list[int]) -> None:
    resident, manager = await street.person(), await street.manager()
    await street.reports(resident, place="hofland", text="Een pianokrat")
    await street.reports(resident)
    assert [each.id for each in await street.parts.desk.search(manager, text)] == found


async def test_a_reminder_of_what_is_late_comes_every_third_day(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    for _ in range(10):
        await street.reports(resident)
    await street.deliver()
    assert await street.parts.desk.remind() == 0
    street.clock.passes(days=4)
    assert await street.parts.desk.remind() == 10
    (told,) = await street.deliver()
    assert told.recipient.person_id == manager.id
    assert "10 meldingen zijn te laat" in told.outgoing.text
    assert "reports-list:overdue" in told.outgoing.buttons[-1][0].data
    assert await street.parts.desk.remind() == 0
    street.clock.passes(days=3, seconds=1)
    assert await street.parts.desk.remind() == 10


async def test_the_export_holds_everything_in_order(street: Street, monkeypatch) -> None:
    monkeypatch.setattr("bot.services.report_desk.PORTION", 2)
    resident, manager = await street.person(), await street.manager()
    for _ in range(5):
        await street.reports(resident, text="zakken")
    await street.parts.reports.withdraw(resident, 3)
    everything = [report async for report in street.parts.desk.all(manager)]
    assert [each.id for each in everything] == [1, 2, 3, 4, 5]
    drafting = street.parts.drafting
    content = as_csv(everything, drafting.kinds, street.parts.municipality, "nl").decode("utf-8-sig")
    assert len(content.splitlines()) == 6
    assert str(resident.id + 100) not in content
    assert "Afval op straat" in content


async def test_results_of_a_month_become_a_draft_with_pairs(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    with pytest.raises(TooFewToTellError):
        await street.parts.results.draft(manager, date(2026, 11, 1))
    with pytest.raises(StaleError):
        await street.parts.results.draft(manager, date(2026, 12, 1))
    colours = ("red", "blue", "green", "black")
    for number in range(8):
        photos = (picture(colours[number]),) if number < 4 else ()
        report = await street.reports(resident, place="hofland", photos=photos)
        if number < 6:
            photo = await street.parts.changing.keep_picture(manager, picture("white", (300 + number, 200)))
            await street.parts.changing.change(manager, step(report, R.DONE, photo=photo))
    await street.parts.reports.withdraw(resident, 8)
    draft = await street.parts.results.draft(manager, date(2026, 11, 1))
    assert len(draft.media) == 3
    for language, words in {"nl": "Gemeld: <b>7</b>", "en": "Solved: <b>6</b>"}.items():
        assert words in draft.texts[language].text
    assert "Hofland" in draft.texts["nl"].text
    assert all(draft.ready(language) for language in ("nl", "ar", "ti", "en"))
    (this, before) = await street.parts.results.months(manager)
    assert (this.total.came, this.total.done, before.total.came) == (7, 6, 0)
    # The pictures of the draft are not cleaned up with those of the reports.
    street.clock.passes(days=200)
    await street.parts.clean()
    for media_id in draft.media:
        assert await street.parts.media.load(media_id)


async def test_pictures_go_in_time_and_never_from_under_a_draft(street: Street) -> None:
    resident, other = await street.person(), await street.person()
    manager = await street.manager()
    report = await street.reports(resident, photos=(picture("red"),), text="zakken")
    drafting, media = street.parts.drafting, street.parts.media
    draft = await drafting.begin(other, "nl", kind="waste", place="hofland")
    dropped = (await drafting.add_photo(other, picture("blue"))).photos[0]
    await drafting.drop(other, draft.token)
    await drafting.begin(other, "nl", kind="waste", place="hofland")
    kept = (await drafting.add_photo(other, picture("green"))).photos[0]
    for _ in range(3):
        street.clock.passes(hours=23)
        draft = await drafting.current(other)
        await drafting.later(other, draft.token)
    assert await street.parts.clean() == 0
    assert await media.describe(dropped) is None
    assert await media.load(kept)
    await street.parts.changing.change(manager, step(report, R.NOT_POSSIBLE, note={"nl": "Privéterrein."}))
    street.clock.passes(days=91)
    assert await street.parts.clean() == 1
    street.clock.passes(days=1)
    await street.parts.clean()
    left = await street.get(report.id)
    assert (left.person_id, left.text, left.place.text, left.photos) == (None, "", "", ())
    assert left.state is R.NOT_POSSIBLE
    assert is_legal(left)
    assert await media.describe(report.photos[0].media_id) is None


async def test_who_is_forgotten_leaves_what_is_the_matter(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    report = await street.reports(resident, text="zakken", photos=(picture(),))
    await street.parts.reports.add_note(resident, report.id, "en een doos")
    await street.parts.drafting.begin(resident, "nl", kind="green")
    async with street.work() as unit:
        await unit.people.forget(resident.id)
        await unit.commit()
    left = await street.get(report.id)
    assert left.state is R.RECEIVED
    assert left.kind == "waste"
    assert (left.person_id, left.text, left.notes, left.photos) == (None, "", (), ())
    assert await street.parts.desk.get(manager, report.id)


async def test_a_number_that_no_database_holds_is_not_found(street: Street) -> None:
    resident, manager = await street.person(), await street.manager()
    for number in (0, 999, 2**31 - 1):
        with pytest.raises(NotFoundError):
            await street.parts.reports.get(resident, number)
        with pytest.raises(NotFoundError):
            await street.parts.desk.get(manager, number)


async def test_places_keep_their_point(quick_street: Street) -> None:
    report = await quick_street.reports(
        await quick_street.person(), place="hofland", point=(52.0461234, 4.95)
    )
    assert report.place == Place("Hofland", Point(52.04612, 4.95), "hofland")
