"""One version of the topics: how its fit goes, what was found, what moved, and what may be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from nicegui import ui

from nlp.pii import masked
from nlp.topics import Novelty
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go, keep_fresh
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.topics.mood import mood_panel
from service.console.pages.topics.overview import of_said
from service.console.pages.topics.place import PLACE
from service.console.scope import read_scope, scope_bar
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import button, link, plain, put
from service.errors import NotFound
from service.stores import StoredPost
from service.topics import FitState, TopicVersion

_LOOK_S = 2.0
_EXAMPLE = 160
_TERMS = 12
_DAY = timedelta(days=1)
Deed = Callable[[Principal, int], Awaitable[object]]


def register_version(board: Board) -> None:
    """The page `/topics/{number}`."""
    container = board.container
    desk = container.topics.desk

    @console_page(board, PLACE, "/topics/{number}")
    async def one(visit: Visit, number: str) -> None:
        words = visit.words
        known = number.isascii() and number.isdigit() and len(number) <= 9
        if not known:
            raise NotFound(words("topics.no_version", number=number[:40]))
        version = await desk.get(await visit.principal(), int(number))
        monitors = await board.monitor_names()
        title = words("topics.version_title", number=version.number)
        with heading(visit, title, hint=of_said(words, version, monitors)):
            _deeds(visit, version)
            link(f"{BASE}/topics", words("topics.all"), "act")
        _state(visit, version)
        if version.state.is_open:
            _watch(visit, version)
        if version.findings is None:
            return
        later(visit, partial(_examples, visit, version), partial(_topics, visit, version))
        scope = await read_scope(visit)
        if scope is not None and version.monitor in (None, scope.monitor.id):
            path = f"/topics/{version.number}"
            scope_bar(visit, scope, path)
            mood_panel(visit, scope, version, path)
        with ui.element("section").classes("panel stack"):
            later(visit, partial(_novelty, visit, version), partial(_draw_novelty, visit))
        _drift(visit, version.findings)


def _deeds(visit: Visit, version: TopicVersion) -> None:
    """What may be done with it now."""
    words, monitor = visit.words, version.monitor
    desk = visit.container.topics.desk
    if visit.may(Action.EDIT, Resource.TOPIC, monitor=monitor):
        if version.state.is_open:
            _deed(visit, version, "cancel", desk.cancel, grave=True)
        elif version.state is FitState.READY and not version.active:
            _deed(visit, version, "activate", desk.activate, grave=False)
        if version.state is FitState.READY:
            address = f"{BASE}/topics/new?based_on={version.number}"
            link(address, words("topics.go_on"), "act")
    if visit.may(Action.DELETE, Resource.TOPIC, monitor=monitor) and not version.state.is_open:
        _deed(visit, version, "forget", desk.forget, grave=True)


def _deed(visit: Visit, version: TopicVersion, name: str, act: Deed, *, grave: bool) -> None:
    words = visit.words

    async def pressed() -> None:
        question = Question(
            title=words(f"topics.{name}_title", number=version.number),
            hint=words(f"topics.{name}_hint"),
            confirm=words(f"topics.{name}"),
            grave=grave,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def deed(principal: Principal) -> None:
            await act(principal, version.number)

        if await attempt(visit, deed):
            back = f"{BASE}/topics" if name == "forget" else f"{BASE}/topics/{version.number}"
            go(visit, back, said=words(f"topics.{name}_done"))

    look = "act-grave" if grave else "act-main"
    button(words(f"topics.{name}"), pressed, look, key=name)


def _state(visit: Visit, version: TopicVersion) -> None:
    """How it stands, with the figures of the fit."""
    words, options = visit.words, version.options
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words.choice("topics.states", version.state.value), classes="state strong")
            if version.active:
                plain(words("topics.active"), classes="state state-resolved")
            if version.alarm is not None and version.alarm.get("alarm"):
                plain(words("topics.alarmed"), classes="state state-new")
        if version.reason:
            plain(words("topics.reason", reason=version.reason), "p", "foreign")
        with ui.element("dl").classes("facts"):
            plain(words("topics.made"), "dt")
            with ui.element("dd"):
                moment(visit, version.created_at)
            if version.finished_at is not None:
                plain(words("topics.finished"), "dt")
                with ui.element("dd"):
                    moment(visit, version.finished_at)
            plain(words("topics.span"), "dt")
            with ui.element("dd").classes("line"):
                if version.since is None:
                    plain(words("topics.from_the_first"))
                else:
                    moment(visit, version.since)
                plain("→").props('aria-hidden="true"')
                moment(visit, version.until)
            plain(words("topics.pooling"), "dt")
            plain(words.choice("topics.poolings", str(options.get("pooling"))), "dd")
            if version.based_on is not None:
                plain(words("topics.based_on"), "dt")
                with ui.element("dd"):
                    link(f"{BASE}/topics/{version.based_on}", f"#{version.based_on}")
            for name, value in _figures(version.findings or {}):
                plain(words(f"topics.{name}"), "dt")
                plain(value, "dd")


def _figures(findings: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not findings:
        return []
    coherence = findings["coherence"]
    return [
        ("read", f"{findings['posts']:,}"),
        ("distinct", f"{findings['distinct']:,}"),
        ("vocabulary", f"{findings['words']:,}"),
        ("coherence", "–" if coherence is None else f"{coherence:.3f}"),
        ("diversity", f"{findings['diversity']:.3f}"),
        ("unfitting_share", f"{findings['unfitting']:.1%}"),
    ]


def _watch(visit: Visit, version: TopicVersion) -> None:
    """How far the fit is, live; the page is loaded anew when it has ended."""
    words, desk = visit.words, visit.container.topics.desk
    with ui.element("section").classes("panel stack"):
        plain(words("topics.fitting"), "h2")
        said = plain(_progress(visit, version), "p").props('aria-live="polite"')

    async def look() -> None:
        now = await desk.get(await visit.principal(), version.number)
        said.text = _progress(visit, now)
        if not now.state.is_open:
            go(visit, f"{BASE}/topics/{version.number}", said=words("topics.fit_ended"))

    keep_fresh(visit, _LOOK_S, look)


def _progress(visit: Visit, version: TopicVersion) -> str:
    progress = version.progress
    stage = visit.words.choice("topics.stages", str(progress.get("stage", "waiting")))
    done, of = progress.get("done", 0), progress.get("of", 0)
    return visit.words("topics.progress", stage=stage, done=done, of=of)


async def _examples(
    visit: Visit, version: TopicVersion, principal: Principal
) -> Mapping[str, StoredPost]:
    """The posts that stand for topics, as far as they are still there."""
    if not principal.may(Action.READ, Resource.POST, monitor=version.monitor):
        return {}
    topics = (version.findings or {})["topics"]
    ids = [post for topic in topics for post in topic["posts"]]
    return await visit.container.store.get_many(ids)


def _topics(visit: Visit, version: TopicVersion, posts: Mapping[str, StoredPost]) -> None:
    words = visit.words
    topics = (version.findings or {})["topics"]
    with ui.element("section").classes("panel stack"):
        plain(words("topics.found", count=len(topics)), "h2")
        plain(words("topics.found_hint"), "p", "soft small")
        with ui.element("ul").classes("plain-list stack"):
            for topic in sorted(topics, key=lambda item: -item["share"]):
                with ui.element("li"):
                    _topic(visit, topic, posts)


def _topic(visit: Visit, topic: Mapping[str, Any], posts: Mapping[str, StoredPost]) -> None:
    words = visit.words
    with ui.element("div").classes("line"):
        plain(masked(str(topic["label"])), classes="strong foreign")
        plain(f"{topic['share']:.1%}", classes="soft")
    terms = [masked(str(term["word"])) for term in topic["terms"][:_TERMS]]
    plain(words("list.comma").join(terms), "p", "soft small foreign")
    shown = [posts[post] for post in topic["posts"] if post in posts]
    if not shown:
        return
    with ui.element("details"):
        plain(words("topics.examples", count=len(shown)), "summary", "soft small")
        for post in shown:
            with ui.element("p").classes("quote line"):
                plain(masked(post.text)[:_EXAMPLE], classes="foreign")
                link(f"{BASE}/posts/{quote(post.id, safe='')}", words("stories.open_post"))


async def _novelty(visit: Visit, version: TopicVersion, principal: Principal) -> Novelty:
    principal.require(Action.READ, Resource.POST, monitor=version.monitor)
    now = visit.now()
    readings = visit.container.topics.readings
    return await readings.novelty(version, since=now - _DAY, until=now)


def _draw_novelty(visit: Visit, found: Novelty) -> None:
    """Whether something is new that no topic fits."""
    words = visit.words
    plain(words("topics.novelty"), "h2")
    share, expected = f"{found.share:.1%}", f"{found.expected:.1%}"
    said = words("topics.novelty_said", posts=f"{found.posts:,}", share=share, expected=expected)
    plain(said, "p")
    if found.alarm:
        plain(words("topics.novelty_alarm"), "p", "problem")
        terms = words("list.comma").join(f"{masked(word)} ({posts})" for word, posts in found.terms)
        plain(terms, "p", "foreign")
    else:
        plain(words("topics.novelty_calm"), "p", "soft")


def _drift(visit: Visit, findings: Mapping[str, Any]) -> None:
    """What moved against the version before."""
    words, drift = visit.words, findings.get("drift")
    if drift is None:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("topics.drift", before=drift["before"]), "h2")
        plain(words("topics.drift_mean", mean=f"{drift['mean']:.3f}"), "p", "soft")
        for name, labels in (
            ("drift_new", [masked(str(item["label"])) for item in drift["new"]]),
            ("drift_gone", [f"#{item}" for item in drift["gone"]]),
        ):
            with put(ui.element("p")).classes("line"):
                plain(words(f"topics.{name}"), classes="strong")
                plain(words("list.comma").join(labels) or "–", classes="foreign")
