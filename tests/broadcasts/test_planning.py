# SPDX-License-Identifier: EUPL-1.2
"""Plans: at their minute, once, on clock changes too; what is late or unfinished waits and asks."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.broadcast import (
    BroadcastState,
    ColleagueFirstError,
    ExpiredError,
    NotReadyError,
    PastError,
)
from bot.domain.schedule import OccurrenceState, PlanState, Repeat, Rule
from bot.services.plan_clock import PlanClock


async def planned(town, manager, rule: Rule, *languages: str, without: str = ""):
    broadcast = await town.draft(manager, *languages)
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    return await town.bot.planning.plan(
        manager, broadcast.id, found.token, rule, without=frozenset(without.split())
    )


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
async def test_half_past_two_on_a_clock_change_goes_out_exactly_once(town, day, at) -> None:
    town.clock.moment = datetime.combine(day - timedelta(days=1), time(12), UTC)
    manager = await town.manager()
    await town.subscriber("nl")
    await planned(town, manager, Rule(day, time(2, 30), Repeat.WEEKLY))
    sent = []
    town.clock.moment = datetime.combine(day, time(0), UTC) - timedelta(hours=1)
    for _ in range(6 * 12):
        before = town.clock.moment
        await asyncio.gather(town.bot.plan_clock.tick(), town.bot.plan_clock.tick())
        for delivery in await town.deliver_broadcasts():
            sent.append((before, delivery))
        town.clock.passes(minutes=5)
    assert [moment for moment, _ in sent] == [at]


async def test_it_starts_at_its_minute_and_not_before(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    town.clock.moment = datetime(2026, 11, 23, 16, 59, 54, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 0
    town.clock.passes(seconds=1)
    assert await town.bot.plan_clock.tick() == 1
    town.clock.passes(seconds=4, milliseconds=999)
    assert await town.deliver_broadcasts() == []
    town.clock.passes(milliseconds=1)
    assert len(await town.deliver_broadcasts()) == 1
    assert await town.bot.plan_clock.tick() == 0
    assert await town.bot.planning.listed(manager) == []


async def test_two_leaders_and_a_restart_release_once(town) -> None:
    manager = await town.manager()
    await town.subscriber("nl")
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    done = await asyncio.gather(*(town.bot.plan_clock.tick() for _ in range(6)))
    assert sum(done) == 1
    assert await town.bot.plan_clock.tick() == 0
    assert len(await town.deliver_broadcasts()) == 1


async def test_what_is_overdue_waits_and_asks(town) -> None:
    manager = await town.manager()
    await town.subscriber("nl")
    plan = await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    town.clock.moment = datetime(2026, 11, 23, 17, 31, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 0
    told = await town.deliver()
    assert {each.recipient.person_id for each in told} == {manager.id}
    assert await town.bot.plan_clock.tick() == 0
    assert await town.deliver() == []
    occurrence = (await town.bot.planning.get(manager, plan.plan.id)).next
    assert occurrence.state is OccurrenceState.OVERDUE
    await town.bot.planning.send_now(manager, occurrence.id)
    with pytest.raises(ColleagueFirstError):
        await town.bot.planning.send_now(manager, occurrence.id)
    assert len(await town.deliver_broadcasts()) == 1


async def test_late_within_the_limit_goes_out(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    town.clock.moment = datetime(2026, 11, 23, 17, 29, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 1


async def test_a_missing_language_stops_it_then_and_is_told(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    plan = await planned(town, manager, Rule(date(2026, 11, 23), time(18)), "nl")
    await town.subscriber("ti")
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 0
    told = await town.deliver()
    assert {each.recipient.person_id for each in told} == {manager.id}
    await town.bot.broadcasts.write(manager, plan.broadcast.id, "ti", "ጽሑፍ")
    occurrence = (await town.bot.planning.get(manager, plan.plan.id)).next
    await town.bot.planning.send_now(manager, occurrence.id)
    assert len(await town.deliver_broadcasts()) == 2


async def test_planned_without_a_language_goes_out_without_it(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    await town.subscriber("ti")
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)), "nl", without="ti")
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 1
    assert [each.outgoing.language for each in await town.deliver_broadcasts()] == ["nl"]


async def test_weekly_goes_on_skips_pauses_and_ends(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    rule = Rule(date(2026, 11, 24), time(9), Repeat.WEEKLY, until=date(2026, 12, 22))
    plan = await planned(town, manager, rule)
    days = []

    async def week() -> None:
        town.clock.passes(days=7)
        await town.bot.plan_clock.tick()
        days.extend(town.clock.moment.date() for _ in await town.deliver_broadcasts())

    town.clock.moment = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    await week()
    present = await town.bot.planning.get(manager, plan.plan.id)
    assert present.next.day == date(2026, 12, 1)
    await town.bot.planning.skip(manager, present.next.id)
    await week()
    await week()
    present = await town.bot.planning.get(manager, plan.plan.id)
    paused = await town.bot.planning.pause(manager, plan.plan.id, present.plan.version)
    assert paused.plan.state is PlanState.PAUSED
    await week()
    with pytest.raises(ColleagueFirstError):
        await town.bot.planning.pause(manager, plan.plan.id, present.plan.version)
    town.clock.passes(hours=1)
    await town.bot.planning.resume(manager, plan.plan.id, paused.plan.version)
    town.clock.passes(hours=-1)
    await week()
    assert days == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22)]
    assert await town.bot.planning.listed(manager) == []
    assert (await town.bot.broadcasts.get(manager, plan.broadcast.id)).state is BroadcastState.SENT


async def test_replanning_to_the_same_moment_and_cancelling(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    rule = Rule(date(2026, 11, 23), time(18))
    plan = await planned(town, manager, rule)
    moved = await town.bot.planning.replan(
        manager, plan.plan.id, plan.plan.version, Rule(date(2026, 11, 24), time(18))
    )
    back = await town.bot.planning.replan(manager, plan.plan.id, moved.plan.version, rule)
    assert [each.day for each in back.open] == [date(2026, 11, 23)]
    with pytest.raises(PastError):
        await town.bot.planning.replan(
            manager, plan.plan.id, back.plan.version, Rule(date(2026, 11, 22), time(18))
        )
    broadcast = await town.bot.planning.cancel(manager, plan.plan.id, back.plan.version)
    assert (await town.bot.broadcasts.get(manager, broadcast.id)).state is BroadcastState.DRAFT
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 0


async def test_what_no_longer_holds_is_stopped_and_asked_about(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager)
    await town.bot.broadcasts.expire(manager, broadcast.id, date(2026, 11, 24))
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    late = Rule(date(2026, 11, 25), time(9))
    with pytest.raises(ExpiredError):
        await town.bot.planning.plan(manager, broadcast.id, found.token, late, without=frozenset())
    weekly = Rule(date(2026, 11, 23), time(18), Repeat.WEEKLY)
    plan = await town.bot.planning.plan(manager, broadcast.id, found.token, weekly, without=frozenset())
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 1
    await town.deliver()
    town.clock.passes(days=7)
    assert await town.bot.plan_clock.tick() == 0
    (told,) = await town.deliver()
    assert told.recipient.person_id == manager.id
    assert "geldt niet meer" in told.outgoing.text
    await town.bot.broadcasts.expire(manager, broadcast.id, None)
    stopped = (await town.bot.planning.get(manager, plan.plan.id)).next
    assert stopped.state is OccurrenceState.STOPPED
    await town.bot.planning.send_now(manager, stopped.id)
    assert len(await town.deliver_broadcasts()) == 1


async def test_one_plan_that_fails_holds_up_no_other(quick_town, monkeypatch) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    broken = await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    message = town.bot.notices.message

    def failing(broadcast, *how):
        if broadcast.id == broken.broadcast.id:
            raise RuntimeError("this one cannot be made")
        return message(broadcast, *how)

    monkeypatch.setattr(town.bot.notices, "message", failing)
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 1
    monkeypatch.undo()
    assert await town.bot.plan_clock.tick() == 1
    assert len(await town.deliver_broadcasts()) == 2


async def test_what_was_stopped_goes_out_without_a_language_only_on_purpose(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    plan = await planned(town, manager, Rule(date(2026, 11, 23), time(18)), "nl")
    await town.subscriber("ti")
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    await town.bot.plan_clock.tick()
    await town.deliver()
    occurrence = (await town.bot.planning.get(manager, plan.plan.id)).next
    _, reach = await town.bot.planning.before_sending(manager, occurrence.id)
    assert reach.missing == {"ti"}
    for without in (frozenset(), frozenset({"ar"}), frozenset({"nl"})):
        with pytest.raises(NotReadyError):
            await town.bot.planning.send_now(manager, occurrence.id, without)
    await town.bot.planning.send_now(manager, occurrence.id, frozenset({"ti"}))
    assert [each.outgoing.language for each in await town.deliver_broadcasts()] == ["nl"]


async def test_planning_anew_takes_a_skipped_day_back_and_never_one_that_went_out(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    rule = Rule(date(2026, 11, 24), time(9), Repeat.WEEKLY)
    plan = await planned(town, manager, rule)
    skipped = await town.bot.planning.skip(manager, plan.next.id)
    assert skipped.next.day == date(2026, 12, 1)
    again = await town.bot.planning.replan(manager, plan.plan.id, skipped.plan.version, rule)
    assert again.next.day == date(2026, 11, 24)
    await town.bot.planning.send_now(manager, again.next.id)
    present = await town.bot.planning.get(manager, plan.plan.id)
    once_more = await town.bot.planning.replan(manager, plan.plan.id, present.plan.version, rule)
    assert once_more.next.day == date(2026, 12, 1)
    assert len(await town.deliver_broadcasts()) == 1


async def test_the_limit_of_what_is_overdue_can_be_set(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    await planned(town, manager, Rule(date(2026, 11, 23), time(18)))
    strict = PlanClock(
        town.work, town.clock, town.bot.planning._municipality, town.bot.notices, timedelta(minutes=5)
    )
    town.clock.moment = datetime(2026, 11, 23, 17, 6, tzinfo=UTC)
    assert await strict.tick() == 0
    assert {each.recipient.person_id for each in await town.deliver()} == {manager.id}
