import json
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.evaluate import DATA
from benchmarks.train_weak.batches import Text
from benchmarks.train_weak.learning import Settings, learn_labels, learn_safety
from bot.reading.combined import chosen, combine
from bot.reading.reader import Reader
from bot.reading.spec import Label
from bot.reading.weak import UNIT, WeakModel, WeakReader, WeakReading
from prompts.loading import LANGUAGE, ROOT, ContentError
from prompts.weak import WEAK, load_weak, stamped, written

ORDINARY = (
    "When she's upset I fall apart too",
    "He decides, I just go along",
    "we live like flatmates",
    "told him no and he took it well",
    "Soup for lunch.",
)
NEUTRAL = "The bus was late this morning."
# the share that may change when a sentence about nothing is added; measured over every fifth
# reply of fourteen batches: .101
MOST_CHANGED = 0.12


@pytest.fixture(scope="module")
def model() -> WeakModel:
    return load_weak(ROOT / LANGUAGE)


@pytest.fixture(scope="module")
def weak(model: WeakModel) -> WeakReader:
    return WeakReader(model)


def test_the_file_matches_its_stamp_and_is_written_the_same_again(model: WeakModel) -> None:
    assert written(stamped(model)) == (ROOT / LANGUAGE / WEAK).read_text(encoding="utf-8")


def test_the_file_stays_small_enough_to_look_at(model: WeakModel) -> None:
    assert (ROOT / LANGUAGE / WEAK).stat().st_size <= 400_000
    assert model.trained_on
    assert 0 < model.drift_floor < 1


def test_a_file_edited_by_hand_is_refused(tmp_path: Path) -> None:
    text = (ROOT / LANGUAGE / WEAK).read_text(encoding="utf-8")
    (tmp_path / WEAK).write_text(text.replace("drift floor: 0.", "drift floor: 0.0"), "utf-8")
    with pytest.raises(ContentError, match="stamp"):
        load_weak(tmp_path)


@pytest.mark.parametrize("text", ["", "nonsense\n" * 9, "stamp: a"])
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / WEAK).write_text(text, "utf-8")
    with pytest.raises(ContentError, match="cannot be read"):
        load_weak(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing"):
        load_weak(tmp_path)


@given(st.text(max_size=400))
@settings(max_examples=200)
def test_it_never_raises_and_its_scores_add_up(reader: Reader, weak: WeakReader, text: str) -> None:
    scores = weak.read(reader.line(text)).scores
    assert list(scores) == list(Label)
    assert sum(scores.values()) == pytest.approx(1)
    label, flagged = combine(reader.read(text), weak.read(reader.line(text)))
    assert label in Label
    assert flagged or not reader.read(text).safety


def test_hostile_texts_come_back(reader: Reader, weak: WeakReader) -> None:
    """Repetition, quotes and emoji at full length."""
    for piece in ("'", "i he ", "not ", "\U0001f602", "my husband's ", ", ", "é", "if he i "):
        line = reader.line((piece * 4096)[:4096])
        assert sum(weak.read(line).scores.values()) == pytest.approx(1)


@pytest.mark.parametrize("text", ORDINARY)
def test_case_and_apostrophes_do_not_matter(reader: Reader, weak: WeakReader, text: str) -> None:
    expected = weak.read(reader.line(text))
    for variant in (text.upper(), text.lower(), text.replace("'", "\u2019")):
        assert weak.read(reader.line(variant)) == expected


@given(
    st.dictionaries(
        st.sampled_from(["soup", "i", "P", "i~P", "P decid", "&", "#1"]),
        st.tuples(*[st.integers(-2000, 2000)] * 7),
    ),
    st.tuples(*[st.integers(-2000, 2000)] * 7),
)
def test_packed_sums_are_the_sums(
    reader: Reader, weights: dict[str, tuple[int, ...]], bias: tuple[int, ...]
) -> None:
    reading = WeakReader(WeakModel("", "", weights, bias)).read(reader.line("soup"))
    found = [bias, *(weights[trait] for trait in ("soup",) if trait in weights)]
    assert [*reading.logits, reading.safety] == [
        pytest.approx(sum(column) / UNIT) for column in zip(*found, strict=True)
    ]


def _reading(trust: float, logits: tuple[float, ...], safety: float = 0.0) -> WeakReading:
    model = WeakModel(
        "", "", {}, (0,) * 7, {Label.DEFERRING: trust}, drift_floor=0.5, safety_floor=1.0
    )
    return WeakReading(model, logits, safety)


def test_the_rules_label_stands_unless_the_words_clearly_disagree(reader: Reader) -> None:
    reading = reader.read("I just give in")
    assert reading.label is Label.DEFERRING
    unsure, against = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0, 0.0, 6.0)
    assert combine(reading, _reading(3.0, unsure))[0] is Label.DEFERRING
    assert combine(reading, _reading(3.0, against))[0] is Label.NEUTRAL


def test_where_rules_are_silent_the_words_need_the_floor(reader: Reader) -> None:
    reading = reader.read("Soup for lunch.")
    assert combine(reading, _reading(0.0, (4.0, 0.0, 0.0, 0.0, 0.0, 0.0)))[0] is Label.MERGING
    assert combine(reading, _reading(0.0, (0.2, 0.0, 0.0, 0.0, 0.0, 0.1)))[0] is Label.NEUTRAL


def test_below_the_floor_the_likelier_calm_label_is_said() -> None:
    chances = dict.fromkeys(Label, 0.1) | {Label.DISTANCE: 0.4, Label.INTERDEPENDENT: 0.2}
    assert chosen(chances, 0.5) is Label.INTERDEPENDENT
    assert chosen(chances, 0.4) is Label.DISTANCE


def test_the_weak_tier_only_adds_to_safety(reader: Reader) -> None:
    calm, grave = reader.read("Soup for lunch."), reader.read("he hit me last night")
    neutral = (0.0,) * 6
    assert grave.safety
    assert combine(grave, _reading(0.0, neutral, safety=-9.0))[1] is True
    assert combine(calm, _reading(0.0, neutral, safety=1.0))[1] is True
    assert combine(calm, _reading(0.0, neutral, safety=0.9))[1] is False


def test_other_languages_are_left_to_the_rules(reader: Reader) -> None:
    reading = reader.read("Ich habe heute nicht mit ihm gesprochen und das ist auch gut so")
    weak = _reading(0.0, (9.0, 0.0, 0.0, 0.0, 0.0, 0.0), safety=9.0)
    assert combine(reading, weak) == (Label.NEUTRAL, False)


def test_a_sentence_about_nothing_rarely_changes_the_label(
    reader: Reader, weak: WeakReader
) -> None:
    """Measured on every fifth labelled reply."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(DATA.glob("*-replies.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ][::5]
    assert texts

    def label(text: str) -> Label:
        return combine(reader.read(text), weak.read(reader.line(text)))[0]

    changed = sum(label(text) is not label(f"{NEUTRAL} {text}") for text in texts)
    assert changed / len(texts) <= MOST_CHANGED


def _synthetic() -> list[Text]:
    """Two hands; *soup* is neutral, *obey* defers; *blue* comes with both; grave has *fist*."""
    colours = cycle(("blue", "red", "green"))
    texts = []
    for batch in ("one", "two"):
        for at in range(60):
            word, label = (("obey", Label.DEFERRING), ("soup", Label.NEUTRAL))[at % 2]
            more = next(colours)
            traits = frozenset({word, more, f"only {batch}"})
            texts.append(Text(batch, traits, traits, label))
            word, grave = (("fist", True), ("film", False))[at % 2]
            traits = frozenset({word, more})
            texts.append(Text(batch, traits, traits, grave=grave))
    return texts


def test_training_learns_a_trivial_rule() -> None:
    texts = _synthetic()
    labels = learn_labels(texts, Settings())
    order = list(Label)
    for word, label in (("obey", Label.DEFERRING), ("soup", Label.NEUTRAL)):
        traits = frozenset({word, "blue"})
        (logits,) = labels.logits([Text("new", traits, traits)])
        assert order[int(logits.argmax())] is label
    safety = learn_safety(texts, Settings())
    ((grave,), (calm,)) = safety.logits(
        [Text("new", frozenset(), frozenset({word})) for word in ("fist", "film")]
    )
    assert grave > 0 > calm


def test_what_only_one_hand_writes_is_not_learnt() -> None:
    assert "only one" not in learn_labels(_synthetic(), Settings()).weights


def test_training_twice_gives_the_same() -> None:
    one, other = (learn_labels(_synthetic(), Settings()) for _ in range(2))
    assert {trait: list(row) for trait, row in one.weights.items()} == {
        trait: list(row) for trait, row in other.weights.items()
    }


def test_an_example_of_what_a_rule_must_not_hit_speaks_against_its_label() -> None:
    plain = _synthetic()
    traits = frozenset({"obey", "not"})
    silent = [Text("examples", traits, traits, Label.DEFERRING, is_not=True)] * 200
    at = list(Label).index(Label.DEFERRING)
    without, with_it = (
        learn_labels(texts, Settings()).logits([Text("new", traits, traits)])
        for texts in (plain, plain + silent)
    )
    assert with_it[0][at] - with_it[0].max() < without[0][at] - without[0].max()
