"""A document as DOCX: headings that Word can navigate, tables whose heads repeat, inner links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, assert_never

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from service.documents.blocks import (
    Block,
    Bullets,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Span,
    Spans,
    Table,
)

_FONT = "Microsoft YaHei"
_MUTED = RGBColor(0x66, 0x66, 0x66)
_LINK = RGBColor(0x0B, 0x57, 0xA4)
_WIDTH_CM = 18.2
_UNFIT = re.compile(r"[^\x09\x0a\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""

_BOOKMARK = re.compile(r"[^A-Za-z0-9_]")


def docx_of(document: Paged, *, made_at: datetime) -> bytes:
    """The bytes of a .docx; `made_at` is what its properties say of when it was made."""
    return _Writer(document, made_at=made_at).bytes()


class _Writer:
    def __init__(self, document: Paged, *, made_at: datetime) -> None:
        self._source = document
        self._file = docx.Document()
        self._bookmarks = 0
        self._set_up(made_at)

    def bytes(self) -> bytes:
        """Write everything and close the file."""
        self._cover()
        for block in self._source.blocks:
            self._block(block)
        written = BytesIO()
        self._file.save(written)
        return written.getvalue()

    def _set_up(self, made_at: datetime) -> None:
        properties = self._file.core_properties
        properties.title = _fit(self._source.title)
        properties.author = "Fengsui"
        properties.language = self._source.lang
        properties.comments = ""
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
        for section in self._file.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(1.4)
            section.top_margin = section.bottom_margin = Cm(1.6)
            _field(section.footer.paragraphs[0].add_run(), "PAGE")
        for style in self._file.styles:
            if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
                _set_font(style.element.get_or_add_rPr())
        self._file.styles["Normal"].font.size = Pt(10)

    def _cover(self) -> None:
        self._file.add_paragraph(_fit(self._source.title), style="Title")
        self._spans(self._file.add_paragraph(), (Span(self._source.subtitle, muted=True),))
        self._file.add_paragraph(_fit(self._source.contents), style="Subtitle")
        for heading in self._source.headings:
            line = self._file.add_paragraph()
            line.paragraph_format.left_indent = Cm(0.8 * (heading.level - 1))
            line.paragraph_format.space_after = Pt(1)
            self._spans(line, (Span(heading.text, link=f"#{heading.anchor}"),))

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph(spans):
                self._spans(self._file.add_paragraph(), spans)
            case Bullets():
                self._bullets(block)
            case Table():
                self._table(block)
            case Letter(text):
                letter = self._file.add_paragraph(style="Intense Quote")
                self._spans(letter, (Span(text),))
            case PageBreak():
                self._file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            case _:
                assert_never(block)

    def _heading(self, heading: Heading) -> None:
        line = self._file.add_heading(level=heading.level)
        if heading.colour:
            mark = line.add_run("■ ")
            mark.font.color.rgb = RGBColor.from_string(heading.colour.removeprefix("#"))
        line.add_run(_fit(heading.text))
        if heading.anchor:
            self._bookmarks += 1
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            start.set(qn("w:name"), _bookmark(heading.anchor))
            for mark_ in (start, end):
                mark_.set(qn("w:id"), str(self._bookmarks))
            line._p.get_or_add_pPr().addnext(start)  # properties come first in a paragraph
            line._p.append(end)

    def _bullets(self, bullets: Bullets) -> None:
        for item in bullets.items:
            style = "Normal" if bullets.boxes else "List Bullet"
            lead = (Span("☐ "),) if bullets.boxes else ()
            self._spans(self._file.add_paragraph(style=style), (*lead, *item))

    def _table(self, table: Table) -> None:
        made = self._file.add_table(rows=1, cols=len(table.head), style="Table Grid")
        made.autofit = False
        whole = sum(table.widths)
        for column, width in zip(made.columns, table.widths, strict=True):
            column.width = Cm(_WIDTH_CM * width / whole)
        widths = [column.width for column in made.columns]
        _repeat(made.rows[0])
        self._row(made.rows[0], [(Span(name, bold=True),) for name in table.head], widths)
        for row in table.rows:
            self._row(made.add_row(), row, widths)
        self._file.add_paragraph()

    def _row(self, row: Any, cells: Sequence[Spans], widths: Sequence[Any]) -> None:
        for cell, spans, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            self._spans(cell.paragraphs[0], spans, size=Pt(8.5))

    def _spans(self, line: DocxParagraph, spans: Spans, *, size: Any = None) -> None:
        for span in spans:
            run = line.add_run(_fit(span.text))
            run.bold = span.bold or None
            run.font.size = size
            if span.muted:
                run.font.color.rgb = _MUTED
            if span.link:
                self._linked(line, run, span.link)

    def _linked(self, line: DocxParagraph, run: Run, link: str) -> None:
        """Put the run into a hyperlink: python-docx reads these and does not write them."""
        holder = OxmlElement("w:hyperlink")
        if link.startswith("#"):
            holder.set(qn("w:anchor"), _bookmark(link[1:]))
        elif link.startswith(("http://", "https://")):
            target = line.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            holder.set(qn("r:id"), target)
        else:
            return
        run.font.color.rgb = _LINK
        line._p.append(holder)
        holder.append(run._r)


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _bookmark(anchor: str) -> str:
    """A name as Word takes it: letters, digits and `_`, at most 40, a letter first."""
    return ("b_" + _BOOKMARK.sub("_", anchor))[:40]


def _set_font(properties: Any) -> None:
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _repeat(row: Any) -> None:
    """The row stands again at the top of every page that the table reaches."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)


def _field(run: Run, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
