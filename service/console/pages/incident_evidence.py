"""The posts frozen as evidence. All of it was written by strangers: shown as text, never run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal
from service.console.format import full_time, short_time
from service.console.marked import hit_spans, marked
from service.console.pages.incident_sheet import IncidentSheet
from service.console.theme import button, plain, put
from service.incidents import Evidence

SHOWN_FIRST = 12


def grouped(
    evidence: Iterable[Evidence], *, first_post_id: str | None
) -> tuple[tuple[Evidence, ...], ...]:
    """Posts of the same wording together: the first post's on top, then by weight.

    Within a group the heaviest is in front. Weight is severity, then engagement, then followers.
    """
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.copy_group or item.post_id, []).append(item)
    ranked = [sorted(group, key=_weight, reverse=True) for group in groups.values()]
    ranked.sort(key=lambda group: _weight(group[0]), reverse=True)
    ranked.sort(key=lambda group: all(item.post_id != first_post_id for item in group))
    return tuple(tuple(group) for group in ranked)


def _weight(item: Evidence) -> tuple[bool, int, int, int]:
    post = item.snapshot
    acts = sum(post.get(name) or 0 for name in ("reposts", "comments", "likes"))
    return not item.not_about_us, post.get("severity") or 0, acts, post.get("followers") or 0


def safe_address(address: object) -> str | None:
    """The address of a post if a click on it can only open a web page."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def draw_evidence(page: IncidentSheet) -> None:
    """Every frozen post once; copies and the long tail are folded."""
    words, dossier = page.words, page.dossier
    groups = grouped(dossier.file.evidence, first_post_id=dossier.incident.first_post_id)
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("evidence.title"), "h2")
            plain(
                words(
                    "evidence.count", shown=len(dossier.file.evidence), all=dossier.incident.posts
                ),
                classes="soft",
            )
        if not groups:
            plain(words("evidence.none"), classes="soft")
        for group in groups[:SHOWN_FIRST]:
            _draw_group(page, group)
        if len(groups) > SHOWN_FIRST:
            with ui.element("details").classes("more"):
                left = len(groups) - SHOWN_FIRST
                plain(words("evidence.more", count=left), "summary")
                with ui.element("div").classes("stack"):
                    for group in groups[SHOWN_FIRST:]:
                        _draw_group(page, group)


def _draw_group(page: IncidentSheet, group: tuple[Evidence, ...]) -> None:
    with ui.element("article").classes("post"):
        _draw_post(page, group[0])
        if len(group) > 1:
            with ui.element("details").classes("more"):
                plain(page.words("evidence.copies", count=len(group) - 1), "summary", "small")
                for item in group[1:]:
                    with ui.element("div").classes("post copy"):
                        _draw_post(page, item)


def _draw_post(page: IncidentSheet, item: Evidence) -> None:
    post, words = item.snapshot, page.words
    if item.not_about_us:
        marked_by = page.name_of(item.marked_by or "")
        plain(words("evidence.marked", name=marked_by), classes="state")
    if item.deleted_at is not None:
        at = full_time(item.deleted_at, page.zone)
        plain(words("evidence.deleted", at=at), classes="state")
    _source_line(page, item)
    with ui.element("div").classes("said dimmed" if item.not_about_us else "said"):
        hits = post.get("hits") or ()
        if post.get("title"):
            _marked_text(str(post["title"]), hit_spans(hits, "title"), "strong")
        _marked_text(str(post.get("text") or ""), hit_spans(hits, "text"), "")
    with ui.element("div").classes("line small soft"):
        for name in ("reposts", "comments", "likes"):
            if post.get(name) is not None:
                plain(words(f"evidence.{name}", count=f"{post[name]:,}"))
        _address(page, post.get("url"))
        if not item.not_about_us and page.may(Permission.WORK):
            button(
                words("evidence.not_about_us"),
                lambda: _mark(page, item),
                "act-small act-quiet push",
                key=f"not-{item.post_id}",
            )


def _source_line(page: IncidentSheet, item: Evidence) -> None:
    post, words = item.snapshot, page.words
    with ui.element("div").classes("line small"):
        if item.post_id == page.dossier.incident.first_post_id:
            plain(words("evidence.first"), classes="state state-new")
        plain(str(post.get("source") or ""), classes="strong foreign")
        at = _instant(post.get("published_at"))
        if at is not None:
            put(plain(short_time(at, page.zone), classes="soft"), title=full_time(at, page.zone))
        author = str(post.get("author") or "")
        if author:
            plain(words("evidence.author", author=author[-6:]), classes="soft")
        if post.get("verified"):
            plain(words("evidence.verified"), classes="state")
        if post.get("followers"):
            plain(words("evidence.followers", count=f"{post['followers']:,}"), classes="soft")
        if post.get("severity"):
            plain(words("evidence.severity", severity=post["severity"]), classes="soft")


def _marked_text(text: str, spans: tuple[tuple[int, int], ...], classes: str) -> None:
    with ui.element("p").classes(f"foreign {classes}"):
        for piece, hit in marked(text, spans):
            plain(piece, "mark" if hit else "span")


def _address(page: IncidentSheet, address: object) -> None:
    safe = safe_address(address)
    if safe is None:
        return
    anchor = put(ui.element("a"), href=safe, target="_blank", rel="noopener noreferrer nofollow")
    with anchor:
        plain(page.words("evidence.open"))


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


async def _mark(page: IncidentSheet, item: Evidence) -> None:
    async def deed(principal: Principal) -> None:
        desk = page.board.container.desk
        await desk.mark_not_about_us(principal, page.incident_id, item.post_id)

    await page.act(deed, done=page.words("evidence.marked_done"))
