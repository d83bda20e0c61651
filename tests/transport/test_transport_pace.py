"""The pace: no second too full, no burst in the first one, none after a halt, manners in each chat.

Time is the test's own: a loop whose clock jumps to whatever comes next.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.transport.pace import CHAT_BURST, Pacer

T = TypeVar("T")

LATENCY = 0.05


class Jumping(selectors.DefaultSelector):
    """Waits for nothing: it moves the clock of its loop ahead instead."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise RuntimeError("nothing will ever happen")
        if timeout > 0:
            # A little more, or rounding could leave it for ever just before what comes next.
            self.now += timeout + 1e-9
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose hours take no time."""

    def __init__(self) -> None:
        self.clock = Jumping()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def in_no_time(main: Callable[[JumpingLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a loop of its own."""
    loop = JumpingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(loop))


@dataclass(slots=True)
class Journey:
    """Instants of departure, and how long each message has stood at the door before it."""

    left: list[float] = field(default_factory=list)
    stood: list[float] = field(default_factory=list)

    @property
    def most_in_a_second(self) -> int:
        """The most departures in any second, wherever it begins."""
        most = first = 0
        for number, at in enumerate(self.left):
            while at - self.left[first] >= 1:
                first += 1
            most = max(most, number - first + 1)
        return most

    @property
    def seconds(self) -> float:
        """From the first departure to the last."""
        return self.left[-1] - self.left[0]


def journey(
    rate: float,
    number: int,
    commits: Sequence[float],
    stalls: Sequence[tuple[float, float]] = (),
) -> Journey:
    """What so many messages do that are all there from the beginning, as the sender lets them.

    Args:
        rate: messages a second.
        number: how many messages.
        commits: seconds from each turn until the message may leave, again and again.
        stalls: seconds until the loop stalls, and for how many, again and again.
    """

    async def main(loop: JumpingLoop) -> Journey:
        made = Journey()
        pacer = Pacer(rate, monotonic=loop.time)
        places = asyncio.Semaphore(max(8, int(rate / 2)))

        async def send(commit: float) -> None:
            async with places:
                await pacer.turn()
                await asyncio.sleep(commit)
                came = loop.time()
                assert await pacer.departure()
                made.left.append(loop.time())
                made.stood.append(loop.time() - came)
                await asyncio.sleep(LATENCY)

        async def stall() -> None:
            for after, seconds in cycle(stalls):
                await asyncio.sleep(after)
                loop.clock.now += seconds

        stalling = asyncio.create_task(stall())
        each = cycle(commits)
        await asyncio.gather(*(send(next(each)) for _ in range(number)))
        stalling.cancel()
        return made

    return in_no_time(main)


rates = st.sampled_from([1.0, 2.5, 10.0, 30.0, 100.0])
short_commits = st.lists(st.floats(0.0, 0.12), min_size=1, max_size=40)
long_commits = st.lists(st.floats(0.0, 2.0), min_size=1, max_size=40)
stalls = st.lists(st.tuples(st.floats(0.01, 3.0), st.floats(0.0, 2.0)), max_size=5)


@given(rates, long_commits, stalls)
@settings(max_examples=60, deadline=None)
def test_no_second_is_too_full_however_long_the_notes_take(
    rate: float, commits: list[float], stalls: list[tuple[float, float]]
) -> None:
    """Neither commits of any length nor a loop that stalls let more through than the rate."""
    made = journey(rate, int(rate * 4) + 5, commits, stalls)
    assert made.most_in_a_second <= int(rate)


def test_no_second_is_too_full_when_all_notes_are_done_at_once() -> None:
    """A disk that takes a breath of half a second at a time."""
    made = journey(30, 200, [0.5 - (number * 0.0343) % 0.5 for number in range(15)])
    assert made.most_in_a_second == 30
    assert max(made.stood) < 0.5


@given(st.sampled_from([10.0, 30.0, 100.0]), short_commits)
@settings(max_examples=30, deadline=None)
def test_commits_of_uneven_length_do_not_lower_the_rate(rate: float, commits: list[float]) -> None:
    """In ten seconds, what is lost is less than the headroom and one late message."""
    made = journey(rate, int(rate * 10), commits)
    assert made.seconds <= 10 * 1.035 + 0.5


@pytest.mark.parametrize("rate", [30.0, 1000.0])
def test_short_stalls_do_not_lower_the_rate(rate: float) -> None:
    """A loop that does nothing for 80 ms now and then catches up."""
    made = journey(rate, int(rate * 10), [0.005], [(0.7, 0.08)])
    assert made.most_in_a_second <= rate
    assert made.seconds <= 10 * (1.036 if rate < 100 else 1.02) + 0.1


def test_a_thousand_a_second_loses_two_in_a_hundred_at_most() -> None:
    made = journey(1000, 5000, [0.004, 0.012, 0.03, 0.008])
    assert made.most_in_a_second <= 1000
    assert 5000 / made.seconds >= 980


@given(st.sampled_from([10.0, 30.0, 100.0]), short_commits)
@settings(max_examples=30, deadline=None)
def test_nobody_stands_long_at_the_door(rate: float, commits: list[float]) -> None:
    """What stands there is in doubt if the bot is killed."""
    made = journey(rate, int(rate * 6), commits)
    assert max(made.stood) <= 0.3


async def turns(pacer: Pacer, number: int) -> list[float]:
    """When so many turns, all asked for at once, are given."""
    times: list[float] = []

    async def take() -> None:
        await pacer.turn()
        times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(take() for _ in range(number)))
    return times


@pytest.mark.parametrize("rate", [30.0, 200.0])
def test_turns_are_spread_evenly_from_the_very_first(rate: float) -> None:
    """A bucket that starts full would let twice the rate through in its first second."""

    async def main(loop: JumpingLoop) -> None:
        begin = loop.time()
        for position, at in enumerate(await turns(Pacer(rate, monotonic=loop.time), 50)):
            assert at - begin == pytest.approx(position / rate, rel=0.04)
            assert at - begin >= position / rate

    in_no_time(main)


def test_time_without_messages_saves_up_no_turns() -> None:
    async def main(loop: JumpingLoop) -> None:
        pacer = Pacer(100, monotonic=loop.time)
        await turns(pacer, 2)
        await asyncio.sleep(0.2)
        begin = loop.time()
        for position, at in enumerate(await turns(pacer, 10)):
            assert at - begin >= position / 100

    in_no_time(main)


def test_after_a_halt_those_who_waited_leave_one_by_one() -> None:
    async def main(loop: JumpingLoop) -> None:
        pacer = Pacer(50, monotonic=loop.time)
        waiting = asyncio.create_task(turns(pacer, 12))
        await asyncio.sleep(0.05)
        halted = loop.time()
        pacer.halt(0.3)
        late = asyncio.create_task(turns(pacer, 3))
        after = sorted(at for at in [*await waiting, *await late] if at > halted)
        assert len(after) == 12
        for position, at in enumerate(after):
            assert at - halted >= 0.3 + position / 50 - 1e-6

    in_no_time(main)


def test_who_stands_at_the_door_when_a_halt_comes_is_sent_back() -> None:
    async def main(loop: JumpingLoop) -> None:
        pacer = Pacer(2, monotonic=loop.time)
        assert await pacer.departure()
        assert await pacer.departure()
        third = asyncio.create_task(pacer.departure())
        await asyncio.sleep(0.5)
        pacer.halt(3.0)
        assert not await third
        assert not await pacer.departure()
        await asyncio.sleep(3.0)
        assert await pacer.departure()

    in_no_time(main)


def test_a_loop_in_which_nothing_will_ever_happen_ends() -> None:
    async def main(_: JumpingLoop) -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="nothing will ever happen"):
        in_no_time(main)


def test_a_shorter_halt_does_not_end_a_longer_one() -> None:
    async def main(loop: JumpingLoop) -> None:
        pacer = Pacer(1000, monotonic=loop.time)
        begin = loop.time()
        pacer.halt(0.2)
        pacer.halt(0.01)
        (at,) = await turns(pacer, 1)
        assert at - begin >= 0.2

    in_no_time(main)


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
