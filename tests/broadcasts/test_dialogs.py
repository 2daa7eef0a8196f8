# SPDX-License-Identifier: EUPL-1.2
"""The whole way through the chat: approve a group, subscribe, compose, rehearse, send, report, pass on."""

from conversations import begin_draft

from bot.domain.person import Role


async def test_from_the_group_to_the_report(chats) -> None:
    manager = await chats.somebody("nl", Role.AREA_MANAGER)
    resident = await chats.somebody("nl")
    group = chats.server.group("Hofland buren")
    await group.adds_bot(resident)
    assert "bewaar ik niets" in group.messages[0]["text"]
    await manager.waits_for("Hofland buren")
    await manager.presses("Goedkeuren")
    await manager.waits_for("goedgekeurd")
    await resident.says("/updates")
    await resident.presses("Berichten krijgen")

    await begin_draft(manager, "Teneinde de stoep te maken is de straat dicht.")
    assert "Teneinde" in manager.sees
    assert "om" in manager.sees
    await manager.presses("Proef")
    await manager.waits_for("Proef van bericht 1")
    await manager.waits_for("Teneinde")
    await manager.presses("Versturen of plannen")
    assert "Telegram: 1" in manager.sees
    await manager.presses("Nu versturen")
    await manager.waits_for("📨 Bericht")
    assert not [each for each in group.messages if "stoep" in each["text"]]
    chats.passes(minutes=1)
    await resident.waits_for("de stoep te maken")
    await manager.waits_for("2 van 2", seconds=15)
    assert [each["text"] for each in group.messages if "stoep" in each["text"]]
    assert "Hofland buren" in manager.sees

    await resident.says("/stop")
    assert "Een vraag stellen kan altijd" in resident.sees


async def test_a_double_tap_a_colleague_and_forged_buttons(chats) -> None:
    manager = await chats.somebody("nl", Role.AREA_MANAGER)
    colleague = await chats.somebody("nl", Role.AREA_MANAGER)
    resident = await chats.somebody("nl")
    await resident.says("/updates")
    await resident.presses("Berichten krijgen")
    await begin_draft(manager, "Morgen is de straat dicht.")
    await manager.presses("Versturen of plannen")
    send = next(each["callback_data"] for each in manager.all_buttons if "Nu versturen" in each["text"])
    await resident.forges(send)
    await colleague.forges(send)
    await manager.forges(send)
    assert "al gedaan" in manager.sees
    await resident.forges("bc-undo:1")
    await resident.forges("bc-confirm:1")
    chats.passes(minutes=2)
    await resident.waits_for("Morgen is de straat dicht")
    await manager.forges(send)
    assert len([each for each in resident.messages if "Morgen is" in each["text"]]) == 1


async def test_planning_by_typing(chats) -> None:
    manager = await chats.somebody("nl", Role.AREA_MANAGER)
    resident = await chats.somebody("nl")
    await resident.says("/updates")
    await resident.presses("Berichten krijgen")
    await begin_draft(manager, "Kom je ook?")
    await manager.presses("Versturen of plannen")
    await manager.presses("Plannen")
    await manager.says("ooit eens")
    assert "begrijp ik niet" in manager.sees
    await manager.says("morgen 18:30")
    assert "18:30" in manager.sees
    await manager.presses("elke week")
    await manager.presses("Zo plannen")
    assert "elke week" in manager.sees
    await manager.says("/planning")
    assert "18:30" in manager.sees
    await manager.presses("bekijken en veranderen")
    await manager.presses("Nu versturen")
    await manager.presses("Nu versturen")
    await resident.waits_for("Kom je ook?")


async def test_a_key_figure_translates_passes_on_and_tells(chats) -> None:
    manager = await chats.somebody("nl", Role.AREA_MANAGER)
    helper = await chats.somebody("ar", Role.KEY_FIGURE)
    await begin_draft(manager, "De gemeente haalt morgen het afval op.")
    await manager.presses("Talen")
    await manager.presses("العربية")
    await manager.presses("sleutelfiguren te vertalen")
    await helper.waits_for("haalt morgen")
    await helper.presses("ترجم")
    assert "afval" in helper.sees
    await helper.says("البلدية تجمع النفايات غدًا.")
    await helper.presses("✅")
    await manager.waits_for("البلدية تجمع")
    await manager.presses("Goedkeuren")
    await manager.says("/bericht")
    await manager.presses("1: De gemeente")
    await manager.presses("Versturen of plannen")
    await manager.presses("Nu versturen")
    await manager.waits_for("📨 Bericht")
    chats.passes(minutes=1)
    await helper.waits_for("البلدية تجمع")
    await helper.presses("📤")
    await helper.waits_for("/u/")
    await helper.presses("تم النقل")
    await helper.presses("WhatsApp")
    await helper.presses("20")
    await helper.presses("💬")
    await helper.says("الناس سعداء")
    await helper.presses("✅")
    await manager.waits_for("الناس سعداء")
    found = await helper.asks_inline("")
    assert found is not None
    assert "/u/" in str(found)


async def test_in_a_group_it_is_silent_unless_addressed(chats) -> None:
    resident = await chats.somebody("nl")
    group = chats.server.group("Buren")
    await group.adds_bot(resident)
    before = len(group.messages)
    await resident.says("Wie komt er morgen?", chat=group.chat)
    assert len(group.messages) == before
    await resident.says("@buurtbrug_test_bot hoe lang wachten?", chat=group.chat)
    assert len(group.messages) == before + 1


async def test_everything_attached_goes_along_and_undo_leaves_nothing_behind(chats) -> None:
    manager = await chats.somebody("nl", Role.AREA_MANAGER)
    resident = await chats.somebody("nl")
    await resident.says("/updates")
    await resident.presses("Berichten krijgen")
    await begin_draft(manager, "Er is <brand> & rook. Blijf binnen.")
    assert "112" not in manager.sees
    await manager.presses("Bijlage")
    await manager.sends_photo()
    await manager.says("geen adres")
    assert "geen webadres" in manager.sees
    await manager.says("https://www.montfoort.nl/rook")
    assert "1 × foto" in manager.sees
    await manager.presses("Klaar")
    await manager.presses("Geldig tot")
    assert "Tot en met welke dag" in manager.sees
    await manager.says("ooit")
    assert "begrijp ik niet" in manager.sees
    await manager.says("over 7 dagen")
    await manager.presses("Versturen of plannen")
    await manager.presses("Nu versturen")
    await manager.waits_for("📨 Bericht")
    await manager.presses("Terughalen")
    assert "concept" in manager.sees
    chats.passes(minutes=2)
    await manager.presses("Versturen of plannen")
    await manager.presses("Nu versturen")
    await manager.waits_for("📨 Bericht")
    chats.passes(minutes=2)
    await resident.waits_for("<brand> & rook")
    got = [each for each in resident.messages if "rook" in (each.get("caption") or "")]
    assert len(got) == 1
    assert got[0]["photo"]
    assert "montfoort.nl/rook" in got[0]["caption"]
    assert "Geldig tot en met" in got[0]["caption"]
