# SPDX-License-Identifier: EUPL-1.2
"""What is kept for a term goes when it has ended, and not before."""

from datetime import timedelta

import pytest
from aiogram.fsm.storage.base import StorageKey
from sqlalchemy import func, select

from bot.domain.outgoing import DeliveryState, Outcome, Outgoing, Recipient
from bot.domain.person import Address, Invitation, Role
from bot.domain.question import Exchange, QuestionState
from storage import retention
from storage.deliveries import SqlDeliveries
from storage.fsm import SqlStorage
from storage.inbox import SqlInbox
from storage.retention import STEPS, clean
from storage.tables.outbox import DeliveryRow, MessageRow

DAY = timedelta(days=1)
NOTHING = {step.name: 0 for step in STEPS}


async def test_nothing_at_first(database, now):
    assert await clean(database, now) == NOTHING


async def test_texts_of_exchanges_go_after_28_days(database, work, now, person):
    async with work() as unit:
        asked = Exchange(person.id, "hoi", "nl", "answer", "a", 1, (), now)
        number = asked.id
        await unit.exchanges.add(asked)
        await unit.commit()
    assert await clean(database, now + 28 * DAY) == NOTHING
    assert await clean(database, now + 29 * DAY) == {**NOTHING, "exchange texts": 1}
    assert await clean(database, now + 29 * DAY) == NOTHING
    async with work() as unit:
        found = await unit.exchanges.get(number, person.id)
        assert (found.text, found.entry) == ("", "a")


async def test_texts_of_questions_go_once_they_are_answered(database, work, now, person):
    async with work() as unit:
        waiting = await unit.questions.add(person.id, "nl", "nog open", now, now)
        done = await unit.questions.add(person.id, "nl", "klaar", now, now)
        await unit.questions.set_state(done.id, QuestionState.OPEN, QuestionState.ANSWERED, None, now)
        await unit.commit()
    assert await clean(database, now + 29 * DAY) == {**NOTHING, "question texts": 1}
    async with work() as unit:
        assert (await unit.questions.get(waiting.id)).lines[0].text == "nog open"
        assert (await unit.questions.get(done.id)).lines[0].text == ""


async def test_messages_lose_their_text_and_later_go(database, cipher, work, now):
    async with work() as unit:
        await unit.outbox.add(Outgoing("x"), [Recipient(Address("telegram", 1))], now)
        await unit.outbox.add(Outgoing("waiting"), [Recipient(Address("telegram", 1))], now + 900 * DAY)
        await unit.commit()
    deliveries = SqlDeliveries(database, cipher)
    later = now + 29 * DAY
    assert await clean(database, later) == NOTHING
    (leased,) = await deliveries.lease("a", 5, later, DAY)
    assert await clean(database, later) == NOTHING
    await deliveries.settle("a", [(leased.id, Outcome(DeliveryState.SENT))], later)
    assert await clean(database, later) == {**NOTHING, "message texts": 1}
    assert await clean(database, now + 401 * DAY) == {**NOTHING, "deliveries": 1, "messages": 1}
    async with database.reading() as session:
        for row in (MessageRow, DeliveryRow):
            assert (await session.execute(select(func.count()).select_from(row))).scalar_one() == 1


async def test_invitations_go_when_they_expire(database, work, now):
    async with work() as unit:
        for token, days in (("one", 1), ("two", 7)):
            await unit.invitations.add(token, Invitation(Role.KEY_FIGURE, now, now + days * DAY))
        await unit.commit()
    assert await clean(database, now + DAY) == {**NOTHING, "invitations": 1}


async def test_updates_and_forms_go(database, cipher, now):
    async with SqlInbox(database, now=lambda: now).handling(1, 1):
        pass
    await SqlStorage(database, cipher, now=lambda: now).set_state(StorageKey(1, 1, 1), "s")
    assert await clean(database, now + 7 * DAY) == NOTHING
    assert await clean(database, now + 8 * DAY) == {**NOTHING, "inbox": 1}
    assert await clean(database, now + 15 * DAY) == {**NOTHING, "forms": 1}


async def test_many_go_in_portions(database, work, now, person, monkeypatch):
    monkeypatch.setattr(retention, "PORTION", 3)
    async with work() as unit:
        for _ in range(8):
            await unit.exchanges.add(Exchange(person.id, "hoi", "nl", "answer", "a", 1, (), now))
        await unit.commit()
    assert (await clean(database, now + 29 * DAY))["exchange texts"] == 8


@pytest.mark.parametrize("term", ["texts", "deliveries", "inbox", "forms"])
def test_terms_are_stated(term):
    assert getattr(retention.Terms(), term) >= 7 * DAY
