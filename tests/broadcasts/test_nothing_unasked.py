# SPDX-License-Identifier: EUPL-1.2
"""Through the chat: drafts, rehearsals, double taps, forged buttons, colleagues and restarts send nothing
twice, and nothing that was not asked for."""

import asyncio

from conversations import begin_draft, send_now, type_language

from bot.domain.person import Role

TEXT = "Morgen is de straat dicht."
FORGED = (
    "bc:1",
    "bc-confirm:1",
    "bc-rehearse:1",
    "bc-undo:1",
    "bc-report:1",
    "bc-retry:1",
    "bc-withdraw:1:",
    "bc-ask:1:ar",
    "bc-approve:1:ar:2",
    "bc-aim:1:2:groups::0",
    "bc-discard:1:2:1",
    "bc-expiry:1:2026-12-01",
    "bc-history:1:0",
    "bc-listen:1:ar",
    "plan-new:1",
    "plan:1",
    "plan-day:1:send:1:",
    "group:1",
    "group-ok:1:1",
    "group-leave:1:1:1",
    "monthly:1:1",
)
"""Everything that only a gebiedsmanager may do."""


def got(person, text: str = TEXT) -> list:
    return [each for each in person.messages if text in (each.get("text") or each.get("caption") or "")]


def the_button(person, label: str) -> str:
    return next(each["callback_data"] for each in person.all_buttons if label in each["text"])


async def test_forged_buttons_of_a_resident_and_a_key_figure_do_nothing(chats) -> None:
    manager = await chats.manager()
    resident, helper = await chats.subscriber("nl"), await chats.somebody("nl", Role.KEY_FIGURE)
    await chats.group(manager, "Buren")
    await begin_draft(manager, TEXT)
    await manager.presses("Versturen of plannen")
    send = the_button(manager, "Nu versturen")
    for person in (resident, helper):
        for data in (*FORGED, send):
            await person.forges(data)
            assert "knop is oud" in person.sees, data
    chats.passes(minutes=2)
    await manager.presses("Terug")
    assert "concept" in manager.sees
    assert not got(resident) + got(helper)


async def test_a_double_tap_on_everything_sends_once(chats) -> None:
    manager, resident = await chats.manager(), await chats.subscriber("nl")
    await begin_draft(manager, TEXT)
    await asyncio.gather(*(manager.presses("Proef") for _ in range(3)))
    await manager.waits_for("Dat was de proef")
    assert len(got(manager, "Dat was de proef")) == 1
    await manager.presses("Versturen of plannen")
    send = the_button(manager, "Nu versturen")
    await asyncio.gather(*(manager.forges(send) for _ in range(4)))
    assert "al gedaan" in manager.sees
    await manager.waits_for("📨 Bericht")
    chats.passes(minutes=1)
    await resident.waits_for(TEXT)
    await manager.waits_for("1 van 1", seconds=15)
    assert len(got(resident)) == 1


async def test_an_update_that_telegram_brings_twice_sends_once(chats) -> None:
    manager, resident = await chats.manager(), await chats.subscriber("nl")
    await begin_draft(manager, TEXT)
    await send_now(manager)
    await manager.repeats_last_update()
    chats.passes(minutes=1)
    await resident.waits_for(TEXT)
    await manager.waits_for("1 van 1", seconds=15)
    assert len(got(resident)) == 1


async def test_two_gebiedsmanagers_press_at_the_same_moment(chats) -> None:
    first, second = await chats.manager(), await chats.manager()
    resident = await chats.subscriber("nl")
    await begin_draft(first, TEXT)
    for person in (first, second):
        await person.forges("bc-confirm:1")
    await asyncio.gather(first.presses("Nu versturen"), second.presses("Nu versturen"))
    seen = [first.sees, second.sees]
    assert sum("al gedaan" in each for each in seen) == 1
    await first.waits_for("📨 Bericht")
    chats.passes(minutes=1)
    await resident.waits_for(TEXT)
    await first.waits_for("1 van 1", seconds=15)
    assert len(got(resident)) == 1


async def test_one_changes_it_while_the_other_is_about_to_send(chats) -> None:
    first, second = await chats.manager(), await chats.manager()
    resident = await chats.subscriber("nl")
    await begin_draft(first, TEXT)
    await first.presses("Versturen of plannen")
    await second.forges("bc-text:1:nl")
    await second.says("Overmorgen is de straat dicht.")
    await first.presses("Nu versturen")
    assert "al gedaan" in first.sees
    chats.passes(minutes=2)
    await first.forges("bc:1")
    assert "concept" in first.sees
    assert not got(resident, "straat")


async def test_an_audience_chosen_on_an_old_screen_is_refused(chats) -> None:
    first, second = await chats.manager(), await chats.manager()
    await begin_draft(first, TEXT)
    await first.presses("Voor wie")
    await second.forges("bc-who:1:0")
    await second.presses("abonnees")
    await first.presses("groepen")
    assert "al gedaan" in first.sees
    await first.forges("bc:1")
    assert "Voor: groepen, sleutelfiguren" in first.sees


async def test_only_the_languages_on_the_button_are_left_out(chats) -> None:
    manager = await chats.manager()
    await chats.subscriber("nl")
    await chats.subscriber("ti")
    await begin_draft(manager, TEXT)
    await manager.presses("Versturen of plannen")
    assert "Nog niet klaar: ትግርኛ" in manager.sees
    assert not [each for each in manager.buttons if "Nu versturen" in each]
    late = await chats.subscriber("ar")  # comes after the screen was shown
    await manager.presses("Versturen zonder ትግርኛ")
    assert "nog niet klaar: ar" in manager.sees
    chats.passes(minutes=2)
    await manager.forges("bc-confirm:1")
    await manager.presses("Versturen zonder العربية + ትግርኛ")
    assert "gaat weg om" in manager.sees
    assert not got(late)


async def test_what_a_template_left_open_is_named_before_sending(chats) -> None:
    manager = await chats.manager()
    await chats.subscriber("nl")
    await begin_draft(manager, "Vanaf [dag] is de [straat] dicht.")
    assert "Vul nog in: [dag], [straat]" in manager.sees
    await manager.presses("Versturen of plannen")
    assert "Vul nog in: [dag], [straat]" in manager.sees


async def test_what_no_longer_holds_is_not_sent(chats) -> None:
    manager = await chats.manager()
    resident = await chats.subscriber("nl")
    await begin_draft(manager, TEXT)
    await manager.presses("Geldig tot")
    await manager.says("vandaag")
    await manager.presses("Versturen of plannen")
    send = the_button(manager, "Nu versturen")
    chats.passes(days=2)
    await manager.forges(send)
    assert "geldt dan niet meer" in manager.sees
    await manager.forges("bc-confirm:1")
    assert "geldt niet meer" in manager.sees
    assert not [each for each in manager.buttons if "ersturen" in each]
    assert not got(resident)


async def test_undo_on_the_screen_itself(chats) -> None:
    manager, resident = await chats.manager(), await chats.subscriber("nl")
    await begin_draft(manager, TEXT)
    await send_now(manager)
    await asyncio.gather(*(manager.presses("Terughalen") for _ in range(2)))
    chats.passes(minutes=2)
    await manager.forges("bc:1")
    assert "concept" in manager.sees
    assert not got(resident)


async def test_asking_twice_asks_once_and_a_colleague_is_told(chats) -> None:
    manager, helper = await chats.manager(), await chats.somebody("ti", Role.KEY_FIGURE)
    await begin_draft(manager, TEXT)
    await manager.presses("🌍 Talen")
    await manager.presses("English")
    await manager.presses("sleutelfiguren te vertalen")
    assert "geen sleutelfiguur die deze taal leest" in manager.sees
    await manager.forges("bc-lang:1:ti")
    ask = the_button(manager, "sleutelfiguren te vertalen")
    await asyncio.gather(*(manager.forges(ask) for _ in range(3)))
    await helper.waits_for(TEXT)
    await manager.says("/bericht")
    assert len(got(helper)) == 1


async def test_a_recording_is_heard_approved_and_follows_the_text(chats) -> None:
    manager, helper = await chats.manager(), await chats.somebody("ti", Role.KEY_FIGURE)
    reader = await chats.subscriber("ti")
    await begin_draft(manager, TEXT)
    await manager.presses("🌍 Talen")
    await manager.presses("ትግርኛ")
    await manager.presses("sleutelfiguren te vertalen")
    await helper.waits_for(TEXT)
    await helper.presses("ተርጉሙ")
    await helper.sends_voice(b"OggS ti")
    assert "ጽሑፍ እውን ጽሓፉ" in helper.sees
    await helper.says("ጽባሕ ጎደና ዕጹው እዩ።")
    assert "ምስ ድምጺ" in helper.sees
    await helper.presses("✅")
    await manager.waits_for("ጽባሕ ጎደና")
    await manager.waits_until(lambda: any("voice" in each for each in manager.messages), "the recording")
    await manager.presses("Goedkeuren")
    await manager.presses("Luisteren")
    await manager.waits_until(lambda: sum("voice" in each for each in manager.messages) == 2, "it again")
    await manager.presses("openen")
    await manager.presses("Versturen of plannen")
    assert "gesproken tekst erbij" in manager.sees
    await manager.presses("Nu versturen")
    chats.passes(minutes=1)
    await reader.waits_until(lambda: any("voice" in each for each in reader.messages), "the recording")
    assert len(got(reader, "ጽባሕ ጎደና ዕጹው")) == 1


async def test_inline_mode_is_for_key_figures_and_never_shows_a_draft(chats) -> None:
    manager, helper = await chats.manager(), await chats.somebody("ar", Role.KEY_FIGURE)
    resident = await chats.somebody("nl")
    await begin_draft(manager, TEXT)
    await type_language(manager, "العربية", "الشارع مغلق غدًا.")
    assert (await helper.asks_inline(""))["results"] == []
    await send_now(manager)
    assert (await helper.asks_inline(""))["results"] == []  # it can still be undone
    chats.passes(minutes=1)
    found = (await helper.asks_inline("مغلق"))["results"]
    assert [each["id"] for each in found] == ["1-ar"]
    assert len((await helper.asks_inline(""))["results"]) == 2
    assert await resident.asks_inline("") is None
