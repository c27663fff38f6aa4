"""Hits and previews as lines of a terminal, which no stranger's text can make a mess of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from nlp import Hit
from service.lexicon import Preview


def printable(text: str) -> str:
    """The text in one line, with everything that is not to be seen escaped."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def hit_line(hit: Hit) -> str:
    """Tab separated: place, surface, category, severity, entry, evasion, what excuses it."""
    return "\t".join(
        (
            f"{hit.start}-{hit.end}",
            printable(hit.surface),
            hit.category,
            str(hit.severity),
            hit.entry_id,
            hit.evasion or "-",
            "-" if hit.suppressed_by is None else printable(hit.suppressed_by),
        )
    )


def preview_lines(found: Preview) -> Iterator[str]:
    """A preview for people."""
    yield (
        f"{found.entry.id} {found.entry.term}: {found.hits} of {found.posts} posts "
        f"({found.share:.3%}), {found.fresh} of them hit by no other entry of "
        f"{found.entry.category}; {found.suppressed} excused by a rule"
    )
    if not found.complete:
        yield f"  not all: time or room ran out after {found.looked} posts that may hold it"
    for day in found.by_day:
        if day.hits:
            yield f"  {day.day}  {day.hits:>6}  new {day.fresh:>6}"
    for sample in found.samples:
        mark = "new" if sample.fresh else "   "
        hidden = f" [{sample.evasion}]" if sample.evasion else ""
        yield f"  {mark} {sample.published_at:%Y-%m-%d %H:%M} UTC{hidden} {printable(sample.text)}"


def preview_json(found: Preview) -> str:
    """A preview as one JSON object."""
    report = {name: value for name, value in asdict(found).items() if name != "entry"}
    return json.dumps(
        {"entry": found.entry.id, "share": found.share, **report}, default=lambda at: at.isoformat()
    )
