"""One post: what it says and said, how it was read, who corrected that, and how it spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui

from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.correcting import correct
from service.console.deeds import attempt
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.marked import hit_spans
from service.console.pages.incident.evidence import safe_address
from service.console.pages.posts.corrections import draw_corrections
from service.console.pages.posts.names import PostNames
from service.console.pages.posts.place import PLACE
from service.console.pages.posts.results import draw_marked, draw_source
from service.console.pages.posts.spreading import draw_spread, read_spread
from service.console.panels import pairs
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import button, link, plain, put
from service.learning import Correction
from service.posts import PostDetail
from service.stores import StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A post as it is drawn; `whole` are its wordings as written once they were revealed."""

    post: PostDetail
    corrections: tuple[Correction, ...]
    whole: PostDetail | None = None


async def read_detail(container: Container, principal: Principal, post_id: str) -> Detail:
    """Raises Forbidden, PostNotFound, StoreError."""
    principal.require(Action.READ, Resource.POST)
    found = await container.posts.detail(post_id)
    corrections: tuple[Correction, ...] = ()
    if principal.may(Action.READ, Resource.MODEL):
        corrections = await container.learning.corrections.of_post(principal, post_id)
    return Detail(post=found, corrections=corrections)


class PostSheet:
    """Draws a post into the element that is open; what is done to it draws it anew."""

    def __init__(
        self, visit: Visit, container: Container, names: PostNames, detail: Detail
    ) -> None:
        self._visit = visit
        self._container = container
        self._names = names
        self._detail = detail
        self._place = ui.element("div").classes("stack")

    def draw(self) -> None:
        """Everything about the post."""
        words, detail = self._visit.words, self._detail
        post = detail.post.post
        self._place.clear()
        with self._place:
            draw_source(self._visit, post)
            self._draw_text(post)
            self._draw_deeds(post)
            self._draw_read_as(post)
            draw_corrections(self._visit, self._names, detail.corrections)
            self._draw_versions()
            plain(words("posts.spread"), "h2")
            later(
                self._visit,
                partial(read_spread, self._container, post.id),
                partial(draw_spread, self._visit, post),
            )

    def _draw_text(self, post: StoredPost) -> None:
        words, whole = self._visit.words, self._detail.whole
        shown = post if whole is None else whole.post
        hits = post.analysis.get("hits") or ()
        with ui.element("div").classes("said"):
            if shown.title:
                title = shown.title if whole else masked(shown.title)
                draw_marked(title, hit_spans(hits, "title"), "strong")
            text = shown.text if whole else masked(shown.text)
            draw_marked(text, hit_spans(hits, "text"))
        if whole is not None:
            plain(words("posts.revealed"), "p", "soon small")

    def _draw_deeds(self, post: StoredPost) -> None:
        words, visit = self._visit.words, self._visit
        with ui.element("div").classes("line small"):
            safe = safe_address(post.url)
            if safe is not None:
                anchor = put(ui.element("a"), href=safe, target="_blank")
                with put(anchor, rel="noopener noreferrer nofollow"):
                    plain(words("evidence.open"))
            if post.author:
                link(f"{BASE}{PLACE.path}?author={post.author}", words("posts.same_author"))
            if self._detail.post.copies > 1:
                same = f"{BASE}{PLACE.path}?copy_group={post.copy_group}&fold=no"
                count = f"{self._detail.post.copies:,}"
                link(same, words("posts.same_text", count=count))
            if visit.may(Action.WORK, Resource.MODEL):
                correct = partial(self._correct, post)
                button(words("evidence.correct"), correct, "act-small", key="correct")
            if visit.may(Action.REVEAL, Resource.POST) and self._detail.whole is None:
                button(words("posts.reveal"), self._reveal, "act-small", key="reveal")
            if post.author and visit.may(Action.REVEAL, Resource.HANDLE):
                who = partial(self._reveal_author, post.author)
                button(words("posts.reveal_author"), who, "act-small", key="reveal-author")

    def _draw_read_as(self, post: StoredPost) -> None:
        words, names, said = self._visit.words, self._names, post.analysis
        rows: list[tuple[str, str]] = []
        for name in ("sentiment", "emotion", "intent"):
            label = post.sentiment if name == "sentiment" else _label(said, name)
            if label:
                rows.append(
                    (words.choice("head", name), _scored(names.of(name, label), said, name))
                )
        abuse = (said.get("abuse") or {}).get("score")
        if abuse is not None:
            rows.append((words.choice("head", "abuse"), f"{abuse:.2f}"))
        if post.scenario:
            rows.append((words.choice("head", "scenario"), names.of("scenario", post.scenario)))
        if post.categories:
            named = (names.of("category", value) for value in post.categories)
            rows.append((words("posts.categories"), words("list.comma").join(named)))
        if post.severity:
            rows.append((words("posts.severity"), f"{post.severity} / 5"))
        known = [names.monitors[name] for name in post.monitors if name in names.monitors]
        if known:
            rows.append((words("posts.monitors"), words("list.comma").join(known)))
        numbers = {
            name: getattr(post, name)
            for name in ("reposts", "comments", "likes")
            if getattr(post, name) is not None
        }
        if numbers:
            acts = [words(f"evidence.{name}", count=f"{n:,}") for name, n in numbers.items()]
            rows.append((words("posts.acts"), " · ".join(acts)))
        if post.rating is not None:
            rows.append((words("posts.rating"), f"{post.rating:g}"))
        plain(words("posts.read_as"), "h2")
        pairs(rows)
        versions = said.get("versions") or {}
        if versions:
            told = " · ".join(f"{name} {value}" for name, value in sorted(versions.items()))
            with ui.element("details").classes("more"):
                plain(words("posts.read_by"), "summary", "small")
                plain(told, "p", "soft small foreign")

    def _draw_versions(self) -> None:
        words, detail = self._visit.words, self._detail
        versions = (detail.whole or detail.post).versions
        if not versions:
            return
        plain(words("posts.versions", count=len(versions)), "h2")
        for version in reversed(versions):
            with ui.element("article").classes("post"):
                with ui.element("div").classes("line small soft"):
                    plain(words("posts.version", version=version.version))
                    moment(self._visit, version.fetched_at)
                if version.title:
                    title = version.title if detail.whole else masked(version.title)
                    draw_marked(title, (), "strong")
                draw_marked(version.text if detail.whole else masked(version.text), ())

    async def _correct(self, post: StoredPost) -> None:
        if await correct(self._visit, self._container, post.id, self._names.scenarios):
            principal = await self._visit.principal()
            found = await read_detail(self._container, principal, post.id)
            self._detail = Detail(
                post=found.post, corrections=found.corrections, whole=self._detail.whole
            )
            self.draw()

    async def _why(self, title: str) -> str:
        words = self._visit.words
        reply = await ask(
            self._visit.client,
            words,
            Question(
                title=title,
                hint=words("evidence.reveal_hint"),
                confirm=title,
                reason=words("dialog.reason"),
                reason_required=True,
            ),
        )
        return "" if reply is None else reply.reason

    async def _reveal(self) -> None:
        reason = await self._why(self._visit.words("posts.reveal"))
        if not reason:
            return
        detail = self._detail

        async def deed(principal: Principal) -> None:
            whole = await self._container.revealing.post(
                principal, detail.post.post.id, reason=reason
            )
            self._detail = Detail(post=detail.post, corrections=detail.corrections, whole=whole)

        if await attempt(self._visit, deed):
            self.draw()

    async def _reveal_author(self, author: str) -> None:
        words = self._visit.words
        reason = await self._why(words("posts.reveal_author"))
        if not reason:
            return
        shown: list[str] = []

        async def deed(principal: Principal) -> None:
            handle = await self._container.handles.reveal(principal, author, reason=reason)
            shown.extend(part for part in (handle.source, handle.id, handle.name) if part)

        if await attempt(self._visit, deed):
            await _tell(self._visit, words("posts.author"), shown)


async def _tell(visit: Visit, title: str, lines: Sequence[str]) -> None:
    """Lines in a dialog, as text, until it is closed."""
    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(title, "h2")
        for line in lines:
            plain(line, "p", "foreign")
        with ui.element("div").classes("line answers"):
            button(visit.words("dialog.close"), dialog.close, "act-main")
    await dialog
    dialog.delete()


def _label(analysis: Mapping[str, Any], name: str) -> str:
    return str((analysis.get(name) or {}).get("label") or "")


def _scored(named: str, analysis: Mapping[str, Any], name: str) -> str:
    """The label with the probability that the model gave it, where it gave one."""
    found = analysis.get(name) or {}
    score = (found.get("scores") or {}).get(found.get("label"))
    return named if score is None else f"{named} · {score:.0%}"
