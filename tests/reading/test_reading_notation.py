from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.codes import CODE, Codes
from bot.reading.forms import forms_of
from bot.reading.index import Index
from bot.reading.line import Line
from bot.reading.markers import compiled
from bot.reading.normalise import Normaliser
from bot.reading.notation import Notation, NotationError
from bot.reading.spec import Lexicon

LEXICON = Lexicon(
    spellings={"don't": ("do", "not"), "bc": ("because",)},
    phrases={("every", "time"): ("whenever",), ("sort", "of"): ()},
    fillers=frozenset({"really"}),
    helpers=frozenset({"always", "do", "will", "just"}),
    negations=frozenset({"not", "never"}),
    forms={"give": ("gave", "given")},
)
MACROS = {"HIM": "him | her", "HE": "he | she", "PEACE": "keep~ the peace | for <HIM>"}

Meets = Callable[[str, str], bool]


@pytest.fixture
def meets() -> Meets:
    """Whether a pattern meets a text, with a small lexicon."""

    def ask(pattern: str, text: str) -> bool:
        codes = Codes(LEXICON)
        structure = Notation(MACROS, LEXICON, codes).read(pattern)
        line = Normaliser(LEXICON, codes).line(text)
        return compiled(structure).search(line.text) is not None

    return ask


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("i give in", "I give in", True),
        ("i give in", "I give, in", True),
        ("i give in", "I give. In", False),
        ("i give in", "I give him in", False),
        ("i give~ in", "I gave in", True),
        ("i give~ in", "I'm giving in", False),
        ("i * give~ in", "I always will give in", True),
        ("i * give~ in", "I hate to give in", False),
        ("i * give~ in", "I never give in", False),
        ("i (nod|smile) and", "i smile and", True),
        ("i (nod|smile) and", "i laugh and", False),
        ("i [often] nod", "i nod", True),
        ("i [often] nod", "i often nod", True),
        ("i [often] nod", "i rarely nod", False),
        ("i .. him", "i told all of him", True),
        ("i .. him", "i told all of them him", False),
        ("i .. him", "i did not see him", False),
        ("i .. him", "i was. saw him", False),
        ("i ... him", "i told each and every one of them him", True),
        ("told <HIM> off", "told her off", True),
        ("told <HIM> off", "told it off", False),
        ("<PEACE>", "kept the peace", False),
        ("<PEACE>", "keeps the peace", True),
        ("^ no", "No. Yes", True),
        ("^ no", "yes no", False),
        ("^ yes", "No. Yes", True),
        ("fine $", "I am fine.", True),
        ("fine $", "I am fine today.", False),
        ("i chose , she can", "I chose. She can", True),
        ("i chose , she can", "I chose, she can", True),
        ("i chose , she can", "I chose she can", False),
        ("i really nod", "i nod", True),
        ("whenever", "every time", True),
        ("every time", "every time", True),
        ("i nod bc", "i nod because", True),
    ],
)
def test_the_notation_means_what_it_says(
    meets: Meets, pattern: str, text: str, *, expected: bool
) -> None:
    assert meets(pattern, text) is expected


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("i (nod", "a ')' is missing"),
        ("i nod)", "closes nothing"),
        ("i (nod|)", "an alternative is empty"),
        ("i [nod", "a ']' is missing"),
        ("<NOBODY> nods", "there is no macro <NOBODY>"),
        ("i don't nod", "an apostrophe"),
        ("I nod", "a capital letter"),
        ("i nod\b", "a control character"),
        ("i nod.", "the notation has no '.'"),
        ("really", "is read over"),
        ("(nod|really)", "is read over"),
        ("..", "names nothing"),
        ("", "an alternative is empty"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(meets: Meets, pattern: str, complaint: str) -> None:
    with pytest.raises(NotationError, match=complaint.replace("(", r"\(").replace(")", r"\)")):
        meets(pattern, "text")


def test_a_macro_that_contains_itself_is_refused() -> None:
    notation = Notation({"A": "i <B>", "B": "<A> nod"}, LEXICON, Codes(LEXICON))
    with pytest.raises(NotationError, match="contains itself"):
        notation.read("<A>")


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("decide", {"decide", "decides", "decided", "deciding"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("carry", {"carry", "carries", "carried", "carrying"}),
        ("play", {"play", "plays", "played", "playing"}),
        ("watch", {"watch", "watches", "watched", "watching"}),
        ("lie", {"lie", "lies", "lied", "lying"}),
        ("see", {"see", "sees", "saw", "seen", "seeing"}),
    ],
)
def test_forms_of_a_word_are_spelt_as_people_spell_them(base: str, forms: set[str]) -> None:
    assert forms <= set(forms_of(base, {"see": ("saw", "seen")}))


PATTERNS = (
    "i give~ in",
    "(i|he) .. (nod|smile|give~ up)",
    "[often] nod",
    "i chose , she can",
    "<HE> * (keep~ the peace|nod) [now]",
    "^ nod",
    "(always|$|^) keep~ .. peace $",
    "i ... nod ... smile ... him",
)
TEXTS = (
    "I gave in",
    "he will give up",
    "nod",
    "I chose it. I chose. She can",
    "she nods",
    "she always keeps the peace",
    "nothing of it",
    "Keep the peace. I nod, he smiled at him?",
    "",
)


def _asked(index: Index, line: Line) -> dict[int, bytes]:
    return {owner: line.text[start:past] for owner, start, past in index.candidates(line)}


@given(st.lists(st.sampled_from((*TEXTS, *("one two three, four " * 9).split(" ")))))
@settings(max_examples=60, deadline=None)
def test_the_index_never_loses_a_pattern_that_matches(texts: list[str]) -> None:
    """Whatever meets a pattern meets it in the stretch that the index gives, however long."""
    codes = Codes(LEXICON)
    notation = Notation(MACROS, LEXICON, codes)
    structures = [notation.read(pattern) for pattern in PATTERNS]
    index = Index(structures, notation)
    normaliser = Normaliser(LEXICON, codes)
    for glue in (". ", " ", " one two three four five six " * 30):
        line = normaliser.line(glue.join(texts))
        asked = _asked(index, line)
        for at, structure in enumerate(structures):
            expression = compiled(structure)
            everywhere = [match.span() for match in expression.finditer(line.text)]
            if everywhere:
                found = [match.span() for match in expression.finditer(asked[at])]
                assert len(found) == len(everywhere), (PATTERNS[at], str(line))


def test_a_pattern_within_a_sentence_is_asked_there_in_a_long_reply() -> None:
    codes = Codes(LEXICON)
    notation = Notation(MACROS, LEXICON, codes)
    index = Index([notation.read("i give~ in")], notation)
    line = Normaliser(LEXICON, codes).line("One two. " * 150 + "I gave in. " + "Three. " * 150)
    assert len(line.text) > 512
    # an end, three words, an end
    assert [past - start for _, start, past in index.candidates(line)] == [5 * CODE]


@pytest.mark.parametrize(
    ("pattern", "within", "longest"),
    [
        ("i nod", True, 2),
        ("^ i nod $", True, 5),
        ("($|^) nod", True, 3),
        ("i nod , he", False, 5),
        ("i $ nod", False, 3),
        ("i (^ nod|smile)", False, 4),
        ("i * nod .. him ... her", True, 20),
        ("i [often] nod and", True, 5),
    ],
)
def test_a_structure_knows_how_far_it_reaches(pattern: str, longest: int, *, within: bool) -> None:
    structure = Notation(MACROS, LEXICON, Codes(LEXICON)).read(pattern)
    assert (structure.within_sentence, structure.longest) == (within, longest)
