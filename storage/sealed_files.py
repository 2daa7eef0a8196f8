# SPDX-License-Identifier: EUPL-1.2
"""Files at rest: each content once, under its SHA-256, sealed with AES-256-GCM.

A file is written under another name, brought to the disk (fsync) and only then renamed: it is there whole or
not at all. Its name is bound into the seal, so that one file cannot be put in the place of another.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.encryption import SealedError

UNFINISHED: Final = ".part"
"""How the name of a file ends while it is being written."""
_NONCE_BYTES: Final = 12


class DiskFullError(OSError):
    """There is no room for the file. Nothing of it was kept."""


class SealedFiles:
    """A folder of sealed files. The first key writes, every key reads.

    `purpose` makes the keys of one folder others than those of another, out of the same secrets.
    """

    def __init__(self, folder: Path, keys: Sequence[bytes], purpose: bytes) -> None:
        self._folder = folder
        self._keys = [
            AESGCM(HKDF(SHA256(), length=32, salt=b"buurtbrug", info=purpose).derive(key)) for key in keys
        ]

    async def store(self, content: bytes) -> str:
        """Keep a content and return its digest. Raises DiskFullError when there is no room for it."""
        return await asyncio.to_thread(self._store, content)

    async def load(self, digest: str) -> bytes:
        """Return a content. Raises FileNotFoundError, and SealedError when no key opens it."""
        return await asyncio.to_thread(lambda: self._open(self._path(digest)))

    async def remove(self, digests: Collection[str]) -> None:
        """Remove contents that nobody refers to. Unknown ones are passed over."""
        await asyncio.to_thread(self._remove, [self._path(digest) for digest in digests])

    async def older_than(self, age: timedelta) -> list[str]:
        """Return the names of files of at least this age, unfinished ones among them."""
        return await asyncio.to_thread(self._older, time.time() - age.total_seconds())

    async def rotate(self) -> int:
        """Bring every file under the first key; returns how many were under another one.

        May be interrupted and run again, while the application runs too. Raises SealedError for a file that
        no key opens.
        """
        names = await self.older_than(timedelta(0))
        return sum([await asyncio.to_thread(self._renew, self._path(name)) for name in names])

    def _path(self, digest: str) -> Path:
        """Return where a file lies: 256 folders, so that none gets too full."""
        return self._folder / digest[:2] / digest

    def _store(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            _write(path, self._seal(content, digest))
        return digest

    def _seal(self, content: bytes, digest: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, content, digest.encode())

    def _open(self, path: Path) -> bytes:
        sealed = path.read_bytes()
        for key in self._keys:
            with contextlib.suppress(InvalidTag):
                return _opened(key, sealed, path.name)
        raise SealedError(f"none of the secret keys opens the file {path.name}")

    def _renew(self, path: Path) -> int:
        if path.suffix == UNFINISHED:
            return 0
        try:
            _opened(self._keys[0], path.read_bytes(), path.name)
        except InvalidTag:
            _write(path, self._seal(self._open(path), path.name))
            return 1
        except FileNotFoundError:  # removed meanwhile
            return 0
        return 0

    def _older(self, moment: float) -> list[str]:
        found = []
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime <= moment:
                    found.append(path.name)
        return found

    @staticmethod
    def _remove(paths: Sequence[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)


def media_files(data_dir: Path, keys: Sequence[bytes]) -> SealedFiles:
    """Return the folder of pictures, voices and documents that the bot keeps."""
    return SealedFiles(data_dir / "media", keys, b"media files")


def web_files(data_dir: Path, keys: Sequence[bytes]) -> SealedFiles:
    """Return the folder of what was sent in the web chat."""
    return SealedFiles(data_dir / "web-files", keys, b"web chat files")


def _opened(key: AESGCM, sealed: bytes, name: str) -> bytes:
    if len(sealed) < _NONCE_BYTES:
        raise InvalidTag
    return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in the place of what was there."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Its name begins like that of the whole file, so that both are found in the same folder.
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f"{path.name}.", suffix=UNFINISHED, delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError(
                error.errno, f"no room on the disk for a file of {len(content)} bytes", str(path.parent)
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
