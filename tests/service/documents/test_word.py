from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.oxml.ns import qn

from service.documents import docx_of
from tests.service.documents.samples import DOCUMENT

MADE = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
WRITTEN = docx_of(DOCUMENT, made_at=MADE)
OPENED = docx.Document(BytesIO(WRITTEN))


def test_headings_are_headings() -> None:
    styled = {line.text: line.style.name for line in OPENED.paragraphs if line.style is not None}
    assert styled["■ 第一章"] == "Heading 1"
    assert styled["一节"] == "Heading 2"
    assert styled["不进目录"] == "Heading 3"
    assert styled["手册 & more"] == "Title"


def test_properties_come_first_in_every_paragraph() -> None:
    for line in OPENED.element.body.iter(qn("w:p")):
        tags = [child.tag for child in line]
        assert qn("w:pPr") not in tags[1:]


def test_inner_links_lead_to_bookmarks() -> None:
    body = OPENED.element.body
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert anchors == names == {"b_one", "b_one_two"}


def test_outer_links_are_relations_and_nothing_else_is_a_link() -> None:
    outer = {part.target_ref for part in OPENED.part.rels.values() if part.is_external}
    assert outer == {"https://example.com/a?b&c"}


def test_a_table_repeats_its_head() -> None:
    (table,) = OPENED.tables
    assert [cell.text for cell in table.rows[0].cells] == ["甲", "乙"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[2].cells[0].text == "3"


def test_texts_come_through_without_what_xml_cannot_hold() -> None:
    text = "\n".join(line.text for line in OPENED.paragraphs)
    assert "</p><script>alert(1)</script>" in text
    assert "\x00" not in text
    assert "☐ 打勾" in text
    assert "您好：\n\n正在核实。" in text


def test_its_properties_say_what_it_is() -> None:
    properties = OPENED.core_properties
    assert properties.title == "手册 & more"
    assert properties.author == "Fengsui"
    assert properties.created is not None
    assert properties.created.replace(tzinfo=UTC) == MADE


def test_nothing_in_it_runs() -> None:
    with zipfile.ZipFile(BytesIO(WRITTEN)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
