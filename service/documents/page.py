"""A document as one HTML page that prints well and asks for nothing from outside."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from itertools import chain
from typing import assert_never

from service.documents.blocks import (
    Block,
    Bullets,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Spans,
    Table,
)

_STYLE = "page.css"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LINK = re.compile(r"#[A-Za-z0-9_.-]+|https?://[^\s\"'<>]+")


def page_of(document: Paged) -> str:
    """The page, whole: every text escaped, links to anchors of the page or http addresses."""
    style = (files("service.documents") / _STYLE).read_text(encoding="utf-8")
    body = "\n".join(chain(_cover(document), map(_block, document.blocks)))
    return (
        f'<!doctype html>\n<html lang="{escape(document.lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _cover(document: Paged) -> list[str]:
    lines = [
        f'<header><h1 class="title">{escape(document.title)}</h1>',
        f'<p class="subtitle">{_lines(document.subtitle)}</p></header>',
        f'<nav><p class="contents">{escape(document.contents)}</p><ul>',
    ]
    for heading in document.headings:
        target = escape(heading.anchor)
        lines.append(
            f'<li class="level{heading.level}"><a href="#{target}">{escape(heading.text)}</a></li>'
        )
    return [*lines, "</ul></nav>"]


def _block(block: Block) -> str:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph(spans):
            return f"<p>{_spans(spans)}</p>"
        case Bullets():
            kind = "boxes" if block.boxes else "bullets"
            items = "".join(f"<li>{_spans(item)}</li>" for item in block.items)
            return f'<ul class="{kind}">{items}</ul>'
        case Table():
            return _table(block)
        case Letter(text):
            return f'<div class="letter">{_lines(text)}</div>'
        case PageBreak():
            return '<div class="break"></div>'
        case _:
            assert_never(block)


def _heading(heading: Heading) -> str:
    tag = f"h{heading.level + 1}"
    anchor = f' id="{escape(heading.anchor)}"' if heading.anchor else ""
    mark = (
        f'<span class="mark" style="background:{heading.colour}"></span>'
        if _COLOUR.fullmatch(heading.colour)
        else ""
    )
    return f"<{tag}{anchor}>{mark}{escape(heading.text)}</{tag}>"


def _table(table: Table) -> str:
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{width * 100 / whole:.1f}%">' for width in table.widths)
    head = "".join(f"<th>{escape(name)}</th>" for name in table.head)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_spans(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return (
        f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _spans(spans: Spans) -> str:
    parts = []
    for span in spans:
        text = _lines(span.text)
        if span.bold:
            text = f"<strong>{text}</strong>"
        if span.muted:
            text = f'<span class="muted">{text}</span>'
        if _LINK.fullmatch(span.link):
            text = f'<a href="{escape(span.link)}">{text}</a>'
        parts.append(text)
    return "".join(parts)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
