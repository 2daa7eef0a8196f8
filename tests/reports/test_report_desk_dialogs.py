# SPDX-License-Identifier: EUPL-1.2
"""The gebiedsmanager's side in the chat: changed, undone, joined, handed on, searched, exported, told."""

from datetime import timedelta

from botapi.people import Person as Somebody
from street import Chats, picture

from bot.domain.report import ReportState, is_legal

R = ReportState


async def sent(resident: Somebody, kind: str = "Afval op straat", place: str = "Doelenplein") -> None:
    """Make a report in Dutch, whatever lies there already."""
    await resident.says("/melding")
    await resident.presses(kind)
    await resident.presses(place)
    if any("De mijne is iets anders" in each for each in resident.buttons):
        await resident.presses("De mijne is iets anders")
    await resident.presses("Overslaan")
    await resident.presses("Overslaan")
    await resident.presses("Versturen en")


async def card(manager: Somebody, number: int) -> None:
    """Look for a report by its number."""
    await manager.says("/meldingen")
    await manager.presses("Zoeken")
    await manager.says(f"melding {number}")
    assert f"Melding {number}" in manager.sees


async def state_of(chats: Chats, number: int) -> ReportState:
    return (await chats.all_reports())[number - 1].state


async def test_every_change_is_asked_confirmed_and_undone(chats: Chats) -> None:
    resident, manager = await chats.somebody("ar"), await chats.manager()
    await resident.says("هناك قمامة عند دولنبلاين")
    await resident.presses("نعم")
    await resident.presses("تخطي")
    await resident.presses("✅")
    await manager.waits_for("Nieuwe melding")
    changes = (
        ("In behandeling", [], R.IN_PROGRESS),
        ("Inplannen", ["24-12", "De wagen komt."], R.PLANNED),
        ("Iets vragen", ["Hoeveel zakken?"], R.WAITING),
        ("Doorgeven", ["ROVA", "Zij halen het op."], R.FORWARDED),
        ("✅ Klaar", ["Opgeruimd."], R.DONE),
        ("Kan niet", ["Dit is een privéterrein."], R.NOT_POSSIBLE),
    )
    for label, said, wanted in changes:
        await card(manager, 1)
        await manager.presses(label)
        for text in said:
            await manager.says(text)
        if not said:
            await manager.presses("Overslaan")
        else:
            # The note is in Dutch; the only reader reads Arabic.
            assert "العربية" in manager.sees
        assert "1 persoon krijgt bericht" in manager.sees
        await manager.presses("Versturen")
        assert await state_of(chats, 1) is wanted
        await manager.presses("Terugnemen")
        assert "Er is niets verstuurd" in manager.sees
        assert await state_of(chats, 1) is R.RECEIVED
    (report,) = await chats.all_reports()
    assert len(report.changes) == len(changes)
    assert all(each.undone_at for each in report.changes)
    assert is_legal(report)
    before = len(resident.messages)
    chats.clock.ahead += timedelta(minutes=5)

    await card(manager, 1)
    await manager.presses("Inplannen")
    await manager.says("gisteren")
    assert "begrijp ik niet" in manager.sees
    await manager.says("24-12")
    await manager.says("De wagen komt.")
    await manager.presses("🌐 In het")
    await manager.says("ستأتي السيارة.")
    assert "nog niet in" not in manager.sees
    await manager.presses("Versturen")
    chats.clock.ahead += timedelta(minutes=2)
    await resident.waits_for("ستأتي السيارة.")
    assert len(resident.messages) == before + 1
    await manager.presses("Terugnemen")
    assert "minuut is voorbij" in manager.sees
    await card(manager, 1)
    await manager.presses("Geschiedenis")
    assert manager.sees.count("teruggenomen") == len(changes)


async def test_joining_handing_on_lists_export_and_search(chats: Chats) -> None:
    residents = [await chats.somebody("nl") for _ in range(3)]
    manager, colleague = await chats.manager(), await chats.manager()
    for resident in residents:
        await sent(resident)
    await sent(residents[0], "Straatlantaarn", "Hofland")
    await manager.waits_for("Nieuwe melding")

    await card(manager, 1)
    await manager.presses("Zelfde meldingen")
    await manager.presses("Alle 2 samenvoegen")
    assert "2 meldingen samengevoegd" in manager.sees
    assert await state_of(chats, 2) is R.JOINED
    await manager.presses("Terugnemen")
    assert [each.state for each in await chats.all_reports()] == [R.RECEIVED] * 4
    await card(manager, 1)
    await manager.presses("Zelfde meldingen")
    await manager.presses("Alle 2 samenvoegen")
    chats.clock.ahead += timedelta(minutes=2)
    await residents[1].waits_for("hetzelfde als melding 1")

    await card(manager, 1)
    await manager.presses("Aan collega geven")
    await manager.presses("collega")
    assert "collega" in manager.sees
    await manager.presses("Terugnemen")
    await card(manager, 1)
    await manager.presses("Aan collega geven")
    await manager.presses("collega")
    chats.clock.ahead += timedelta(minutes=2)
    await colleague.waits_for("Een collega geeft je deze melding")

    await manager.says("/meldingen")
    assert "Open: 2" in manager.sees
    await manager.presses("Per gebied")
    await manager.presses("Hofland")
    assert "Straatlantaarn" in manager.sees
    assert "Afval" not in manager.sees
    await manager.says("/meldingen")
    await manager.presses("Hoe oud")
    await manager.presses("Ouder dan 7 dagen")
    assert "Hier staat niets" in manager.sees
    await manager.says("/meldingen")
    await manager.presses("Per status")
    await manager.presses("samengevoegd")
    assert "2 meldingen" in manager.sees
    await manager.presses("Meldingen")
    await manager.presses("Zoeken")
    await manager.says("lantaarn hofland")
    assert "Melding 4" in manager.sees

    await manager.says("/meldingen")
    await manager.presses("CSV-bestand")
    sheet = manager.messages[-1]["document"]
    assert sheet["file_name"].startswith("meldingen-")
    content = chats.server.state.files[sheet["file_id"]][1].decode("utf-8-sig")
    assert len(content.splitlines()) == 5


async def test_results_become_a_draft_that_is_sent_like_any_other(chats: Chats) -> None:
    resident, manager, subscriber = (
        await chats.somebody("nl"),
        await chats.manager(),
        await chats.somebody("ti"),
    )
    await subscriber.says("/updates")
    await subscriber.forges(next(each["callback_data"] for each in subscriber.all_buttons))
    await manager.says("/meldingen")
    await manager.presses("Resultaten")
    await manager.presses("Bericht over")
    assert "minder dan 5 meldingen" in manager.sees
    for number in range(5):
        await sent(resident)
        await card(manager, number + 1)
        await manager.presses("✅ Klaar")
        await manager.sends_photo(picture("white", (64 + number, 48)))
        await manager.presses("Verder")
        await manager.presses("Versturen")
    await manager.says("/meldingen")
    await manager.presses("Resultaten")
    assert "Gemeld: 5" in manager.sees
    await manager.presses("Bericht over")
    assert "Opgelost: 5" in manager.sees
    assert "concept" in manager.sees.lower()
    await manager.presses("Versturen of plannen")
    await manager.presses("Nu versturen")
    chats.clock.ahead += timedelta(minutes=2)
    await subscriber.waits_for("ዝተፈትሐ፦ 5")
