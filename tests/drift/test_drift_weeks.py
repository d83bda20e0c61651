"""A record is read as of a day: one answer for every report that asks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.beads import Bead, answer_bead, text_beads
from bot.drift.patterns import Need, Pattern
from bot.drift.record import Entry, Record, ToldShift, count_words, last_day
from bot.drift.rules import Axis, Source
from bot.drift.shift import Direction
from bot.drift.weeks import Reading, follow, read
from tests.drift.histories import (
    RULES,
    START,
    check_in,
    day,
    dice,
    full_weeks,
    jumpy_weeks,
    levels,
    quiz,
    taps,
    toward,
)

MERGING = levels(self_=1, together=5)
BALANCED = levels(self_=5, together=5)


def record(beads: list[Bead], **more: object) -> Record:
    return replace(Record(START, tuple(beads)), **more)  # type: ignore[arg-type] # by name


def moved(at: int, weeks: int, say: int = 1) -> list[Bead]:
    """Somebody whose say falls in a week, from 0."""
    return [
        *jumpy_weeks(range(at), levels(say=4), 1),
        *jumpy_weeks(range(at, weeks), levels(say=say), 2),
    ]


def told(readings: list[Reading]) -> list[tuple[int, ToldShift]]:
    return [(reading.week.number, shift) for reading in readings for shift in reading.new]


# the picture


def test_the_picture_is_28_days_of_taps_and_check_ins() -> None:
    beads = [*taps([0], levels(self_=1)), *check_in(27, levels(self_=5))]
    assert read(record(beads), day(27)).positions[Axis.SELF].beads == 10
    assert read(record(beads), day(28)).positions[Axis.SELF].beads == 8
    assert read(record(beads), day(55)).positions[Axis.SELF].beads == 0


def test_the_latest_quiz_counts_and_fades() -> None:
    beads = [*quiz(0, levels(self_=1)), *quiz(28, levels(self_=5))]
    first, second, third = (
        read(record(beads), day(number)).positions[Axis.SELF] for number in (27, 28, 56)
    )
    assert first.mean < 0.5 < third.mean < second.mean
    assert (second.beads, third.beads) == (16, 8)


def test_a_quiz_never_enters_the_weekly_line() -> None:
    beads = full_weeks(range(1), levels())
    with_quiz = read(record([*beads, *quiz(3, levels(self_=1))]), day(6))
    assert with_quiz.week.positions == read(record(beads), day(6)).week.positions
    assert with_quiz.positions[Axis.SELF].mean < 0.5


def test_a_text_bead_counts_but_no_more_than_its_caps() -> None:
    texts = [text_beads("self-0", f"M{n}", {Axis.SELF: (0, 1)}, day(0))[0] for n in range(9)]
    assert read(record(texts), day(0)).positions[Axis.SELF].beads == pytest.approx(2)


def test_what_comes_later_does_not_change_an_earlier_reading() -> None:
    beads = moved(10, 20)
    later = record([*beads, *quiz(130, levels(say=1))], entries=(Entry(day(120), 400),))
    so_far = record([bead for bead in beads if bead.day <= day(80)])
    assert read(later, day(80)) == read(so_far, day(80))


def test_a_day_before_the_start_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="before the start"):
        read(record([]), day(-1))


# replies and weeks


@pytest.mark.parametrize(
    ("entry", "replies"),
    [
        (Entry(day(0), 2), 0.0),
        (Entry(day(0), 3), 1.0),
        (Entry(day(0), 3, backfilled=True), 0.5),
    ],
)
def test_three_words_are_a_reply_and_later_ones_half(entry: Entry, replies: float) -> None:
    assert read(record([], entries=(entry,)), day(0)).week.replies == replies


def test_several_messages_of_a_day_are_one_reply() -> None:
    entries = (Entry(day(0), 2), Entry(day(0), 2), Entry(day(0), 9, backfilled=True))
    reading = read(record(taps([0], levels()), entries=entries), day(0))
    assert (reading.week.replies, reading.week.words) == (1.0, 13)


def test_a_backfilled_tap_is_half_a_reply() -> None:
    late = answer_bead(RULES["self-0"], 4, day(0), Source.TAP, backfilled=True)
    assert read(record([late]), day(0)).week.replies == 0.5


def test_a_check_in_alone_is_no_reply() -> None:
    week = read(record(check_in(6, levels())), day(6)).week
    assert (week.replies, week.check_in_points, week.valid) == (0.0, 12, False)


def test_a_week_counts_with_four_replies_and_four_beads_on_every_axis() -> None:
    enough = read(record([*taps(range(4), levels()), *check_in(6, levels())]), day(6)).week
    few = read(record([*taps(range(3), levels()), *check_in(6, levels())]), day(6)).week
    thin = read(record(taps(range(5), levels())), day(6)).week
    assert enough.valid
    assert few.positions == dict.fromkeys(Axis)
    assert not thin.valid
    # five taps in turn through three axes: two, two and one of two beads each
    assert [axis for axis, place in thin.positions.items() if place] == [Axis.SELF, Axis.TOGETHER]


def test_the_weekly_line_has_a_gap_for_a_week_of_silence() -> None:
    beads = full_weeks([0, 2], levels())
    assert [week.valid for week in read(record(beads), day(20)).weeks] == [True, False, True]


def test_weeks_are_counted_from_the_start_unless_another_day_is_given() -> None:
    plain = read(record(full_weeks(range(2), levels())), day(13))
    other = read(record(full_weeks(range(2), levels()), weeks_from=day(3)), day(13))
    assert [week.first for week in plain.weeks] == [day(0), day(7)]
    assert [week.first for week in other.weeks] == [day(-4), day(3), day(10)]
    assert other.evidence.days == plain.evidence.days == 13


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("We - talked", 2), ("👍 👍 👍", 0), ("it's  fine,\nreally", 3), ("50 / 50", 2)],
)
def test_words_are_counted_without_signs(text: str, words: int) -> None:
    assert count_words(text) == words


# patterns


def test_a_pattern_is_named_after_14_days_and_not_before() -> None:
    someone = record(full_weeks(range(3), MERGING))
    early = read(someone, day(13))
    assert early.pattern is Pattern.NOT_CLEAR
    assert [missing.need for missing in early.naming.missing] == [Need.DAYS]
    assert read(someone, day(14)).pattern is Pattern.MERGING


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        (MERGING, Pattern.MERGING),
        (BALANCED, Pattern.INTERDEPENDENT),
        (levels(self_=5, together=1), Pattern.DISTANCE),
        (levels(self_=1, together=1), Pattern.BOTH_LOW),
        (levels(self_=2, say=2), Pattern.DEFERRING),
        (levels(say=5), Pattern.DIRECTING),
        (levels(), Pattern.NOT_CLEAR),
    ],
)
def test_four_weeks_of_answers_are_named(values: dict[Axis, int], pattern: Pattern) -> None:
    reading = read(record(full_weeks(range(4), values)), day(27))
    assert reading.pattern is pattern
    assert reading.naming.enough


def test_a_lean_that_one_point_alone_speaks_for_is_not_named() -> None:
    others = [bead for bead in full_weeks(range(4), BALANCED) if bead.axis is not Axis.SELF]
    rule = RULES["self-0"]
    one_point = [answer_bead(rule, 1, day(number), Source.TAP) for number in range(28)]
    reading = read(record([*others, *one_point]), day(27))
    assert reading.pattern is Pattern.NOT_CLEAR
    assert [(missing.need, missing.axis) for missing in reading.naming.missing] == [
        (Need.POINTS, Axis.SELF)
    ]


def test_a_quiz_alone_names_nothing() -> None:
    reading = read(record(quiz(0, MERGING)), day(20))
    assert reading.pattern is Pattern.NOT_CLEAR
    assert Need.REPLIES in {missing.need for missing in reading.naming.missing}


@pytest.mark.parametrize(
    "beads",
    [
        quiz(0, levels(say=1)),
        check_in(6, levels(say=1)),
        full_weeks(range(4), levels(say=1)),
    ],
    ids=["quiz", "one check-in", "four weeks"],
)
def test_at_the_floor_of_say_no_name_is_shown(beads: list[Bead]) -> None:
    reading = read(record(beads), max(bead.day for bead in beads))
    assert reading.floor_of_say
    assert reading.label is Pattern.NOT_CLEAR


def test_giving_way_often_is_not_the_floor() -> None:
    reading = read(record([*quiz(0, levels(say=2)), *full_weeks(range(4), levels(say=2))]), day(27))
    assert not reading.floor_of_say
    assert reading.label is reading.pattern is Pattern.DEFERRING


def test_texts_alone_never_reach_the_floor() -> None:
    texts = [
        bead
        for number in range(28)
        for family in "ABCDEFGH"
        for bead in text_beads("say-0", f"{family}{number % 9}", {Axis.SAY: (0, 1)}, day(number))
    ]
    reading = read(record(texts), day(27))
    assert reading.positions[Axis.SAY].mean < -0.6
    assert not reading.floor_of_say


# drift


def test_a_shift_is_told_once_with_where_it_began() -> None:
    readings = list(follow(record(moved(12, 40))))
    ((week, shift),) = told(readings)
    assert shift.axis is Axis.SAY
    assert shift.direction is Direction.DOWN
    # so large a change is told early, and its beginning is then put a little too early
    assert timedelta(-14) <= shift.since - day(12 * 7) <= timedelta(7)
    assert week == 14
    shown = [r.week.number for r in readings if r.drift[Axis.SAY] is not None]
    assert shown == [week]


def test_the_way_back_is_told_too() -> None:
    beads = [*moved(12, 24), *jumpy_weeks(range(24, 40), levels(say=4), 3)]
    directions = [shift.direction for _, shift in told(list(follow(record(beads))))]
    assert directions == [Direction.DOWN, Direction.UP]


def test_a_told_shift_is_shown_for_its_week_and_found_no_second_time() -> None:
    beads = moved(12, 40)
    week, shift = told(list(follow(record(beads))))[0]
    kept = record(beads, told=(shift,))
    for later in range(7):
        reading = read(kept, shift.told + timedelta(later - (later == 6)))
        assert reading.drift[Axis.SAY] == shift
        assert reading.new == ()
    assert read(kept, day(7 * (week + 1) - 1)).drift[Axis.SAY] is None
    # without the note of having told it, it would be found again
    assert read(record(beads), day(7 * (week + 1) - 1)).new


def test_reading_by_the_day_and_by_the_week_tell_the_same() -> None:
    beads = moved(12, 30)
    kept: list[ToldShift] = []
    for number in range(30 * 7):
        kept += read(record(beads, told=tuple(kept)), day(number)).new
    assert kept == [shift for _, shift in told(list(follow(record(beads))))]


def test_texts_and_quizzes_stay_out_of_drift() -> None:
    beads = full_weeks(range(30), levels())
    for week in range(12, 30):
        beads += text_beads("say-0", "R1", {Axis.SAY: (0, 1)}, day(7 * week))
        beads += quiz(7 * week + 1, levels(say=1))
    assert told(list(follow(record(beads)))) == []


def test_a_chapter_starts_everything_afresh() -> None:
    beads = moved(12, 24)
    someone = record(beads, chapters=(day(12 * 7),))
    assert told(list(follow(someone))) == []
    reading = read(someone, day(12 * 7 + 2))
    assert reading.chapter == day(12 * 7)
    assert reading.week.number == 1
    assert reading.evidence.days == 2
    # three days of taps, one on each axis
    assert reading.positions[Axis.SAY].beads == 2
    # and an earlier day is still read in its own chapter
    assert read(someone, day(12 * 7 - 1)) == read(record(beads), day(12 * 7 - 1))


def test_a_shift_of_the_chapter_before_is_not_shown_in_the_new_one() -> None:
    _, shift = told(list(follow(record(moved(12, 40)))))[0]
    someone = record(moved(12, 40), told=(shift,), chapters=(shift.told,))
    assert read(someone, shift.told).drift == dict.fromkeys(Axis)


def test_unusual_weeks_are_left_out_of_drift_and_kept_in_the_picture() -> None:
    storm = [
        *jumpy_weeks(range(12), levels(say=4), 1),
        *jumpy_weeks(range(12, 16), levels(say=1), 2),
        *jumpy_weeks(range(16, 24), levels(say=4), 3),
    ]
    unusual = frozenset(day(7 * week + 2) for week in range(12, 16))
    assert told(list(follow(record(storm))))
    someone = record(storm, unusual=unusual)
    assert told(list(follow(someone))) == []
    reading = read(someone, day(16 * 7 - 1))
    assert reading.positions[Axis.SAY].mean < -0.3
    assert [week.unusual for week in reading.weeks[11:16]] == [False, True, True, True, True]


def test_a_reworded_anchor_restarts_every_axis() -> None:
    """The whole of a change that comes with new words is not read as a changed person."""
    beads = moved(12, 20)
    reworded = [
        replace(bead, version="new words")
        if bead.rule == "self-0" and bead.day >= day(12 * 7)
        else bead
        for bead in beads
    ]
    assert told(list(follow(record(beads))))
    assert told(list(follow(record(reworded)))) == []


def test_a_chapter_begun_in_the_middle_of_a_week_ends_that_week_early() -> None:
    someone = record(full_weeks(range(6), levels()), chapters=(day(17),))
    assert [(r.chapter, r.week.number, r.as_of) for r in follow(someone)] == [
        (day(0), 1, day(6)),
        (day(0), 2, day(13)),
        (day(17), 1, day(23)),
        (day(17), 2, day(30)),
        (day(17), 3, day(37)),
        (day(17), 4, day(44)),
    ]


def test_a_record_can_be_followed_up_to_a_day() -> None:
    assert [r.week.number for r in follow(record([]), day(20))] == [1, 2, 3]
    assert last_day(record([])) == START


# properties


def random_record(seed: int) -> Record:
    thrown = dice(seed)
    beads: list[Bead] = []
    entries = []
    for number in range(70):
        if thrown.random() < 0.6:
            rule = thrown.choice(RULES.anchors)
            answer = toward(rule, thrown.randint(1, 5))
            late = thrown.random() < 0.2
            beads.append(answer_bead(rule, answer, day(number), Source.TAP, backfilled=late))
        if thrown.random() < 0.3:
            entries.append(Entry(day(number), thrown.randint(0, 30), thrown.random() < 0.2))
            beads += text_beads(
                "self-0",
                f"M{thrown.randint(1, 5)}",
                {thrown.choice(tuple(Axis)): (0.5, 1)},
                day(number),
            )
        if number % 7 == 6 and thrown.random() < 0.7:
            beads += check_in(number, levels(*(thrown.randint(1, 5) for _ in range(3))))
    if thrown.random() < 0.5:
        beads += quiz(thrown.randrange(70), levels(*(thrown.randint(1, 5) for _ in range(3))))
    return Record(START, tuple(beads), tuple(entries))


def seen(reading: Reading) -> dict[str, object]:
    """What a reading says, its numbers without their last digits."""
    return {
        "positions": [
            (round(place.mean, 9), round(place.low, 9), round(place.high, 9))
            for place in reading.positions.values()
        ],
        "pattern": reading.pattern,
        "drift": reading.drift,
        "weeks": [(week.replies, week.words, week.valid) for week in reading.weeks],
    }


@given(st.integers(0, 10_000))
def test_the_order_of_the_evidence_makes_no_difference(seed: int) -> None:
    someone = random_record(seed)
    thrown = dice(seed + 1)
    mixed = replace(
        someone,
        beads=tuple(thrown.sample(someone.beads, len(someone.beads))),
        entries=tuple(thrown.sample(someone.entries, len(someone.entries))),
    )
    assert seen(read(mixed, day(69))) == seen(read(someone, day(69)))


@given(st.integers(0, 10_000), st.integers(70, 120))
def test_silence_adds_nothing(seed: int, until: int) -> None:
    """A word or two, or nothing at all, leaves every weekly line and every bead where it was."""
    someone = random_record(seed)
    silent = replace(
        someone, entries=(*someone.entries, *(Entry(day(number), 0) for number in range(until)))
    )
    assert read(silent, day(69)).positions == read(someone, day(69)).positions
    assert read(silent, day(69)).weeks == read(someone, day(69)).weeks
    quiet = read(someone, day(until))
    assert quiet.weeks[:10] == read(someone, day(69)).weeks
    for axis, place in quiet.positions.items():
        assert place.beads <= read(someone, day(69)).positions[axis].beads + 1e-9


@given(st.integers(0, 10_000), st.integers(0, 69))
def test_turning_every_answer_round_turns_every_position_round(seed: int, number: int) -> None:
    someone = random_record(seed)
    turned = replace(
        someone,
        beads=tuple(replace(bead, plus=bead.minus, minus=bead.plus) for bead in someone.beads),
    )
    there, back = read(someone, day(number)), read(turned, day(number))
    middle: Callable[[Axis], float] = lambda axis: 0.0 if axis is Axis.SAY else 0.5  # noqa: E731
    for axis in Axis:
        assert back.positions[axis].mean - middle(axis) == pytest.approx(
            middle(axis) - there.positions[axis].mean, abs=1e-9
        )


@given(st.integers(0, 10_000), st.integers(0, 120))
def test_every_mean_lies_within_its_band_on_every_day(seed: int, number: int) -> None:
    reading = read(random_record(seed), day(number))
    places = [*reading.positions.values()]
    places += [p for week in reading.weeks for p in week.positions.values() if p is not None]
    assert all(place.low <= place.mean <= place.high for place in places)
    assert reading.as_of == START + timedelta(number)


def test_a_date_is_all_that_tells_two_people_apart_in_time() -> None:
    """The same answers given in another year are read the same."""
    someone = record(full_weeks(range(6), MERGING))
    years = timedelta(3653)
    moved_on = replace(
        someone,
        start=someone.start + years,
        beads=tuple(replace(bead, day=bead.day + years) for bead in someone.beads),
    )

    def days(reading: Reading) -> tuple[object, ...]:
        return tuple(reading.positions.values()), reading.pattern, reading.week.number

    elsewhere: date = day(41) + years
    assert days(read(moved_on, elsewhere)) == days(read(someone, day(41)))
