"""What the weak tier looks up is what `traits_of` spells out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.reader import Reader
from bot.reading.traits import is_of_pairs, parts_of, traits_of_line
from bot.reading.weak import UNIT, WeakModel, WeakReader
from prompts.loading import LANGUAGE, ROOT
from prompts.weak import load_weak

SENTENCES = (
    "When he's cross, I go quiet until he's done.",
    "We never decide anything, she decides and I nod",
    "\u0434\u0430 if I say no, \u0434\u0430 \u0434\u0430 he sulks 42 times",
    "told him. He always, always, always knows",
)


@pytest.fixture(scope="module")
def model() -> WeakModel:
    return load_weak(ROOT / LANGUAGE)


@pytest.fixture(scope="module")
def readers(model: WeakModel, reader: Reader) -> tuple[WeakReader, WeakReader]:
    weak = WeakReader(model)
    return weak, weak.knowing(reader.words)


def _summed(model: WeakModel, traits: set[str]) -> list[float]:
    found = [model.bias, *(model.weights[trait] for trait in traits if trait in model.weights)]
    return [sum(column) / UNIT for column in zip(*found, strict=True)]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(SENTENCES)).map(" ".join)))
@settings(max_examples=100, deadline=None)
def test_numbers_of_traits_give_the_sums_of_the_traits(
    model: WeakModel, readers: tuple[WeakReader, WeakReader], reader: Reader, text: str
) -> None:
    line = reader.line(text)
    expected = _summed(model, traits_of_line(line, model.kinds))
    for weak in readers:
        reading = weak.read(line)
        assert [*reading.logits, reading.safety] == pytest.approx(expected)


def test_every_trait_of_the_model_is_its_parts_put_together(model: WeakModel) -> None:
    for trait in filter(is_of_pairs, model.weights):
        assert "".join(parts_of(trait)) == trait


@pytest.mark.parametrize(
    ("trait", "parts"),
    [
        ("P", ("P", "", "")),
        ("~", ("~", "", "")),
        ("P decid", ("P", " ", "decid")),
        (". ~", (".", " ", "~")),
        ("~~P", ("~", "~", "P")),
        ("~~~", ("~", "~", "~")),
        ("if&we", ("if", "&", "we")),
    ],
)
def test_a_lone_wave_is_a_token_too(trait: str, parts: tuple[str, str, str]) -> None:
    assert parts_of(trait) == parts
