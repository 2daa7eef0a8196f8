# SPDX-License-Identifier: EUPL-1.2
"""Through the chat: correcting, withdrawing, trying again, deciding about what came too late."""

import asyncio

from conversations import begin_draft, send_now

WRONG, RIGHT = "Maandag is de straat dicht.", "Dinsdag is de straat dicht."


def texts_of(person) -> list[str]:
    return [each.get("text") or "" for each in person.messages]


async def sent_to(chats, count: int):
    manager = await chats.manager()
    people = [await chats.subscriber("nl") for _ in range(count)]
    await begin_draft(manager, WRONG)
    await send_now(manager)
    return manager, people


async def test_a_correction_changes_the_message_and_a_double_tap_changes_it_once(chats) -> None:
    manager, (reader,) = await sent_to(chats, 1)
    chats.passes(minutes=1)
    await reader.waits_for(WRONG)
    await manager.waits_for("1 van 1", seconds=15)
    await manager.presses("Bericht 1 openen")
    await manager.presses("Verbeteren")
    await manager.presses("Nederlands")
    await manager.says(RIGHT)
    assert "Bericht 1 verbeteren?" in manager.sees
    assert not [text for text in texts_of(reader) if RIGHT in text]
    await asyncio.gather(*(manager.presses("Verbetering versturen") for _ in range(3)))
    await reader.waits_until(lambda: any(RIGHT in text for text in texts_of(reader)), "the right text")
    assert not [text for text in texts_of(reader) if WRONG in text]
    await manager.says("/bericht")
    await manager.presses("1: Dinsdag")
    await manager.presses("Geschiedenis")
    assert manager.sees.count("verbeterd") == 1


async def test_withdrawing_deletes_it_once_sure(chats) -> None:
    manager, (reader,) = await sent_to(chats, 1)
    colleague = await chats.manager()
    chats.passes(minutes=1)
    await reader.waits_for(WRONG)
    await manager.waits_for("1 van 1", seconds=15)
    for person in (manager, colleague):
        await person.forges("bc-withdraw:1:")
        assert "Waar het kan wordt het verwijderd" in person.sees
    assert [text for text in texts_of(reader) if WRONG in text]
    await asyncio.gather(manager.presses("Intrekken"), colleague.presses("Intrekken"))
    assert sum("al gedaan" in person.sees for person in (manager, colleague)) == 1
    await reader.waits_until(lambda: not any(WRONG in text for text in texts_of(reader)), "its removal")
    await manager.forges("bc-retry:1")
    assert "al gedaan" in manager.sees


async def test_what_failed_is_tried_again_and_who_blocked_is_shown(chats) -> None:
    manager, (reader, gone) = await sent_to(chats, 2)
    gone.chat.blocked = "bot was blocked by the user"
    fault = chats.server.goes_wrong(code=400, description="Bad Request: nobody knows", chat_id=reader.id)
    chats.passes(minutes=1)
    await manager.waits_for("is klaar: 0 van 2", seconds=15)
    assert "geblokkeerd 1" in manager.sees
    assert "mislukt 1" in manager.sees
    chats.server.faults.remove(fault)
    await manager.presses("1 mislukte opnieuw proberen")
    await reader.waits_for(WRONG)
    await manager.waits_for("is klaar: 1 van 2", seconds=15)
    assert len([text for text in texts_of(reader) if WRONG in text]) == 1


async def test_what_came_too_late_waits_for_one_of_two_gebiedsmanagers(chats) -> None:
    first, second = await chats.manager(), await chats.manager()
    reader = await chats.subscriber("nl")
    await begin_draft(first, WRONG)
    await first.presses("Versturen of plannen")
    await first.presses("🗓 Plannen")
    await first.says("over 2 uur")
    await first.presses("Zo plannen")
    chats.passes(hours=3)  # as after an outage: the clock of the plans wakes up an hour too late
    for person in (first, second):
        await person.waits_for("had weg moeten gaan")
    assert not [text for text in texts_of(reader) if WRONG in text]
    await first.presses("Nu versturen")
    await second.presses("Nu versturen")
    for person in (first, second):
        assert "nu meteen versturen?" in person.sees
    await asyncio.gather(first.presses("Nu versturen"), second.presses("Nu versturen"))
    assert sum("al gedaan" in person.sees for person in (first, second)) == 1
    await reader.waits_for(WRONG)
    assert len([text for text in texts_of(reader) if WRONG in text]) == 1
