"""A briefing as a document, made of its JSON alone: every figure and quote is a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.documents import Block, Bullets, Heading, Paged, Paragraph, Span, Spans, Table
from service.documents import plain as said

_LANG = {"zh": "zh-CN", "en": "en"}


def document(view: Mapping[str, Any]) -> Paged:
    """The document of what `briefing_view` answers."""
    return Paged(
        title=view["title"],
        subtitle=view["subtitle"],
        lang=_LANG[view["language"]],
        contents=view["words"]["contents"],
        blocks=tuple(_blocks(view)),
    )


def _blocks(view: Mapping[str, Any]) -> Iterator[Block]:
    page = _Page(view["public_url"], view["words"])
    if view["lead"]:
        yield Heading(level=1, text=view["words"]["lead"], anchor="lead")
        yield Paragraph(page.prose(view["lead"]))
    yield Bullets(
        items=tuple(
            (Span(f"{item['label']} "), page.span(item["figure"], bold=True))
            for item in view["headlines"]
        )
    )
    for section in view["sections"]:
        if section["hidden"]:
            continue
        yield Heading(level=1, text=section["title"], anchor=section["id"])
        if section["comment"]:
            yield Paragraph(
                (Span(view["words"]["comment"], bold=True), *page.prose(section["comment"]))
            )
        for piece in section["pieces"]:
            yield from page.blocks(piece)


class _Page:
    def __init__(self, public_url: str, words: Mapping[str, str]) -> None:
        self._public_url = public_url.rstrip("/")
        self._words = words

    def prose(self, spans: list[dict[str, str]]) -> Spans:
        return tuple(Span(item["text"], link=self._whole(item["link"])) for item in spans)

    def span(self, item: Mapping[str, Any], *, bold: bool = False) -> Span:
        return Span(item["text"], bold=bold, link=self._whole(item["link"]))

    def blocks(self, piece: Mapping[str, Any]) -> Iterator[Block]:
        match piece["type"]:
            case "measures":
                yield self._measures(piece["items"])
            case "rows":
                yield Paragraph(said(piece["title"], bold=True))
                yield Table(
                    head=tuple(piece["head"]),
                    rows=tuple(tuple(self._cell(cell) for cell in row) for row in piece["items"]),
                    widths=_widths(len(piece["head"])),
                )
                if piece["more"] is not None:
                    yield Paragraph((self.span(piece["more"]),))
            case "voices":
                yield Bullets(items=tuple(self._quote(item) for item in piece["items"]))
            case _:
                yield Paragraph(said(piece["text"], muted=True))

    def _measures(self, items: list[Mapping[str, Any]]) -> Block:
        compared = any(item["before"] or item["change"] for item in items)
        names = ("figure", "now", "before", "change") if compared else ("figure", "value")
        rows = []
        for item in items:
            values = (item["figure"], item["before"], item["change"])[: len(names) - 1]
            cells = [
                said(self._words["none"], muted=True) if v is None else (self.span(v),)
                for v in values
            ]
            rows.append((said(item["label"]), *cells))
        return Table(
            head=tuple(self._words[name] for name in names),
            rows=tuple(rows),
            widths=_widths(len(names)),
        )

    def _cell(self, cell: Mapping[str, Any]) -> Spans:
        if cell["type"] != "quoted":
            return (self.span(cell),)
        return (self.span(cell), Span(f"\n{cell['said']}", muted=True))

    def _quote(self, quote: Mapping[str, Any]) -> Spans:
        told = Span(f"\n{quote['said']} · ", muted=True)
        return (self.span(quote), told, self.span(quote["spread"]))

    def _whole(self, link: str) -> str:
        return f"{self._public_url}{link}" if link else ""


def _widths(columns: int) -> tuple[int, ...]:
    """The first column holds the longest words."""
    return (40, *([60 // (columns - 1)] * (columns - 1)))
