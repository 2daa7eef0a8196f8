# SPDX-License-Identifier: EUPL-1.2
"""Files: what is taken, how it is kept, and who may fetch it."""

import io

import pytest
from aiogram.types import BufferedInputFile
from PIL import Image
from visitor import words

PDF = b"%PDF-1.7 a document"


def photo(width=3000, height=1000, **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG", **options)
    return content.getvalue()


async def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(chat, visitor):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "taken at home"
    status, answer = await visitor.upload(photo(3000, 1000, exif=exif))
    assert (status, answer["kind"]) == (201, "photo")
    await visitor.say("Kijk", file=answer["file"])
    (update,) = await chat.wait_for_updates(1)
    assert (update.message.caption, update.message.photo[-1].width, update.message.photo[-1].height) == (
        "Kijk",
        667,
        2000,
    )
    async with visitor.session.get(f"/chat/files/{answer['file']}") as kept:
        content = await kept.read()
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.size, len(picture.getexif())) == ((667, 2000), 0)
    assert b"taken at home" not in content
    (back,) = await visitor.answers(1)
    assert words(back) == "Terug: Kijk"


async def test_contents_on_disk_are_sealed(chat, visitor, tmp_path):
    await visitor.upload(PDF)
    kept = [path for path in (tmp_path / "web-files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert PDF not in kept[0].read_bytes()
    await visitor.say("mijn geheime vraag")
    await visitor.answers(1)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("chat.sqlite3*"))
    assert b"geheime" not in stored


async def test_voice_and_documents(chat, visitor):
    _, voice = await visitor.upload(b"OggS" + b"\0" * 100, "?duration=7&name=voice")
    _, document = await visitor.upload(PDF, "?name=brief.pdf")
    assert (voice["kind"], document["kind"]) == ("voice", "document")
    await visitor.say("", file=voice["file"])
    await visitor.say("", file=document["file"])
    updates = await chat.wait_for_updates(2)
    assert (updates[0].message.voice.duration, updates[1].message.document.file_name) == (7, "brief.pdf")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg onload=alert(1)>", 415, "wrong_type"),
        (b"MZ\x90\x00", 415, "wrong_type"),
        (b"\x89PNG\r\n\x1a\n broken", 415, "bad_picture"),
        (b"", 400, "empty"),
        (b"%PDF-" + b"x" * (10 * 1024 * 1024), 413, "too_big"),
    ],
)
async def test_wrong_files_are_refused(chat, visitor, content, status, code):
    answer = await visitor.upload(content)
    assert (answer[0], answer[1]["error"]) == (status, code)


async def test_a_file_that_streams_in_without_a_length_is_cut_off(visitor):
    async def endless():
        yield b"%PDF-"
        while True:
            yield b"x" * 65536

    async with visitor.session.post("/chat/files", data=endless()) as answer:
        assert answer.status == 413


async def test_a_picture_that_unpacks_to_too_much_is_refused(visitor):
    content = io.BytesIO()
    Image.new("1", (9000, 9000)).save(content, "PNG")
    assert (await visitor.upload(content.getvalue()))[1]["error"] == "bad_picture"


async def test_parts_of_a_file_can_be_fetched(chat, visitor):
    _, answer = await visitor.upload(PDF)
    async with visitor.session.get(f"/chat/files/{answer['file']}", headers={"Range": "bytes=1-3"}) as part:
        assert (part.status, await part.read(), part.headers["Content-Range"]) == (
            206,
            b"PDF",
            f"bytes 1-3/{len(PDF)}",
        )
    async with visitor.session.get(f"/chat/files/{answer['file']}", headers={"Range": "bytes=-4"}) as part:
        assert await part.read() == PDF[-4:]
    async with visitor.session.get(f"/chat/files/{answer['file']}", headers={"Range": "bytes=900-"}) as part:
        assert part.status == 416


async def test_a_file_of_the_bot_is_for_the_chats_it_was_sent_to(chat, visitor, other):
    for someone in (visitor, other):
        await someone.say("hallo")
        await someone.answers(1)
    sent = await chat.channel.bot.send_document(visitor.id, BufferedInputFile(PDF, "a.pdf"))
    file_id = sent.document.file_id
    for someone, status in ((visitor, 200), (other, 404)):
        async with someone.session.get(f"/chat/files/{file_id}") as answer:
            assert answer.status == status
    await chat.channel.bot.send_document(other.id, file_id)
    async with other.session.get(f"/chat/files/{file_id}") as answer:
        assert answer.status == 200
