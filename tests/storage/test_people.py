# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: PT012 (what fails is a block: that is the point)
"""People and invitations, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from aiogram.fsm.storage.base import StorageKey
from sqlalchemy import select, text

from bot.domain.outgoing import DeliveryState, Outgoing, Recipient
from bot.domain.person import Address, Invitation, Role
from bot.domain.question import Author, Exchange, Line, QuestionState
from storage.fsm import SqlStorage
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.tables.people import AccountRow
from storage.tables.questions import ExchangeRow, QuestionRow
from storage.unit_of_work import SqlUnitOfWork
from storage.web import WebStorage

BIG = 2**53 + 7
GROUP = -1_001_234_567_890


async def test_a_person_is_found_by_channel_and_user(work, now):
    async with work() as unit:
        person = await unit.people.add("web", BIG, BIG + 1, now)
        await unit.commit()
    async with work() as unit:
        assert await unit.people.at("web", BIG) == person
        assert await unit.people.get(person.id) == person
        assert await unit.people.at("telegram", BIG) is None
        assert await unit.people.at("web", BIG + 1) is None
        assert await unit.people.get(person.id + 1) is None
        assert await unit.people.addresses([person.id]) == {person.id: [Address("web", BIG + 1)]}


async def test_without_commit_nothing_stays(work, now):
    async with work() as unit:
        await unit.people.add("telegram", 5, 5, now)
    with pytest.raises(ZeroDivisionError):
        async with work() as unit:
            await unit.people.add("telegram", 6, 6, now)
            raise ZeroDivisionError
    async with work() as unit:
        assert await unit.people.at("telegram", 5) is None
        assert await unit.people.at("telegram", 6) is None


async def test_two_first_messages_at_once_make_one_person(work, now):
    async def first_message():
        async with work() as unit:
            person = await unit.people.add("telegram", 5, 5, now)
            await unit.commit()
            return person.id

    assert len(set(await asyncio.gather(*(first_message() for _ in range(5))))) == 1


async def test_language_and_roles(work, now, person):
    async with work() as unit:
        boss = await unit.people.add("telegram", 9, 9, now)
        await unit.people.set_language(person.id, "ti", chosen=False)
        for _ in range(2):
            await unit.people.grant(person.id, Role.KEY_FIGURE, boss.id, now)
        await unit.people.grant(person.id, Role.AREA_MANAGER, None, now)
        await unit.commit()
    async with work() as unit:
        found = await unit.people.at("telegram", 5)
        assert (found.language, found.chosen) == ("ti", False)
        assert found.roles == {Role.KEY_FIGURE, Role.AREA_MANAGER}
        assert [each.id for each in await unit.people.with_role(Role.AREA_MANAGER)] == [person.id]
        assert (await unit.people.with_role(Role.AREA_MANAGER))[0].roles == found.roles
        await unit.people.revoke(person.id, Role.AREA_MANAGER)
        await unit.people.set_language(person.id, "ar", chosen=True)
        await unit.commit()
    async with work() as unit:
        found = await unit.people.get(person.id)
        assert (found.language, found.chosen, found.roles) == ("ar", True, {Role.KEY_FIGURE})
        assert await unit.people.with_role(Role.AREA_MANAGER) == []


async def test_blocked_addresses_are_left_out_until_the_person_writes(work, now, person):
    async with work() as unit:
        await unit.people.mark_unreachable(Address("telegram", 5), DeliveryState.BLOCKED)
        await unit.commit()
    async with work() as unit:
        assert await unit.people.addresses([person.id, 77]) == {person.id: [], 77: []}
        assert await unit.people.at("telegram", 5) == person
        await unit.people.mark_reachable("telegram", 5, now + timedelta(days=1))
        await unit.commit()
    async with work() as unit:
        assert await unit.people.addresses([person.id]) == {person.id: [Address("telegram", 5)]}


async def test_the_channel_used_last_comes_first(database, cipher, work, now, person):
    async with work() as unit:
        other = await unit.people.add("web", BIG, BIG, now + timedelta(hours=1))
        await unit.commit()
    async with database.writing() as session:
        account = (await session.execute(select(AccountRow).filter_by(person_id=other.id))).scalar_one()
        account.person_id = person.id
        await session.commit()
    async with work() as unit:
        assert [each.channel for each in (await unit.people.addresses([person.id]))[person.id]] == [
            "web",
            "telegram",
        ]
        await unit.people.mark_reachable("telegram", 5, now + timedelta(hours=2))
        assert (await unit.people.addresses([person.id]))[person.id][0].channel == "telegram"


async def test_ids_are_not_readable_in_the_database(database, work, now):
    async with work() as unit:
        await unit.people.add("telegram", 4_815_162_342, 4_815_162_342, now)
        await unit.commit()
    async with database.reading() as session:
        row = (await session.execute(text("SELECT * FROM accounts"))).one()
    assert not any("4815162342" in str(value) or value == 4_815_162_342 for value in row)


async def test_a_chat_that_moved_takes_along_what_waits(database, work, now, person):
    there, new = Address("telegram", GROUP), GROUP - 1
    async with work() as unit:
        alone = await unit.outbox.add(Outgoing("a"), [Recipient(there)], now)
        both = await unit.outbox.add(
            Outgoing("b"), [Recipient(there), Recipient(Address("telegram", new))], now
        )
        sent = await unit.outbox.add(Outgoing("c"), [Recipient(there)], now)
        await unit.commit()
    async with database.writing() as session:
        row = (await session.execute(select(DeliveryRow).filter_by(message_id=sent))).scalar_one()
        row.state = "sent"
        await session.commit()
    async with work() as unit:
        await unit.people.moved("telegram", GROUP, new)
        await unit.people.moved("telegram", 5, 55)
        await unit.commit()
    async with database.reading() as session:
        rows = (await session.execute(select(DeliveryRow).order_by(DeliveryRow.id))).scalars().all()
    assert [(row.message_id, row.chat_id, row.state) for row in rows] == [
        (alone, new, "queued"),
        (both, GROUP, "cancelled"),
        (both, new, "queued"),
        (sent, GROUP, "sent"),
    ]
    async with work() as unit:
        assert await unit.people.addresses([person.id]) == {person.id: [Address("telegram", 55)]}
        await unit.people.mark_unreachable(Address("telegram", 55), DeliveryState.GONE)
        assert await unit.people.addresses([person.id]) == {person.id: []}


class TestInvitations:
    invitation_role = Role.AREA_MANAGER

    def invitation(self, now):
        return Invitation(self.invitation_role, now, now + timedelta(days=7))

    async def test_it_works_once(self, work, now, person):
        async with work() as unit:
            await unit.invitations.add("secret-token", self.invitation(now))
            await unit.commit()
        async with work() as unit:
            assert await unit.invitations.take("other-token", person.id, now) is None
            assert await unit.invitations.take("secret-token", person.id, now) == self.invitation(now)
            await unit.commit()
        async with work() as unit:
            assert await unit.invitations.take("secret-token", person.id, now) is None

    async def test_it_expires(self, work, now, person):
        async with work() as unit:
            await unit.invitations.add("secret-token", self.invitation(now))
            assert await unit.invitations.take("secret-token", person.id, now + timedelta(days=7)) is None

    async def test_one_of_many_takers_gets_it(self, work, now, person):
        async with work() as unit:
            await unit.invitations.add("secret-token", self.invitation(now))
            await unit.commit()

        async def take():
            async with work() as unit:
                taken = await unit.invitations.take("secret-token", person.id, now)
                await unit.commit()
                return taken is not None

        assert sorted(await asyncio.gather(*(take() for _ in range(5)))) == [False] * 4 + [True]

    async def test_the_token_is_nowhere(self, database, work, now):
        async with work() as unit:
            await unit.invitations.add("secret-token", self.invitation(now))
            await unit.commit()
        async with database.reading() as session:
            row = (await session.execute(text("SELECT * FROM invitations"))).one()
        assert "secret-token" not in str(tuple(row))


async def fill(work, database, cipher, now, person):
    """Give the person something in every store; `other` shares one message."""
    fsm = SqlStorage(database, cipher)
    await fsm.set_data(StorageKey(1, 5, 5), {"street": "Hoogstraat"})
    await fsm.set_state(StorageKey(1, 6, 6), "Form:name")
    async with work() as unit:
        other = await unit.people.add("telegram", 6, 6, now)
        await unit.people.grant(person.id, Role.KEY_FIGURE, None, now)
        await unit.people.grant(other.id, Role.KEY_FIGURE, person.id, now)
        asked = await unit.questions.add(person.id, "nl", "mijn vraag", now, now)
        await unit.questions.add_line(asked.id, Line(Author.MUNICIPALITY, other.id, "ons antwoord", now))
        foreign = await unit.questions.add(other.id, "nl", "andere vraag", now, now)
        await unit.questions.set_state(foreign.id, QuestionState.OPEN, QuestionState.TAKEN, person.id, now)
        await unit.questions.add_line(foreign.id, Line(Author.MUNICIPALITY, person.id, "momentje", now))
        await unit.exchanges.add(
            Exchange(person.id, "hoe lang", "nl", "answer", "waiting", 3, ("waiting",), now)
        )
        await unit.outbox.add(Outgoing("voor jou"), [Recipient(Address("telegram", 5), person.id)], now)
        await unit.outbox.add(
            Outgoing("voor allen"),
            [Recipient(Address("telegram", 5), person.id), Recipient(Address("telegram", 6), other.id)],
            now,
        )
        await unit.commit()
    return other, asked, foreign


async def test_everything_about_somebody_is_readable(work, database, cipher, now, person):
    await fill(work, database, cipher, now, person)
    async with work() as unit:
        about = await unit.people.everything_about(person.id)
        assert await unit.people.everything_about(999) == {}
    assert about["person"]["accounts"][0]["user"] == 5
    assert list(about["person"]["roles"]) == ["key_figure"]
    assert [line["text"] for line in about["questions"][0]["lines"]] == ["mijn vraag", "ons antwoord"]
    assert about["exchanges"][0]["text"] == "hoe lang"
    assert [message["text"] for message in about["messages"]] == ["voor jou", "voor allen"]
    assert "Hoogstraat" in about["unfinished"][0]["filled_in"]


async def test_forgetting_leaves_counts_and_nobody(work, database, cipher, now, person):
    other, asked, foreign = await fill(work, database, cipher, now, person)
    async with work() as unit:
        await unit.people.forget(person.id)
        await unit.commit()
    async with work() as unit:
        assert await unit.people.get(person.id) is None
        assert await unit.people.at("telegram", 5) is None
        assert await unit.people.everything_about(person.id) == {}
        assert await unit.questions.get(asked.id) is None
        assert await unit.exchanges.told("waiting", [3]) == []
        kept = await unit.questions.get(foreign.id)
        assert (kept.state, kept.taken_by) == (QuestionState.OPEN, None)
        assert [line.text for line in kept.lines] == ["andere vraag", "momentje"]
        assert (await unit.people.get(other.id)).roles == {Role.KEY_FIGURE}
    async with database.reading() as session:
        exchange = (await session.execute(select(ExchangeRow))).scalar_one()
        assert (exchange.person_id, exchange.text, exchange.entry) == (None, None, "waiting")
        question = await session.get(QuestionRow, asked.id)
        assert (question.person_id, question.state) == (None, "closed")
        rows = (await session.execute(select(DeliveryRow).order_by(DeliveryRow.id))).scalars().all()
        assert [(row.channel, row.state) for row in rows] == [
            ("forgotten", "cancelled"),
            ("forgotten", "cancelled"),
            ("telegram", "queued"),
        ]
        assert all(row.chat_id == row.id and row.person_id is None for row in rows[:2])
        payloads = (await session.execute(select(MessageRow.payload).order_by(MessageRow.id))).scalars().all()
        assert payloads[0] is None
        assert payloads[1] is not None
    fsm = SqlStorage(database, cipher)
    assert await fsm.get_data(StorageKey(1, 5, 5)) == {}
    assert await fsm.get_state(StorageKey(1, 6, 6)) == "Form:name"


async def test_a_forgotten_number_is_never_somebody_else(work, now, person):
    async with work() as unit:
        await unit.people.forget(person.id)
        again = await unit.people.add("telegram", 5, 5, now)
        await unit.commit()
    assert again.id != person.id


async def test_every_store_of_the_web_chat_is_forgotten_too(work, database, cipher, now):
    web = WebStorage(database, cipher)
    assert hasattr(web, "erase")
    async with SqlUnitOfWork(database, cipher) as unit:
        person = await unit.people.add("web", BIG, BIG, now)
        await unit.commit()
    async with work() as unit:
        assert (await unit.people.everything_about(person.id))["web_chat"] == [{"messages": 0, "files": 0}]
        await unit.people.forget(person.id)
        await unit.commit()
    async with work() as unit:
        assert await unit.people.at("web", BIG) is None
