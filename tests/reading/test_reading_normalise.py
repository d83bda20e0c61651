import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.language import Language
from bot.reading.pieces import Pieces
from bot.reading.reader import Reader
from bot.reading.spec import Lexicon


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("I DON'T know", ". i do not know ."),
        ("I dont know", ". i do not know ."),
        ("I don\u2019t know", ". i do not know ."),
        ("im fine, hes not", ". i am fine, he is not ."),
        ("they cant", ". they can not ."),
        ("it wont", ". it will not ."),
        ("it aint", ". it is not ."),
        ("u and ur mood bc y", ". you and your mood because y ."),
        ("I sooooo agree", ". i so agree ."),
        ("nooooo", ". no ."),
        ("ill know when he's in", ". i will know when he is in ."),
        ("he's got it, she's been", ". he has got it, she has been ."),
        ("he'd told me, he'd go", ". he had told me, he would go ."),
        ("really quite nice \U0001f602", ". nice haha ."),
        ("me & him walked", ". we walked ."),
        ("caf\u00e9", ". cafe ."),
        ("her mood = my mood", ". her mood is my mood ."),
        ("phone-free evening - bliss", ". phone free evening, bliss ."),
        ("What? No... yes!", ". what ? no . yes ."),
        ("", ". ."),
        ("...", ". ."),
    ],
)
def test_a_reply_becomes_a_plain_line(reader: Reader, text: str, line: str) -> None:
    assert str(reader.line(text)) == line.replace(". .", ".") or str(reader.line(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("my husband decides", ". prt decides ."),
        ("My lovely wife's phone", ". prts phone ."),
        ("my husbands phone", ". prts phone ."),
        ("husband does not like it", ". prt does not like it ."),
        ("her husband decides", ". her husband decides ."),
        ("a good wife would", ". a good wife would ."),
        ("my other half snores", ". prt snores ."),
        ("my partner said they were tired", ". prt said prt were tired ."),
        ("my husband and I cooked", ". we cooked ."),
        ("Priya decides", ". prt decides ."),
        ("my sister Priya decides", ". my sister priya decides ."),
        ("my wife met Priya", ". prt met priya ."),
    ],
)
def test_the_partner_is_one_word_whatever_they_are_called(
    reader: Reader, text: str, line: str
) -> None:
    assert str(reader.line(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("told him no", ". +i told him no ."),
        ("Never stand up for myself", ". +i never stand up for myself ."),
        ("Can't sleep", ". +i can not sleep ."),
        ("Can he sleep?", ". can he sleep ?"),
        ("he booked it, ordered for me", ". he booked it, +he ordered for me ."),
        ("I smiled and said nothing", ". i smiled and +i said nothing ."),
        ("The bus left, waited an hour", ". the bus left, waited an hour ."),
        ("made lunch", ". +i made lunch ."),
    ],
)
def test_subjects_that_were_left_out_are_put_back(reader: Reader, text: str, line: str) -> None:
    assert str(reader.line(text)) == line


@given(st.text(max_size=300))
def test_every_word_knows_where_it_came_from(reader: Reader, text: str) -> None:
    """Words come in order, and each stretch lies inside the original."""
    line = reader.line(text)
    ends = 0
    for word in line.words:
        assert 0 <= word.start <= word.end <= len(text)
        assert word.end >= ends or word.added
        ends = max(ends, word.end)
    assert line.phrase(0, len(line.words) - 1) in text


def test_a_phrase_is_quoted_in_the_persons_own_spelling(reader: Reader) -> None:
    beads = reader.read("ok so i JUST give innn again lol no. Hubby's  mood, is my mood!!").beads
    assert "Hubby's  mood, is my mood" in {bead.phrase for bead in beads}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("he decides where we live", Language.ENGLISH),
        ("bins", Language.ENGLISH),
        ("hi", Language.ENGLISH),
        ("", Language.ENGLISH),
        ("\U0001f600\U0001f600", Language.ENGLISH),
        ("Er entscheidet immer alles und ich sage nichts mehr dazu", Language.OTHER),
        ("mon mari d\u00e9cide de tout et je ne dis rien", Language.OTHER),
        ("mi marido decide todo y yo no digo nada", Language.OTHER),
        (
            "\u043c\u0443\u0436 \u0440\u0435\u0448\u0430\u0435\u0442 \u0432\u0441\u0435",
            Language.OTHER,
        ),
        ("\u6211\u5148\u751f\u51b3\u5b9a\u4e00\u5207", Language.OTHER),
        ("mera pati sab decide karta hai aur main kuch nahi bolti", Language.OTHER),
    ],
)
def test_other_languages_are_told_from_english(
    reader: Reader, text: str, language: Language
) -> None:
    assert reader.read(text).language is language


def test_what_is_not_english_is_kept_unread(reader: Reader) -> None:
    reading = reader.read("Er entscheidet alles und ich sage nicht mehr was ich denke, i give in")
    assert reading.beads == ()


@given(
    st.lists(st.sampled_from(["He ", "i'm ", "home", ".", ", ", "Qzxq ", "-", "\n", "he's", "7 "]))
)
def test_a_reply_is_read_the_same_the_second_time(reader: Reader, parts: list[str]) -> None:
    """Pieces that were met before are read as they were then."""
    text = "".join(parts)
    assert reader.line(text) == reader.line(text)


def test_only_words_that_patterns_name_are_kept() -> None:
    """Names and figures that people write stay in no memory of the reader."""
    pieces = Pieces(Lexicon(spellings={"dont": ("do", "not")}), ["home", "he"])
    for text in ("Home.", "He", "dont", "DONT,", "Zelda", "zelda's", "12:30", "he-zelda", "7"):
        pieces.read(text)
    kept = repr((pieces.words, pieces._others)).lower()
    assert "home." in kept
    assert not any(word in kept for word in ("zelda", "12", "7"))
