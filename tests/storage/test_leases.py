# SPDX-License-Identifier: EUPL-1.2
"""One leader at a time."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.leases import SqlLeases

MINUTE = timedelta(minutes=1)


@pytest.fixture
def leases(database):
    return SqlLeases(database)


async def test_held_renewed_released(leases, now):
    assert await leases.hold("clock", "a", now, now + MINUTE)
    assert not await leases.hold("clock", "b", now, now + MINUTE)
    assert await leases.hold("clock", "a", now, now + 2 * MINUTE)
    assert not await leases.hold("clock", "b", now + MINUTE, now + 2 * MINUTE)
    await leases.release("clock", "b")
    assert not await leases.hold("clock", "b", now + MINUTE, now + 2 * MINUTE)
    await leases.release("clock", "a")
    assert await leases.hold("clock", "b", now, now + MINUTE)


async def test_taken_over_when_it_has_ended(leases, now):
    assert await leases.hold("clock", "a", now, now + MINUTE)
    assert await leases.hold("clock", "b", now + MINUTE, now + 2 * MINUTE)
    assert not await leases.hold("clock", "a", now + MINUTE, now + 2 * MINUTE)


async def test_names_are_apart(leases, now):
    assert await leases.hold("clock", "a", now, now + MINUTE)
    assert await leases.hold("relay", "b", now, now + MINUTE)


async def test_of_many_at_once_one_gets_it(leases, now):
    got = await asyncio.gather(*(leases.hold("clock", str(n), now, now + MINUTE) for n in range(8)))
    assert sorted(got) == [False] * 7 + [True]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(0, 90),
            st.integers(1, 120),
            st.sampled_from(["hold", "release"]),
        ),
        max_size=15,
    )
)
async def test_never_two_leaders(leases, now, script):
    """Whatever is tried in whatever order: `leader` is who holds it by the rules."""
    for owner in "abc":
        await leases.release("clock", owner)
    clock, leader, until = now, "", now
    for owner, wait, length, step in script:
        clock += timedelta(seconds=wait)
        free = leader in {"", owner} or until <= clock
        if step == "release":
            await leases.release("clock", owner)
            leader = "" if leader == owner else leader
        else:
            assert await leases.hold("clock", owner, clock, clock + timedelta(seconds=length)) == free
            if free:
                leader, until = owner, clock + timedelta(seconds=length)
