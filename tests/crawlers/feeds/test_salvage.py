from __future__ import annotations

import pytest

from crawlers.feeds.salvage import MAX_PIECES, entries_apart, legal_references


def test_entries_become_documents_below_the_same_head() -> None:
    pieces = list(entries_apart("<rss><title>t</title><item>1</item>\n<ITEM>2</item></rss>", "rss"))
    assert pieces == [
        "<rss><title>t</title><item>1</item></rss>",
        "<rss><title>t</title><ITEM>2</item></rss>",
    ]


def test_a_head_too_long_to_repeat_is_cut_to_the_root() -> None:
    pieces = list(entries_apart(f"<feed a='1'>{'x' * 30_000}<entry>1</entry></feed>", "feed"))
    assert pieces == ["<feed a='1'><entry>1</entry></feed>"]


@pytest.mark.parametrize("document", ["<rss></rss>", "<rss><item>cut"])
def test_without_a_whole_entry_there_is_nothing_to_save(document: str) -> None:
    assert list(entries_apart(document, "rss")) == []


def test_pieces_are_bounded() -> None:
    assert len(list(entries_apart("<rss>" + "<item></item>" * 2_000, "rss"))) == MAX_PIECES


@pytest.mark.parametrize("text", ["&#65;", "&#x4F60;", "&#10;", "&#x1F621;"])
def test_references_to_characters_stay(text: str) -> None:
    assert legal_references(text) == text


@pytest.mark.parametrize("text", ["&#0;", "&#xD800;", "&#x110000;", "&#999999999;", "&#8"])
def test_references_to_nothing_become_the_mark_of_it(text: str) -> None:
    assert legal_references(text) == "\ufffd"
