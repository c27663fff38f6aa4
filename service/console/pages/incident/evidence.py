"""The posts frozen as evidence. All of it was written by strangers: shown as text, never run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Resource
from service.console.correcting import correct
from service.console.format import full_time, moment, short_time
from service.console.marked import hit_spans, marked
from service.console.pages.incident import evidence_deeds as deeds
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.theme import button, link, plain, put
from service.incidents import Evidence, Kind

SHOWN_FIRST = 6
_HASH = 12
"""Hexadecimal digits that people compare by eye; all 64 are in the title."""
_LIKED = ("reposts", "comments", "likes")


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
    acts = sum(post.get(name) or 0 for name in _LIKED)
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


class EvidenceTab:
    """Every frozen post once; copies are folded, and the long tail comes when it is asked for."""

    def __init__(self, page: IncidentSheet) -> None:
        self._page = page
        self._shown = SHOWN_FIRST

    def draw(self) -> None:
        """The heading and the first groups."""
        page = self._page
        words, evidence = page.words, page.dossier.file.evidence
        groups = grouped(evidence, first_post_id=page.incident.first_post_id)
        with ui.element("section").classes("panel stack"):
            with ui.element("div").classes("line"):
                plain(words("evidence.title"), "h2")
                counted = words("evidence.count", shown=len(evidence), all=page.incident.posts)
                plain(counted, classes="soft")
                if page.incident.kind is Kind.CRISIS:
                    monitor = f"monitor={page.incident.monitor_id}"
                    link(f"{BASE}/posts?{monitor}", words("evidence.search"))
                if evidence:
                    verify = partial(deeds.verify, page)
                    button(words("evidence.verify"), verify, "act-small push", key="verify")
            plain(words("evidence.hint"), "p", "soft small")
            if not groups:
                plain(words("evidence.none"), classes="soft")
            self._list = ui.element("div").classes("stack")
            with self._list:
                for group in groups[: self._shown]:
                    self._draw_group(group)
            self._rest(groups[self._shown :])

    def _rest(self, left: tuple[tuple[Evidence, ...], ...]) -> None:
        if not left:
            return

        def more() -> None:
            pressed.delete()
            with self._list:
                for group in left[:SHOWN_FIRST]:
                    self._draw_group(group)
            self._shown += SHOWN_FIRST
            with self._list.parent_slot.parent if self._list.parent_slot else self._list:
                self._rest(left[SHOWN_FIRST:])

        label = self._page.words("evidence.more", count=len(left))
        pressed = button(label, more, key="more-evidence")

    def _draw_group(self, group: tuple[Evidence, ...]) -> None:
        with ui.element("article").classes("post"):
            self._draw_post(group[0])
            if len(group) > 1:
                said = self._page.words("evidence.copies", count=len(group) - 1)
                with put(ui.element("details"), data_key=f"copies-{group[0].post_id}") as folded:
                    folded.classes("more")
                    plain(said, "summary", "small")
                    for item in group[1:]:
                        with ui.element("div").classes("post copy"):
                            self._draw_post(item)

    def _draw_post(self, item: Evidence) -> None:
        page, post, words = self._page, item.snapshot, self._page.words
        if item.not_about_us:
            marked_by = page.name_of(item.marked_by or "")
            plain(words("evidence.marked", name=marked_by), classes="state foreign")
        if item.deleted_at is not None:
            at = full_time(item.deleted_at, page.zone)
            plain(words("evidence.deleted", at=at), classes="state")
        self._source_line(item)
        with ui.element("div").classes("said dimmed" if item.not_about_us else "said"):
            hits = post.get("hits") or ()
            if post.get("title"):
                _marked_text(str(post["title"]), hit_spans(hits, "title"), "strong")
            _marked_text(str(post.get("text") or ""), hit_spans(hits, "text"), "")
        self._proof_line(item)
        self._deeds(item)

    def _source_line(self, item: Evidence) -> None:
        page, post, words = self._page, item.snapshot, self._page.words
        with ui.element("div").classes("line small"):
            if item.post_id == page.incident.first_post_id:
                plain(words("evidence.first"), classes="state state-new")
            plain(str(post.get("source") or ""), classes="strong foreign")
            at = instant_of(post.get("published_at"))
            if at is not None:
                moment(page.visit, at)
            author = str(post.get("author") or "")
            if author:
                plain(words("evidence.author", author=author[-6:]), classes="soft")
            if post.get("verified"):
                plain(words("evidence.verified"), classes="state")
            if post.get("followers"):
                plain(words("evidence.followers", count=f"{post['followers']:,}"), classes="soft")
            if post.get("severity"):
                plain(words("evidence.severity", severity=post["severity"]), classes="soft")
            for name in _LIKED:
                if post.get(name) is not None:
                    plain(words(f"evidence.{name}", count=f"{post[name]:,}"), classes="soft")

    def _proof_line(self, item: Evidence) -> None:
        """When it was frozen and under which hash, its pictures, and the post itself."""
        page, words = self._page, self._page.words
        with ui.element("div").classes("line small soft"):
            plain(words("evidence.frozen", at=short_time(item.at, page.zone)))
            digest = plain(f"SHA-256 {item.sha256[:_HASH]}…", classes="code")
            put(digest, title=f"SHA-256 {item.sha256}")
            shots = page.dossier.screenshots.get(item.post_id, ())
            for number, shot in enumerate(shots, start=1):
                base = f"/v1/incidents/{page.incident_id}/evidence/{item.post_id}/screenshots"
                anchor = put(ui.element("a"), href=f"{base}/{shot}", target="_blank")
                with put(anchor, rel="noopener"):
                    plain(words("evidence.screenshot", number=number))
            safe = safe_address(item.snapshot.get("url"))
            if safe is not None:
                anchor = put(ui.element("a"), href=safe, target="_blank")
                with put(anchor, rel="noopener noreferrer nofollow"):
                    plain(words("evidence.open"))

    def _deeds(self, item: Evidence) -> None:
        page, words = self._page, self._page.words
        works, quiet = page.may(Permission.WORK), "act-small act-quiet"
        with ui.element("div").classes("line small"):
            if works and not item.not_about_us:
                mark = partial(deeds.mark, page, item)
                button(words("evidence.not_about_us"), mark, quiet, key=f"not-{item.post_id}")
            if page.incident.kind is Kind.CRISIS and page.may(Permission.WORK, Resource.MODEL):
                ask = partial(correct, page.visit, page.board.container)
                correcting = partial(ask, item.post_id, page.scenarios)
                button(words("evidence.correct"), correcting, quiet, key=f"correct-{item.post_id}")
            if works:
                shoot = partial(deeds.add_screenshot, page, item)
                button(words("evidence.shoot"), shoot, quiet, key=f"shoot-{item.post_id}")
            private = Resource.PERSON_AT_RISK if page.incident.is_private else Resource.INCIDENT
            if page.may(Permission.REVEAL, private):
                reveal = partial(deeds.reveal, page, item)
                button(words("evidence.reveal"), reveal, quiet, key=f"reveal-{item.post_id}")


def _marked_text(text: str, spans: tuple[tuple[int, int], ...], classes: str) -> None:
    if not text:
        return
    with ui.element("p").classes(f"foreign {classes}"):
        for piece, hit in marked(text, spans):
            plain(piece, "mark" if hit else "span")


def instant_of(value: Any) -> datetime | None:
    """An instant out of a snapshot; None for anything else."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
