import pytest

from bot.reading.labels import label_of
from bot.reading.spec import Label


def test_nothing_found_is_neutral() -> None:
    assert label_of([], 0.45) is Label.NEUTRAL


def test_a_pull_below_the_floor_is_neutral() -> None:
    assert label_of([(Label.MERGING, 0.44)], 0.45) is Label.NEUTRAL
    assert label_of([(Label.MERGING, 0.45)], 0.45) is Label.MERGING


def test_the_second_counts_six_tenths_and_the_third_four() -> None:
    three = [(Label.DISTANCE, 0.5)] * 3
    assert label_of([*three, (Label.MERGING, 0.99)], 0.45) is Label.DISTANCE
    assert label_of([*three, (Label.MERGING, 1.01)], 0.45) is Label.MERGING


def test_a_fourth_adds_nothing() -> None:
    many = [(Label.DISTANCE, 0.5)] * 9
    assert label_of([*many, (Label.MERGING, 1.01)], 0.45) is Label.MERGING


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_what_was_found_does_not_matter(order: int) -> None:
    pulls = [(Label.MERGING, 0.6), (Label.DEFERRING, 0.9), (Label.MERGING, 0.2)]
    assert label_of(pulls[::order], 0.45) is Label.DEFERRING
