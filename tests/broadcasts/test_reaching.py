# SPDX-License-Identifier: EUPL-1.2
"""Through the chat: everybody gets it in their own language, in every kind of group, and can stop."""

from conversations import begin_draft, send_now, type_language

from bot.domain.person import Role

TEXTS = {
    "nl": "Morgen is de straat dicht.",
    "ar": "الشارع مغلق غدًا.",
    "ti": "ጽባሕ እቲ ጎደና ዕጹው እዩ።",
    "en": "The street is closed tomorrow.",
}
NAMES = {"ar": "العربية", "ti": "ትግርኛ", "en": "English"}


async def in_every_language(manager) -> None:
    await begin_draft(manager, TEXTS["nl"])
    for code, name in NAMES.items():
        await type_language(manager, name, TEXTS[code])


def got(messages, text: str) -> list:
    return [each for each in messages if text in (each.get("text") or "")]


async def test_four_subscribers_each_get_their_own_language_once(chats) -> None:
    manager = await chats.manager()
    people = {code: await chats.subscriber(code) for code in TEXTS}
    await in_every_language(manager)
    assert "Alle talen zijn klaar" in manager.sees
    await send_now(manager)
    chats.passes(minutes=1)
    for code, person in people.items():
        await person.waits_for(TEXTS[code])
    await manager.waits_for("4 van 4", seconds=15)
    for code, person in people.items():
        for other, text in TEXTS.items():
            assert len(got(person.messages, text)) == (other == code)


async def test_a_forum_thread_a_channel_and_two_languages_together_or_apart(chats) -> None:
    manager = await chats.manager()
    forum = await chats.group(manager, "Forum van de wijk", forum=True)
    thread = forum.opens_thread()
    await manager.says("/hier", chat=forum.chat, message_thread_id=thread, is_topic_message=True)
    assert forum.messages[-1]["text"] == "Goed. Berichten komen voortaan hier."
    channel = await chats.group(manager, "Kanaal van de wijk", kind="channel")
    assert "bewaar ik niets" in channel.messages[0]["text"]
    await manager.presses("العربية")
    await manager.presses("Talen samen in één bericht")
    apart = await chats.group(manager, "Buren apart")
    await manager.presses("العربية")
    await in_every_language(manager)
    await send_now(manager)
    chats.passes(minutes=1)
    await manager.waits_for("4 van 4", seconds=15)
    in_thread = got(forum.messages, TEXTS["nl"])
    assert [each["message_thread_id"] for each in in_thread] == [thread]
    both = got(channel.messages, TEXTS["nl"])
    assert len(both) == 1
    assert TEXTS["ar"] in both[0]["text"]
    assert [len(got(apart.messages, TEXTS[code])) for code in ("nl", "ar", "ti")] == [1, 1, 0]
    assert TEXTS["ar"] not in got(apart.messages, TEXTS["nl"])[0]["text"]


async def test_what_happens_to_a_group_is_shown_and_heeded(chats) -> None:
    manager = await chats.manager()
    group = await chats.group(manager, "Hofland")
    await begin_draft(manager, TEXTS["nl"])
    await group.silences_bot(manager)
    await manager.waits_for("mag er niet schrijven")
    await manager.presses("Versturen of plannen")
    assert "Niet: groep Hofland, want de bot mag er niet schrijven" in manager.sees
    assert "Niemand krijgt dit nu" in manager.sees
    await group.lets_bot_write(manager)
    await manager.waits_for("goedgekeurd")
    await group.kicks_bot(manager)
    await manager.waits_for("de bot is verwijderd")
    await group.adds_bot(manager)
    await manager.waits_for("wacht op goedkeuring")
    await manager.says("/bericht")
    await manager.presses("1: Morgen")
    await manager.presses("Versturen of plannen")
    assert "Niet: groep Hofland, want die is nog niet goedgekeurd" in manager.sees


async def test_a_group_that_became_a_supergroup_gets_it_there(chats) -> None:
    manager = await chats.manager()
    group = await chats.group(manager, "Verhuisd", kind="group")
    group.migrates()
    await begin_draft(manager, TEXTS["nl"])
    await send_now(manager)
    chats.passes(minutes=1)
    await manager.waits_for("1 van 1", seconds=15)
    assert len(got(group.messages, TEXTS["nl"])) == 1


async def test_the_gebiedsmanager_lets_the_bot_leave_once_sure(chats) -> None:
    manager = await chats.manager()
    group = await chats.group(manager, "Weg ermee")
    await manager.presses("Groep verlaten")
    assert group.chat.members[chats.server.bot["id"]] == "member"
    await manager.presses("Groep verlaten")
    assert group.chat.members[chats.server.bot["id"]] == "left"
    assert "verlaten" in manager.sees


async def test_in_a_group_it_is_silent_and_keeps_nothing(chats) -> None:
    manager = await chats.manager()
    group = await chats.group(manager, "Stil")
    before = len(group.messages)
    await manager.says("Wie komt er morgen?", chat=group.chat)
    await manager.says("/updates", chat=group.chat)
    await manager.says("/hier", chat=group.chat)
    stranger = chats.server.person("nl")
    await stranger.says("/hier", chat=group.chat)
    assert [each["text"] for each in group.messages[before:]] == ["Goed. Berichten komen voortaan hier."]
    assert await chats.app.people.known("telegram", stranger.id) is None


async def test_stop_works_in_the_middle_of_a_form_and_in_a_group(chats) -> None:
    manager = await chats.manager()
    helper = await chats.somebody("ar", Role.KEY_FIGURE)
    reader = await chats.subscriber("nl")
    group = await chats.group(manager, "Buren")
    await begin_draft(manager, TEXTS["nl"])
    await type_language(manager, NAMES["ar"], TEXTS["ar"])
    await send_now(manager)
    await helper.forges("heard:1")
    await helper.says("/stop")
    assert "لن تصلك رسائل" in helper.sees
    assert "ولا تحذيرات" in helper.sees
    await reader.says("/stop@buurtbrug_test_bot", chat=group.chat)
    assert "Gestopt" in group.messages[-1]["text"]
    chats.passes(minutes=1)
    await manager.waits_for("1 van 1", seconds=15)
    assert len(got(group.messages, TEXTS["nl"])) == 1
    chats.passes(days=2)
    await manager.says("/planning")
    for person in (helper, reader):
        assert not got(person.messages, TEXTS["nl"]) + got(person.messages, TEXTS["ar"])
    await reader.says("/updates")
    assert "Je krijgt nu geen berichten" in reader.sees


async def test_who_stopped_may_keep_warnings(chats) -> None:
    manager = await chats.manager()
    reader = await chats.subscriber("nl")
    await reader.says("/stop")
    await reader.presses("Wel waarschuwingen")
    assert "alleen waarschuwingen" in reader.sees
    await begin_draft(manager, TEXTS["nl"])
    await manager.presses("Versturen of plannen")
    assert "Niemand krijgt dit nu" in manager.sees
    await begin_draft(manager, "Let op: rook. Blijf binnen.", "Waarschuwing")
    await send_now(manager)
    chats.passes(minutes=1)
    await reader.waits_for("Blijf binnen")
    assert not got(reader.messages, TEXTS["nl"])


async def test_a_digest_shows_the_whole_of_what_was_cut(chats) -> None:
    manager = await chats.manager()
    reader = await chats.subscriber("nl")
    await reader.presses("elke dag")
    await begin_draft(manager, "Er komt een feest. " * 40 + "Neem een stoel mee.")
    await manager.presses("Versturen of plannen")
    assert "Later: 1 persoon leest het in het overzicht" in manager.sees
    await manager.presses("Terug")
    await manager.presses("Voor wie")
    other = await chats.subscriber("nl")
    await manager.presses("Klaar")
    await send_now(manager)
    chats.passes(minutes=1)
    await other.waits_for("Neem een stoel mee")
    assert not got(reader.messages, "feest")
    chats.passes(days=1)
    assert await _digest(chats) == 1
    await reader.waits_for("Vandaag uit de buurt")
    assert "stoel" not in reader.sees
    await reader.presses("Alles lezen")
    assert "Neem een stoel mee" in reader.sees
    await reader.forges("read-update:99")
    assert "niet (meer) vinden" in reader.sees


async def _digest(chats) -> int:
    """Do what the clock does every minute."""
    return await chats.app.dispatcher.workflow_data["subscriptions"].digest()
