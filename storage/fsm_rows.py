# SPDX-License-Identifier: EUPL-1.2
"""How an FSM key is written as one text in which no two keys look alike."""

import json
from typing import TYPE_CHECKING

from storage.encryption import Cipher

if TYPE_CHECKING:
    # Importing aiogram takes seconds: commands that only need the database go without.
    from aiogram.fsm.storage.base import StorageKey


def key_text(key: "StorageKey") -> str:
    """Return every part of the key in its own place, as JSON: different keys give different texts."""
    parts = [
        key.bot_id,
        key.chat_id,
        key.user_id,
        key.thread_id,
        key.business_connection_id,
        key.destiny,
    ]
    return json.dumps(parts, separators=(",", ":"))


def user_of(text: str) -> int:
    """Return the user's id in a key that `key_text` has written."""
    user_id: int = json.loads(text)[2]
    return user_id


def key_value(text: str) -> str:
    """Return what is hashed to find a row by its key."""
    return f"fsm:{text}"


def user_value(user_id: int) -> str:
    """Return what is hashed to find all rows of a user. User ids of different channels never meet."""
    return f"fsm-user:{user_id}"


def user_hashes(cipher: Cipher, user_id: int) -> list[bytes]:
    """Return the hashes under which rows of this user may be found."""
    return cipher.lookups(user_value(user_id))
