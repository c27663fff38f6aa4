"""What happened, newest first, and a box to write in, which a live update never empties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal
from service.console.format import clock_time
from service.console.forms import clear_draft, draft
from service.console.pages.incident.sheet import IncidentSheet
from service.console.telling import QUIET, Telling
from service.console.theme import button, plain, put
from service.incidents.model import TimelineEntry

_RECENT = 25
_FOLDED = frozenset({"statement_saved"})
"""Kinds that come in rows while somebody types: told once, with how many."""
COMMENT_BOX = "comment-box"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: the newest of `times` entries that say the same."""

    entry: TimelineEntry
    times: int = 1


def newest_first(timeline: Sequence[TimelineEntry]) -> list[Told]:
    """The lines, without what is told elsewhere, and what came in a row as one."""
    lines: list[Told] = []
    for entry in reversed(timeline):
        if entry.kind in QUIET:
            continue
        last = lines[-1] if lines else None
        if last is not None and entry.kind in _FOLDED and _same(last.entry, entry):
            lines[-1] = Told(last.entry, last.times + 1)
        else:
            lines.append(Told(entry))
    return lines


def _same(one: TimelineEntry, other: TimelineEntry) -> bool:
    of = "statement"
    return (one.kind, one.actor, one.data.get(of)) == (other.kind, other.actor, other.data.get(of))


def telling_of(page: IncidentSheet) -> Telling:
    """What puts entries into the visitor's words."""
    return Telling(
        page.words,
        run=page.dossier.run,
        tiers={tier.id: page.words.of(tier.name) for tier in page.tiers},
        scenarios=page.scenarios,
        name_of=page.name_of,
    )


def draw_comment_box(page: IncidentSheet) -> None:
    """The box; what is typed is kept by the browser until it was sent."""
    words = page.words
    if not page.may(Permission.WORK):
        return
    key = f"comment-{page.incident_id}"
    box = ui.textarea(placeholder=words("comment.placeholder"))
    box.props("outlined dense autogrow maxlength=10000 rows=1").classes("comment")
    put(box, aria_label=words("comment.placeholder"), for_=COMMENT_BOX)
    draft(box, key)

    async def send() -> None:
        text = str(box.value or "")
        if not text.strip():
            return

        async def deed(principal: Principal) -> None:
            await page.board.container.desk.comment(principal, page.incident_id, text)

        # Emptied first: a second, hasty click finds nothing to send.
        box.value = ""
        if await page.act(deed):
            clear_draft(page.visit, key)
        else:
            box.value = text

    with ui.element("div").classes("line answers"):
        button(words("comment.send"), send, "act-small", key="comment")


def draw_timeline(page: IncidentSheet) -> None:
    """Every line there is; the older part is folded."""
    telling, lines = telling_of(page), newest_first(page.dossier.file.timeline)
    with ui.element("ol").classes("timeline"):
        for told in lines[:_RECENT]:
            _draw_line(page, telling, told)
    if len(lines) > _RECENT:
        with put(ui.element("details"), data_key="older-entries").classes("more"):
            left = len(lines) - _RECENT
            plain(page.words("timeline.more", count=left), "summary", "small")
            with ui.element("ol").classes("timeline"):
                for told in lines[_RECENT:]:
                    _draw_line(page, telling, told)


def _draw_line(page: IncidentSheet, telling: Telling, told: Told) -> None:
    entry = told.entry
    with ui.element("li"):
        with ui.element("div").classes("line"):
            plain(telling.heading(entry), classes=f"strong told-{entry.kind}")
            if told.times > 1:
                plain(page.words("timeline.times", count=told.times), classes="soft small")
            plain(clock_time(entry.at, page.zone), classes="soft small nowrap")
            plain(page.name_of(entry.actor), classes="soft small foreign")
        detail = telling.detail(entry)
        if detail:
            plain(detail, "div", "foreign")
