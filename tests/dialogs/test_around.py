# SPDX-License-Identifier: EUPL-1.2
"""What is around the questions: languages, commands, own data, invitations, floods, what is not text."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.person import Role
from bot.i18n import plain
from handlers.menu import ITEMS
from handlers.middlewares.flood import BURST

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_language_can_be_changed_at_any_time(town, code):
    person = await town.resident("en" if code == "nl" else "nl")
    await person.says("/taal")
    assert town.shown(code, "language.question") in person.sees
    await person.presses(town.app.languages.get(code).name)
    assert town.shown(code, "home.text", municipality=town.app.municipality.name) in person.sees
    await person.says("/help")
    assert town.shown(code, "help.text", municipality=town.app.municipality.name) in person.sees


async def test_a_message_in_another_language_offers_to_switch_once(town):
    text, _entry = town.answered("en")
    person = await town.resident("nl")
    await person.says(text)
    english = town.texts("en")
    offer = town.shown("en", "language.offer", language=english.language.name)
    assert offer in person.sees
    await person.says(text)
    assert offer not in person.sees
    await person.presses(english.language.name)
    assert english.label("language.taken-over") in person.alerts
    await person.says("/help")
    assert town.shown("en", "help.text", municipality=town.app.municipality.name) in person.sees


async def test_an_unknown_language_code_is_refused(town):
    person = await town.resident("nl")
    await person.forges("language:xx")
    assert town.shown("nl", "errors.not-found") in person.sees


async def test_every_command_answers_in_the_language(town, code):
    person = await town.resident(code)
    for item in ITEMS:
        if item.role is Role.RESIDENT:
            await person.says(f"/{item.command}")
            assert person.sees, item.command
            assert town.shown(code, "other.command") not in person.sees, item.command


async def test_every_button_of_the_help_answers(town, code):
    person = await town.resident(code)
    await person.says("/help")
    for label in [each for each in person.buttons if each != town.texts(code).label("menu.help")]:
        await person.says("/help")
        await person.presses(label)
        assert person.sees or person.alerts, label
        assert not any(town.texts(code).label("errors.stale") == each for each in person.alerts), label
        if len(person.messages) > 24:
            person = await town.resident(code)  # nobody presses so fast


async def test_an_unknown_command_shows_what_there_is(town, code):
    person = await town.resident(code)
    await person.says("/abracadabra")
    assert town.shown(code, "other.command") in person.sees
    assert town.texts(code).label("menu.vraag") in person.buttons


async def test_commands_of_others_are_unknown_to_a_resident(town):
    person = await town.resident("nl")
    for item in ITEMS:
        if item.role is not Role.RESIDENT:
            await person.says(f"/{item.command}")
            assert town.shown("nl", "other.command") in person.sees


async def test_what_is_not_text_gets_a_kind_answer(town, code):
    person = await town.resident(code)
    options = [{"text": each, "persistent_id": each, "voter_count": 0} for each in "ab"]
    poll = {
        **{"id": "1", "question": "?", "options": options, "total_voter_count": 0, "is_closed": False},
        **{"is_anonymous": True, "type": "regular", "allows_multiple_answers": False},
        **{"allows_revoting": False, "members_only": False},
    }
    something = town.shown(code, "other.something")
    sent = [
        (person.sends_voice, town.shown(code, "other.voice")),
        (person.sends_photo, town.shown(code, "other.picture")),
        (person.sends_document, town.shown(code, "other.picture")),
        (person.sends_location, town.shown(code, "other.place")),
        (person.sends_sticker, something),
        (person.sends_contact, something),
        (lambda: person.sends({"dice": {"emoji": "🎲", "value": 3}}), something),
        (lambda: person.sends({"poll": poll}), something),
    ]
    for send, answer in sent:
        await send()
        assert answer in person.sees
        assert person.buttons


async def test_my_data_is_shown_and_comes_as_a_file(town, code):
    text, _entry = town.answered(code)
    person = await town.resident(code)
    await person.says(text)
    await person.says("/mijngegevens")
    assert town.app.languages.get(code).name in person.sees
    (document,) = [each["document"] for each in person.news if "document" in each]
    kept = json.loads(town.server.state.files[document["file_id"]][1])
    assert [each["text"] for each in kept["exchanges"]] == [text]


async def test_forgetting_is_asked_once_more_and_then_done(town, code):
    text, _entry = town.answered(code)
    person = await town.resident(code)
    label = town.texts(code).label
    await person.says(text)
    await person.says("/vergeetmij")
    assert town.shown(code, "my-data.sure") in person.sees
    await person.presses(label("button.cancel"))
    known = await town.app.people.known("telegram", person.id)
    assert known is not None
    await person.says("/vergeetmij")
    await person.presses(label("my-data.remove"))
    assert town.shown(code, "my-data.gone") in person.sees
    assert await town.app.people.known("telegram", person.id) is None
    await person.opens()  # begins anew
    assert town.app.languages.get(code).name in person.buttons


async def test_stop_ends_the_updates_and_not_the_chat(town, code):
    text, _entry = town.answered(code)
    person = await town.resident(code)
    await person.says("/stop")
    assert town.shown(code, "updates.stopped") in person.sees
    await person.says(text)
    assert town.texts(code).label("answer.helped") in person.buttons


async def test_an_invitation_works_once(town):
    token = await town.app.people.invite(Role.AREA_MANAGER, None)
    first, second = await town.resident("nl"), await town.resident("nl")
    await first.opens(token)
    assert town.shown("nl", "role.granted.area_manager") in first.sees
    await first.says("/vragen")
    assert town.shown("nl", "other.command") not in first.sees
    await second.opens(token)
    assert town.shown("nl", "errors.invitation") in second.sees
    await second.says("/vragen")
    assert town.shown("nl", "other.command") in second.sees


async def test_a_flood_is_held_back_and_told_once(town):
    person = await town.resident("nl")
    for _ in range(BURST + 5):
        await person.says("/help")
    told = [each for each in person.messages if each.get("text") == town.shown("nl", "errors.too-fast")]
    assert len(told) == 1
    callbacks = [await person.forges("topics") for _ in range(3)]
    assert [each.answers for each in callbacks] == [1, 1, 1]  # a button never keeps turning


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "entry:nothing-here:0",
        "entry::",
        "helped:99999999:1",
        "none:1",
        "topic:nowhere:0",
        "entry:waiting-time:-1",
        "topic:housing:99999",
        "language:",
        "person:99999999",
        "send-question:x",
        "write-on:1",
        "solved:1",
        "forget-me:x",
        "entry:waiting-time:99999999999999999999",
        "helped:-1:0",
        "\x00",
        "é" * 32,
    ],
)
async def test_a_forged_button_is_answered_and_does_nothing(town, data):
    person = await town.resident("nl")
    callback = await person.forges(data)
    assert callback.answers == 1


async def test_somebody_elses_exchange_cannot_be_used(town):
    text, _entry = town.answered("nl")
    owner, other = await town.resident("nl"), await town.resident("nl")
    await owner.says(text)
    helped = next(
        each["callback_data"] for each in owner.all_buttons if each["callback_data"].startswith("helped")
    )
    number = helped.split(":")[1]
    for data in (helped, f"none:{number}", f"person:{number}"):
        await other.forges(data)
        assert town.shown("nl", "errors.not-found") in other.sees
        assert text not in other.sees


async def test_an_update_that_comes_twice_is_answered_once(town):
    text, _entry = town.answered("nl")
    person = await town.resident("nl")
    await person.says(text)
    before = len(person.messages)
    await person.repeats_last_update()
    assert len(person.messages) == before


@pytest.mark.parametrize("kind", ["message", "poll_answer"])
async def test_an_update_that_is_not_understood_holds_up_nobody(town, kind):
    allowed, town.server.updates.allowed = town.server.updates.allowed, frozenset({"message", kind})
    await town.server.updates.add(kind, {"from_another": "version"})
    town.server.updates.allowed = allowed
    person = await town.resident("nl")
    await person.says("/help")
    assert person.buttons


async def test_who_blocks_the_bot_and_comes_back_is_served(town):
    person = await town.resident("nl")
    await person.blocks()
    await person.unblocks()
    await person.says("/help")
    assert person.sees


async def test_the_menu_is_there_in_every_language(town):
    commands = town.server.state.commands
    for each in (*town.app.languages.codes, ""):
        menu = commands["all_private_chats", 0, 0, each]
        assert [command["command"] for command in menu] == [
            item.command for item in ITEMS if item.role is Role.RESIDENT
        ]


async def test_the_gebiedsmanager_sees_what_the_answers_lack(town, code):
    manager = await town.manager(code)
    await manager.says("/kennis")
    for language in town.app.languages:
        assert language.name in manager.sees
    assert manager.sees.startswith(town.shown(code, "knowledge.head"))
    assert town.shown(code, "knowledge.figures-hold") in manager.sees
    town.clock.stands_at(datetime(2028, 1, 3, 10, 0, tzinfo=UTC))
    await manager.presses(town.texts(code).label("button.home"))
    await manager.presses(town.texts(code).label("menu.kennis"))
    assert "income_limit_one" in plain(manager.sees)
