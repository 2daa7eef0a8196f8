# SPDX-License-Identifier: EUPL-1.2
"""aiogram's FSM in Redis, for several replicas.

It stands outside the database's transactions: a write there marks no update as handled.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal, cast

from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.storage.base import KeyBuilder, StorageKey
from aiogram.fsm.storage.redis import RedisEventIsolation, RedisStorage
from redis.asyncio.client import Redis

from storage.encryption import Cipher
from storage.fsm_rows import key_text

EXPIRY = timedelta(days=14)
"""How long an untouched form is kept."""

LOCK_TIMEOUT = timedelta(seconds=60)
"""When the lock of a replica that died is free again: longer than handling an update ever takes."""

LOCK_RETRY = timedelta(milliseconds=20)
"""How often a waiting replica asks whether the lock is free."""


class WholeKey(KeyBuilder):
    """Keys with every part in its own place: two bots, threads or destinies never share one."""

    def build(self, key: StorageKey, part: Literal["data", "state", "lock"] | None = None) -> str:
        """Return the key, as JSON behind the part's name."""
        return f"buurtbrug:fsm:{part or ''}:{key_text(key)}"


class RedisFsm(RedisStorage):
    """RedisStorage whose `update_data` is one step: of two at the same moment, neither is lost."""

    async def update_data(self, key: StorageKey, data: Mapping[str, Any]) -> dict[str, Any]:
        """Add to the data and return all of it."""
        if not isinstance(data, dict):
            raise DataNotDictLikeError(f"Data must be a dict or dict-like object, got {type(data).__name__}")
        name = self.key_builder.build(key, "data")

        async def merge(pipe: Any) -> dict[str, Any]:
            stored = await pipe.get(name)
            merged = {**(self.json_loads(stored) if stored else {}), **data}
            pipe.multi()
            if merged:
                pipe.set(name, self.json_dumps(merged), ex=self.data_ttl)
            else:
                pipe.delete(name)
            return merged

        merged = await cast(Any, self.redis).transaction(merge, name, value_from_callable=True)
        return cast(dict[str, Any], merged)


def fsm_storage(url: str, cipher: Cipher | None = None, expiry: timedelta = EXPIRY) -> RedisFsm:
    """Open the storage at a `redis://` address. Given a cipher, it seals the data; the application does."""
    return RedisFsm(
        Redis.from_url(url),
        key_builder=WholeKey(),
        state_ttl=expiry,
        data_ttl=expiry,
        json_dumps=json.dumps if cipher is None else _sealer(cipher),
        json_loads=json.loads if cipher is None else _opener(cipher),
    )


def event_isolation(storage: RedisFsm) -> RedisEventIsolation:
    """Return locks over all replicas: two messages of one person are handled one after the other.

    It uses the connections of the storage, and ends with it.
    """
    return storage.create_isolation(
        lock_kwargs={"timeout": LOCK_TIMEOUT.total_seconds(), "sleep": LOCK_RETRY.total_seconds()}
    )


def _sealer(cipher: Cipher) -> Callable[[Any], str]:
    return lambda data: cipher.encrypt(json.dumps(data, ensure_ascii=False)).decode()


def _opener(cipher: Cipher) -> Callable[[str | bytes], Any]:
    def read(sealed: str | bytes) -> Any:
        return json.loads(cipher.decrypt(sealed.encode() if isinstance(sealed, str) else sealed))

    return read
