# SPDX-License-Identifier: EUPL-1.2
"""Personal fields at rest: sealed with a key, and found again by a keyed hash."""

import base64
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_KEY_BYTES = 16
"""A shorter secret could be guessed by trying."""


class SealedError(Exception):
    """None of the keys opens a field: the secret key in the settings is not the one it was written with."""


class Cipher:
    """Seals texts and hashes what must be found. The first key writes, every key reads.

    Each secret gives two independent keys (HKDF-SHA256): one for Fernet (AES-128-CBC with
    HMAC-SHA256), one for the hashes. So a hash tells nothing about what a sealed field holds.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the secrets, the newest first. Raises ValueError without one, or for one under 16 bytes."""
        if not keys:
            raise ValueError("at least one secret key is needed")
        if any(len(key) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"a secret key has at least {MIN_KEY_BYTES} bytes")
        ciphers = [Fernet(base64.urlsafe_b64encode(_derive(key, b"fields"))) for key in keys]
        self._first = ciphers[0]
        self._all = MultiFernet(ciphers)
        self._hash_keys = [_derive(key, b"lookups") for key in keys]

    def encrypt(self, text: str) -> bytes:
        """Seal a text under the first key. The same text gives another result each time."""
        return self._first.encrypt(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        """Open what any of the keys has sealed. Raises SealedError when none fits."""
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealedError("none of the secret keys opens this field") from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key has sealed it: if not, the field is still to be rotated."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def lookup(self, value: str) -> bytes:
        """Return the keyed hash (HMAC-SHA256, 32 bytes) under the first key: what is written."""
        return hmac.digest(self._hash_keys[0], value.encode(), "sha256")

    def lookups(self, value: str) -> list[bytes]:
        """Return the keyed hash under every key, the first one first: what is searched for."""
        return [hmac.digest(key, value.encode(), "sha256") for key in self._hash_keys]


def _derive(secret: bytes, purpose: bytes) -> bytes:
    """Return 32 bytes for one purpose. The salt is fixed: the secrets are random, not passwords."""
    return HKDF(SHA256(), length=32, salt=b"buurtbrug", info=purpose).derive(secret)
