"""Telegram's HTML: what it becomes, and what is refused in which words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.entities import parse_html, utf16_length, utf16_slice
from bot.demo.formatting import detected, disentangled, to_html, trimmed
from bot.demo.limits import formatted
from bot.demo.refusals import Refusal


def short(entities: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(one["type"], one["offset"], one["length"]) for one in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
        ),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        ("<code>a</code> <pre>b</pre>", "a b", [("code", 0, 1), ("pre", 2, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("👋<b>é</b>", "👋é", [("bold", 2, 1)]),
        ("<b>👨‍👩‍👧</b>", "👨‍👩‍👧", [("bold", 0, 8)]),
        ("&lt;b&gt; &amp; &quot;", '<b> & "', []),
        ("&#38;&#x26;&#128075;", "&&👋", []),
        ("&#xD83D;&#xDC4B;<b>a</b>", "👋a", [("bold", 2, 1)]),
        ("&nbsp; &copy; & &;", "&nbsp; &copy; & &;", []),
        ("&lt", "<", []),
        ("a > b", "a > b", []),
        ('<a href="tel:116123">call</a>', "call", []),
        ("<a>no address</a>", "no address", []),
    ],
)
def test_supported_tags_become_entities_in_utf16_units(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    parsed, found = parse_html(source)
    assert (parsed, short(found)) == (text, entities)


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>',
         {"type": "text_link", "url": "https://example.org/?a=1&b=2"}),
        ("<a href='example.org'>x</a>", {"type": "text_link", "url": "http://example.org"}),
        ("<a>https://example.org</a>", {"type": "text_link", "url": "https://example.org"}),
        ('<a href="tg://user?id=7">x</a>', {"type": "text_mention", "user": {"id": 7}}),
        ('<pre><code class="language-python">x</code></pre>',
         {"type": "pre", "language": "python"}),
        ('<code class="language-python"><pre>x</pre></code>',
         {"type": "pre", "language": "python"}),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
         {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"}),
        ('<tg-time unix="1647531900" format="wDT">x</tg-time>',
         {"type": "date_time", "unix_time": 1647531900, "date_time_format": "wDT"}),
        ('<tg-time unix="1647531900">x</tg-time>',
         {"type": "date_time", "unix_time": 1647531900}),
    ],
)  # fmt: skip
def test_tags_with_attributes_keep_their_details(source: str, fields: dict[str, Any]) -> None:
    (entity,) = parse_html(source)[1]
    assert entity.items() >= fields.items()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<div>a</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>",
         'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a "x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="1" format="?">a</tg-time>', "Invalid date-time format specified"),
        ("&#xD83D;", "Text contains invalid Unicode characters after decoding HTML entities, "
         "check for unmatched surrogate code units"),
    ],
)  # fmt: skip
def test_broken_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)
    assert refused.value.status == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_white_space_at_both_ends_is_trimmed_and_entities_move_along() -> None:
    assert formatted("  <b> hello </b>\n ", "HTML", None, {}) == (
        "hello",
        [{"type": "bold", "offset": 0, "length": 5}],
    )


def test_nothing_nests_in_code_and_quotations_do_not_nest() -> None:
    _, inside_code = formatted("<b>a<code>b</code>c</b>", "HTML", None, {})
    assert short(inside_code) == [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]
    source = "<blockquote>a<blockquote>b</blockquote></blockquote>"
    assert short(formatted(source, "HTML", None, {})[1]) == [("blockquote", 0, 2)]


def test_commands_links_and_addresses_are_found_by_themselves() -> None:
    text = "👋 /help @somebody https://example.org/x. me@example.org #tag a/b"
    found = [(one["type"], utf16_slice(text, one["offset"], one["length"]))
             for one in detected(text, [])]  # fmt: skip
    assert sorted(found) == [
        ("bot_command", "/help"),
        ("email", "me@example.org"),
        ("hashtag", "#tag"),
        ("mention", "@somebody"),
        ("url", "https://example.org/x"),
    ]


def test_nothing_is_found_inside_code() -> None:
    assert short(formatted("<code>/help</code>", "HTML", None, {})[1]) == [("code", 0, 5)]


def test_a_mention_of_somebody_unknown_is_plain_text() -> None:
    source = '<a href="tg://user?id=7">you</a>'
    assert formatted(source, "HTML", None, {}) == ("you", [])
    user = {"id": 7, "is_bot": False, "first_name": "Ada"}
    assert formatted(source, "HTML", None, {7: user})[1][0]["user"] == user


def test_beyond_a_hundred_entities_the_rest_is_dropped() -> None:
    assert len(formatted("<b>a</b> " * 120, "HTML", None, {})[1]) == 100


PIECES = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<a href='x.y'>", "</a>", "<code>", "</code>", "<pre>",
     "</pre>", "<blockquote expandable>", "<blockquote>", "</blockquote>", "</>", "<", ">", "&",
     "&amp;", "&#x1F44B;", "&#xD83D;", "<tg-spoiler>", "</tg-spoiler>", "'", '"', "=", "/", " ",
     "\n", "\0", "👋", "é", "word", "/start", "https://a.b", "<tg-time unix='5'>", "</tg-time>"]
)  # fmt: skip
SOURCES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(SOURCES)
def test_any_text_is_either_refused_or_has_entities_within_range(source: str) -> None:
    try:
        text, entities = formatted(source, "HTML", None, {})
    except Refusal:
        return
    total = utf16_length(text)
    for entity in entities:
        assert entity["offset"] >= 0
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= total
    assert text == text.strip()


@given(SOURCES)
def test_what_is_shown_as_html_reads_back_as_the_same_text(source: str) -> None:
    try:
        text, entities = formatted(source, "HTML", None, {})
    except Refusal:
        return
    again, marks = parse_html(to_html(text, entities))
    assert again == text
    kept = [one for one in entities if one["type"] in {"bold", "italic", "spoiler"}]
    covered = {(one["type"], at) for one in kept
               for at in range(one["offset"], one["offset"] + one["length"])}  # fmt: skip
    assert covered == {
        (one["type"], at)
        for one in marks
        if one["type"] in {"bold", "italic", "spoiler"}
        for at in range(one["offset"], one["offset"] + one["length"])
    }


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6))
def test_given_entities_are_cut_to_the_text(text: str, places: list[tuple[int, int]]) -> None:
    entities = [{"type": "bold", "offset": a, "length": b} for a, b in places]
    inner, kept = trimmed(text, disentangled(entities))
    assert all(0 <= one["offset"] < utf16_length(inner) for one in kept)
    assert all(one["offset"] + one["length"] <= utf16_length(inner) for one in kept)
