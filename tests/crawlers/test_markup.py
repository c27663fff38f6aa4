from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.markup import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a < b and c <3", "a < b and c <3"),
        ("two\n lines", "two\nlines"),
        ("one\n\n\n\nblank", "one\n\nblank"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div><div>one</div></div><div>two</div>", "one\ntwo"),
        ("one<br>two<br/><br/>three", "one\ntwo\n\nthree"),
        ("<b>the\nsource</b> breaks", "the source breaks"),
        ("<i>&lt;b&gt;</i> &amp; &nbsp;&#x4f60;&mdash;&#xD800;", "<b> & 你—\ufffd"),
        ("&lt;p&gt;twice&lt;/p&gt;", "twice"),
        ("a<script>if (a < b) {}</script>b<style>p{}</style>c", "abc"),
        ("a<script/>b", "ab"),
        ("a<script>never ends", "a"),
        ("a<!-- no -->b<!DOCTYPE x>c<?php ?>d", "abcd"),
        ("<![CDATA[kept]]>", "kept"),
        ("<![CDATA[cut", "cut"),
        ("a <!-- never ends", "a <!-- never ends"),
        ("<p>cut off <a href='x", "cut off <a href='x"),
        ('<a title="a>b">text</a>', "text"),
        ('<a title="odd>text', "text"),
        ("真的<img src=x alt='[怒]'>了", "真的[怒]了"),
        ('<img alt="a&amp;b"><img alt=c><img>', "a&bc"),
        ("a\x00b\x01c\x02d", "abcd"),
        ("", ""),
    ],
)
def test_html_reads_as_a_reader_sees_it(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.text(st.sampled_from("<>!-/[]&;#\"' \nabp="), max_size=200))
def test_any_markup_gives_text_without_marks(html: str) -> None:
    assert not set(html_to_text(html)) & {"\0", "\1", "\2"}


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", '<a "', "<![CDATA[", "<script>", "&#", "<p>"]
)
def test_hostile_markup_costs_no_more_than_its_length(piece: str) -> None:
    started = time.process_time()
    html_to_text(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 2
