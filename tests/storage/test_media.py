# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: ASYNC221, S603, S607 (short programs of our own)
"""Files: whole or not at all, the same content once, nothing left behind."""

import asyncio
import errno
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.errors import NotFoundError
from bot.services.ports import StoredFile
from storage.encryption import SealedError
from storage.media import FileMedia
from storage.sealed_files import DiskFullError, SealedFiles
from storage.tables.media import MediaRow


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "media"


@pytest.fixture
def media(folder, database):
    return FileMedia(SealedFiles(folder, [OLD], b"test"), database)


OLD, NEW = b"the old secret key of the tests", b"the new secret key of the tests"


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def make_old(path):
    os.utime(path, (time.time() - 7200,) * 2)


async def test_stored_and_loaded(media):
    stored = await media.store(b"\x00picture", "photo", "image/jpeg")
    assert stored == StoredFile(stored.id, "photo", "image/jpeg", 8)
    assert await media.load(stored.id) == b"\x00picture"
    assert await media.describe(stored.id) == stored


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
async def test_any_content_comes_back(media, content):
    assert await media.load((await media.store(content, "document", "x/y")).id) == content


async def test_the_same_content_is_one_file(media, folder):
    first, *others = await asyncio.gather(*(media.store(b"same", "photo", "image/png") for _ in range(4)))
    assert {each.id for each in others} == {first.id}
    assert len(files(folder)) == 1
    assert await media.store(b"same", "document", "other/type") == first
    assert (await media.store(b"different", "photo", "image/png")).id != first.id


async def test_what_is_not_there(media):
    assert await media.describe("0" * 64) is None
    with pytest.raises(NotFoundError):
        await media.load("0" * 64)


@pytest.mark.parametrize("media_id", ["../../etc/passwd", "/etc/passwd", ""])
async def test_an_id_is_never_a_path(media, media_id):
    with pytest.raises(NotFoundError):
        await media.load(media_id)


async def test_removed(media, folder):
    kept = await media.store(b"kept", "photo", "image/png")
    gone = await media.store(b"gone", "photo", "image/png")
    await media.remove([gone.id, "0" * 64])
    assert [path.name for path in files(folder)] == [kept.id]
    with pytest.raises(NotFoundError):
        await media.load(gone.id)
    again = await media.store(b"gone", "photo", "image/png")
    assert await media.load(again.id) == b"gone"


async def test_a_lost_file_is_not_found_and_heals(media, folder):
    stored = await media.store(b"x", "photo", "image/png")
    files(folder)[0].unlink()
    with pytest.raises(NotFoundError):
        await media.load(stored.id)
    await media.store(b"x", "photo", "image/png")
    assert await media.load(stored.id) == b"x"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
async def test_a_full_disk_says_so_and_leaves_nothing(media, folder, monkeypatch, code):
    def full(_descriptor):
        raise OSError(code, "full")

    monkeypatch.setattr("storage.sealed_files.os.fsync", full)
    with pytest.raises(DiskFullError, match="no room on the disk for a file of 33 bytes"):
        await media.store(b"01234", "photo", "image/png")
    assert files(folder) == []
    monkeypatch.undo()
    assert await media.clean_up() == 0
    await media.store(b"01234", "photo", "image/png")


async def test_a_really_full_disk(database, tmp_path):
    """A file system of 64 KiB, where the machine lets us make one."""
    small = tmp_path / "small"
    small.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if not done or done.returncode != 0:
        pytest.skip("this machine does not let us mount a small file system")
    try:
        media = FileMedia(SealedFiles(small, [OLD], b"test"), database)
        with pytest.raises(DiskFullError):
            await media.store(os.urandom(200_000), "photo", "image/png")
        assert files(small) == []
        assert await media.load((await media.store(b"small", "photo", "image/png")).id) == b"small"
    finally:
        subprocess.run(["umount", str(small)], check=True)


async def test_clean_up_takes_what_a_crash_left_and_nothing_else(media, folder):
    stored = await media.store(b"x", "photo", "image/png")
    shelf = files(folder)[0].parent
    old_part, young_part = shelf / f"{stored.id}.a.part", shelf / f"{stored.id}.b.part"
    orphan = shelf / (stored.id[:2] + "0" * 62)
    for path in (old_part, young_part, orphan):
        path.write_bytes(b"half")
    for path in (old_part, orphan, shelf / stored.id):
        make_old(path)
    assert await media.clean_up() == 2
    assert sorted(path.name for path in files(folder)) == sorted([young_part.name, stored.id])


async def test_killed_while_writing_leaves_no_half_file(media, folder):
    """The file has its name only after everything is on the disk."""
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, pathlib, sys, storage.sealed_files as m\n"
            "m.os.fsync = lambda d: os.kill(os.getpid(), signal.SIGKILL)\n"
            "m._write(pathlib.Path(sys.argv[1]) / 'ab' / ('ab' * 32), b'x' * 100_000)",
            str(folder),
        ],
        check=False,
    )
    assert killed.returncode == -9
    assert [path.suffix for path in files(folder)] == [".part"]
    for path in files(folder):
        make_old(path)
    assert await media.clean_up() == 1


async def test_files_are_for_the_owner_alone(media, folder):
    await media.store(b"x", "photo", "image/png")
    (path,) = files(folder)
    assert path.stat().st_mode & 0o077 == 0


async def test_nothing_of_the_content_can_be_read_on_the_disk(media, folder):
    await media.store(b"a picture of a street " * 50, "photo", "image/png")
    assert b"street" not in files(folder)[0].read_bytes()


async def test_a_file_put_in_the_place_of_another_is_not_taken_for_it(media, folder):
    first, second = [await media.store(content, "photo", "image/png") for content in (b"one", b"two")]
    paths = {path.name: path for path in files(folder)}
    shutil.copy(paths[first.id], paths[second.id])
    with pytest.raises(SealedError):
        await media.load(second.id)


async def test_the_key_is_renewed_and_the_old_one_can_go(folder, database):
    old = FileMedia(SealedFiles(folder, [OLD], b"test"), database)
    ids = [(await old.store(content, "photo", "image/png")).id for content in (b"one", b"two")]
    files(folder)[0].with_name(f"{ids[0]}.left.part").write_bytes(b"half")
    both = SealedFiles(folder, [NEW, OLD], b"test")
    ids.append((await FileMedia(both, database).store(b"three", "photo", "image/png")).id)
    assert await both.rotate() == 2
    assert await both.rotate() == 0
    new = FileMedia(SealedFiles(folder, [NEW], b"test"), database)
    assert [await new.load(media_id) for media_id in ids] == [b"one", b"two", b"three"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(folder) if path.suffix != ".part")
    with pytest.raises(SealedError):
        await old.load(ids[0])


async def test_what_no_key_opens_stops_the_renewal(folder, database):
    await SealedFiles(folder, [OLD], b"test").store(b"one")
    with pytest.raises(SealedError, match="none of the secret keys"):
        await SealedFiles(folder, [NEW], b"test").rotate()


async def test_what_is_stored_again_counts_as_young(folder, database):
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    media = FileMedia(SealedFiles(folder, [OLD], b"test"), database, lambda: moment)
    stored = await media.store(b"one", "photo", "image/png")
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    assert await media.store(b"one", "photo", "image/png") == stored
    async with database.reading() as session:
        assert (await session.execute(select(MediaRow.created_at))).scalar_one() == moment
