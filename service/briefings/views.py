"""A briefing for whoever reads it: JSON with every figure, its words and its link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, assert_never

from service.briefings import links
from service.briefings.content import (
    Cell,
    Instant,
    Measure,
    Measures,
    Named,
    Note,
    Number,
    Piece,
    Quoted,
    Rows,
    Section,
    SectionId,
    Voices,
    prose_json,
)
from service.briefings.figure import Figure, Quote
from service.briefings.lifecycle import deeds
from service.briefings.model import Briefing
from service.briefings.prose import cut
from service.briefings.quoting import Quotes
from service.briefings.words import Words
from service.incidents import format_instant


def briefing_item(item: Briefing, *, zone: tzinfo) -> dict[str, Any]:
    """A briefing in a list: everything but what it says. Times are UTC, and the title says days."""
    words = Words(language=item.language, zone=zone)
    return {
        "id": item.id,
        "title": words.title(item.name, item.kind, item.window),
        "kind": item.kind.value,
        "name": item.name,
        "brand": item.brand_id,
        "monitors": list(item.monitors),
        "from": format_instant(item.window.since),
        "until": format_instant(item.window.until),
        "language": item.language.value,
        "state": item.state.value,
        "deeds": [deed.value for deed in deeds(item.state)],
        "schedule": item.schedule_id,
        "due_at": format_instant(item.due_at),
        "channels": list(item.channels),
        "prepared_at": format_instant(item.created_at),
        "prepared_by": item.prepared_by,
        **{
            name: format_instant(value) if name.endswith("_at") else value
            for name in (
                *("edited_at", "edited_by", "approved_at", "approved_by"),
                *("delivered_at", "delivered_by", "discarded_at", "discarded_by", "reason"),
            )
            for value in (getattr(item, name),)
        },
        "delivered_to": list(item.delivered_to),
        "link": links.briefing(item.id),
        "version": item.version,
    }


def headlines(item: Briefing, *, zone: tzinfo) -> list[tuple[str, str]]:
    """What a short message says: labels and figures, with their change where there is one."""
    words = Words(language=item.language, zone=zone)
    shown = _Shown(words, {}, item.body.measures())
    told = []
    for name in item.body.headlines:
        found = shown.measures.get(name)
        if found is None:
            continue
        text = words.figure(found.figure)
        if found.change is not None and found.change.value is not None:
            text += words("changed_by", change=words.figure(found.change))
        told.append((shown.label(found), text))
    return told


def briefing_view(
    item: Briefing, quotes: Quotes, *, zone: tzinfo, public_url: str, to_write: bool
) -> dict[str, Any]:
    """All of it in the editor's order, without what is hidden. Whoever is `to_write` sees that too,
    with the prose as it was written and the `figures` that it may cite.

    `text` of a figure is what people read; `link` is in the console, below `public_url`.
    """
    shown = _Shown(Words(language=item.language, zone=zone), quotes, item.body.measures())
    words = shown.words
    sections = {section.id: section for section in item.body.sections}
    order = [name for name in item.prose.order if name in sections]
    order += [name for name in sections if name not in order]
    state = words(f"briefing_state.{item.state.value}")
    subtitle = words(
        "subtitle",
        since=words.instant(item.window.since),
        until=words.instant(item.window.until),
        prepared=words.instant(item.created_at),
        state=state,
    )
    return {
        **briefing_item(item, zone=zone),
        "public_url": public_url,
        "subtitle": subtitle,
        "words": {
            name: words(name)
            for name in (
                *(
                    "contents",
                    "lead",
                    "comment",
                    "figure",
                    "value",
                    "now",
                    "before",
                    "change",
                    "none",
                ),
            )
        },
        "headlines": [
            shown.measure(found)
            for name in item.body.headlines
            if (found := shown.measures.get(name)) is not None
        ],
        "lead": shown.prose(item.prose.lead),
        "prose": prose_json(item.prose) if to_write else None,
        "figures": {
            name: words("said_of", label=shown.label(found), figure=words.figure(found.figure))
            for name, found in shown.measures.items()
        }
        if to_write
        else {},
        "sections": [
            shown.section(sections[name], item)
            for name in order
            if to_write or name not in item.prose.hidden
        ],
    }


class _Shown:
    """Pieces in the words of one language, quotes as they are now."""

    def __init__(self, words: Words, quotes: Quotes, measures: Mapping[str, Measure]) -> None:
        self.words = words
        self._quotes = quotes
        self.measures = measures

    def section(self, section: Section, item: Briefing) -> dict[str, Any]:
        return {
            "id": section.id.value,
            "title": self.words(f"section.{section.id.value}"),
            "hidden": section.id in item.prose.hidden,
            "comment": self.prose(_comment(item, section.id)),
            "pieces": [self._piece(piece) for piece in section.pieces],
        }

    def prose(self, text: str) -> list[dict[str, str]]:
        """Words in turn, those that stand for a figure with its link."""
        spans = []
        for piece, name in cut(text):
            found = None if name is None else self.measures.get(name)
            if found is None:
                spans.append({"text": piece, "link": ""})
            else:
                figure = found.figure
                spans.append({"text": self.words.figure(figure), "link": figure.link})
        return spans

    def label(self, measure: Measure) -> str:
        label = self.words(measure.label)
        return f"{label} · {measure.of}" if measure.of else label

    def measure(self, measure: Measure) -> dict[str, Any]:
        return {
            "id": measure.id,
            "label": self.label(measure),
            "figure": self._figure(measure.figure),
            "before": None if measure.before is None else self._figure(measure.before),
            "change": None if measure.change is None else self._figure(measure.change),
        }

    def _piece(self, piece: Piece) -> dict[str, Any]:
        match piece:
            case Measures():
                items = [self.measure(item) for item in piece.items]
                return {"type": piece.type, "items": items}
            case Rows():
                more = None
                if piece.more is not None:
                    more = self._figure(piece.more)
                    more["text"] = self.words("more", n=more["text"])
                return {
                    "type": piece.type,
                    "title": self.words(piece.title),
                    "head": [self.words(name) for name in piece.head],
                    "items": [[self._cell(cell) for cell in row] for row in piece.items],
                    "more": more,
                }
            case Voices():
                return {
                    "type": piece.type,
                    "items": [self._quote(self._quotes[item.post_id]) for item in piece.items],
                }
            case Note():
                return {"type": piece.type, "text": self.words(piece.word)}
            case _:
                assert_never(piece)

    def _cell(self, cell: Cell) -> dict[str, Any]:
        match cell:
            case Instant():
                at = format_instant(cell.at)
                text = self.words.instant(cell.at)
                return {"type": cell.type, "text": text, "at": at, "link": cell.link}
            case Named():
                text = self.words(cell.word) if cell.word else cell.text
                return {"type": cell.type, "text": text, "link": cell.link}
            case Number():
                return {"type": cell.type, **self._figure(cell.figure)}
            case Quoted():
                said = self._quote(self._quotes[cell.cited.post_id])
                # The cell leads to what the row is of: the post itself is one step further.
                return {"type": cell.type, **said, "link": cell.cited.spread.link}
            case _:
                assert_never(cell)

    def _figure(self, figure: Figure) -> dict[str, Any]:
        return {
            "text": self.words.figure(figure),
            "value": figure.value,
            "unit": figure.unit.value,
            "n": figure.n,
            "not_enough": figure.not_enough,
            "low": figure.low,
            "high": figure.high,
            "link": figure.link,
        }

    def _quote(self, quote: Quote) -> dict[str, Any]:
        item = quote.cited
        gone = quote.text is None
        return {
            "post": item.post_id,
            "text": self.words("gone") if gone else self.words("quote", text=quote.text),
            "gone": gone,
            "published_at": format_instant(item.published_at),
            "said": self.words(
                "quoted_from", source=item.source, at=self.words.instant(item.published_at)
            ),
            "source": item.source,
            "sentiment": item.sentiment,
            "spread": self._figure(item.spread),
            "link": item.link,
        }


def _comment(item: Briefing, section: SectionId) -> str:
    return item.prose.comments.get(section, "")
