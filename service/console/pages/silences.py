"""Silences: nobody is paged about some incidents for a while, with a reason; deadlines run on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.listing import Column, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput
from service.oncall import Matcher, Silence

NEW = "/silences/_new"
PLACE = Place(
    name="silences",
    path="/silences",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.SILENCE),
    deeper=(NEW, "/silences/{silence_id}"),
)
USUAL = timedelta(hours=2)


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    _register_every(board)
    _register_new(board)
    _register_one(board)


def _register_every(board: Board) -> None:
    silences = board.container.silences

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        names = await _names(board, words)

        async def load(principal: Principal, query: ListQuery) -> Rows[Silence]:
            state = query.one("state")
            over = None if not state else state == "over"
            found = await silences.page(principal, over=over, after=query.cursor, limit=query.limit)
            return Rows(found.items, following=found.next)

        actions = heading(visit, words("silences.title"), hint=words("silences.hint"))
        if visit.may(Action.EDIT, Resource.SILENCE):
            with actions:
                link(f"{BASE}{NEW}", words("silences.new"), "act act-main")
        states = {name: words.choice("silences.filter", name) for name in ("standing", "over")}
        listing = Listing(
            visit,
            columns=(
                Column("what", words("silences.what"), lambda item: said_of(item, names, words)),
                Column("reason", words("silences.reason"), lambda item: item.reason),
                Column("state", words("silences.state"), lambda item: _draw_state(visit, item)),
                Column("until", words("silences.until"), lambda item: _draw_end(visit, item)),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: f"{BASE}/silences/{item.id}",
            filters=(OneOf("state", words("silences.state"), states),),
            empty=(words("silences.empty"), words("silences.empty_hint")),
        )
        await listing.draw()


def _register_new(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.SILENCE)
        principal = visit.session.principal
        monitors = {
            name: label
            for name, label in (await board.monitor_names()).items()
            if principal.may(Action.EDIT, Resource.SILENCE, monitor=name)
        }
        tiers = container.library.tiers.tiers
        made: list[str] = []

        async def save(actor: Principal, values: Values) -> None:
            until = values.instant("until")
            if until is None:
                said = words("form.required")
                raise InvalidInput(said, errors=[("until", said)])
            matcher = Matcher(
                monitors=values.many("matcher.monitors"),
                scenarios=values.many("matcher.scenarios"),
                tiers=values.many("matcher.tiers"),
            )
            silence = await container.silences.make(
                actor,
                matcher,
                reason=values.text("reason"),
                until=until,
                since=values.instant("since"),
                gravest=values.yes("gravest"),
            )
            made.append(silence.id)

        async def after() -> None:
            go(visit, f"{BASE}/silences/{made[-1]}", said=words("silences.made"))

        heading(visit, words("silences.new"), hint=words("silences.new_hint"))
        with ui.element("section").classes("panel"):
            start = Stored(values={"until": visit.now() + USUAL})
            form = Form(visit, "silence-new", stored=start, save=save)
            form.after = after
            with form:
                label = words("silences.monitors")
                form.many("matcher.monitors", label, monitors, hint=words("silences.any"))
                form.many(
                    "matcher.tiers",
                    words("silences.tiers"),
                    {tier.id: words.of(tier.name) for tier in tiers},
                    hint=words("silences.any"),
                )
                with ui.element("details"):
                    plain(words("silences.scenarios"), "summary")
                    scenarios = board.scenario_names(words)
                    label = words("silences.scenarios")
                    form.many("matcher.scenarios", label, scenarios, hint=words("silences.any"))
                form.long_text(
                    "reason", words("silences.reason"), required=True, longest=1_000, rows=2
                )
                form.instant("since", words("silences.since"), hint=words("silences.since_hint"))
                hint = words("silences.until_hint")
                form.instant("until", words("silences.until"), hint=hint, required=True)
                if visit.may(Action.APPROVE, Resource.SILENCE):
                    gravest = words.of(tiers[-1].name)
                    hint = words("silences.gravest_hint")
                    form.yes("gravest", words("silences.gravest", tier=gravest), hint=hint)
                form.submit(words("silences.make"))


def _register_one(board: Board) -> None:
    silences = board.container.silences

    @console_page(board, PLACE, "/silences/{silence_id}")
    async def one(visit: Visit, silence_id: str) -> None:
        words = visit.words
        item = await silences.get(visit.session.principal, silence_id)
        names = await _names(board, words)
        actions = heading(visit, words("silences.one"), hint=item.id)
        if item.ended_at is None and visit.may(Action.EDIT, Resource.SILENCE):
            with actions:
                finish = partial(_end, visit, board, item)
                button(words("silences.end"), finish, "act-grave", key="end-silence")
        with ui.element("section").classes("panel stack"):
            with ui.element("div").classes("line"):
                _draw_state(visit, item)
                _draw_end(visit, item)
            plain(said_of(item, names, words), "p", "strong foreign")
            plain(item.reason, "p", "foreign")
            with ui.element("table").classes("figures"), ui.element("tbody"):
                for key, instant in (
                    ("silences.since", item.starts_at),
                    ("silences.until", item.ends_at),
                    ("silences.ended", item.ended_at),
                ):
                    if instant is not None:
                        with ui.element("tr"):
                            plain(words(key), "th").props('scope="row"')
                            with ui.element("td"):
                                moment(visit, instant)
                await board.names.learn(item.created_by, item.ended_by)
                for key, who in (
                    ("silences.by", item.created_by),
                    ("silences.ended_by", item.ended_by),
                ):
                    if who is not None:
                        with ui.element("tr"):
                            plain(words(key), "th").props('scope="row"')
                            plain(board.names.of(who), "td", "foreign")
            plain(words("silences.never"), "p", "soft small")


async def _names(board: Board, words: Words) -> Mapping[str, str]:
    """Monitors, scenarios and tiers by their ids, which are of different shapes."""
    tiers = {tier.id: words.of(tier.name) for tier in board.container.library.tiers.tiers}
    return {**board.scenario_names(words), **await board.monitor_names(), **tiers}


def said_of(item: Silence, names: Mapping[str, str], words: Words) -> str:
    """What it silences: `晨屿咖啡 · 一般`."""
    parts = [
        words("list.comma").join(names.get(name, name) for name in listed)
        for listed in (item.matcher.monitors, item.matcher.scenarios, item.matcher.tiers)
        if listed
    ]
    said = " · ".join(parts)
    return said if not item.gravest else f"{said} · {words('silences.with_gravest')}"


def _draw_state(visit: Visit, item: Silence) -> None:
    words, now = visit.words, visit.now()
    if item.ended_at is not None or item.ends_at <= now:
        plain(words.choice("silences.states", "over"), classes="state")
    elif item.starts_at > now:
        plain(words.choice("silences.states", "coming"), classes="state")
    else:
        plain(f"◆ {words.choice('silences.states', 'standing')}", classes="state soon")


def _draw_end(visit: Visit, item: Silence) -> None:
    moment(visit, item.ended_at or item.ends_at)


async def _end(visit: Visit, board: Board, item: Silence) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.silences.end(principal, item.id)

    question = Question(
        title=words("silences.end_title"),
        hint=words("silences.end_hint"),
        confirm=words("silences.end"),
        grave=True,
    )
    await settle(
        visit,
        deed,
        question=question,
        leads_to=f"{BASE}/silences/{item.id}",
        said=words("silences.ended_now"),
    )
