"""The rows of a card as lines of a mark-up, and the links below them."""

from __future__ import annotations

from service.delivery.channels.card import Card
from service.delivery.channels.cutting import cut, size
from service.delivery.channels.escaping import Escape, address, plain

HEADLINE_LIMIT = 300
ROW_LIMIT = 600
"""Bytes before they are escaped, so that no cut falls into an escape or opens a mark."""

_DIGEST_ROW_LIMITS = (300, 200, 140, 90, 60, 30)
_BESIDE_ROWS = 1_000
"""Bytes of a digest for its headline, links and keyword."""


def headline(card: Card, escape: Escape) -> str:
    """The headline, escaped."""
    return escape(cut(plain(card.headline), HEADLINE_LIMIT))


def lines(
    card: Card, escape: Escape, *, label: str, item: str, limit: int | None = None
) -> list[str]:
    """The rows, each value escaped; `label` and `item` are formats with `{label}` and `{text}`.

    Rows of a digest are shortened until all of them stand within `limit` bytes, beside a headline
    and the links: what is told of nowhere would count as sent.
    """
    said: list[str] = []
    for most in _DIGEST_ROW_LIMITS if card.digest else (ROW_LIMIT,):
        said = _lines(card, escape, label=label, item=item, most=most)
        if limit is None or sum(size(each) + 2 for each in said) <= limit - _BESIDE_ROWS:
            break
    return said


def _lines(card: Card, escape: Escape, *, label: str, item: str, most: int) -> list[str]:
    colon = card.words("colon")
    said = []
    for row in card.rows:
        text = escape(cut(plain(row.text), most))
        if row.label:
            said.append(label.format(label=row.label, colon=colon, text=text).rstrip())
        elif text:
            said.append(item.format(text=text))
    return said


def buttons(card: Card) -> list[tuple[str, str]]:
    """What a reader may press: (words, address), acknowledging first."""
    found = []
    if card.acknowledge:
        found.append((card.words("acknowledge"), address(card.acknowledge)))
    if card.link:
        found.append((card.words("open"), address(card.link)))
    return found


def markdown_links(card: Card) -> str:
    """The buttons as links of markdown, in one line."""
    return "　".join(f"[{words}]({url})" for words, url in buttons(card))
