import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drift.rules import Axis
from bot.reading.reader import Reader
from bot.reading.spec import DRIFT_LABELS, Label, ReadingSpec

ORDINARY = (
    "when she's upset I fall apart too",
    "I just give in",
    "he decides where we live",
    "I check his phone to be sure",
    "we live like flatmates",
    "I don't let him in",
    "told him no and he took it well",
    "my husband won't let me see my mum",
)
NEUTRAL = (
    "The bins were late.",
    "It rained until four.",
    "Soup for lunch.",
    "The bus was full and the queue was long.",
    "New tyres on the car.",
)


@given(st.text(max_size=400))
@settings(max_examples=200)
def test_it_never_raises_whatever_the_text(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.label in Label


@given(st.lists(st.sampled_from([
    "i", "he", "she", "not", "never", "if", "when", "my", "his", "decides", "give in", "sad", ",",
    ".", "?", "because", "so", "told", "him", "no", "we", "used to", "haha", '"', "'", "\n",
    "my husband", "my sister", "without", "always", "'s", "\u2019", "\U0001f602",
]), max_size=60))  # fmt: skip
@settings(max_examples=200)
def test_it_never_raises_on_word_salad(reader: Reader, words: list[str]) -> None:
    reading = reader.read(" ".join(words))
    for bead in reading.beads:
        assert 0 < bead.strength <= 1


@pytest.mark.parametrize("text", ORDINARY)
def test_case_and_apostrophes_do_not_matter(reader: Reader, text: str) -> None:
    def found(variant: str) -> tuple[Label, list[str], list[str]]:
        reading = reader.read(variant)
        return (
            reading.label,
            [bead.family for bead in reading.beads],
            [flag.kind for flag in reading.safety],
        )

    expected = found(text)
    assert found(text.upper()) == expected
    assert found(text.lower()) == expected
    assert found(text.replace("'", "\u2019")) == expected
    assert found(text.replace("'", "")) == expected


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("neutral", NEUTRAL)
def test_a_neutral_sentence_never_adds_a_drift_bead(
    reader: Reader, spec: ReadingSpec, text: str, neutral: str
) -> None:
    drift = {family.id for family in spec.families if family.label in DRIFT_LABELS}

    def found(variant: str) -> set[str]:
        return {bead.family for bead in reader.read(variant).beads} & drift

    expected = found(text)
    assert found(f"{text}. {neutral}") <= expected
    assert found(f"{neutral} {text}") <= expected


@pytest.mark.parametrize("text", NEUTRAL)
def test_neutral_sentences_are_neutral(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.label is Label.NEUTRAL
    assert reading.safety == ()


def test_beads_carry_rule_weights_and_phrase(reader: Reader) -> None:
    (bead,) = reader.read("I bite my tongue").beads
    assert (bead.rule, bead.family, bead.phrase) == ("voice", "D4", "I bite my tongue")
    assert bead.weights == {Axis.SELF: (0.0, 1.0), Axis.SAY: (0.0, 0.5)}
    assert bead.strength == 1


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    for text in ORDINARY:
        assert reader.read(text) == reader.read(text)


def test_only_the_first_4096_characters_are_read(reader: Reader) -> None:
    assert reader.read("a " * 2100 + "I just give in").beads == ()


def test_hostile_texts_come_back(reader: Reader) -> None:
    """Quotes, apostrophes, emoji, gaps and repetition at full length."""
    for piece in ("'", '"a ', "'a", "i give in ", "not ", "\U0001f602", "my husband's ", ", ", "é"):
        text = (piece * 4096)[:4096]
        assert reader.read(text).label in Label


@pytest.mark.parametrize(("between", "counts"), [(0, False), (1, False), (20, True), (200, True)])
def test_what_silences_a_hit_stands_near_it(reader: Reader, between: int, counts: bool) -> None:
    """In a sentence without end something far behind has nothing to do with it."""
    told = "he was grumpy but I stayed cheerful" + " and the day was long" * between
    beads = reader.read(f"{told} because i had slept").beads
    assert [bead.family for bead in beads] == ["I3"] * counts
