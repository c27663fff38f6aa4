"""The rows of a card as lines of a mark-up, and the links below them."""

from __future__ import annotations

from service.delivery.channels.card import Card
from service.delivery.channels.cutting import cut
from service.delivery.channels.escaping import Escape, address, plain

HEADLINE_LIMIT = 300
ROW_LIMIT = 600
"""Bytes before they are escaped, so that no cut falls into an escape or opens a mark."""


def headline(card: Card, escape: Escape) -> str:
    """The headline, escaped."""
    return escape(cut(plain(card.headline), HEADLINE_LIMIT))


def lines(card: Card, escape: Escape, *, label: str, item: str) -> list[str]:
    """The rows, each value escaped; `label` and `item` are formats with `{label}` and `{text}`."""
    colon = card.words("colon")
    said = []
    for row in card.rows:
        text = escape(cut(plain(row.text), ROW_LIMIT))
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
