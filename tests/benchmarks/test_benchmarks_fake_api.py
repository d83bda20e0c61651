"""What benchmarks measure with: the journal of the server that they send to."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from benchmarks.fake_api import BATCH, TOKEN, Journal, journal_of, serving
from bot.transport.request import AiohttpRequest


@pytest.mark.parametrize(
    ("arrivals", "most"),
    [
        ([], 0),
        ([0.0, 0.5, 0.999], 3),
        ([0.0, 0.5, 1.0], 2),
        ([0.9, 0.95, 1.0, 1.8, 1.85], 5),
        ([0.0, 0.9, 1.0, 1.1, 1.2, 2.0], 4),
    ],
)
def test_a_second_begins_anywhere(arrivals: list[float], most: int) -> None:
    assert Journal(arrivals=arrivals).most_in_a_second() == most


@given(st.lists(st.integers(0, 50).map(lambda tenths: tenths / 10)).map(sorted))
def test_most_in_a_second_is_what_looking_from_each_arrival_gives(arrivals: list[float]) -> None:
    looked = [sum(0 <= other - one < 1 for other in arrivals) for one in arrivals]
    assert Journal(arrivals=arrivals).most_in_a_second() == max(looked, default=0)


def test_the_server_gives_updates_once_they_are_asked_for_and_counts_messages() -> None:
    """Through the bot's own back end, as the benchmarks do."""
    updates = [{"update_id": 70 + number} for number in range(BATCH + 5)]

    async def talk(base: str) -> tuple[list[int], int]:
        async with Bot(TOKEN, base_url=f"{base}/bot", request=AiohttpRequest()) as bot:
            first = await bot.get_updates()
            rest = await bot.get_updates(offset=first[-1].update_id + 1)
            await bot.send_message(5, "one")
            await bot.send_message(5, "two")
            await bot.send_message(6, "three")
        return [update.update_id for update in (*first, *rest)], len(first)

    with serving(updates=updates) as base:
        given_ids, at_once = asyncio.run(talk(base))
        journal = journal_of(base)
    assert at_once == BATCH
    assert given_ids == [update["update_id"] for update in updates]
    assert journal.chats == {"5": 2, "6": 1}
    assert len(journal.arrivals) == journal.calls["sendMessage"] == 3
