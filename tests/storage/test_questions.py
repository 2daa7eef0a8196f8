# SPDX-License-Identifier: EUPL-1.2
"""Questions to a person, and exchanges with the bot, on both databases."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, text

from bot.domain.question import Author, Exchange, Line, QuestionState
from storage.tables.questions import QuestionChangeRow

HOUR = timedelta(hours=1)


async def test_a_question_with_its_lines(work, now, person):
    async with work() as unit:
        asked = await unit.questions.add(person.id, "ti", "ገዛ ክረክብ እደሊ", now, now + HOUR)
        await unit.commit()
    line = Line(Author.MUNICIPALITY, person.id, "Dag", now + HOUR)
    async with work() as unit:
        assert await unit.questions.get(asked.id) == asked
        assert await unit.questions.get(asked.id + 1) is None
        await unit.questions.add_line(asked.id, line)
        await unit.commit()
    async with work() as unit:
        assert (await unit.questions.get(asked.id)).lines == (*asked.lines, line)


async def test_lists_have_their_order(work, now, person):
    async with work() as unit:
        first, second, third = [
            await unit.questions.add(person.id, "nl", str(number), now + number * HOUR, now)
            for number in range(3)
        ]
        await unit.questions.set_state(second.id, QuestionState.OPEN, QuestionState.CLOSED, None, now)
        await unit.commit()
    async with work() as unit:
        mine = await unit.questions.of_person(person.id)
        assert [question.id for question in mine] == [third.id, second.id, first.id]
        open_ones = await unit.questions.in_states({QuestionState.OPEN})
        assert [question.id for question in open_ones] == [first.id, third.id]
        assert len(await unit.questions.in_states({QuestionState.OPEN, QuestionState.CLOSED}, limit=2)) == 2


async def test_only_one_of_two_takes_a_question(work, now, person):
    async with work() as unit:
        asked = await unit.questions.add(person.id, "nl", "hoi", now, now)
        others = [(await unit.people.add("telegram", user, user, now)).id for user in (21, 22, 23)]
        await unit.commit()

    async def take(by):
        async with work() as unit:
            won = await unit.questions.set_state(asked.id, QuestionState.OPEN, QuestionState.TAKEN, by, now)
            await unit.commit()
            return by if won else None

    winners = [by for by in await asyncio.gather(*map(take, others)) if by is not None]
    assert len(winners) == 1
    async with work() as unit:
        found = await unit.questions.get(asked.id)
    assert (found.state, found.taken_by) == (QuestionState.TAKEN, winners[0])


async def test_who_did_what_is_kept(database, work, now, person):
    async with work() as unit:
        asked = await unit.questions.add(person.id, "nl", "hoi", now, now)
        manager = await unit.people.add("telegram", 9, 9, now)
        steps = [
            (QuestionState.OPEN, QuestionState.TAKEN, manager.id, manager.id),
            (QuestionState.TAKEN, QuestionState.ANSWERED, manager.id, manager.id),
            (QuestionState.ANSWERED, QuestionState.CLOSED, person.id, manager.id),
            (QuestionState.CLOSED, QuestionState.OPEN, person.id, None),
        ]
        for present, wanted, by, taken_by in steps:
            assert await unit.questions.set_state(asked.id, present, wanted, by, now)
            assert (await unit.questions.get(asked.id)).taken_by == taken_by
        await unit.commit()
    async with database.reading() as session:
        rows = (await session.execute(select(QuestionChangeRow).order_by(QuestionChangeRow.id))).scalars()
        assert [(row.before, row.after, row.by) for row in rows] == [
            (present.value, wanted.value, by) for present, wanted, by, _ in steps
        ]


def exchange(person, now, entry="waiting", revision=1, asked="hoe lang"):
    return Exchange(person.id, asked, "nl", "answer", entry, revision, ("waiting", "points"), now)


async def test_an_exchange_is_its_persons_alone(work, now, person):
    async with work() as unit:
        assert await unit.exchanges.before(person.id, now) == (None, False)
        asked = exchange(person, now)
        number = asked.id
        await unit.exchanges.add(asked)
        await unit.commit()
    async with work() as unit:
        assert await unit.exchanges.before(person.id, now) == ("waiting", True)
        found = await unit.exchanges.get(number, person.id)
        assert (found.text, found.candidates, found.helped) == ("hoe lang", ("waiting", "points"), None)
        assert await unit.exchanges.get(number, person.id + 1) is None
        assert not await unit.exchanges.set_helped(number, person.id + 1, helped=True)
        assert await unit.exchanges.set_helped(number, person.id, helped=False)
        assert (await unit.exchanges.get(number, person.id)).helped is False


async def test_the_last_entry_is_the_newest_that_was_shown(work, now, person):
    async with work() as unit:
        await unit.exchanges.add(exchange(person, now, "waiting"))
        await unit.exchanges.add(exchange(person, now + HOUR, "points"))
        await unit.exchanges.add(exchange(person, now + 2 * HOUR, None, None))
        assert await unit.exchanges.before(person.id, now) == ("points", True)
        assert await unit.exchanges.before(person.id, now + 2 * HOUR) == (None, True)
        assert await unit.exchanges.before(person.id + 1, now) == (None, False)


async def test_who_was_told_a_wrong_text(work, now, person):
    async with work() as unit:
        other = await unit.people.add("telegram", 6, 6, now)
        for revision, who in ((1, person), (1, person), (2, person), (3, other)):
            await unit.exchanges.add(exchange(who, now, revision=revision))
        assert await unit.exchanges.told("waiting", [1, 2]) == [person.id]
        assert await unit.exchanges.told("waiting", [2, 3]) == [person.id, other.id]
        assert await unit.exchanges.told("points", [1]) == []


async def test_erasing_takes_the_text_and_leaves_the_entry(work, now, person):
    async with work() as unit:
        older, newer = exchange(person, now), exchange(person, now + HOUR)
        old, new = older.id, newer.id
        await unit.exchanges.add(older)
        await unit.exchanges.add(newer)
        assert await unit.exchanges.erase_texts(now + HOUR) == 1
        assert await unit.exchanges.erase_texts(now + HOUR) == 0
        found = await unit.exchanges.get(old, person.id)
        assert (found.text, found.entry, found.revision) == ("", "waiting", 1)
        assert (await unit.exchanges.get(new, person.id)).text == "hoe lang"


async def test_texts_are_not_readable_in_the_database(database, work, now, person):
    async with work() as unit:
        await unit.exchanges.add(exchange(person, now, asked="GEHEIM"))
        await unit.questions.add(person.id, "nl", "GEHEIM", now, now)
        await unit.commit()
    async with database.reading() as session:
        for table in ("exchanges", "question_lines"):
            row = (await session.execute(text(f"SELECT * FROM {table}"))).one()  # noqa: S608
            assert not any(
                b"GEHEIM" in (value if isinstance(value, bytes) else str(value).encode()) for value in row
            )
