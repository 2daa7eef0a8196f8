# SPDX-License-Identifier: EUPL-1.2
"""The gate, in virtual time: whatever comes when, the limits hold, and nobody waits for nothing."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual_time import run

from bot.relay.chats import GROUP_LIMIT, GROUP_WINDOW
from bot.relay.gate import PATIENCE, REPLY, WINDOW, Gate
from bot.relay.senders import HeldBackError

URGENT, NORMAL, BULK = 0, 1, 2


class Log:
    """Who started when."""

    def __init__(self, gate):
        self.gate = gate
        self.starts = []
        self.held_back = []

    async def send(self, chat, priority=BULK, after=0.0, prepare=None, messages=1):
        loop = asyncio.get_running_loop()
        await asyncio.sleep(after)
        try:
            await self.gate.wait(chat, priority, prepare, messages)
        except HeldBackError as error:
            self.held_back.append((loop.time(), chat, error.seconds))
        else:
            self.starts += [(loop.time(), chat, priority)] * messages

    def times(self, chat=None, priority=None):
        return [at for at, to, how in self.starts if chat in (None, to) and priority in (None, how)]


def most_within(times, seconds):
    """Return the most starts in any window of that length."""
    times = sorted(times)
    return max((sum(1 for each in times if at <= each < at + seconds) for at in times), default=0)


arrivals = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2]),
        st.sampled_from([REPLY, URGENT, NORMAL, BULK]),
        st.floats(0, 6) | st.just(0.0),
        st.sampled_from([None, 0.0, 0.01, 0.4]),
        st.sampled_from([1, 1, 1, 2, 10]),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(arrivals, st.sampled_from([1, 3, 10, 30]))
def test_never_more_than_the_limit_in_any_window(script, rate):
    async def all_of_it():
        log = Log(Gate(rate))

        def prepare(seconds):
            return None if seconds is None else (lambda: asyncio.sleep(seconds))

        await asyncio.gather(
            *(log.send(chat, how, at, prepare(s), min(n, rate)) for chat, how, at, s, n in script)
        )
        return log

    log = run(all_of_it())
    assert len({(at, chat) for at, chat, _ in log.starts}) + len(log.held_back) <= len(script)
    assert most_within(log.times(), WINDOW) <= rate
    for group in (-1, -2):
        assert most_within(log.times(group), GROUP_WINDOW) <= GROUP_LIMIT
    for chat in range(1, 10):
        relayed = sorted({(at, how) for at, to, how in log.starts if to == chat})
        for (before, _), (at, how) in pairwise(relayed):
            assert how == REPLY or at == before or at - before >= 1 - 1e-9
    assert all(how != REPLY for _, _, how in log.held_back)


@settings(max_examples=60, deadline=None)
@given(arrivals, st.lists(st.integers(0, 119), max_size=60), st.floats(0, 3))
def test_who_gives_up_leaves_no_trace(script, leaving, after):
    """Cancelled at any moment: the others all go, and the gate is free at the end."""

    async def all_of_it():
        log = Log(Gate(30))
        tasks = [
            asyncio.create_task(
                log.send(chat, how, at, None if s is None else (lambda s=s: asyncio.sleep(s)))
            )
            for chat, how, at, s, _ in script
        ]
        await asyncio.sleep(after)
        gone = {number for number in leaving if number < len(tasks) and tasks[number].cancel()}
        await asyncio.gather(*tasks, return_exceptions=True)
        stayed = len(script) - len(gone)
        assert len(log.starts) + len(log.held_back) == stayed
        await asyncio.sleep(2 * GROUP_WINDOW)
        for chat in range(-2, 10):
            await asyncio.wait_for(log.send(chat), 1)

    run(all_of_it())


def test_the_pace_is_even_and_loses_nothing():
    async def broadcast():
        log = Log(Gate(30))
        await asyncio.gather(*(log.send(chat) for chat in range(1, 301)))
        return log.times()

    times = run(broadcast())
    assert times[-1] - times[0] <= 299 / 30 / 0.99
    assert max(b - a for a, b in pairwise(times)) < 0.05


def test_late_timers_are_made_up_for_within_the_limit():
    async def broadcast():
        gate = Gate(30)
        log = Log(gate)
        loop = asyncio.get_running_loop()

        async def block():  # the loop hangs for 40 ms, again and again
            for _ in range(100):
                await asyncio.sleep(0.1)
                loop._virtual.now += 0.04

        hindrance = asyncio.create_task(block())
        await asyncio.gather(*(log.send(chat) for chat in range(1, 301)))
        hindrance.cancel()
        return log.times()

    times = run(broadcast())
    assert most_within(times, 1) <= 30
    assert times[-1] - times[0] <= 299 / 30 / 0.97


@pytest.mark.parametrize("first", [REPLY, URGENT, NORMAL])
def test_the_more_urgent_goes_first(first):
    async def busy():
        log = Log(Gate(30))
        bulk = [
            asyncio.create_task(log.send(chat, BULK, prepare=lambda: asyncio.sleep(0.01)))
            for chat in range(1, 400)
        ]
        await asyncio.sleep(3.01)
        prepare = None if first == REPLY else (lambda: asyncio.sleep(0.01))
        await log.send(1000, first, prepare=prepare)
        await asyncio.gather(*bulk)
        return log.times(1000)[0] - 3.01

    assert run(busy()) < (0.25 if first == NORMAL else 0.08)


def test_a_reply_does_not_wait_for_a_relay_to_the_same_chat():
    async def talk():
        log = Log(Gate(30))
        await log.send(1, BULK)
        waiting = [asyncio.create_task(log.send(1, BULK)) for _ in range(3)]
        await asyncio.sleep(0.2)
        await log.send(1, REPLY)
        await asyncio.gather(*waiting)
        return log.times(1, REPLY)[0], log.times(1, BULK)

    reply, relayed = run(talk())
    assert reply < 0.3
    assert relayed[1] >= reply + 1


def test_a_full_group_holds_nobody_else_up():
    async def busy():
        log = Log(Gate(30))
        await asyncio.gather(*(log.send(-1) for _ in range(50)), *(log.send(chat) for chat in range(1, 61)))
        return log

    log = run(busy())
    assert len(log.times(-1)) == GROUP_LIMIT
    assert len(log.held_back) == 30
    assert all(PATIENCE < seconds <= 2 * GROUP_WINDOW for _, _, seconds in log.held_back)
    assert max(log.times()) < 3


def test_a_reply_in_a_full_group_goes_before_the_relays_there():
    async def busy():
        log = Log(Gate(30))
        await asyncio.gather(*(log.send(-1) for _ in range(GROUP_LIMIT)))
        await asyncio.sleep(GROUP_WINDOW - 3)
        late = [asyncio.create_task(log.send(-1, how)) for how in (BULK, BULK, REPLY)]
        await asyncio.gather(*late)
        return log.starts[GROUP_LIMIT:]

    assert [how for _, _, how in run(busy())] == [REPLY, BULK, BULK]


def test_a_429_pauses_the_chat_alone():
    async def refused():
        log = Log(Gate(30))
        log.gate.hold_back(1, 3)
        await asyncio.gather(log.send(1), log.send(1, REPLY), log.send(2))
        return log

    log = run(refused())
    assert log.times(2)[0] < 0.1
    assert log.times(1, REPLY)[0] >= 3
    assert log.times(1, BULK)[0] >= 3


def test_429_of_several_chats_in_a_row_pause_everything():
    async def refused(accepted_between):
        log = Log(Gate(30))
        for chat in (1, 2, 3):
            log.gate.hold_back(chat, 4)
            if accepted_between:
                log.gate.accepted()
        await log.send(9)
        return log.times(9)[0]

    assert run(refused(accepted_between=False)) >= 4
    assert run(refused(accepted_between=True)) < 0.1


def test_a_long_pause_gives_relays_back_and_keeps_replies():
    async def refused():
        log = Log(Gate(30))
        waiting = [asyncio.create_task(log.send(chat, how)) for chat in range(1, 30) for how in (BULK, REPLY)]
        await asyncio.sleep(0.1)
        for chat in (101, 102, 103):
            log.gate.hold_back(chat, 60)
        await asyncio.gather(*waiting, log.send(50))
        return log

    log = run(refused())
    assert all(at < 0.2 for at in log.times(priority=BULK))
    assert len(log.held_back) + len(log.times(priority=BULK)) == 30
    assert all(at < 0.2 for at, _, _ in log.held_back)
    assert min(at for at in log.times(priority=REPLY) if at > 0.2) >= 60


def test_a_pause_that_comes_while_one_is_prepared_holds_it_back():
    async def refused():
        log = Log(Gate(30))

        async def prepare():
            log.gate.hold_back(1, 20)

        await log.send(1, BULK, prepare=prepare)
        await log.send(2)
        return log

    log = run(refused())
    assert [chat for _, chat, _ in log.held_back] == [1]
    assert log.times(2)[0] < 0.2


def test_what_preparing_raises_ends_the_waiting():
    async def broken():
        gate = Gate(30)

        async def prepare():
            raise LookupError

        for _ in range(20):
            with pytest.raises(LookupError):
                await gate.wait(1, BULK, prepare)
        log = Log(gate)
        await log.send(1)
        return log.times()

    assert run(broken())[0] < 0.1


def test_what_leaves_late_is_not_followed_too_early():
    """The first connections take a while: counted from the gate, 31 would leave within a second."""

    async def broadcast():
        gate = Gate(30)
        wire = []

        async def one(chat):
            turn = await gate.wait(chat, BULK)
            await asyncio.sleep(0.2 if chat < 6 else 0.0004)
            gate.left(turn)
            wire.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(one(chat) for chat in range(1, 301)))
        return wire

    wire = run(broadcast())
    assert most_within(wire, WINDOW) <= 30
    assert max(wire) - min(wire) <= 299 / 30 * 1.02


def test_what_leaves_late_to_a_chat_counts_from_then():
    async def late():
        gate = Gate(30)
        turn = await gate.wait(1, BULK)
        await asyncio.sleep(0.5)
        gate.left(turn)
        await gate.wait(1, BULK)
        return asyncio.get_running_loop().time()

    assert run(late()) == pytest.approx(1.5, abs=0.01)


def test_few_are_prepared_before_their_start():
    async def broadcast():
        gate = Gate(30)
        prepared, started, most = 0, 0, 0

        async def one(chat):
            nonlocal prepared, started, most

            async def prepare():
                nonlocal prepared, most
                prepared += 1
                most = max(most, prepared - started)

            await gate.wait(chat, BULK, prepare)
            started += 1

        await asyncio.gather(*(one(chat) for chat in range(1, 100)))
        return most

    assert run(broadcast()) <= 6


def test_a_share_is_a_part_of_every_limit():
    async def shared():
        log = Log(Gate(30, share=0.5))
        await asyncio.gather(*(log.send(chat) for chat in range(1, 100)), *(log.send(-1) for _ in range(15)))
        return log

    log = run(shared())
    assert most_within(log.times(), 1) <= 15
    assert len(log.times(-1)) == 10


def test_without_a_share_nothing_starts_until_there_is_one():
    async def joining():
        log = Log(Gate(30, share=0))
        waiting = asyncio.gather(log.send(1), log.send(2, REPLY), log.send(-1))
        await asyncio.sleep(4)
        assert log.starts == []
        log.gate.set_share(1, 0)
        await waiting
        return log

    log = run(joining())
    assert {chat for _, chat, _ in log.starts} == {1, 2}
    assert [chat for _, chat, _ in log.held_back] == [-1]


def test_what_went_to_a_group_before_counts_after_it_moved():
    async def moved():
        log = Log(Gate(30))
        await asyncio.gather(*(log.send(-1) for _ in range(GROUP_LIMIT)))
        log.gate.moved(-1, -100)
        await log.send(-100)
        return log

    log = run(moved())
    assert [chat for _, chat, _ in log.held_back] == [-100]


def test_a_chat_is_forgotten_as_soon_as_it_counts_no_more():
    """At a paid rate a group is still remembered after thousands of others."""

    async def many():
        log = Log(Gate(1000))
        await asyncio.gather(*(log.send(-1) for _ in range(GROUP_LIMIT)))
        most = 0
        for first in range(1, 8_000, 500):
            await asyncio.gather(*(log.gate.wait(chat, BULK) for chat in range(first, first + 500)))
            most = max(most, len(log.gate._chats))
        await log.send(-1)
        assert [chat for _, chat, _ in log.held_back] == [-1]
        await asyncio.sleep(GROUP_WINDOW)
        for chat in range(1, 1200):
            await log.gate.wait(chat, BULK)
        return most, -1 in log.gate._chats

    most, remembered = run(many())
    assert most < 3000
    assert not remembered


def test_an_album_counts_as_so_many_messages():
    async def albums():
        log = Log(Gate(30))
        await asyncio.gather(*(log.send(chat, messages=4) for chat in range(1, 31)))
        took = log.times()[-1]
        for _ in range(6):
            await log.send(-1, messages=4)
        return log, took

    log, took = run(albums())
    assert most_within(log.times(), WINDOW) <= 30
    assert 29 * 4 / 30 <= took <= 29 * 4 / 30 + 1
    assert len(log.times(-1)) == GROUP_LIMIT
    assert len(log.held_back) == 1


@pytest.mark.parametrize("share", [1.0, 0.1])
def test_an_album_larger_than_our_part_of_a_limit_goes_alone(share):
    async def album():
        log = Log(Gate(30, share=share))
        await log.send(-1, messages=10)
        await log.send(2, messages=10)
        return log.times()

    times = run(album())
    assert len(times) == 20
    assert times[-1] <= 10


def test_a_newcomer_may_write_to_people_before_it_may_write_to_groups():
    async def joined():
        log = Log(Gate(30))
        log.gate.set_share(0.5, 0)
        await asyncio.gather(log.send(1), log.send(1), log.send(-1))
        return log

    log = run(joined())
    assert log.times(1)[1] == pytest.approx(2, abs=0.1)
    assert [chat for _, chat, _ in log.held_back] == [-1]
