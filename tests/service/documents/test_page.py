from __future__ import annotations

import lxml.html

from service.documents import Heading, Paged, page_of
from tests.service.documents.samples import DOCUMENT

PAGE = page_of(DOCUMENT)
TREE = lxml.html.document_fromstring(PAGE)


def test_the_contents_lead_to_the_headings() -> None:
    links = TREE.xpath("//nav//a")
    assert [link.text for link in links] == ["第一章", "一节"]
    assert all(TREE.xpath(f"//*[@id='{link.get('href')[1:]}']") for link in links)


def test_texts_are_never_mark_up() -> None:
    assert TREE.xpath("//script") == []
    assert "&lt;script&gt;" in PAGE


def test_only_anchors_and_http_addresses_become_links() -> None:
    targets = [link.get("href") for link in TREE.xpath("//body/*[not(self::nav)]//a")]
    assert targets == ["#one", "https://example.com/a?b&c"]
    assert "javascript:" not in PAGE


def test_nothing_is_fetched_from_outside() -> None:
    assert TREE.xpath("//*[@src] | //link | //iframe | //object") == []
    (style,) = TREE.xpath("//style")
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_a_table_has_shares_of_the_page_and_a_head_that_repeats() -> None:
    (table,) = TREE.xpath("//table")
    assert [column.get("style") for column in table.xpath(".//col")] == [
        "width:75.0%",
        "width:25.0%",
    ]
    assert [cell.text_content() for cell in table.xpath("./thead//th")] == ["甲", "乙"]
    assert len(table.xpath("./tbody/tr")) == 2


def test_line_breaks_of_a_letter_are_kept() -> None:
    (letter,) = TREE.xpath("//div[@class='letter']")
    assert len(letter.xpath("./br")) == 2


def test_a_colour_that_is_none_marks_nothing() -> None:
    heading = Heading(level=3, text="x", colour='red" onload="x')
    page = page_of(Paged(title="", subtitle="", lang="zh", contents="", blocks=(heading,)))
    assert "onload" not in page
    assert "<h4>x</h4>" in page
