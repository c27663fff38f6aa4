"""The posts that were found. All of it was written by strangers: shown as text, never run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from nlp.pii import masked
from service.console.format import full_time, short_time
from service.console.marked import marked
from service.console.pages.posts.asking import Asking
from service.console.pages.posts.found import Found, Hit
from service.console.pages.posts.names import PostNames
from service.console.pages.posts.place import post_address
from service.console.session import Visit
from service.console.theme import link, plain, put
from service.posts import WrittenQuery
from service.stores import FoundPost, StoredPost

_SHOWN = 280
"""Characters of a text in the list."""
_BEFORE = 60
_TAIL = 6
_TITLE = 120
Open = Callable[[str], Awaitable[object]]
_OPEN = (
    "(event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; "
    "event.preventDefault(); emit(); }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultList:
    """Draws a page. `opened` is called with the id of the post that somebody opens."""

    visit: Visit
    names: PostNames
    asking: Asking
    opened: Open

    def draw(self, found: Found) -> None:
        """Every hit, the copies behind it folded."""
        with put(ui.element("div"), data_listing="posts").classes("stack"):
            for hit in found.hits:
                self._hit(hit, found.request.written)

    def _hit(self, hit: Hit, written: WrittenQuery | None) -> None:
        words, post = self.visit.words, hit.found.post
        row = put(ui.element("article"), data_row="", tabindex="0", data_key=f"post-{post.id}")
        with row.classes("panel hit"):
            self._post(hit.found, written, opens=True)
            if hit.copies < 2:
                return
            with ui.element("div").classes("line small"):
                plain(words("posts.copies", count=f"{hit.copies:,}"), classes="state strong")
                unfolded = self.asking.having(copy_group=post.copy_group, fold="no")
                link(f"{unfolded.address()}", words("posts.every_copy"))
            if hit.behind:
                with ui.element("details").classes("more"):
                    said = words("posts.copies_here", count=len(hit.behind))
                    put(plain(said, "summary", "small"), data_key=f"copies-{post.id}")
                    for found in hit.behind:
                        with ui.element("div").classes("post copy"):
                            self._post(found, written, opens=False)

    def _post(self, found: FoundPost, written: WrittenQuery | None, *, opens: bool) -> None:
        post = found.post
        draw_source(self.visit, post)
        with ui.element("div").classes("said"):
            if post.title:
                self._title(post, written, opens=opens)
            text, spans = excerpt(masked(post.text), found.highlights)
            draw_marked(text, spans)
        with ui.element("div").classes("line small"):
            draw_read_as(self.visit, self.names, post)
            opener = put(link(post_address(post.id), self.visit.words("posts.open")))
            if opens:
                put(opener, data_open="")
            opener.on("click", partial(self.opened, post.id), js_handler=_OPEN)
            opener.classes("push nowrap")

    def _title(self, post: StoredPost, written: WrittenQuery | None, *, opens: bool) -> None:
        del opens
        title = masked(post.title or "")[:_TITLE]
        spans = () if written is None else written.spans((post.title or "")[:_TITLE])
        draw_marked(title, spans, "strong")


def excerpt(
    text: str, spans: tuple[tuple[int, int], ...]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece of the text around the first mark, and the marks inside the piece."""
    if len(text) <= _SHOWN:
        return text, spans
    first = min((start for start, _ in spans), default=0)
    begin = 0 if first < _SHOWN - _BEFORE else first - _BEFORE
    end = min(len(text), begin + _SHOWN)
    lead = "…" if begin else ""
    shift = len(lead) - begin
    inside = tuple(
        (max(start, begin) + shift, min(stop, end) + shift)
        for start, stop in spans
        if stop > begin and start < end
    )
    return f"{lead}{text[begin:end]}{'…' if end < len(text) else ''}", inside


def draw_marked(text: str, spans: tuple[tuple[int, int], ...], classes: str = "") -> None:
    """The text of a stranger with marks in it."""
    with ui.element("p").classes(f"foreign {classes}"):
        for piece, hit in marked(text, spans):
            plain(piece, "mark" if hit else "span")


def draw_source(visit: Visit, post: StoredPost) -> None:
    """Where it comes from, when, by whom."""
    words = visit.words
    with ui.element("div").classes("line small"):
        plain(post.source, classes="strong foreign")
        plain(words.choice("channel", post.channel), classes="soft")
        at = plain(short_time(post.published_at, visit.zone), classes="nowrap")
        put(at, title=full_time(post.published_at, visit.zone))
        put(ui.element("time"), data_ago=post.published_at.isoformat()).classes("soft nowrap")
        if post.author:
            plain(words("evidence.author", author=post.author[-_TAIL:]), classes="soft")
        if post.verified:
            plain(words("evidence.verified"), classes="state")
        if post.followers:
            plain(words("evidence.followers", count=f"{post.followers:,}"), classes="soft")
        if post.deleted_at is not None:
            at = plain(words("posts.deleted"), classes="state late")
            put(at, title=full_time(post.deleted_at, visit.zone))


def draw_read_as(visit: Visit, names: PostNames, post: StoredPost) -> None:
    """What it was read as, and how many acted on it."""
    words = visit.words
    if post.sentiment:
        plain(names.of("sentiment", post.sentiment), classes=f"state mood-{post.sentiment}")
    if post.severity:
        plain(words("evidence.severity", severity=post.severity), classes="state")
    if post.scenario:
        plain(names.of("scenario", post.scenario), classes="state")
    for monitor in post.monitors[:3]:
        if monitor in names.monitors:
            plain(names.monitors[monitor], classes="soft foreign")
    for name in ("reposts", "comments", "likes"):
        value: int | None = getattr(post, name)
        if value:
            plain(words(f"evidence.{name}", count=f"{value:,}"), classes="soft nowrap")
