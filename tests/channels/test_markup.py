# SPDX-License-Identifier: EUPL-1.2
import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.markup import MarkupError, detect, parse_html, spans, utf16_length, visible_length


def test_marks_become_entities_counted_in_utf16():
    marked = parse_html("<b>Hé 😀 <i>x</i></b> &lt;a&gt; &amp;")
    assert marked.text == "Hé 😀 x <a> &"
    assert [(e.type, e.offset, e.length) for e in marked.entities] == [("bold", 0, 7), ("italic", 6, 1)]


def test_every_mark_of_telegram_is_known():
    source = (
        "<b>1</b><strong>2</strong><i>3</i><em>4</em><u>5</u><ins>6</ins><s>7</s><strike>8</strike><del>9</del>"
        '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span><code>c</code>'
        '<pre><code class="language-python">d</code></pre><blockquote expandable>e</blockquote>'
        '<a href="https://example.nl?a=1&amp;b=2">f</a>'
    )
    marked = parse_html(source)
    assert marked.text == "123456789abcdef"
    link = marked.entities[-1]
    assert (link.type, link.url) == ("text_link", "https://example.nl?a=1&b=2")
    assert {e.type for e in marked.entities} == {
        "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "text_link",
    }  # fmt: skip


def test_a_link_that_runs_something_is_only_text():
    marked = parse_html('<a href="javascript:alert(1)">klik</a>')
    assert (marked.text, marked.entities) == ("klik", ())


@pytest.mark.parametrize(
    "source", ["<b>x", "x</b>", "<p>x</p>", "1 < 2", "<b><i>x</b></i>", "<span>x</span>", "<", "<b"]
)
def test_wrong_marks_are_refused(source):
    with pytest.raises(MarkupError, match="can't parse entities"):
        parse_html(source)


def test_length_is_what_telegram_counts():
    assert visible_length("<b>😀</b>") == 2
    assert visible_length("  a &amp; b\n") == 5
    assert visible_length('<a href="https://example.nl/a/very/long/path">hier</a>') == 4
    assert utf16_length("ሰላም") == 3


def test_space_around_is_dropped_and_marks_move_along():
    marked = parse_html("\n  <b> x</b>  ")
    assert marked.text == "x"
    assert [(e.offset, e.length) for e in marked.entities] == [(0, 1)]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_escaped_text_comes_back_whole(text):
    assert parse_html(f"<b>{html_decoration.quote(text)}</b>").text == text.strip()


@given(st.text(max_size=80))
def test_anything_is_read_or_refused(text):
    try:
        marked = parse_html(text)
    except MarkupError:
        return
    assert "".join(span.text for span in spans(marked)).encode("utf-8", "replace") == marked.text.encode(
        "utf-8", "replace"
    )


def test_links_are_found_without_the_full_stop():
    text = (
        "Zie \u2068www.woningnet.nl\u2069, groenwest.nl/huren). Mail info@groenwest.nl of https://a.nl/x?y=1!"
    )
    found = [(e.type, text[e.offset : e.offset + e.length]) for e in detect(text)]
    assert found == [
        ("url", "www.woningnet.nl"),
        ("url", "groenwest.nl/huren"),
        ("email", "info@groenwest.nl"),
        ("url", "https://a.nl/x?y=1"),
    ]


@pytest.mark.parametrize("number", ["0348-476400", "088-0129000", "0900-8844", "0800-0113", "06-12345678"])
def test_phone_numbers_can_be_called(number):
    called = [span.url for span in spans(parse_html(f"Bel {number}.")) if span.url]
    assert called == [f"tel:{number}"]


@pytest.mark.parametrize(
    "text",
    [
        "01-2026",
        "01-11-2026",
        "gmb-0348-476400",
        "1.5 en/of 12/11/2026",
        "a.b",
        "en/of",
        "wie.nu",
        "http://",
        "x@y",
    ],
)
def test_what_only_looks_like_a_link_is_text(text):
    assert detect(text) == ()


@pytest.mark.parametrize(
    ("text", "command"), [("/taal", "/taal"), ("zie /help.", "/help"), ("‎/contact", "/contact")]
)
def test_commands_are_found(text, command):
    (entity,) = detect(text)
    assert entity.type == "bot_command"
    assert text[entity.offset : entity.offset + entity.length] == command


def test_spans_carry_style_link_and_command():
    pieces = spans(parse_html('<b>Kijk</b> op a.nl of <a href="tel:112">bel</a> of /help'))
    assert [(p.text, p.styles, p.url, p.command) for p in pieces] == [
        ("Kijk", ("bold",), "", ""),
        (" op ", (), "", ""),
        ("a.nl", (), "https://a.nl", ""),
        (" of ", (), "", ""),
        ("bel", (), "tel:112", ""),
        (" of ", (), "", ""),
        ("/help", (), "", "/help"),
    ]


def test_entities_are_the_same_as_aiogram_writes():
    marked = parse_html("<b>a <i>b</i></b> <u>😀c</u>")
    raw = [MessageEntity(type=e.type, offset=e.offset, length=e.length) for e in marked.entities]
    assert html_decoration.unparse(marked.text, raw) == "<b>a <i>b</i></b> <u>😀c</u>"
