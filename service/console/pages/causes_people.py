"""What people want of the product, and who they are as a crowd."""

from __future__ import annotations

from urllib.parse import quote

from nicegui import ui

from service.auth import Principal
from service.console.charts import Series, bar, show
from service.console.figures import number_said
from service.console.format import moment
from service.console.i18n import Words
from service.console.scope import Scope
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.indicators import AuthorReport, Need, NeedsReport
from service.indicators.definition import Unit

_NEEDS = 10


async def read_needs(visit: Visit, scope: Scope, principal: Principal) -> NeedsReport:
    """Complaints, questions and suggestions by cause."""
    needs = visit.container.indicators.needs
    return await needs.report(principal, scope.monitor.id, scope.window, limit=_NEEDS)


def draw_needs(visit: Visit, found: NeedsReport) -> None:
    """Ranked by how many people ask, with quotes that lead to their posts."""
    words = visit.words
    plain(words("causes.needs"), "h2")
    plain(words("causes.needs_hint"), "p", "soft small")
    if found.reason is not None:
        plain(words("causes.few_needs", n=found.posts), "p", "soft")
        return
    for item in found.items:
        _need(visit, item)
    if found.left_out:
        plain(words("causes.left_out", n=found.left_out), "p", "soft small")


def _need(visit: Visit, item: Need) -> None:
    words = visit.words
    cause = item.cause
    said = words("causes.no_cause") if cause is None else words.of({"zh": cause.zh, "en": cause.en})
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line"):
            plain(words.choice("intent", item.kind.value), classes="state")
            plain(said, classes="strong")
            plain(words("causes.asked", authors=item.authors, posts=item.posts), classes="soft")
            if item.growth is not None:
                plain(words("causes.growth", growth=f"{item.growth:+.0%}"), classes="soft small")
        for one in item.quotes:
            with ui.element("p").classes("quote line"):
                plain(one.text, classes="foreign")
                moment(visit, one.at)
                link(f"{BASE}/posts/{quote(one.post, safe='')}", words("stories.open_post"))


async def read_authors(visit: Visit, scope: Scope, principal: Principal) -> AuthorReport:
    """The crowd of the window beside that of the one before."""
    authors = visit.container.indicators.authors
    return await authors.report(principal, scope.monitor.id, scope.window)


def draw_authors(visit: Visit, found: AuthorReport) -> None:
    """Counts only: nobody is named."""
    words, now = visit.words, found.now
    plain(words("causes.crowd"), "h2")
    plain(words("causes.crowd_hint"), "p", "soft small")
    if not now.distinct:
        plain(words("causes.no_authors"), "p", "soft")
        return
    with ui.element("dl").classes("facts"):
        for name, value in (
            ("distinct", now.distinct),
            ("new", now.new),
            ("returning", now.returning),
            ("verified", now.verified),
        ):
            plain(words(f"causes.{name}"), "dt")
            plain(f"{value:,} ({_changed(words, found.changes[name])})", "dd")
        plain(words("causes.each"), "dt")
        each = now.posts_each
        plain("–" if each.median is None else f"{each.median:g} / {each.p90:g} / {each.most}", "dd")
        if each.top_tenth_share is not None:
            plain(words("causes.top_tenth"), "dt")
            plain(number_said(words, Unit.SHARE, each.top_tenth_share), "dd")
        for band, count in now.followers.items():
            plain(words.choice("board.groups", band), "dt")
            plain(f"{count:,}", "dd")
    chart = bar(
        words("causes.hours"),
        [f"{item.hour:02d}" for item in found.hours],
        [
            Series(words("causes.posts"), [item.posts for item in found.hours]),
            Series(words("causes.authors"), [item.authors for item in found.hours]),
        ],
    )
    show(visit, chart)


def _changed(words: Words, change: int) -> str:
    return f"{change:+,}" if change else words("causes.unchanged")
