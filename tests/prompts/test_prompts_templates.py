from pathlib import Path

import pytest

from prompts.source import ContentError
from prompts.templates import Words

from .conftest import Copy

START = """\
{# The first words. #}

{% macro welcome(operator, answers=0) %}
Hello from <b>{{ operator }}</b>.

{% if answers %}
You have {{ answers | plural("answer") }} here.

{% endif %}

Bye.
{% endmacro %}

{% macro button(city) %}{{ city }} it is{% endmacro %}

{% macro shaky(value) %}
{{ value + 1 }}
{% endmacro %}

{% macro absent(value) %}
{{ value.nothing }}
{% endmacro %}

{% macro break_out(value) %}
{{ value.__class__.__mro__ }}
{% endmacro %}

{% macro change(value) %}
{{ value.append(1) }}
{% endmacro %}
"""


@pytest.fixture
def words(content: Copy) -> Words:
    content.write("templates/start.j2", START)
    return Words(root=content.root)


def test_a_text_keeps_its_paragraphs_and_loses_its_edges(words: Words) -> None:
    assert words("start.welcome", operator="Ada") == "Hello from <b>Ada</b>.\n\nBye."


def test_a_paragraph_under_a_condition_leaves_no_hole(words: Words) -> None:
    assert words("start.welcome", operator="Ada", answers=3) == (
        "Hello from <b>Ada</b>.\n\nYou have 3 answers here.\n\nBye."
    )
    assert "1 answer here" in words("start.welcome", operator="Ada", answers=1)


def test_arguments_are_escaped(words: Words) -> None:
    """Whatever a person or an operator is called, it stays text."""
    said = words("start.welcome", operator="<a href='x'>Ada</a> & Co")
    assert "&lt;a href=&#39;x&#39;&gt;Ada&lt;/a&gt; &amp; Co" in said
    assert type(said) is str


def test_labels_are_plain(words: Words) -> None:
    assert words.plain("start.button", city="Trinidad & Tobago") == "Trinidad & Tobago it is"
    assert words("start.button", city="Trinidad & Tobago") == "Trinidad &amp; Tobago it is"


def test_what_was_said_before_is_told_from_what_only_equals_it(words: Words) -> None:
    """Texts without words of anybody are remembered; 1 and True are one key of a dictionary."""
    cities: list[object] = [1, True, 1, True, 1.0]
    said = [words("start.button", city=city) for city in cities]
    assert said == ["1 it is", "True it is", "1 it is", "True it is", "1.0 it is"]


def test_a_text_says_the_same_each_time(words: Words) -> None:
    first = words("start.welcome", operator="Ada", answers=2)
    words("start.welcome", operator="Bo")
    assert words("start.welcome", operator="Ada", answers=2) == first


@pytest.mark.parametrize(
    ("name", "arguments", "line", "message"),
    [
        ("start.welcome", {}, 3, "start.welcome: operator is missing"),
        ("start.button", {"city": "x", "when": 1}, 14, "start.button: when is not used"),
        ("start.button", {"town": "x"}, 14, "start.button: city is missing; town is not used"),
        ("start.absent", {"value": 1}, 20, "start.absent: 'int object' has no attribute 'nothing'"),
        ("start.nobody", {}, 1, "no text is called 'nobody'"),
        ("start", {}, 1, "a text is called conversation.macro, not 'start'"),
        ("start.", {}, 1, "a text is called conversation.macro, not 'start.'"),
    ],
)
def test_a_wrong_call_is_refused_with_file_and_line(
    words: Words, content: Copy, name: str, arguments: dict[str, object], line: int, message: str
) -> None:
    with pytest.raises(ContentError) as error:
        words(name, **arguments)
    file = content.folder / "templates" / "start.j2"
    assert str(error.value) == f"{file}:{line}: {message}"


def test_an_error_in_a_text_does_not_repeat_what_was_filled_in(words: Words) -> None:
    """A value may be what a person wrote, and errors end up in logs."""
    with pytest.raises(ContentError) as error:
        words("start.shaky", value="my secret")
    assert str(error.value).endswith("start.shaky: TypeError in the text")
    assert error.value.__suppress_context__


@pytest.mark.parametrize("name", ["start.break_out", "start.change"])
def test_templates_cannot_reach_outside_or_change_things(words: Words, name: str) -> None:
    value = [0]
    with pytest.raises(ContentError):
        words(name, value=value)
    assert value == [0]


@pytest.mark.parametrize("name", ["gone.text", "../en/templates/start.welcome", "/etc/passwd.x"])
def test_an_unknown_conversation_is_refused(words: Words, name: str) -> None:
    with pytest.raises(ContentError, match="there is no template"):
        words(name)


def test_a_template_that_does_not_compile_is_named_with_its_line(content: Copy) -> None:
    content.write("templates/start.j2", "{% macro a() %}\nHello\n{% if %}\n{% endmacro %}\n")
    with pytest.raises(ContentError) as error:
        Words(root=content.root)("start.a")
    assert str(error.value).startswith(f"{content.folder / 'templates' / 'start.j2'}:3: ")


def test_preparing_finds_a_mistake_before_anybody_meets_it(content: Copy) -> None:
    content.write("templates/zebra.j2", "{% macro a() %}\n{{ x y }}\n{% endmacro %}\n")
    with pytest.raises(ContentError, match=r"zebra\.j2:2: "):
        Words(root=content.root).prepare()


def test_prepared_words_say_the_same(words: Words) -> None:
    words.prepare()
    assert words.plain("start.button", city="Bonn") == "Bonn it is"


def test_macros_of_another_file_can_be_borrowed(content: Copy) -> None:
    content.write("templates/shared.j2", "{% macro back() %}Back{% endmacro %}\n")
    content.write(
        "templates/other.j2",
        '{% from "shared.j2" import back %}\n{% macro end() %}\n{{ back() }}, {{ 1 }}\n'
        "{% endmacro %}\n",
    )
    assert Words(root=content.root)("other.end") == "Back, 1"


def test_a_macro_with_an_underscore_stays_inside_its_file(content: Copy) -> None:
    content.write(
        "templates/a.j2",
        "{% macro _sign() %}- A.{% endmacro %}\n{% macro end() %}Bye {{ _sign() }}{% endmacro %}\n",
    )
    words = Words(root=content.root)
    assert words("a.end") == "Bye - A."
    with pytest.raises(ContentError, match="no text is called '_sign'"):
        words("a._sign")


def test_a_file_that_fails_as_a_whole_is_named(content: Copy) -> None:
    content.write("templates/a.j2", "{% set x = y + 1 %}\n{% macro end() %}Bye{% endmacro %}\n")
    with pytest.raises(ContentError, match=r"a\.j2:1: 'y' is undefined"):
        Words(root=content.root)("a.end")


def test_words_of_a_missing_folder_are_refused_when_asked(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no template"):
        Words(root=tmp_path)("start.welcome")
