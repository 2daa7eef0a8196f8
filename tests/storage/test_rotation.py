# SPDX-License-Identifier: EUPL-1.2
"""After a rotation the old key is needed for nothing."""

from datetime import timedelta

import pytest
from aiogram.fsm.storage.base import StorageKey
from sqlalchemy import LargeBinary

from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Address, Invitation, Role
from bot.domain.question import Exchange
from storage import rotation
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher, SealedError
from storage.fsm import SqlStorage
from storage.rotation import TABLES, rotate
from storage.tables import Base
from storage.unit_of_work import SqlUnitOfWork

OLD, NEW = b"the old key of thirty-two bytes!", b"the new key of thirty-two bytes!"
BEFORE, BETWEEN, AFTER = Cipher([OLD]), Cipher([NEW, OLD]), Cipher([NEW])
KEY = StorageKey(1, 5, 5)
DAY = timedelta(days=1)


async def fill(database, now, users):
    for user in users:
        async with SqlUnitOfWork(database, BEFORE) as unit:
            person = await unit.people.add("telegram", user, user, now)
            await unit.questions.add(person.id, "nl", f"vraag {user}", now, now)
            await unit.exchanges.add(Exchange(person.id, f"tekst {user}", "nl", "answer", "a", 1, (), now))
            await unit.outbox.add(Outgoing(f"antwoord {user}"), [Recipient(Address("telegram", user))], now)
            await unit.commit()
        fsm = SqlStorage(database, BEFORE)
        await fsm.set_state(StorageKey(1, user, user), "s")
        if user % 2:
            await fsm.set_data(StorageKey(1, user, user), {"user": user})


async def check(database, cipher, now, users):
    fsm = SqlStorage(database, cipher)
    async with SqlUnitOfWork(database, cipher) as unit:
        for user in users:
            person = await unit.people.at("telegram", user)
            assert (await unit.questions.of_person(person.id))[0].lines[0].text == f"vraag {user}"
            about = await unit.people.everything_about(person.id)
            assert about["exchanges"][0]["text"] == f"tekst {user}"
            assert about["messages"][0]["text"] == f"antwoord {user}"
            assert await unit.people.addresses([person.id]) == {person.id: [Address("telegram", user)]}
    for user in users:
        assert await fsm.get_state(StorageKey(1, user, user)) == "s"
        assert await fsm.get_data(StorageKey(1, user, user)) == ({"user": user} if user % 2 else {})
    leased = await SqlDeliveries(database, cipher).lease(str(cipher), 99, now, -DAY)
    assert sorted(each.outgoing.text for each in leased) == sorted(f"antwoord {user}" for user in users)
    await SqlDeliveries(database, cipher).expire_leases(now)


async def test_everything_is_under_the_new_key(database, now):
    await fill(database, now, [5, 6, 7])
    await check(database, BETWEEN, now, [5, 6, 7])
    done = await rotate(database, BETWEEN, now)
    assert {name: count for name, count in done.rows.items() if count} == {
        "accounts": 3,
        "exchanges": 3,
        "question_lines": 3,
        "outbox_messages": 3,
        "fsm": 3,
    }
    await check(database, AFTER, now, [5, 6, 7])
    assert sum((await rotate(database, BETWEEN, now)).rows.values()) == 0


async def test_it_may_be_interrupted(database, now, monkeypatch):
    monkeypatch.setattr(rotation, "PORTION", 2)
    await fill(database, now, range(5, 12))
    renew, calls = rotation._renew, 0

    async def power_cut(*arguments):
        nonlocal calls
        calls += 1
        if calls == 6:
            raise KeyboardInterrupt
        return await renew(*arguments)

    monkeypatch.setattr(rotation, "_renew", power_cut)
    with pytest.raises(KeyboardInterrupt):
        await rotate(database, BETWEEN, now)
    await check(database, BETWEEN, now, range(5, 12))
    monkeypatch.setattr(rotation, "_renew", renew)
    again = await rotate(database, BETWEEN, now)
    assert 0 < sum(again.rows.values()) < 5 * 7
    await check(database, AFTER, now, range(5, 12))


async def test_people_and_forms_are_found_and_changed_before_it_is_done(database, now):
    """With both keys set, what the old one has written is changed, not doubled."""
    await fill(database, now, [5])
    fsm = SqlStorage(database, BETWEEN)
    assert await fsm.update_data(KEY, {"more": 1}) == {"user": 5, "more": 1}
    async with SqlUnitOfWork(database, BETWEEN) as unit:
        person = await unit.people.at("telegram", 5)
        assert (await unit.people.add("telegram", 5, 5, now)).id == person.id
        await unit.commit()
    await rotate(database, BETWEEN, now)
    assert await SqlStorage(database, AFTER).get_data(KEY) == {"user": 5, "more": 1}
    await fsm.set_state(KEY, None)
    await fsm.set_data(KEY, {})
    assert await SqlStorage(database, AFTER).get_state(KEY) is None


async def test_open_invitations_still_need_the_old_key(database, now):
    async with SqlUnitOfWork(database, BEFORE) as unit:
        await unit.invitations.add("token", Invitation(Role.KEY_FIGURE, now, now + 7 * DAY))
        await unit.invitations.add("gone", Invitation(Role.KEY_FIGURE, now - 8 * DAY, now - DAY))
        person = await unit.people.add("telegram", 5, 5, now)
        await unit.commit()
    done = await rotate(database, BETWEEN, now)
    assert (done.open_invitations, done.old_key_until) == (1, now + 7 * DAY)
    async with SqlUnitOfWork(database, AFTER) as unit:
        assert await unit.invitations.take("token", person.id, now) is None
    async with SqlUnitOfWork(database, BETWEEN) as unit:
        assert await unit.invitations.take("token", person.id, now) is not None
        await unit.commit()
    done = await rotate(database, BETWEEN, now)
    assert (done.open_invitations, done.old_key_until) == (0, None)


async def test_a_wrong_key_says_so_and_changes_nothing(database, now):
    await fill(database, now, [5])
    with pytest.raises(SealedError):
        await rotate(database, AFTER, now)
    await check(database, BEFORE, now, [5])


def test_no_sealed_column_is_left_out():
    rotated = {(sealed.row.__tablename__, column) for sealed in TABLES for column in sealed.columns}
    declared = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not column.name.endswith("_hash")
    }
    assert rotated == declared
