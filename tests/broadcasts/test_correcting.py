# SPDX-License-Identifier: EUPL-1.2
"""Corrections and withdrawals reach exactly those who got the text, wherever their copy was then."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.broadcast import ColleagueFirstError
from bot.domain.outgoing import Action, DeliveryState, Outcome
from bot.domain.person import Role
from bot.domain.subscription import Frequency, SubscriptionState

RIGHT = "the right text"


async def correct(town, manager, number: int, text: str = RIGHT, language: str = "nl"):
    broadcast = await town.bot.broadcasts.get(manager, number)
    return await town.bot.aftercare.correct(manager, number, broadcast.version, language, text)


async def held(town, most: int = 500):
    """Let a worker take what is due, and hold it."""
    return list(await town.deliveries.lease("holder", most, town.clock.now(), timedelta(minutes=1)))


def by_reason(deliveries, reason: str) -> list:
    return [each for each in deliveries if each.outgoing.reason.startswith(reason)]


async def test_a_copy_that_a_worker_holds_leaves_with_the_right_text(town) -> None:
    manager, reader = await town.manager(), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    await town.deliver()
    town.clock.passes(minutes=2)
    (copy,) = by_reason(await held(town), "broadcast:")
    await correct(town, manager, broadcast.id)
    # The worker asks before it sends, and is told that this copy is no longer its own.
    assert await town.deliveries.start("holder", [copy.id], town.clock.now()) == frozenset()
    sent = await town.deliver_broadcasts()
    assert [(each.recipient.person_id, RIGHT in each.outgoing.text) for each in sent] == [(reader.id, True)]


async def test_a_copy_on_its_way_during_the_correction_is_corrected_when_it_has_arrived(town) -> None:
    manager, reader = await town.manager(), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    await town.deliver()
    town.clock.passes(minutes=2)
    (copy,) = by_reason(await held(town), "broadcast:")
    await town.deliveries.start("holder", [copy.id], town.clock.now())
    await correct(town, manager, broadcast.id)
    await town.bot.aftercare.tick()
    assert by_reason(await town.deliver(), "correction:") == []
    await town.deliveries.settle(
        "holder", [(copy.id, Outcome(DeliveryState.SENT, sent_message_id=77))], town.clock.now()
    )
    for _ in range(3):
        await town.bot.aftercare.tick()
    (edit,) = by_reason(await town.deliver(), "correction:")
    assert (edit.outgoing.action, edit.recipient.person_id, edit.recipient.edits) == (
        Action.EDIT,
        reader.id,
        77,
    )
    assert RIGHT in edit.outgoing.text


async def test_what_failed_is_tried_again_with_the_right_text(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    run = await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver(outcome=lambda _: DeliveryState.FAILED)
    await correct(town, manager, broadcast.id)
    assert await town.deliver_broadcasts() == []
    assert await town.bot.aftercare.retry(manager, run.id) == 1
    sent = await town.deliver_broadcasts()
    assert len(sent) == 1
    assert RIGHT in sent[0].outgoing.text


async def test_a_second_correction_changes_what_the_first_one_sent_anew(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver()
    await correct(town, manager, broadcast.id, "the first try")
    await town.deliver(outcome=lambda _: DeliveryState.FAILED)
    await town.bot.aftercare.tick()
    (anew,) = by_reason(await town.deliver(), "corrected-anew:")
    assert "the first try" in anew.outgoing.text
    await correct(town, manager, broadcast.id)
    edits = by_reason(await town.deliver(), "correction:")
    assert {each.recipient.person_id for each in edits} == {reader.id}
    assert {each.recipient.edits for each in edits} >= {5000 + anew.id}
    assert all(RIGHT in each.outgoing.text for each in edits)


async def test_who_read_it_in_a_digest_is_told(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    await town.subscriber("nl")
    await town.bot.subscriptions.set_frequency(reader, Frequency.DAILY)
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    await town.deliver()
    assert await town.bot.subscriptions.digest() == 1
    await town.deliver()
    await correct(town, manager, broadcast.id)
    told = by_reason(await town.deliver(), "corrected-anew:")
    assert [each.recipient.person_id for each in told] == [reader.id]
    token = await town.bot.aftercare.withdraw_token(manager, broadcast.id, "abcd")
    await town.bot.aftercare.withdraw(manager, broadcast.id, token)
    told = by_reason(await town.deliver(), "withdrawn-anew:")
    assert [each.recipient.person_id for each in told] == [reader.id]


async def test_a_key_figure_keeps_the_buttons_and_the_question_gets_the_right_text(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    (first,) = await town.deliver_broadcasts()
    await correct(town, manager, broadcast.id)
    (edit,) = by_reason(await town.deliver(), "correction:")
    assert edit.outgoing.buttons == first.outgoing.buttons
    town.clock.passes(days=1)
    (asked,) = by_reason(await town.deliver(), "ask:")
    assert asked.recipient.person_id == helper.id
    assert RIGHT in asked.outgoing.text


async def test_other_languages_are_found_still_right_after_a_correction(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    await town.subscriber("ar")
    broadcast = await town.draft(manager, "nl", "ar")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver()
    corrected = await correct(town, manager, broadcast.id)
    assert corrected.outdated("ar")
    present = await town.bot.broadcasts.approve(manager, broadcast.id, "ar", corrected.version)
    assert present.ready("ar")
    with pytest.raises(ColleagueFirstError):
        await town.bot.broadcasts.approve(manager, broadcast.id, "ar", corrected.version)
    assert by_reason(await town.deliver(), "correction:") == []


async def test_who_stopped_is_told_nothing_anew(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver(outcome=lambda _: DeliveryState.UNKNOWN)
    await town.bot.subscriptions.set_state(reader, SubscriptionState.STOPPED)
    await correct(town, manager, broadcast.id)
    assert by_reason(await town.deliver(), "corrected-anew:") == []


async def test_what_was_withdrawn_is_never_tried_again_and_late_arrivals_are_deleted(town) -> None:
    manager = await town.manager()
    failed, late = await town.subscriber("nl"), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    run = await town.send(manager, broadcast)
    await town.deliver()
    town.clock.passes(minutes=2)
    copies = {each.recipient.person_id: each for each in by_reason(await held(town), "broadcast:")}
    await town.deliveries.start("holder", [each.id for each in copies.values()], town.clock.now())
    await town.deliveries.settle(
        "holder", [(copies[failed.id].id, Outcome(DeliveryState.FAILED))], town.clock.now()
    )
    token = await town.bot.aftercare.withdraw_token(manager, broadcast.id, "abcd")
    await town.bot.aftercare.withdraw(manager, broadcast.id, token)
    with pytest.raises(ColleagueFirstError):
        await town.bot.aftercare.retry(manager, run.id)
    await town.deliveries.settle(
        "holder", [(copies[late.id].id, Outcome(DeliveryState.SENT, sent_message_id=78))], town.clock.now()
    )
    await town.bot.aftercare.tick()
    (deleted,) = by_reason(await town.deliver(), "withdrawal:")
    assert (deleted.outgoing.action, deleted.recipient.edits) == (Action.DELETE, 78)


async def test_a_recording_of_the_wrong_words_goes_and_the_other_one_stays_once(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("ti", Role.KEY_FIGURE)
    await town.group(manager, -200, "nl", "ti", together=True)
    broadcast = await town.draft(manager, "nl")
    await town.bot.translating.ask(manager, broadcast.id, "ti")
    revision = (await town.bot.broadcasts.get(manager, broadcast.id)).revision
    await town.bot.translating.offer(helper, broadcast.id, "ti", revision, "text in ti", "f" * 64)
    offered = await town.bot.broadcasts.get(manager, broadcast.id)
    await town.bot.broadcasts.approve(manager, broadcast.id, "ti", offered.version)
    await town.send(manager, broadcast)
    # Corrected in Dutch before it left: the Tigrinya recording is not sent twice.
    await correct(town, manager, broadcast.id)
    town.clock.passes(minutes=2)
    sent = await town.deliver()
    in_group = [each for each in by_reason(sent, "voice:") if each.recipient.person_id is None]
    assert [each.outgoing.media for each in in_group] == [("f" * 64,)]
    # Corrected in Tigrinya after it left: the recording of the wrong words is removed.
    await correct(town, manager, broadcast.id, "the right ti", "ti")
    removed = by_reason(await town.deliver(), "voice-removal:")
    assert {each.outgoing.action for each in removed} == {Action.DELETE}
    assert len(removed) == len(by_reason(sent, "voice:"))


async def test_of_an_album_the_words_are_deleted_and_the_rest_is_told_of(quick_town) -> None:
    town = quick_town
    manager, reader = await town.manager(), await town.subscriber("nl")
    broadcast = await town.draft(manager, "nl")
    await town.bot.broadcasts.attach(manager, broadcast.id, ("a" * 64, "b" * 64), "photo")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver()
    token = await town.bot.aftercare.withdraw_token(manager, broadcast.id, "abcd")
    await town.bot.aftercare.withdraw(manager, broadcast.id, token)
    done = await town.deliver()
    assert len(by_reason(done, "withdrawal:")) == 1
    (told,) = by_reason(done, "withdrawn-anew:")
    assert told.recipient.person_id == reader.id


async def test_a_report_notices_every_change_in_every_language(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    people = [await town.subscriber(code) for code in ("ar", "ar", "en", "nl", "ti") for _ in range(2)]
    broadcast = await town.draft(manager, "nl", "ar", "en", "ti")
    await town.send(manager, broadcast)
    await town.deliver()
    town.clock.passes(minutes=1)
    texts: list[str] = []
    for copy in await held(town, 10):
        await town.deliveries.start("holder", [copy.id], town.clock.now())
        outcome = Outcome(DeliveryState.SENT, sent_message_id=9000 + copy.id)
        await town.deliveries.settle("holder", [(copy.id, outcome)], town.clock.now())
        await town.bot.aftercare.tick()
        texts += [each.outgoing.text for each in await town.deliver()]
    assert len(people) == len(texts) == 10
    assert "10 van 10" in texts[-1]
