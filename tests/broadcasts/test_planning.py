# SPDX-License-Identifier: EUPL-1.2
"""Plans: at their minute, once, on clock changes too; what is late or unfinished waits and asks."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.broadcast import BroadcastState, ColleagueFirstError, PastError
from bot.domain.schedule import OccurrenceState, PlanState, Repeat, Rule


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
    town.clock.moment = datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)
    assert await town.bot.plan_clock.tick() == 0
    town.clock.passes(seconds=1)
    assert await town.bot.plan_clock.tick() == 1
    assert len(await town.deliver_broadcasts()) == 1
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
