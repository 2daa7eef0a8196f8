# SPDX-License-Identifier: EUPL-1.2
"""One contract for every FSM storage: aiogram's in memory, ours in SQL, and Redis."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.memory import MemoryStorage
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from storage.database import Database
from storage.fsm import SqlStorage
from storage.fsm_rows import key_text, user_of
from storage.redis_fsm import WholeKey, event_isolation, fsm_storage
from storage.tables.fsm import FsmRow

KEY = StorageKey(bot_id=1, chat_id=-100, user_id=2**53 + 1, thread_id=7)

OTHERS = [
    replace(KEY, bot_id=2),
    replace(KEY, chat_id=-101),
    replace(KEY, user_id=3),
    replace(KEY, thread_id=None),
    replace(KEY, thread_id=8),
    replace(KEY, business_connection_id="b"),
    replace(KEY, destiny="other"),
    # Parts that would run into each other where they are merely joined.
    StorageKey(1, 5, 7, thread_id=6),
    StorageKey(1, 6, 7, business_connection_id="5"),
    StorageKey(1, 6, 7, business_connection_id="5:6"),
    StorageKey(1, 6, 7, destiny="default:state"),
]


class Form(StatesGroup):
    name = State()


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("redis", marks=pytest.mark.redis),
    ]
)
async def storage(request, cipher):
    if request.param == "memory":
        yield MemoryStorage()
    elif request.param == "redis":
        storage = fsm_storage(request.getfixturevalue("redis_server").url, cipher)
        await storage.redis.flushall()
        yield storage
        await storage.close()
    else:
        database = Database(request.getfixturevalue(f"{request.param}_url"))
        yield SqlStorage(database, cipher)
        await database.close()


class TestContract:
    async def test_nothing_at_first(self, storage):
        assert await storage.get_state(KEY) is None
        assert await storage.get_data(KEY) == {}
        assert await storage.get_value(KEY, "name") is None
        assert await storage.get_value(KEY, "name", "nobody") == "nobody"

    async def test_state(self, storage):
        await storage.set_state(KEY, Form.name)
        assert await storage.get_state(KEY) == "Form:name"
        await storage.set_state(KEY, "other")
        assert await storage.get_state(KEY) == "other"
        await storage.set_state(KEY, None)
        assert await storage.get_state(KEY) is None
        await storage.set_state(KEY)
        assert await storage.get_state(KEY) is None

    async def test_data(self, storage):
        data = {"street": "ጎደና ١٢", "tries": 2, "place": [52.04, None, True], "more": {"a": "b"}}
        await storage.set_data(KEY, data)
        assert await storage.get_data(KEY) == data
        assert await storage.get_value(KEY, "tries") == 2
        await storage.set_data(KEY, {"street": "x"})
        assert await storage.get_data(KEY) == {"street": "x"}
        await storage.set_data(KEY, {})
        assert await storage.get_data(KEY) == {}

    async def test_state_and_data_do_not_touch_each_other(self, storage):
        await storage.set_state(KEY, "s")
        await storage.set_data(KEY, {"a": 1})
        await storage.set_state(KEY, None)
        assert await storage.get_data(KEY) == {"a": 1}
        await storage.set_state(KEY, "t")
        await storage.set_data(KEY, {})
        assert await storage.get_state(KEY) == "t"

    async def test_update_data_adds(self, storage):
        assert await storage.update_data(KEY, {"a": 1}) == {"a": 1}
        assert await storage.update_data(KEY, {"b": 2}) == {"a": 1, "b": 2}
        assert await storage.update_data(KEY, {"a": 3}) == {"a": 3, "b": 2}
        assert await storage.get_data(KEY) == {"a": 3, "b": 2}

    async def test_update_data_at_once_loses_nothing(self, storage):
        await asyncio.gather(*(storage.update_data(KEY, {f"field{n}": n}) for n in range(12)))
        assert await storage.get_data(KEY) == {f"field{n}": n for n in range(12)}

    async def test_what_was_got_is_a_copy(self, storage):
        await storage.set_data(KEY, {"a": 1})
        (await storage.get_data(KEY))["a"] = 2
        assert await storage.get_data(KEY) == {"a": 1}

    @pytest.mark.parametrize("data", [None, ["a"], "text"])
    async def test_only_a_dict_is_data(self, storage, data):
        with pytest.raises(DataNotDictLikeError):
            await storage.set_data(KEY, data)

    @pytest.mark.parametrize("other", OTHERS, ids=str)
    async def test_every_part_of_the_key_counts(self, storage, other):
        await storage.set_state(KEY, "mine")
        await storage.set_data(KEY, {"whose": "mine"})
        assert await storage.get_state(other) is None
        await storage.set_state(other, "other")
        await storage.update_data(other, {"whose": "other"})
        await storage.set_state(KEY, None)
        await storage.set_data(KEY, {})
        assert (await storage.get_state(other), await storage.get_data(other)) == (
            "other",
            {"whose": "other"},
        )

    async def test_no_two_of_the_difficult_keys_meet(self, storage):
        for number, key in enumerate(OTHERS):
            await storage.set_data(key, {"number": number})
        for number, key in enumerate(OTHERS):
            assert await storage.get_data(key) == {"number": number}


keys = st.builds(
    StorageKey,
    bot_id=st.integers(0, 3),
    chat_id=st.integers(-3, 3),
    user_id=st.integers(0, 3),
    thread_id=st.none() | st.integers(0, 3),
    business_connection_id=st.none() | st.text('0123:"\\,n', max_size=4),
    destiny=st.text('default0123:"\\,', max_size=4),
)


@given(keys, keys, st.sampled_from(["data", "state", "lock", None]))
def test_different_keys_give_different_texts(one, other, part):
    assert (key_text(one) == key_text(other)) == (one == other)
    assert (WholeKey().build(one, part) == WholeKey().build(other, part)) == (one == other)


@given(keys)
def test_the_user_can_be_read_back(key):
    assert user_of(key_text(key)) == key.user_id


@given(keys, keys)
def test_parts_never_meet(one, other):
    for first, second in itertools.permutations(["data", "state", "lock"], 2):
        assert WholeKey().build(one, first) != WholeKey().build(other, second)


class TestSql:
    @pytest.fixture
    def fsm(self, database, cipher, now):
        self.moment = now
        return SqlStorage(database, cipher, now=lambda: self.moment)

    async def rows(self, database):
        async with database.reading() as session:
            return (await session.execute(select(func.count()).select_from(FsmRow))).scalar_one()

    async def test_survives_a_restart(self, fsm, database_url, cipher):
        await fsm.set_state(KEY, "s")
        await fsm.set_data(KEY, {"a": 1})
        again = Database(database_url)
        assert await SqlStorage(again, cipher).get_state(KEY) == "s"
        assert await SqlStorage(again, cipher).get_data(KEY) == {"a": 1}
        await again.close()

    async def test_an_empty_row_goes(self, fsm, database):
        await fsm.set_state(KEY, "s")
        await fsm.set_data(KEY, {"a": 1})
        assert await self.rows(database) == 1
        await fsm.set_state(KEY, None)
        await fsm.set_data(KEY, {})
        assert await self.rows(database) == 0
        assert await fsm.update_data(KEY, {}) == {}
        assert await self.rows(database) == 0

    async def test_what_was_filled_in_is_not_readable(self, fsm, database):
        await fsm.set_data(KEY, {"street": "GEHEIM"})
        async with database.reading() as session:
            row = (await session.execute(text("SELECT * FROM fsm"))).one()
        stored = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
        assert b"GEHEIM" not in stored
        assert str(KEY.user_id).encode() not in stored

    async def test_what_is_no_json_is_refused_and_changes_nothing(self, fsm):
        await fsm.set_data(KEY, {"a": 1})
        with pytest.raises(TypeError):
            await fsm.set_data(KEY, {"a": object()})
        with pytest.raises(TypeError):
            await fsm.update_data(KEY, {"a": object()})
        assert await fsm.get_data(KEY) == {"a": 1}

    async def test_abandoned_forms_expire_and_touched_ones_do_not(self, fsm, now):
        abandoned, touched = KEY, replace(KEY, user_id=3)
        await fsm.set_state(abandoned, "s")
        await fsm.set_state(touched, "s")
        self.moment = now + timedelta(days=10)
        await fsm.update_data(touched, {"a": 1})
        assert await fsm.prune(now + timedelta(days=5)) == 1
        assert await fsm.get_state(abandoned) is None
        assert await fsm.get_state(touched) == "s"

    async def test_a_set_inside_a_unit_of_work_is_refused_instead_of_hanging(self, cipher, sqlite_database):
        fsm = SqlStorage(sqlite_database, cipher)
        async with sqlite_database.writing():
            with pytest.raises(RuntimeError, match="inside another"):
                await fsm.set_state(KEY, "s")
        await fsm.set_state(KEY, "s")
        assert await fsm.get_state(KEY) == "s"


@pytest.mark.redis
class TestRedis:
    @pytest.fixture
    async def redis(self, redis_server, cipher):
        storage = fsm_storage(redis_server.url, cipher)
        await storage.redis.flushall()
        yield storage
        await storage.close()

    async def test_what_was_filled_in_is_not_readable_and_expires(self, redis):
        await redis.set_data(KEY, {"street": "GEHEIM"})
        await redis.update_data(KEY, {"name": "GEHEIM"})
        await redis.set_state(KEY, "s")
        for name in await redis.redis.keys():
            assert b"GEHEIM" not in await redis.redis.get(name)
            assert await redis.redis.ttl(name) > 13 * 24 * 3600

    async def test_a_lock_lets_one_in_at_a_time(self, redis):
        isolation, inside, most = event_isolation(redis), 0, 0

        async def handle():
            nonlocal inside, most
            async with isolation.lock(KEY):
                inside += 1
                most = max(most, inside)
                await redis.redis.ping()
                inside -= 1

        await asyncio.gather(*(handle() for _ in range(4)))
        assert most == 1

    async def test_locks_of_different_people_do_not_wait(self, redis):
        isolation = event_isolation(redis)
        async with isolation.lock(KEY), isolation.lock(replace(KEY, user_id=3)):
            assert len(await redis.redis.keys()) == 2
