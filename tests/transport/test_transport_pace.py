"""The pace: no burst in the first second, none after a halt, and manners in each chat.

A turn can come late on a busy machine, but never early, so only "not before" is asserted.
"""

import asyncio
import time

import pytest

from bot.transport.pace import CHAT_BURST, Pacer


async def departures(pacer: Pacer, number: int) -> list[float]:
    """When so many turns, all asked for at once, are given."""
    times: list[float] = []

    async def leave() -> None:
        await pacer.turn()
        times.append(time.monotonic())

    await asyncio.gather(*(leave() for _ in range(number)))
    return sorted(times)


@pytest.mark.parametrize("rate", [30.0, 200.0])
async def test_turns_are_spread_evenly_from_the_very_first(rate: float) -> None:
    """A bucket that starts full would let twice the rate through in its first second."""
    begin = time.monotonic()
    times = await departures(Pacer(rate), 20)
    for position, at in enumerate(times):
        assert at - begin >= position / rate


async def test_time_without_messages_saves_up_no_turns() -> None:
    pacer = Pacer(100)
    await departures(pacer, 2)
    await asyncio.sleep(0.2)
    begin = time.monotonic()
    times = await departures(pacer, 10)
    for position, at in enumerate(times):
        assert at - begin >= position / 100


async def test_after_a_halt_those_who_waited_leave_one_by_one() -> None:
    pacer = Pacer(50)
    waiting = asyncio.create_task(departures(pacer, 12))
    await asyncio.sleep(0.05)
    halted = time.monotonic()
    pacer.halt(0.3)
    late = asyncio.create_task(departures(pacer, 3))
    times = sorted([*await waiting, *await late])
    after = [at for at in times if at > halted + 0.01]
    assert len(after) >= 10
    for position, at in enumerate(after):
        assert at - halted >= 0.3 + position / 50


async def test_a_shorter_halt_does_not_end_a_longer_one() -> None:
    pacer = Pacer(1000)
    begin = time.monotonic()
    pacer.halt(0.2)
    pacer.halt(0.01)
    (at,) = await departures(pacer, 1)
    assert at - begin >= 0.2


def test_a_chat_gets_a_burst_and_then_one_a_second() -> None:
    now = 100.0
    pacer = Pacer(30, monotonic=lambda: now)
    for _ in range(CHAT_BURST):
        assert pacer.resting() == {}
        pacer.spend(7)
    assert pacer.resting() == {7: pytest.approx(1.0)}
    now += 0.75
    assert pacer.resting() == {7: pytest.approx(0.25)}
    now += 0.25
    assert pacer.resting() == {}
    pacer.spend(7)
    assert pacer.resting() == {7: pytest.approx(1.0)}


def test_chats_do_not_wait_for_each_other_and_are_forgotten() -> None:
    now = 100.0
    pacer = Pacer(30, monotonic=lambda: now)
    for _ in range(CHAT_BURST):
        pacer.spend(7)
    pacer.spend(8)
    assert set(pacer.resting()) == {7}
    now += CHAT_BURST + 1
    assert pacer.resting() == {}
    for _ in range(CHAT_BURST):
        pacer.spend(8)
    assert set(pacer.resting()) == {8}


def test_a_chat_that_was_told_to_rest_rests_for_the_longest_of_its_times() -> None:
    now = 100.0
    pacer = Pacer(30, monotonic=lambda: now)
    pacer.rest(7, 3600.0)
    pacer.rest(7, 5.0)
    assert pacer.resting() == {7: pytest.approx(3600.0)}
    now += 3599.0
    pacer.spend(8)
    assert pacer.resting() == {7: pytest.approx(1.0)}
    now += 1.0
    assert pacer.resting() == {}
