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


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("<b>{{ name }} is quiet.", 2, "<b> is not closed"),
        (
            "{{ name }}\n{# a\nb #}\n{% if name %}\n\nis <i>quiet.\n{% endif %}",
            7,
            "<i> is not closed",
        ),
        ("{{ name }}\n{%- if name -%}\n\nis <i>quiet.\n{%- endif %}", 5, "<i> is not closed"),
        ("<b>{{ name }}<b>\n</b>", 2, "<b> is not closed"),
        ('<a href="a.org">{{ name }}', 2, "<a> is not closed"),
        ("{{ name }}\nis quiet.</b>", 3, "</b> is closed and was never opened"),
        ("<b>{{ name }}</i></b>", 2, "</i> is closed and was never opened"),
        (
            "<b><i>{{ name }}\n</b></i>",
            3,
            "</b> stands where <i> is open: close that first",
        ),
        ("{% if name %}<b>{% endif %}{{ name }}</b>", 2, "</b> is closed and was never opened"),
        ("<b>{{ name }}{% if name %}</b>{% endif %}", 2, "<b> is not closed"),
        ("{% if name %}<b>{% else %}</b>{% endif %}", 2, "<b> is not closed"),
        ("{% for one in name %}\n<b>{{ one }}\n{% endfor %}", 3, "<b> is not closed"),
        ("{% for one in name %}<b>{{ one }}{% endfor %}</b>", 2, "</b> is closed and was never"),
        ("{% if not name %}<b>{% endif %}{% if name %}</b>{% endif %}", 2, "<b> is not closed"),
        ("{% set name = 1 %}{% if name %}<b>{% endif %}", 2, "<b> is not closed"),
    ],
)
def test_a_tag_that_has_no_partner_is_found_with_its_line(
    content: Copy, body: str, line: int, message: str
) -> None:
    """Telegram would refuse the message, and the person would get nothing."""
    found = about_templates(content, body)
    assert any(text.startswith(f"templates/start.j2:{line}: {message}") for text in found), found


def test_a_tag_without_a_partner_is_one_line(content: Copy) -> None:
    for body in ("<b>{{ name }}", "<b><i>{{ name }}</b></i>", "<b>{{ name }}</i>"):
        assert len(about_templates(content, body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "{% if name %}<b>{% endif %}Hello{% if name %}</b>{% endif %}",
        "{% if name %}<b>{% else %}<i>{% endif %}Hello"
        "{% if not name %}</i>{% else %}</b>{% endif %}",
        "<b>{% if name %}yes</b>{% elif name is none %}no</b>{% else %}</b>{% endif %}",
        "{% if name and name.a %}<b>{% endif %}x"
        "{% if name %}{% if name.a %}</b>{% endif %}{% endif %}",
        "{% if name or not name.a %}<b>{% endif %}x{% if name or not name.a %}</b>{% endif %}",
        "{% if name %}<b>{% endif %}{% for one in name %}{{ one }}{% endfor %}"
        "{% if name %}</b>{% endif %}",
        "{% for one in name %}{% if loop.first %}<b>{% endif %}{{ one }}"
        "{% for two in one %}{% if loop.last %}{{ two }}{% endif %}{% endfor %}"
        "{% if loop.last %}</b>{% endif %}{% endfor %}",
        "{% for one in name %}{% if one.a %}<b>{% endif %}{{ one }}{% if one.a %}</b>{% endif %}"
        "{% endfor %}",
        "<blockquote{% if name %} expandable{% endif %}>x</blockquote>",
        "<B>{{ name }}</b>",
        "{{ name }}{# <b> #}",
        "{{ '<b>' if name }}",
    ],
)
def test_tags_that_pair_whichever_way_the_text_takes_are_left_alone(
    content: Copy, body: str
) -> None:
    assert about_templates(content, body) == []


def test_a_text_with_many_conditions_is_followed_to_its_end(content: Copy) -> None:
    each = "".join(
        f"{{% if name.a{n} %}}<b>{{% endif %}}x{{% if name.a{n} %}}</b>{{% endif %}}"
        for n in range(40)
    )
    assert about_templates(content, each) == []
    nested = f"{{% if name %}}{each}{{% endif %}}"
    assert about_templates(content, f"{nested}<i>") == ["templates/start.j2:2: <i> is not closed"]


def test_a_text_with_more_ways_than_can_be_followed_is_let_pass(content: Copy) -> None:
    each = "{{% if name.a{} %}}<b>{{% endif %}}".format
    assert about_templates(content, "".join(each(n) for n in range(5)))
    assert about_templates(content, "".join(each(n) for n in range(12))) == []


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("{{ name }}\n{{ nmae }}", 3, "there is nothing called nmae here (known: name)"),
        ("{% if nmae %}\n{{ name }}{% endif %}", 2, "there is nothing called nmae here"),
        ("{{ name }}{{ nmae | upper }}", 2, "there is nothing called nmae here"),
        ("{{ name }}\n{{ nmae.first }}", 3, "there is nothing called nmae here"),
        (
            "{% for one in name %}\n{{ noe }}\n{% endfor %}",
            3,
            "there is nothing called noe here (known: loop, name, one)",
        ),
        ("{% for one in name %}{{ one }}{% endfor %}\n{{ one }}", 3, "there is nothing called one"),
        ("{{ name }}{% for one in naem %}{{ one }}{% endfor %}", 2, "there is nothing called naem"),
        ("{% set said = nmae %}{{ said }}{{ name }}", 2, "there is nothing called nmae here"),
        ("{{ name }}{{ helo(1) }}", 2, "there is nothing called helo here (known: name, hello)"),
        ("{{ name }}{% with a = 1 %}{% endwith %}\n{{ a }}", 3, "there is nothing called a here"),
    ],
)
def test_a_name_that_nobody_fills_in_is_found_with_its_line(
    content: Copy, body: str, line: int, message: str
) -> None:
    found = about_templates(content, body)
    assert any(text.startswith(f"templates/start.j2:{line}: {message}") for text in found), found


def test_an_argument_of_another_text_is_not_known(content: Copy) -> None:
    content.keep_only("")
    content.write(
        "templates/a.j2",
        "{% macro a(until) %}\n{{ until }}\n{% endmacro %}\n"
        "{% macro b() %}\n{{ until }}\n{% endmacro %}\n",
    )
    assert [text for text in content.said() if text.startswith("templates/a.j2")] == [
        "templates/a.j2:5: there is nothing called until here"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "{% for one, two in name %}{{ loop.index }}{{ one }}{{ two }}{% else %}{{ name }}"
        "{% endfor %}",
        "{% for one in name if one %}{{ one }}{% endfor %}",
        "{% set said = {'a': name} %}{{ said.a }}",
        "{% set said %}{{ name }}{% endset %}{{ said }}",
        "{% if name %}{% set said = name %}{% endif %}{{ said }}",
        "{% with said = name %}{{ said }}{% endwith %}",
        "{% set space = namespace(a=1) %}{% set space.a = name %}{{ space.a }}",
        "{% macro inner(a, b=name) %}{{ a }}{{ b }}{{ varargs }}{% endmacro %}{{ inner(1) }}",
        "{{ below(name) }}{{ range(2) | length }}",
        "{% call(a) below(name) %}{{ a }}{% endcall %}",
        "{{ more.say(name) }}{{ say(name) }}{{ aloud(name) }}{{ of_file }}",
        "{{ name if name is defined else none }}",
    ],
)
def test_names_that_something_gives_a_meaning_to_are_left_alone(content: Copy, body: str) -> None:
    content.keep_only("")
    content.write(
        "templates/start.j2",
        '{% import "more.j2" as more %}\n{% from "more.j2" import say, shout as aloud %}\n'
        f"{{% set of_file = 1 %}}\n{{% macro hello(name) %}}\n{body}\n{{% endmacro %}}\n"
        "{% macro below(name) %}\n{{ name }}\n{% endmacro %}\n",
    )
    assert [text for text in content.said() if text.startswith("templates")] == []


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
