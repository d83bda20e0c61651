"""Dice that fall the same way in every process and on every machine."""

from collections import Counter

from bot.rhythm.dice import dice


def test_the_same_parts_give_the_same_number_for_ever() -> None:
    """Pinned: another number would change every person's order of questions with an upgrade."""
    assert dice(1, "2025-01-01", "q1") == 3_473_991_275_653_187_867
    assert dice() == 16_476_032_584_258_269_876


def test_the_parts_are_told_apart() -> None:
    assert len({dice(1, 23), dice(12, 3), dice(123), dice(1, 2, 3)}) == 4


def test_all_faces_come_up_about_equally_often() -> None:
    faces = Counter(dice(n) % 6 for n in range(6_000))
    assert all(850 < faces[face] < 1_150 for face in range(6))
