import pytest

from prompts.checking_templates import said

from .conftest import Copy


def about_templates(content: Copy, body: str) -> list[str]:
    """The findings about a template whose macro begins in line 1 and whose body in line 2."""
    content.keep_only("")
    content.write("templates/start.j2", f"{{% macro hello(name) %}}\n{body}\n{{% endmacro %}}\n")
    return [text for text in content.said() if text.startswith("templates")]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("Hello!", 2, "no exclamation marks"),
        ("Hello.\n\nYou are\ncodependent.", 5, '"codependent": it is no recognised'),
        ("You are too clingy.", 2, '"You are too clingy": say what the replies leaned'),
        ("You're {{ name }}.", 2, '"You\'re {{ }}": say what the replies leaned'),
        ("You suffer.", 2, '"You suffer": it sounds like a diagnosis'),
        ("You have an attachment style.", 2, '"You have an attachment": it sounds like'),
        ("It is enmeshed.", 2, '"enmeshed": it is a therapist'),
        ("A toxic week.", 2, '"toxic": it condemns'),
        ("An abuser.", 2, '"abuser": it names people'),
        ("A victim.", 2, '"victim": it names people'),
        ("A narcissist.", 2, '"narcissist": it condemns'),
        ("A score of {{ name }} out of 10.", 2, '"score of {{ }} out of": nobody is graded'),
        ("The 90th percentile.", 2, '"percentile": nobody is graded'),
        ("An unhealthy couple.", 2, '"unhealthy couple": there is no measure'),
        ("Your partner\n\nis away.", 2, '"Your partner is": the bot hears one side'),
        ("You should leave.", 2, '"You should leave": that is not ours'),
        ("You should stay.", 2, '"You should stay": that is not ours'),
        ("You should rest.", 2, '"should": it tells people off'),
        ("{{ name }}\n{{ 'toxic' if name }}", 3, '"toxic": it condemns'),
        ("{% if name ==\n 'Ada' %}\nA toxic\n{% endif %}", 4, '"toxic": it condemns'),
        ("{# nothing\nbad! #}\nToxic.", 4, '"Toxic": it condemns'),
        ("<p>Hello</p>", 2, "Telegram knows no <p>"),
        ("Hello<br/>there", 2, "Telegram knows no <br>"),
        ("1 < 2", 2, '"<" is written &lt;'),
        ("You & I", 2, '"&" is written &amp;'),
        ("Hello\n{% if %}", 3, "Expected an expression"),
        ("{{ name", 3, "expected token 'end of print"),
    ],
)
def test_a_fault_in_a_template_is_found_with_its_line(
    content: Copy, body: str, line: int, message: str
) -> None:
    found = about_templates(content, body)
    assert any(text.startswith(f"templates/start.j2:{line}: {message}") for text in found), found


@pytest.mark.parametrize(
    "body",
    [
        "Hello {{ name }}, this is <b>not</b> a diagnosis &amp; not a test.",
        "{% if name != 'x' %}\nYou have 3 answers, a victimless day, healthy food.\n{% endif %}",
        "{# You are codependent! #}\n<blockquote expandable>{{ name }}</blockquote>",
        '<a href="https://findahelpline.com">{{ name }}</a> and <tg-spoiler>x</tg-spoiler>',
        "{{ name }}: one way to read this. Does that fit?",
    ],
)
def test_what_may_be_said_is_left_alone(content: Copy, body: str) -> None:
    assert about_templates(content, body) == []


def test_an_argument_that_is_not_used_is_a_warning(content: Copy) -> None:
    assert about_templates(content, "Hello.") == [
        "templates/start.j2:1: warning: hello never mentions name"
    ]


@pytest.mark.parametrize("lost", ["Lost words", "{{ lost }}"])
def test_text_outside_a_macro_is_found(content: Copy, lost: str) -> None:
    content.keep_only("")
    content.write("templates/a.j2", f"{{% macro a() %}}\nA\n{{% endmacro %}}\n\n{lost}\n")
    assert [text for text in content.said() if text.startswith("templates/a.j2")] == [
        "templates/a.j2:5: text outside a macro is never said; is it a comment?"
    ]


def test_other_encodings_are_found(content: Copy) -> None:
    content.keep_only("")
    (content.folder / "templates" / "a.j2").write_bytes("é".encode("latin-1"))
    assert "templates/a.j2:1: these characters are not UTF-8" in content.said()


def test_code_is_blanked_out_line_by_line() -> None:
    source = "a {# b\n #}\n{{ c | d('e\nf') }}\n{% if 'g' %}\nh"
    lines = [line.split() for line in said(source).splitlines()]
    assert lines == [["a"], [], ["{{", "}}", "e"], ["f"], ["g"], ["h"]]
