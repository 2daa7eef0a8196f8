# SPDX-License-Identifier: EUPL-1.2
"""The worker with a real outbox and a stand-in for Telegram, on both databases."""

import asyncio
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiogram import Bot
from kills import broadcast_with_kills
from relaying import NoMedia, ShiftedClock, make_worker, queue, states, until_done
from sqlalchemy import select
from telegram_stand_in import mixed

from bot.channels.web.hub import Hub
from bot.channels.web.session import WebSession
from bot.domain.group import GroupState
from bot.domain.outgoing import Action, DeliveryState, Outcome, Outgoing, Priority, Recipient
from bot.domain.person import Address
from bot.relay import outcomes, request
from bot.relay import worker as worker_module
from bot.relay.senders import HeldBackError, NotBegunError
from bot.relay.web_sender import WebSender
from bot.relay.worker import RelayWorker
from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.tables.outbox import DeliveryRow
from storage.unit_of_work import SqlUnitOfWork
from storage.web import WebStorage


@asynccontextmanager
async def working(database, telegram, rate=2000, *, shared=False):
    worker, gate = make_worker(database, telegram.url, rate, clock=ShiftedClock(), shared=shared)
    await worker.start()
    try:
        yield worker, gate
    finally:
        await worker.stop()


async def rows(database):
    async with database.reading() as session:
        return list((await session.execute(select(DeliveryRow).order_by(DeliveryRow.id))).scalars())


async def settled(database, seconds=20):
    await asyncio.wait_for(until_done(database, 0.02), seconds)


async def test_everybody_gets_it_once(database, telegram):
    await queue(database, list(range(1, 301)))
    async with working(database, telegram):
        await settled(database)
    assert Counter(chat for _, chat, _ in telegram.taken) == Counter(range(1, 301))
    assert {(row.state, row.attempts) for row in await rows(database)} == {("sent", 1)}
    assert all(row.sent_message_id for row in await rows(database))


async def test_everything_goes_wrong_at_once(database, telegram, monkeypatch):
    """5 % 429, 5 % 5xx, 2 % without an answer, 3 % blocked, 1 % migrated: each ends in the right state."""
    monkeypatch.setattr(request, "ANSWER_SECONDS", 2.0)
    monkeypatch.setattr(outcomes, "RETRY_PAUSES", (timedelta(milliseconds=100),) * 4)
    telegram.fate = mixed
    people = list(range(1000, 1400))
    groups = [-chat for chat in range(1015, 1400, 100)]  # those that migrate
    people = [chat for chat in people if chat % 100 != 15]
    await queue(database, [*people, *groups])
    await queue(database, groups, Priority.NORMAL)
    async with working(database, telegram, 400):
        await settled(database)
    expected = {0: "sent", 5: "sent", 10: "unknown", 12: "blocked", 15: "sent", 16: "sent"}
    for row in await rows(database):
        number = abs(row.chat_id) % 100
        if row.chat_id < 0:
            assert row.chat_id < -(10**9)
            number = 15
        kind = max(each for each in expected if each <= number)
        assert row.state == expected[kind], (row.chat_id, row.error)
    taken = Counter(chat for _, chat, _ in telegram.taken)
    new_ids = [-(10**9) - abs(chat) for chat in groups]
    assert taken == Counter(
        {
            **{chat: 1 for chat in people if not 12 <= chat % 100 < 15},
            **dict.fromkeys(new_ids, 2),
        }
    )


async def test_who_blocked_the_bot_is_written_to_no_more(database, telegram, cipher):
    async with SqlUnitOfWork(database, cipher) as unit:
        person = await unit.people.add("telegram", 5, 5, datetime.now(UTC))
        await unit.commit()
    telegram.fate = lambda chat, before: "blocked"
    await queue(database, [5])
    async with working(database, telegram):
        await settled(database)
    async with SqlUnitOfWork(database, cipher) as unit:
        assert await unit.people.addresses([person.id]) == {person.id: []}


@pytest.mark.parametrize(
    ("fate", "state", "ended"),
    [
        ("kicked", GroupState.REMOVED, "blocked"),
        ("gone", GroupState.REMOVED, "gone"),
        ("Bad Request: not enough rights to send text messages to the chat", GroupState.MUTED, "blocked"),
    ],
)
async def test_a_group_that_refuses_is_shown_and_left_alone(database, telegram, cipher, fate, state, ended):
    now = datetime.now(UTC)
    async with SqlUnitOfWork(database, cipher) as unit:
        group = await unit.groups.add(Address("telegram", -5), "group", "Buurt", GroupState.WAITING, now)
        approved = replace(group, state=GroupState.APPROVED, was_approved=True, languages=("nl",))
        await unit.groups.save(approved, None, now)
        await unit.commit()
    telegram.fate = lambda chat, before: fate
    await queue(database, [-5])
    await queue(database, [-5])
    async with working(database, telegram):
        await settled(database)
    assert [row.state for row in await rows(database)] == [ended, ended]
    async with SqlUnitOfWork(database, cipher) as unit:
        group = await unit.groups.get(group.id)
    assert (group.state, group.was_approved, group.languages) == (state, True, ("nl",))
    assert group.version == 3  # the second refusal changed nothing: a colleague's screen stays valid


async def test_a_web_visitor_gets_it_through_the_same_outbox_with_an_unread_mark(sqlite_database, cipher):
    visits, visitor = WebStorage(sqlite_database, cipher), 2**53 + 7
    session = WebSession(visits, NoMedia(), Hub(visits), ShiftedClock())
    web = Bot("900001:web", session=session)
    await visits.arrive(visitor, "nl", datetime.now(UTC))
    for text in ("Het water gaat dicht.", "En weer open."):
        async with SqlUnitOfWork(sqlite_database, cipher) as unit:
            await unit.outbox.add(
                Outgoing(text, Priority.BULK), [Recipient(Address("web", visitor))], datetime.now(UTC)
            )
            await unit.commit()
    sender = WebSender(web, NoMedia(), ShiftedClock())
    worker = RelayWorker(SqlDeliveries(sqlite_database, cipher), {"web": sender}, ShiftedClock())
    await worker.start()
    await settled(sqlite_database)
    await worker.stop()
    assert [row.state for row in await rows(sqlite_database)] == ["sent", "sent"]
    assert await visits.unread(visitor) == 2
    await visits.mark_read(visitor, (await visits.sequences([visitor]))[visitor])
    assert await visits.unread(visitor) == 0


@pytest.mark.parametrize("paid", [False, True])
async def test_only_broadcasts_are_paid_for_and_only_where_that_was_chosen(sqlite_database, telegram, paid):
    telegram.keep_fields = True
    await queue(sqlite_database, [1, -1])
    await queue(sqlite_database, [2], location=(52.0, 4.9))
    await queue(sqlite_database, [3], Priority.URGENT)
    worker, _ = make_worker(sqlite_database, telegram.url, 1000, clock=ShiftedClock(), paid=paid)
    await worker.start()
    await settled(sqlite_database)
    await worker.stop()
    asked = {
        chat: [each.get("allow_paid_broadcast") for each in calls] for chat, calls in telegram.fields.items()
    }
    flag = True if paid else None
    assert asked == {1: [flag], -1: [flag], 2: [flag, flag], 3: [None]}


async def test_refused_connections_are_tried_again_when_the_server_is_back(database, telegram, monkeypatch):
    monkeypatch.setattr(outcomes, "RETRY_PAUSES", (timedelta(milliseconds=20),) * 200)
    port = int(telegram.url.rsplit(":", 1)[1])
    await telegram.stop()
    await queue(database, list(range(1, 31)))
    async with working(database, telegram):
        async with asyncio.timeout(20):
            while not all(row.error for row in await rows(database)):
                pass
        assert all(row.error.startswith("no connection") for row in await rows(database) if row.error)
        await telegram.start(port)
        await settled(database)
    assert Counter(chat for _, chat, _ in telegram.taken) == Counter(range(1, 31))
    assert {row.state for row in await rows(database)} == {"sent"}


async def test_a_word_from_a_person_never_waits_behind_a_broadcast(database, telegram, cipher):
    """The worker holds a full load of the broadcast already, and is told of the answer by the commit."""
    await queue(database, list(range(1, 400)))
    async with working(database, telegram, 40) as (worker, _):
        await asyncio.wait_for(telegram.some.wait(), 10)
        async with SqlUnitOfWork(database, cipher, queued=worker.wake) as unit:
            answer = Outgoing("Antwoord", Priority.URGENT)
            await unit.outbox.add(answer, [Recipient(Address("telegram", 5000))], datetime.now(UTC))
            await unit.commit()
        began = time.monotonic()
        while 5000 not in telegram.tries:
            telegram.some.clear()
            await asyncio.wait_for(telegram.some.wait(), 5)
        assert time.monotonic() - began < 0.5
    found = await states(database)
    assert found["leased"] == found["unknown"] == 0
    assert found["queued"] > 250


async def test_a_busy_group_keeps_nobody_waiting(database, telegram):
    for _ in range(45):
        await queue(database, [-7], Priority.NORMAL)
    await queue(database, list(range(1, 101)))
    async with working(database, telegram, 200):
        while len(telegram.taken) < 120:
            telegram.some.clear()
            await asyncio.wait_for(telegram.some.wait(), 10)
    assert Counter(chat for _, chat, _ in telegram.taken)[-7] == 20
    waiting = [row for row in await rows(database) if row.state == "queued"]
    assert len(waiting) == 25
    assert all(
        row.attempts == 0 and row.due_at > datetime.now(UTC) + timedelta(seconds=30) for row in waiting
    )


async def test_a_restart_remembers_what_went_to_groups(database, telegram):
    for _ in range(15):
        await queue(database, [-7])
    async with working(database, telegram, 200, shared=True):
        await settled(database)
    for _ in range(10):
        await queue(database, [-7])
    await queue(database, [8])
    async with working(database, telegram, 200, shared=True):
        while telegram.tries[8] < 1:
            telegram.some.clear()
            await asyncio.wait_for(telegram.some.wait(), 10)
    assert telegram.tries[-7] <= 20


async def test_stopping_gives_back_what_has_not_begun(database, telegram):
    await queue(database, list(range(1, 200)))
    async with working(database, telegram, 20):
        await asyncio.wait_for(telegram.some.wait(), 10)
    found = await states(database)
    assert found["queued"] + found["sent"] == 199
    assert found["sent"] == len(telegram.taken)
    async with working(database, telegram):
        await settled(database)
    assert Counter(chat for _, chat, _ in telegram.taken) == Counter(range(1, 200))


async def test_taken_back_while_it_waits_is_not_sent(database, telegram, cipher):
    number = await queue(database, list(range(1, 100)))
    async with working(database, telegram, 20):
        await asyncio.wait_for(telegram.some.wait(), 10)
        async with SqlUnitOfWork(database, cipher) as unit:
            await unit.outbox.cancel(number)
            await unit.commit()
        await settled(database)
    found = await states(database)
    assert found["cancelled"] > 80
    assert found["sent"] == len(telegram.taken) == 99 - found["cancelled"]


async def test_what_waits_too_long_for_its_turn_is_given_back(database, telegram, monkeypatch):
    monkeypatch.setattr(worker_module, "WAITING_SECONDS", 0.05)
    await queue(database, [1])
    async with working(database, telegram) as (_, gate):
        gate.set_share(0)
        async with asyncio.timeout(10):
            while not any(row.error and "waited too long" in row.error for row in await rows(database)):
                pass
        gate.set_share(1)
        await settled(database)
    (row,) = await rows(database)
    assert (row.state, row.attempts) == ("sent", 1)


class Scripted:
    """A sender that ends as it is told."""

    def __init__(self, *ends):
        self.ends = list(ends)

    async def send(self, delivery, begin):
        end = self.ends.pop(0)
        if isinstance(end, tuple):
            await begin()
            end = end[0]
        if isinstance(end, Exception):
            raise end
        await begin()
        return end

    async def close(self):
        pass


SENT = Outcome(DeliveryState.SENT, sent_message_id=1)


@pytest.mark.parametrize(
    ("end", "state", "attempts"),
    [
        (RuntimeError("before"), "failed", 0),
        ((RuntimeError("after"),), "unknown", 1),
        (HeldBackError(0), "sent", 1),
        ((HeldBackError(0),), "sent", 1),
        (NotBegunError("x"), "sent", 1),
        (Outcome(DeliveryState.GONE), "gone", 1),
    ],
)
async def test_how_a_try_ends(sqlite_database, cipher, monkeypatch, end, state, attempts):
    monkeypatch.setattr(worker_module, "AGAIN", timedelta())
    await queue(sqlite_database, [1])
    sender = Scripted(end, SENT)
    worker = RelayWorker(SqlDeliveries(sqlite_database, cipher), {"telegram": sender}, ShiftedClock())
    await worker.start()
    await settled(sqlite_database)
    await worker.stop()
    (row,) = await rows(sqlite_database)
    assert (row.state, row.attempts) == (state, attempts)


async def test_a_channel_that_is_not_connected_says_so(sqlite_database, cipher):
    await queue(sqlite_database, [1])
    worker = RelayWorker(SqlDeliveries(sqlite_database, cipher), {}, ShiftedClock())
    await worker.start()
    await settled(sqlite_database)
    await worker.stop()
    assert [row.state for row in await rows(sqlite_database)] == ["failed"]


class Moody:
    """A database that refuses sometimes."""

    def __init__(self, deliveries):
        self._deliveries = deliveries
        self.refusing = {"lease": 1, "start": 1, "settle": 3, "expire_leases": 1}

    def __getattr__(self, name):
        async def call(*arguments):
            if self.refusing.get(name, 0) > 0:
                self.refusing[name] -= 1
                raise OSError(name)
            return await getattr(self._deliveries, name)(*arguments)

        return call


async def test_a_database_that_is_away_for_a_moment_costs_nothing(sqlite_database, cipher, monkeypatch):
    monkeypatch.setattr(worker_module, "AGAIN", timedelta())
    monkeypatch.setattr("bot.relay.settling.PAUSE_SECONDS", 0.01)
    await queue(sqlite_database, [1, 2])
    deliveries = Moody(SqlDeliveries(sqlite_database, cipher))
    worker = RelayWorker(deliveries, {"telegram": Scripted(*[SENT] * 9)}, ShiftedClock())
    await worker.start()
    await settled(sqlite_database)
    await worker.stop()
    assert [row.state for row in await rows(sqlite_database)] == ["sent", "sent"]
    assert not any(deliveries.refusing.values())


async def test_one_bad_outcome_does_not_keep_the_others_from_being_kept(sqlite_database, cipher, monkeypatch):
    monkeypatch.setattr("bot.relay.settling.PAUSE_SECONDS", 0.01)
    await queue(sqlite_database, [1, 2, 3])
    bad = Outcome(DeliveryState.SENT, details={"x": object()})
    worker = RelayWorker(
        SqlDeliveries(sqlite_database, cipher), {"telegram": Scripted(SENT, bad, SENT)}, ShiftedClock()
    )
    await worker.start()
    async with asyncio.timeout(10):
        while (await states(sqlite_database))["sent"] < 2:
            pass
    await worker.stop()
    assert (await states(sqlite_database))["leased"] == 1


async def test_an_edit_in_a_group_that_moved_is_not_tried_for_ever(database, telegram, cipher):
    telegram.fate = mixed
    async with SqlUnitOfWork(database, cipher) as unit:
        edit = Outgoing("Beter", action=Action.EDIT)
        await unit.outbox.add(edit, [Recipient(Address("telegram", -15), edits=4)], datetime.now(UTC))
        await unit.commit()
    async with working(database, telegram):
        await settled(database)
    assert [row.state for row in await rows(database)] == ["failed"]
    assert telegram.tries[-15] == 1


@pytest.mark.postgresql
async def test_two_workers_send_nothing_twice(postgresql_url, telegram):
    first, second = Database(postgresql_url), Database(postgresql_url)
    await queue(first, list(range(1, 601)))
    async with working(first, telegram, 300), working(second, telegram, 300):
        await settled(first)
    assert Counter(chat for _, chat, _ in telegram.taken) == Counter(range(1, 601))
    owners = await states(first)
    assert owners == {"sent": 600}
    await first.close()
    await second.close()


async def test_killed_again_and_again_nothing_is_lost_or_sent_twice(database_url):
    """A smaller version of the benchmark."""
    result = await broadcast_with_kills(database_url, recipients=800, kills=4, rate=200)
    assert result.lost == result.twice == 0
    assert set(result.states) <= {"sent", "unknown"}
    assert result.states.total() == 800
    assert result.states["unknown"] <= 4 * 120
