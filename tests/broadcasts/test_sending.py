# SPDX-License-Identifier: EUPL-1.2
"""From the draft to the last copy: who gets what, once, and only after 'send'."""

import asyncio
from collections import Counter

import pytest

from bot.domain.broadcast import (
    BroadcastState,
    ColleagueFirstError,
    NobodyError,
    NotReadyError,
    UndoTooLateError,
)
from bot.domain.errors import NotAllowedError, TooLongError
from bot.domain.outgoing import Action, DeliveryState
from bot.domain.person import Role
from bot.domain.subscription import SubscriptionState


def heads(deliveries) -> Counter:
    return Counter((each.recipient.address.chat_id, each.outgoing.language) for each in deliveries)


async def test_everybody_gets_it_once_in_their_own_language(town) -> None:
    manager = await town.manager()
    people = [await town.subscriber(code) for code in ("nl", "ar", "ti")]
    helper = await town.person("ar", Role.KEY_FIGURE)
    await town.bot.subscriptions.set_state(helper, SubscriptionState.ACTIVE)
    group = await town.group(manager, -100, "nl", "ar")
    together = await town.group(manager, -200, "nl", "ti", together=True)
    broadcast = await town.draft(manager, "nl", "ar", "ti")
    await town.send(manager, broadcast)
    assert await town.deliver_broadcasts() == []
    town.clock.passes(minutes=1)
    sent = await town.deliver_broadcasts()
    by_person = {each.recipient.person_id: each for each in sent if each.recipient.person_id}
    assert len(by_person) == 4
    for person in (*people, helper):
        delivery = by_person[person.id]
        assert f"text in {person.language}" in delivery.outgoing.text
        assert delivery.outgoing.language == person.language
    in_groups = [each for each in sent if each.recipient.person_id is None]
    assert sorted(heads(in_groups)) == [(-200, "nl+ti"), (-100, "ar"), (-100, "nl")]
    assert len(sent) == 7
    both = next(each for each in in_groups if each.recipient.address.chat_id == together.address.chat_id)
    assert "text in nl" in both.outgoing.text
    assert "text in ti" in both.outgoing.text
    assert group.languages == ("nl", "ar")


async def test_a_draft_a_rehearsal_and_a_count_send_nothing_to_others(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.deliver()
    assert await town.bot.broadcasts.rehearse(manager, broadcast.id) == 1
    await town.bot.broadcasts.reach(manager, broadcast.id)
    await town.bot.broadcasts.confirm(manager, broadcast.id)
    town.clock.passes(hours=2)
    await town.bot.plan_clock.tick()
    sent = await town.deliver()
    assert {each.recipient.person_id for each in sent} == {manager.id}
    assert any("text in nl" in each.outgoing.text for each in sent)


async def test_a_double_tap_sends_once(town) -> None:
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    tries = await asyncio.gather(
        *(
            town.bot.broadcasts.send(manager, broadcast.id, found.token, without=frozenset())
            for _ in range(5)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, ColleagueFirstError) for each in tries) == 4
    town.clock.passes(minutes=2)
    assert len(await town.deliver_broadcasts()) == 1


async def test_two_managers_at_the_same_moment_send_once(town) -> None:
    first, second = await town.manager(), await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(first, "nl")
    tokens = [(await town.bot.broadcasts.confirm(each, broadcast.id)).token for each in (first, second)]
    tries = await asyncio.gather(
        *(
            town.bot.broadcasts.send(by, broadcast.id, token, without=frozenset())
            for by, token in zip((first, second), tokens, strict=True)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, ColleagueFirstError) for each in tries) == 1
    town.clock.passes(minutes=2)
    assert len(await town.deliver_broadcasts()) == 1


async def test_an_old_confirm_screen_sends_nothing(quick_town) -> None:
    town = quick_town
    manager, colleague = await town.manager(), await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    await town.bot.broadcasts.write(colleague, broadcast.id, "nl", "another text")
    with pytest.raises(ColleagueFirstError):
        await town.bot.broadcasts.send(manager, broadcast.id, found.token, without=frozenset())
    with pytest.raises(ColleagueFirstError):
        await town.bot.broadcasts.send(manager, broadcast.id, "", without=frozenset())


async def test_only_a_gebiedsmanager_may(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl")
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    for forged in (
        town.bot.broadcasts.send(helper, broadcast.id, found.token, without=frozenset()),
        town.bot.broadcasts.write(helper, broadcast.id, "nl", "x"),
        town.bot.broadcasts.rehearse(helper, broadcast.id),
        town.bot.broadcasts.confirm(helper, broadcast.id),
        town.bot.planning.listed(helper),
        town.bot.groups.listed(helper),
        town.bot.aftercare.withdraw(helper, broadcast.id, "x"),
    ):
        with pytest.raises(NotAllowedError):
            await forged


async def test_a_missing_language_stops_it_unless_left_out_on_purpose(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    dutch, tigrinya = await town.subscriber("nl"), await town.subscriber("ti")
    broadcast = await town.draft(manager, "nl")
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    assert found.reach.missing == {"ti"}
    assert found.reach.left_out["ti"] == 1
    with pytest.raises(NotReadyError):
        await town.bot.broadcasts.send(manager, broadcast.id, found.token, without=frozenset())
    # The refusal used nothing up: the same screen can still send without it.
    await town.bot.broadcasts.send(manager, broadcast.id, found.token, without=frozenset({"ti"}))
    town.clock.passes(minutes=2)
    sent = await town.deliver_broadcasts()
    assert [each.recipient.person_id for each in sent] == [dutch.id]
    assert tigrinya.id not in {each.recipient.person_id for each in sent}


async def test_a_changed_original_marks_translations_outdated(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("ar")
    broadcast = await town.draft(manager, "nl", "ar")
    assert broadcast.ready("ar")
    broadcast = await town.bot.broadcasts.write(manager, broadcast.id, "nl", "other words")
    assert broadcast.outdated("ar")
    with pytest.raises(NotReadyError):
        await town.send(manager, broadcast)
    await town.bot.broadcasts.approve(manager, broadcast.id, "ar", broadcast.version)
    await town.send(manager, broadcast)


async def test_nobody_to_send_to_is_said(quick_town) -> None:
    manager = await quick_town.manager()
    with pytest.raises(NobodyError):
        await quick_town.send(manager, await quick_town.draft(manager, "nl"))


async def test_undo_within_the_minute_and_not_after(town) -> None:
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    run = await town.send(manager, broadcast)
    town.clock.passes(seconds=59)
    back = await town.bot.broadcasts.undo(manager, run.id)
    assert back.state is BroadcastState.DRAFT
    town.clock.passes(hours=30)
    assert await town.deliver_broadcasts() == []
    assert not [each for each in town.arrived if each.outgoing.reason.startswith("ask:")]
    run = await town.send(manager, back)
    town.clock.passes(seconds=61)
    with pytest.raises(UndoTooLateError):
        await town.bot.broadcasts.undo(manager, run.id)
    assert len(await town.deliver_broadcasts()) == 1


async def test_length_counts_as_telegram_does_captions_included(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    broadcast = await town.draft(manager, "nl")
    await town.bot.broadcasts.write(manager, broadcast.id, "nl", "<b>" + "a" * 4000 + "</b>")
    with pytest.raises(TooLongError):
        await town.bot.broadcasts.attach(manager, broadcast.id, ("f" * 64,), "photo")
    with pytest.raises(TooLongError):  # each of these is two UTF-16 units
        await town.bot.broadcasts.write(manager, broadcast.id, "nl", "😀" * 2045)


async def test_area_and_stopped_subscribers(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    here, there, gone = [await town.subscriber("nl") for _ in range(3)]
    await town.bot.subscriptions.toggle_area(here, "hofland")
    await town.bot.subscriptions.toggle_area(there, "heeswijk")
    broadcast = await town.draft(manager, "nl")
    audience = broadcast.audience.__class__(areas=frozenset({"hofland"}))
    broadcast = await town.bot.broadcasts.aim(manager, broadcast.id, audience, broadcast.version)
    await town.send(manager, broadcast)
    await town.bot.subscriptions.set_state(gone, SubscriptionState.STOPPED)
    town.clock.passes(minutes=2)
    assert [each.recipient.person_id for each in await town.deliver_broadcasts()] == [here.id]


async def test_the_report_is_one_message_changed_until_all_is_settled(town) -> None:
    manager = await town.manager()
    people = [await town.subscriber("nl") for _ in range(4)]
    broadcast = await town.draft(manager, "nl")
    run = await town.send(manager, broadcast)
    await town.deliver()
    town.clock.passes(minutes=1)
    states = dict(
        zip(
            [person.id for person in people],
            [DeliveryState.SENT, DeliveryState.BLOCKED, DeliveryState.FAILED, DeliveryState.UNKNOWN],
            strict=True,
        )
    )
    await town.deliver(outcome=lambda each: states[each.recipient.person_id])
    await town.bot.aftercare.tick()
    changes = [each for each in await town.deliver() if each.outgoing.action is Action.EDIT]
    assert len(changes) == 1
    assert "1" in changes[0].outgoing.text
    await town.bot.aftercare.tick()
    assert [each for each in await town.deliver() if each.outgoing.action is Action.EDIT] == []
    assert await town.bot.aftercare.retry(manager, run.id) == 1
    assert await town.bot.aftercare.retry(manager, run.id) == 0
    again = await town.deliver_broadcasts()
    assert [each.recipient.person_id for each in again] == [people[2].id]


async def test_a_correction_reaches_exactly_those_who_got_the_wrong_text(town) -> None:
    manager = await town.manager()
    got, blocked, other = [await town.subscriber(code) for code in ("nl", "nl", "ar")]
    broadcast = await town.draft(manager, "nl", "ar")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver(
        outcome=lambda each: (
            DeliveryState.BLOCKED if each.recipient.person_id == blocked.id else DeliveryState.SENT
        )
    )
    late = await town.subscriber("nl")
    broadcast = await town.bot.broadcasts.get(manager, broadcast.id)
    await town.bot.aftercare.correct(manager, broadcast.id, broadcast.version, "nl", "the right text")
    with pytest.raises(ColleagueFirstError):
        await town.bot.aftercare.correct(manager, broadcast.id, broadcast.version, "nl", "again")
    edits = await town.deliver(outcome=lambda _: DeliveryState.FAILED)
    edits = [each for each in edits if each.outgoing.reason.startswith("correction:")]
    assert [each.recipient.person_id for each in edits] == [got.id]
    assert edits[0].outgoing.action is Action.EDIT
    # It could not be changed: the correction follows as a message of its own, once.
    await town.bot.aftercare.tick()
    await town.bot.aftercare.tick()
    anew = [each for each in await town.deliver() if each.outgoing.reason.startswith("corrected-anew:")]
    assert [each.recipient.person_id for each in anew] == [got.id]
    assert "the right text" in anew[0].outgoing.text
    assert late.id not in {each.recipient.person_id for each in town.arrived}
    assert other.id not in {each.recipient.person_id for each in (*edits, *anew)}


async def test_a_correction_before_all_has_left_changes_what_still_waits(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    broadcast = await town.bot.broadcasts.get(manager, broadcast.id)
    await town.bot.aftercare.correct(manager, broadcast.id, broadcast.version, "nl", "the right text")
    town.clock.passes(minutes=2)
    sent = await town.deliver_broadcasts()
    assert len(sent) == 1
    assert "the right text" in sent[0].outgoing.text


async def test_withdrawing_deletes_tells_the_rest_and_cannot_be_done_twice(town) -> None:
    manager = await town.manager()
    one, two = await town.subscriber("nl"), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver(
        outcome=lambda each: (
            DeliveryState.UNKNOWN if each.recipient.person_id == two.id else DeliveryState.SENT
        )
    )
    token = await town.bot.aftercare.withdraw_token(manager, broadcast.id, "abcd")
    await town.bot.aftercare.withdraw(manager, broadcast.id, token)
    with pytest.raises(ColleagueFirstError):
        await town.bot.aftercare.withdraw(manager, broadcast.id, token)
    done = await town.deliver()
    deleted = [each for each in done if each.outgoing.action is Action.DELETE]
    assert [each.recipient.person_id for each in deleted] == [one.id]
    assert deleted[0].recipient.edits is not None
    told = [each for each in done if each.outgoing.reason.startswith("withdrawn-anew:")]
    assert [each.recipient.person_id for each in told] == [two.id]
    history = [line.what for line in await town.bot.broadcasts.history(manager, broadcast.id)]
    assert history[0] == "begun"
    assert history[-1] == "withdrawn"
