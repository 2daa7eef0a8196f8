# SPDX-License-Identifier: EUPL-1.2
"""Forged and stale buttons, files and places that are not what they seem: a clear sentence, and no trace."""

from pathlib import Path

import pytest
from botapi.people import Person as Somebody
from sqlalchemy import select
from street import Chats, picture

from bot.domain.report import ReportState
from storage.tables.media import MediaRow
from storage.tables.reports import (
    ReportChangeRow,
    ReportDraftRow,
    ReportFollowerRow,
    ReportPhotoRow,
    ReportRow,
)

TABLES = (ReportRow, ReportChangeRow, ReportPhotoRow, ReportFollowerRow, MediaRow)


async def everything(chats: Chats) -> list[object]:
    """All rows about reports, and the files."""
    found: list[object] = []
    async with chats.app.database.reading() as session:
        for table in TABLES:
            found += [tuple(row) for row in await session.execute(select(table.__table__))]
        drafts = await session.execute(select(ReportDraftRow.person_id))
        found += [tuple(row) for row in drafts]
    return [*found, *sorted(path.name for path in (chats.folder / "media").rglob("*") if path.is_file())]


async def sent(resident: Somebody) -> None:
    """Report rubbish at the Doelenplein."""
    for press in ("Afval op straat", "Doelenplein", "Overslaan", "Overslaan", "Versturen en"):
        if press == "Afval op straat":
            await resident.says("/melding")
        await resident.presses(press)


OF_RESIDENTS = [
    "report-kind:{token}:crime", "report-kind:{token}:nonsense", "report-kind:0000000000000000:waste",
    "report-place:{token}:mars", "report-skip:{token}:place", "report-skip:{token}:summary",
    "report-edit:{token}:summary", "report-edit:{token}:mars", "report-follow:{token}:1",
    "report-follow:{token}:999", "report-follow:{token}:99999999999999999999", "report-send:{token}:1",
    "report-send:0000000000000000:0", "report-later:0000000000000000", "report-drop:0000000000000000",
    "report-else:{token}:waste", "report-go:0000000000000000", "report-anew:0000000000000000:0:",
    "report-no:999", "report:999:waste", "report:99999999999:", "my-report:1", "my-report:999",
    "my-report:-1", "my-report:99999999999999999999", "my-report-note:1", "my-report-photo:1",
    "my-report-show:1", "my-report-back:1:1", "my-report-solved:1:1", "my-report-solved:1:0", "rep:1",
    "rep-history:1", "rep-photos:1", "rep-to:1:done", "rep-yes:00000000", "rep-undo:1:1", "rep-take:1",
    "rep-hand:1:2", "rep-unhand:1", "rep-area:1:hofland", "rep-kind:1:green", "rep-join:1:0:99",
    "rep-part:1:1", "rep-retry:1", "reports", "reports-list:open::::0:0", "reports-csv", "reports-results",
    "reports-tell:2026-11", "reports-search",
]  # fmt: skip


async def test_a_resident_gets_nowhere_with_forged_buttons(chats: Chats) -> None:
    owner, stranger = await chats.somebody("nl"), await chats.somebody("nl")
    await sent(owner)
    await stranger.says("/melding")
    await stranger.presses("Lawaai")
    token = next(
        each["callback_data"].split(":")[1] for each in stranger.all_buttons if ":" in each["callback_data"]
    )
    before = await everything(chats)
    for data in OF_RESIDENTS:
        await stranger.forges(data.format(token=token))
        assert stranger.sees, data
        assert "Er ging iets mis" not in stranger.sees, (data, stranger.sees)
        assert "nummer" not in stranger.sees.lower() or "112" in stranger.sees, (data, stranger.sees)
        assert await everything(chats) == before, data
    # What was begun is still there, whole.
    await stranger.says("/melding")
    await stranger.presses("Verder")
    assert "Waar is het" in stranger.sees


OF_MANAGERS = [
    "rep:999", "rep:0", "rep-to:1:received", "rep-to:1:reopened", "rep-to:1:withdrawn", "rep-to:1:joined",
    "rep-to:1:mars", "rep-to:999:done", "rep-yes:00000000", "rep-skip:00000000", "rep-day:00000000:1",
    "rep-translate:00000000:ar", "rep-undo:1:1", "rep-undo:1:999", "rep-undo:999:1", "rep-hand:1:1",
    "rep-hand:1:999", "rep-unhand:1", "rep-area:1:mars", "rep-kind:1:crime", "rep-kind:1:mars",
    "rep-join:1:999:0", "rep-join:1:0:99", "rep-join:999:0:99", "rep-part:1:1", "rep-part:999:1",
    "rep-retry:1",
    "reports-list:any:::mars:0:0", "reports-tell:2031-01", "reports-tell:mars", "reports-tell:2026-13",
]  # fmt: skip


async def test_a_gebiedsmanager_makes_nothing_impossible(chats: Chats) -> None:
    owner, manager = await chats.somebody("nl"), await chats.manager()
    await sent(owner)
    await manager.waits_for("Nieuwe melding")
    before = await everything(chats)
    for data in OF_MANAGERS:
        await manager.forges(data)
        assert manager.sees, data
        assert "Er ging iets mis" not in manager.sees, (data, manager.sees)
        assert await everything(chats) == before, data


async def test_a_form_without_what_it_needs_is_refused(chats: Chats) -> None:
    """The buttons of the form are known, but pressed out of turn."""
    owner, manager = await chats.somebody("nl"), await chats.manager()
    await sent(owner)
    await manager.waits_for("Nieuwe melding")
    await manager.presses("Inplannen")
    token = next(
        each["callback_data"].split(":")[1]
        for each in manager.all_buttons
        if each["callback_data"].startswith("rep-day")
    )
    await manager.forges(f"rep-yes:{token}")
    assert "Er is niets gebeurd" in manager.sees
    await manager.forges(f"rep-skip:{token}")
    await manager.presses("Versturen")
    assert "Er is niets gebeurd" in manager.sees
    assert (await chats.all_reports())[0].state is ReportState.RECEIVED


async def test_stale_buttons_of_a_report_that_was_sent(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Doelenplein")
    old = [
        each["callback_data"] for each in resident.all_buttons if each["callback_data"].startswith("report")
    ]
    await resident.presses("Overslaan")
    await resident.presses("Overslaan")
    old += [
        each["callback_data"] for each in resident.all_buttons if each["callback_data"].startswith("report")
    ]
    await resident.presses("Versturen en")
    before = await everything(chats)
    for data in dict.fromkeys(old):
        if data == "report:0:":
            continue
        await resident.forges(data)
        if data.startswith("report-send"):
            assert "Er is er maar één" in resident.messages[-1]["text"]
        elif not data.startswith("report-other"):
            assert "Deze melding is er niet meer" in resident.sees, data
        assert await everything(chats) == before, data


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("foto.jpg", b"%PDF-1.7\n%not a photo", "geen foto die ik kan lezen"),
        ("foto.jpg", b"MZ\x90\x00" * 64, "geen foto die ik kan lezen"),
        ("foto.jpg", picture()[:400], "geen foto die ik kan lezen"),
        ("foto.jpg", b"\xff\xd8\xff" + bytes(25 * 1024 * 1024), "te groot"),
        (
            "foto.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
            "geen foto die ik kan lezen",
        ),
    ],
    ids=["pdf", "program", "torn", "25 MB", "svg"],
)
async def test_what_is_no_photo(chats: Chats, name: str, content: bytes, says: str) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Hofland")
    before = await everything(chats)
    await resident.sends_document(content, name)
    assert says in resident.sees
    assert await everything(chats) == before
    await resident.sends_document(picture("red"), "a.pdf")  # whatever it is called, it is a photo
    assert "1 foto" in resident.sees


@pytest.mark.parametrize("where", [(-33.86, 151.2), (52.37, 4.9), (0.0, 0.0), (90.0, 180.0)])
async def test_a_location_elsewhere(chats: Chats, where: tuple[float, float]) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    before = await everything(chats)
    await resident.sends_location(*where)
    assert "buiten de gemeente" in resident.sees
    assert await everything(chats) == before
    await resident.sends_location(52.046, 4.953)
    assert "Foto" in resident.sees


async def test_a_photo_tells_nothing_of_the_phone(chats: Chats, tmp_path: Path) -> None:
    """Place, time and camera stand in the EXIF data: none of it is kept."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x9003] = "2026:11:23 10:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Hofland")
    await resident.sends_photo(picture("red", (4000, 3000), exif=exif.tobytes()))
    await resident.presses("Verder")
    await resident.presses("Overslaan")
    await resident.presses("Versturen en")
    (report,) = await chats.all_reports()
    kept = await chats.app.dispatcher.workflow_data["media"].load(report.photos[0].media_id)
    assert b"SecretPhone" not in kept
    (tmp_path / "kept.jpg").write_bytes(kept)
    with Image.open(tmp_path / "kept.jpg") as opened:
        assert dict(opened.getexif()) == {}
        assert opened.size == (1600, 1200)
