import pytest

from bot.reading.reader import Reader, Reading


def families(reading: Reading) -> set[str]:
    return {bead.family for bead in reading.beads}


def gates(reading: Reading) -> set[str]:
    return {item.gate for item in reading.set_aside}


def test_the_plain_sentence_counts(reader: Reader) -> None:
    assert "D2" in families(reader.read("he decides where we live"))


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("I do not think he decides where we live", "G1"),
        ("if he decided where we live I would object", "G2"),
        ("he would decide where we live", "G2"),
        ("he used to decide where we live", "G3"),
        ("my ex, well, he decides where we live", "G3"),
        ("'he decides where we live' was her text", "G4"),
        ("my mum thinks he decides where we live", "G4"),
        ("in the film he decides where we live", "G5"),
        ("he decides where we live haha", "G6"),
        ("do you mean he decides where we live?", "G7"),
        ("my brother came and he decides where we live", "G8"),
        ("he decides the wine, I decide the food", "G9"),
    ],
)
def test_a_gate_sets_the_hit_aside_and_says_so(reader: Reader, text: str, gate: str) -> None:
    """Minimal pairs of one sentence that counts."""
    reading = reader.read(text)
    assert "D2" not in families(reading)
    assert gate in gates(reading) or gate == "G9"


@pytest.mark.parametrize(
    "text",
    [
        "my boss decides where we work",
        "he doesn't decide where we live",
        "the kids decide where we go",
        "he decides what he wears",
    ],
)
def test_what_is_no_hit_at_all_needs_no_gate(reader: Reader, text: str) -> None:
    assert "D2" not in families(reader.read(text))


def test_reported_words_are_not_the_writers(reader: Reader) -> None:
    assert "R1" not in families(reader.read("he says I decide where we live"))


def test_a_time_limited_reason_halves(reader: Reader) -> None:
    """Flu counts half, an ordinary week in full."""
    ill = reader.read("I just give in while he has flu")
    well = reader.read("I just give in")
    assert ill.beads[0].strength == pytest.approx(well.beads[0].strength / 2)
    assert ill.beads[0].weights == {
        axis: (plus / 2, minus / 2) for axis, (plus, minus) in well.beads[0].weights.items()
    }


def test_a_family_counts_once_in_a_reply(reader: Reader) -> None:
    reading = reader.read("I just give in. I back down every time, I cave in")
    assert [bead.family for bead in reading.beads].count("D1") == 1


def test_we_for_i_does_not_count_where_both_were_asked_about(reader: Reader) -> None:
    text = "we think the film was bad"
    assert "M13" in families(reader.read(text, "self"))
    assert "M13" in families(reader.read(text))
    assert "M13" not in families(reader.read(text, "together"))
    assert "G7" in gates(reader.read(text, "balance"))


def test_kids_somewhere_in_a_reply_do_not_drop_what_is_said_of_the_partner(reader: Reader) -> None:
    reading = reader.read("no closeness left really, just a rota for the kids")
    assert reading.label.value == "distance"


def test_a_compromise_under_threat_is_no_shared_say(reader: Reader) -> None:
    calm = reader.read("we took turns choosing")
    grave = reader.read("he hit me. we took turns choosing")
    assert "I7" in families(calm)
    assert "I7" not in families(grave)
    assert "safety" in gates(grave)
