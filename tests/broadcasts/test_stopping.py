# SPDX-License-Identifier: EUPL-1.2
"""Wishes: what `/stop`, a pause, warnings and digests mean, for residents and key figures alike."""

from datetime import UTC, datetime

import pytest

from bot.domain.broadcast import NobodyError
from bot.domain.person import Role
from bot.domain.subscription import Frequency, SubscriptionState, Topic

STOPPED, PAUSED, ACTIVE = SubscriptionState.STOPPED, SubscriptionState.PAUSED, SubscriptionState.ACTIVE


async def reached(town, manager, topic: Topic = Topic.WORKS) -> set[int]:
    """Return who would get a message at once."""
    broadcast = await town.bot.broadcasts.begin(manager, topic)
    for code in ("nl", "ar"):
        await town.bot.broadcasts.write(manager, broadcast.id, code, "text")
    _, reach = await town.bot.broadcasts.reach(manager, broadcast.id)
    return {each.person_id for parcel in reach.parcels for each in parcel.recipients}


async def test_a_key_figure_gets_everything_until_they_stop(town) -> None:
    manager, helper = await town.manager(), await town.person("ar", Role.KEY_FIGURE)
    assert (await town.bot.subscriptions.of(helper)).state is ACTIVE
    assert await reached(town, manager) == {helper.id}
    # Choosing areas before beginning must not silence who gets everything anyway.
    await town.bot.subscriptions.toggle_area(helper, "hofland")
    await town.bot.subscriptions.toggle_area(helper, "hofland")
    assert await reached(town, manager) == {helper.id}
    for state in (STOPPED, PAUSED):
        await town.bot.subscriptions.set_state(helper, state)
        assert await reached(town, manager) == set()
        assert await reached(town, manager, Topic.WARNING) == set()
        assert (await town.bot.subscriptions.of(helper)).state is state
    await town.bot.subscriptions.set_state(helper, ACTIVE)
    assert await reached(town, manager) == {helper.id}


async def test_who_becomes_a_key_figure_after_stopping_hears_again(quick_town) -> None:
    town = quick_town
    manager, person = await town.manager(), await town.subscriber("ar")
    await town.bot.subscriptions.set_state(person, STOPPED)
    town.clock.passes(days=1)
    async with town.work() as unit:
        await unit.people.grant(person.id, Role.KEY_FIGURE, None, town.clock.now())
        await unit.commit()
    async with town.work() as unit:
        helper = await unit.people.get(person.id)
    assert await reached(town, manager) == {person.id}
    assert (await town.bot.subscriptions.of(helper)).state is ACTIVE


async def test_stopping_takes_back_everything_that_comes_by_itself(town) -> None:
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    await town.send(manager, await town.draft(manager, "nl"))
    await town.bot.subscriptions.set_state(helper, STOPPED)
    town.clock.passes(days=2)
    assert [each for each in await town.deliver() if each.recipient.person_id == helper.id] == []
    with pytest.raises(NobodyError):
        await town.send(manager, await town.draft(manager, "nl"))
    town.clock.moment = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert await town.bot.monthly_digests.prepare() == 0


async def test_a_monthly_digest_approved_after_stopping_is_not_sent(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("ar", Role.KEY_FIGURE)
    await town.send(manager, await town.draft(manager, "nl", "ar"))
    town.clock.moment = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert await town.bot.monthly_digests.prepare() == 1
    waiting = [each for each in await town.deliver() if "Maandoverzicht" in each.outgoing.text]
    assert "november 2026" in waiting[0].outgoing.text  # in Dutch, for who approves
    assert "text in ar" in waiting[0].outgoing.text  # and as it will arrive
    await town.bot.subscriptions.set_state(helper, STOPPED)
    await town.bot.monthly_digests.decide(manager, 1, send=True)
    assert await town.deliver() == []


async def test_a_warning_does_not_wait_for_a_digest_and_is_not_told_twice(town) -> None:
    manager, reader = await town.manager(), await town.subscriber("nl")
    await town.bot.subscriptions.set_frequency(reader, Frequency.WEEKLY)
    assert await reached(town, manager) == set()
    warning = await town.bot.broadcasts.begin(manager, Topic.WARNING)
    await town.bot.broadcasts.write(manager, warning.id, "nl", "smoke")
    await town.send(manager, warning)
    town.clock.passes(minutes=2)
    assert [each.recipient.person_id for each in await town.deliver_broadcasts()] == [reader.id]
    town.clock.moment = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert await town.bot.subscriptions.digest() == 0


async def test_keeping_warnings_brings_warnings_alone_until_one_begins_again(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    await town.bot.subscriptions.set_state(reader, STOPPED)
    assert await reached(town, manager, Topic.WARNING) == set()
    await town.bot.subscriptions.keep_warnings(reader)
    assert await reached(town, manager) == set()
    assert await reached(town, manager, Topic.WARNING) == {reader.id}
    await town.bot.subscriptions.set_state(reader, ACTIVE)
    assert await reached(town, manager) == {reader.id}


async def test_what_can_still_be_undone_is_in_no_digest(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    await town.subscriber("nl")
    await town.bot.subscriptions.set_frequency(reader, Frequency.DAILY)
    town.clock.moment = datetime(2026, 11, 23, 16, 59, 30, tzinfo=UTC)
    await town.send(manager, await town.draft(manager, "nl"))
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.subscriptions.digest() == 0
    town.clock.passes(days=1)
    assert await town.bot.subscriptions.digest() == 1


async def test_a_digest_loses_nothing_however_much_there_is(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    await town.subscriber("nl")
    await town.bot.subscriptions.set_frequency(reader, Frequency.DAILY)
    for number in range(14):
        broadcast = await town.draft(manager, "nl")
        await town.bot.broadcasts.write(manager, broadcast.id, "nl", f"number {number:02} " + "word " * 70)
        await town.send(manager, broadcast)
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    await town.deliver()
    assert await town.bot.subscriptions.digest() == 1
    mine = [each for each in await town.deliver() if each.recipient.person_id == reader.id]
    assert len(mine) > 1
    together = "".join(each.outgoing.text for each in mine)
    assert all(f"number {number:02}" in together for number in range(14))
    assert all(len(each.outgoing.reason) <= 64 for each in mine)
