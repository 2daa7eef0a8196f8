# SPDX-License-Identifier: EUPL-1.2
"""A question to a person: there and back, with the promise of when, and the roles checked at each step."""

from datetime import UTC, datetime

import pytest

from bot.domain.person import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = {
    "nl": "Waarom staat er al weken een hek om het veld?",
    "ar": "لماذا يوجد سياج حول الملعب منذ أسابيع؟",
    "ti": "ስለምንታይ ካብ ሰሙናት ኣብ ዙርያ እቲ ሜዳ ሓጹር ኣሎ?",
    "en": "Why has there been a fence around the field for weeks?",
}


async def hand_over(town, person, code, text):
    """Ask a person."""
    await person.says("/contact")
    assert town.shown(code, "contact.write") in person.sees
    await person.says(text)
    await person.presses(town.texts(code).label("button.send"))
    return (await town.app.dispatcher["questions"].of_person(await known(town, person)))[0]


async def known(town, person):
    """Return the person as the bot knows them."""
    return await town.app.people.known("telegram", person.id)


async def test_there_and_back(town, code):
    manager = await town.manager()
    dutch, label = town.texts("nl").label, town.texts(code).label
    resident = await town.resident(code)
    question = await hand_over(town, resident, code, QUESTION[code])
    assert str(question.id) in resident.sees
    assert (
        town.texts(code).day(question.due_at.astimezone(town.app.municipality.zone).date()) in resident.sees
    )
    await manager.waits_for(QUESTION[code])
    assert dutch("desk.answer") in manager.buttons
    await manager.presses(dutch("desk.answer"))
    assert town.app.languages.get(code).name in manager.sees  # in which language to write
    await manager.says("Morgen is het veld weer open. Tot 12:00 & <later>.")
    await manager.presses(dutch("button.send"))
    await resident.waits_for("Morgen is het veld weer open. Tot 12:00 & <later>.")
    assert QUESTION[code] in resident.sees
    await resident.presses(label("contact.ask-further"))
    await resident.says("xqzw?")
    await resident.presses(label("button.send"))
    await manager.waits_for("xqzw?")
    await resident.presses(label("contact.solved"))
    assert label("answer.glad") in resident.alerts


async def test_only_the_first_answer_goes_when_two_write(town):
    one, two = await town.manager(), await town.manager()
    label = town.texts("nl").label
    resident = await town.resident("nl")
    question = await hand_over(town, resident, "nl", "Wie maait het gras?")
    for each in (one, two):
        await each.waits_for("Wie maait het gras?")
        await each.forges(f"answer-question:{question.id}")
        await each.says("Wij maaien het.")
    await one.presses(label("button.send"))
    await resident.waits_for("Wij maaien het.")
    await two.presses(label("button.send"))
    assert town.shown("nl", "errors.stale") in two.sees
    answers = [each for each in resident.messages if "Wij maaien het." in each.get("text", "")]
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "woensdag 25 november"),
        (datetime(2026, 11, 23, 18, 0, tzinfo=UTC), "donderdag 26 november"),  # after closing
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), "woensdag 2 december"),  # Friday evening
        (datetime(2026, 12, 24, 10, 0, tzinfo=UTC), "dinsdag 29 december"),  # Christmas and a weekend
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "woensdag 1 april"),  # the clocks go forward that night
    ],
)
async def test_the_promise_knows_hours_weekends_and_holidays(town, asked, due):
    resident = await town.resident("nl")
    town.clock.stands_at(asked)
    await hand_over(town, resident, "nl", f"Wanneer? {asked:%d %H}")
    assert due in resident.sees


async def test_a_question_can_be_reworded_and_dropped(town, code):
    resident = await town.resident(code)
    label = town.texts(code).label
    await resident.says("/contact")
    await resident.says("xqzw een")
    await resident.presses(label("button.reword"))
    await resident.says("xqzw twee")
    assert "xqzw twee" in resident.sees
    await resident.presses(label("button.cancel"))
    assert town.shown(code, "form.cancelled") in resident.sees
    assert await town.app.dispatcher["questions"].of_person(await known(town, resident)) == []


async def test_an_old_button_sends_nothing(town):
    resident = await town.resident("nl")
    await resident.says("/contact")
    await resident.says("xqzw een")
    old = next(each for each in resident.all_buttons if each["text"] == town.texts("nl").label("button.send"))
    await resident.presses(town.texts("nl").label("button.cancel"))
    await resident.forges(old["callback_data"])
    assert town.shown("nl", "errors.stale") in resident.sees
    assert await town.app.dispatcher["questions"].of_person(await known(town, resident)) == []


@pytest.mark.parametrize("length", [2001, 4096])
async def test_too_long_a_question_is_told_before_it_is_shown(town, length):
    resident = await town.resident("nl")
    await resident.says("/contact")
    await resident.says("a" * length)
    assert town.shown("nl", "errors.too-long", length=length, limit=2000) in resident.sees
    await resident.says("Kort dan.")
    await resident.presses(town.texts("nl").label("button.send"))
    assert len(await town.app.dispatcher["questions"].of_person(await known(town, resident))) == 1


async def test_a_long_conversation_still_fits_on_the_card(town):
    manager = await town.manager()
    resident = await town.resident("nl")
    question = await hand_over(town, resident, "nl", "<&>" * 650)
    for number in range(5):
        await resident.forges(f"write-on:{question.id}")
        await resident.says(f"{number} " + "é&" * 950)
        await resident.presses(town.texts("nl").label("button.send"))
    await manager.waits_for("4 é&")
    await manager.forges(f"question:{question.id}")
    assert "4 é&" in manager.sees


DESK = (
    *("waiting-questions", "question:{}", "take-question:{}", "close-question:{}:1", "answer-question:{}"),
    *("people", "invite:area_manager", "groups", "broadcasts", "bc-new"),
)


async def test_a_resident_cannot_do_what_a_gebiedsmanager_does(town):
    manager, other = await town.manager(), await town.resident("nl")
    resident = await town.resident("nl")
    question = await hand_over(town, resident, "nl", "Alleen voor de gemeente xqzw")
    await manager.waits_for("Alleen voor de gemeente xqzw")
    offered = [each["callback_data"] for each in manager.all_buttons if "callback_data" in each]
    for index, data in enumerate(sorted({*offered, *(each.format(question.id) for each in DESK)})):
        if index % 15 == 14:
            other = await town.resident("nl")  # nobody presses so fast
        callback = await other.forges(data)
        assert callback.answers == 1, data
        assert "Alleen voor de gemeente" not in other.sees, data
    await other.says("Een antwoord van een ander")
    await town.server.quiet()
    assert not [each for each in resident.messages if "Een antwoord van een ander" in each.get("text", "")]
    assert (await town.app.dispatcher["questions"].of_person(await known(town, resident)))[0].state == "open"


async def test_who_lost_the_role_in_the_middle_sends_nothing(town):
    manager, second = await town.manager(), await town.manager()
    resident = await town.resident("nl")
    question = await hand_over(town, resident, "nl", "Nog iets xqzw")
    await manager.forges(f"answer-question:{question.id}")
    await manager.says("Dit mag niet meer weg")
    person = await known(town, manager)
    await town.app.people.revoke(await known(town, second), person.id, Role.AREA_MANAGER)
    await manager.presses(town.texts("nl").label("button.send"))
    assert town.shown("nl", "errors.stale") in manager.sees  # what only others may press is nobody's button
    assert not [each for each in resident.messages if "Dit mag niet" in each.get("text", "")]
