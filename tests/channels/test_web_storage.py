# SPDX-License-Identifier: EUPL-1.2
"""The web chat's storage, on SQLite and on PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage.web import WebStorage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOLD = timedelta(seconds=30)
ONE, TWO = 2**53 + 1, 2**62 - 1


def make(text):
    def build(update_id, message_id):
        body = {"message_id": message_id, "text": text}
        return {"update_id": update_id, "message": body}, body

    return build


@pytest.fixture
async def store(database, cipher):
    storage = WebStorage(database, cipher)
    for visitor_id in (ONE, TWO):
        await storage.arrive(visitor_id, "nl", NOW)
    return storage


async def take(store, visitor_id, name):
    return await store.take_in(visitor_id, name, make(name), with_message=True, now=NOW)


async def test_messages_sent_at_once_get_numbers_of_their_own(store):
    sent = await asyncio.gather(*(store.send(ONE, [{"text": str(n)}], [], None, NOW) for n in range(20)))
    assert sorted(bodies[0]["message_id"] for bodies in sent) == list(range(1, 21))
    events = await store.events(ONE, 0, 100)
    assert [event.sequence for event in events] == list(range(1, 21))
    assert await store.sequences([ONE, TWO]) == {ONE: 20, TWO: 0}


async def test_resends_at_once_are_one_update(store):
    taken = await asyncio.gather(*(take(store, ONE, "same") for _ in range(5)))
    assert sorted(one.new for one in taken) == [False] * 4 + [True]
    assert len({one.update_id for one in taken}) == 1
    assert len(await store.history(ONE, None, 10)) == 1


async def test_of_each_visitor_one_update_at_a_time_in_order(store):
    for name in ("a", "b"):
        await take(store, ONE, name)
    await take(store, TWO, "c")
    claims = await asyncio.gather(*(store.claim(owner, 10, NOW, HOLD) for owner in ("x", "y")))
    claimed = [pending for claim in claims for pending in claim]
    assert sorted(pending.body["message"]["text"] for pending in claimed) == ["a", "c"]
    assert await store.claim("z", 10, NOW, HOLD) == []
    for pending in claimed:
        await store.settle(pending.update_id, handled=True)
    (last,) = await store.claim("z", 10, NOW, HOLD)
    assert last.body["message"]["text"] == "b"


async def test_a_claim_of_a_dead_process_ends_and_a_live_one_is_renewed(store):
    await take(store, ONE, "a")
    (pending,) = await store.claim("x", 10, NOW, HOLD)
    await store.renew("x", [pending.update_id], NOW + 2 * HOLD)
    assert await store.claim("y", 10, NOW + HOLD, HOLD) == []
    await store.renew("y", [pending.update_id], NOW + 9 * HOLD)  # not the owner
    (again,) = await store.claim("y", 10, NOW + 2 * HOLD, HOLD)
    assert again.update_id == pending.update_id


async def test_a_failure_waits_and_is_counted_and_given_up_when_told_so(store):
    await take(store, ONE, "a")
    await take(store, ONE, "b")
    (first,) = await store.claim("x", 10, NOW, HOLD)
    await store.put_back(first.update_id, NOW + HOLD)
    assert await store.claim("x", 10, NOW, HOLD) == []
    (again,) = await store.claim("x", 10, NOW + HOLD, HOLD)
    assert (again.update_id, again.attempts) == (first.update_id, 1)
    await store.settle(first.update_id, handled=False)
    (second,) = await store.claim("x", 10, NOW + HOLD, HOLD)
    assert second.body["message"]["text"] == "b"


async def test_update_numbers_are_never_given_twice(store):
    first = await take(store, ONE, "a")
    await store.settle(first.update_id, handled=True)
    await store.erase(NOW + timedelta(seconds=1), NOW - timedelta(days=1))
    assert (await take(store, ONE, "b")).update_id > first.update_id


async def test_what_refuses_leaves_everything_as_it_was(store):
    await store.send(ONE, [{"text": "a"}], [], None, NOW)

    def refuse(message):
        raise ValueError(message.body["text"])

    with pytest.raises(ValueError, match="a"):
        await store.change(ONE, 1, refuse, [], NOW)
    assert (await store.message(ONE, 1)).body["text"] == "a"
    assert await store.change(ONE, 2, refuse, [], NOW) is None
    assert await store.send(5, [{"text": "a"}], [], None, NOW) is None


async def test_a_content_stays_while_a_younger_file_has_it(store):
    known = {"kind": "document", "mime": "application/pdf", "size": 1, "name": "a", "width": 0, "height": 0}
    old = await store.add_file(**known, digest="d", duration=0, uploader=ONE, now=NOW)
    young = await store.add_file(**known, digest="d", duration=0, uploader=TWO, now=NOW + 2 * HOLD)
    alone = await store.add_file(**known, digest="e", duration=0, uploader=ONE, now=NOW)
    assert await store.erase(NOW + HOLD, NOW - HOLD) == ["e"]
    assert [await store.file(file.id) for file in (old, alone)] == [None, None]
    assert (await store.file_for(TWO, young.id)).digest == "d"
    assert await store.file_for(ONE, young.id) is None


async def test_the_language_is_an_event_only_when_it_changes(store):
    assert await store.set_language(ONE, "ar", NOW)
    assert not await store.set_language(ONE, "ar", NOW)
    assert [event.kind for event in await store.events(ONE, 0, 10)] == ["language"]
