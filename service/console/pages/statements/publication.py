"""Where it went out, and what the posts did before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.charts import Series, line, show
from service.console.deeds import praise
from service.console.format import short_time
from service.console.forms import Form, Values
from service.console.pages.incident import safe_address
from service.console.pages.statements.sheet import StatementSheet
from service.console.states import later
from service.console.theme import plain, put
from service.incidents import UNCLASSIFIED, Kind
from service.posts import incident_query
from service.statements import State
from service.statements.publication import Published
from service.stores import TimeBucket

_PUBLISHED = frozenset({State.APPROVED, State.PUBLISHED})
_HOUR = timedelta(hours=1)
_SPAN_H = 12
"""Hours looked at on either side, at most."""


def draw_publication(page: StatementSheet) -> None:
    """The places, and the form that notes another one."""
    words, file = page.words, page.file
    with ui.element("section").classes("panel stack"):
        plain(words("statements.publish.title"), "h2")
        if not file.places:
            plain(words("statements.publish.none"), "p", "soft small")
        for item in file.places:
            with ui.element("div").classes("line"):
                plain(item.place, classes="strong foreign")
                plain(short_time(item.published_at, page.zone), classes="soft small")
                plain(words("statements.edition", number=item.edition), classes="soft small")
                name = words("statements.publish.item", name=page.name_of(item.by))
                plain(name, classes="soft small foreign")
                address = safe_address(item.url)
                if address is not None:
                    anchor = put(ui.element("a"), href=address, target="_blank")
                    with put(anchor, rel="noopener noreferrer nofollow"):
                        plain(address[:80], classes="foreign small")
        if page.statement.state in _PUBLISHED and page.may(Action.EDIT):
            plain(words("statements.publish.hint"), "p", "soft small")
            _draw_form(page)


def _draw_form(page: StatementSheet) -> None:
    words, done = page.words, list[Published]()

    async def save(principal: Principal, values: Values) -> None:
        done.append(
            await page.board.container.statements.publication.publish(
                principal,
                page.statement.id,
                place=values.text("place"),
                url=values.optional("url"),
                at=values.instant("at"),
                step=values.yes("step"),
                version=page.statement.version,
            )
        )

    async def after() -> None:
        problem = done[-1].step_problem
        if problem:
            praise(page.visit, words("statements.publish.step_open", problem=problem))
        else:
            praise(page.visit, words("statements.publish.done"))
        await page.reread(await page.visit.principal())

    form = Form(page.visit, f"publish-{page.statement.id}", save=save)
    form.after = after
    with form:
        hint = words("statements.publish.place_hint")
        form.text("place", words("statements.publish.place"), hint=hint, required=True, longest=200)
        form.text("url", words("statements.publish.url"), kind="url", longest=2_000)
        form.instant("at", words("statements.publish.at"))
        if page.statement.template:
            form.yes("step", words("statements.publish.step"))
        form.submit(words("statements.publish.do"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Posts by hour around a publication: `before` buckets, then those from it on."""

    published_at: datetime
    buckets: tuple[TimeBucket, ...]
    before: int


def draw_effect(page: StatementSheet) -> None:
    """Negative posts before and after; nothing before it is out."""
    published, words = page.statement.published_at, page.words
    if published is None or page.opened.incident.kind is not Kind.CRISIS:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("statements.effect.title"), "h2")
        later(
            page.visit,
            lambda principal: read_effect(page, principal, published),
            lambda effect: _draw_effect(page, effect),
        )


async def read_effect(page: StatementSheet, principal: Principal, published: datetime) -> Effect:
    """As many whole hours on either side as have passed. Raises Forbidden, StoreError."""
    incident, container = page.opened.incident, page.board.container
    principal.require(Action.READ, Resource.POST, monitor=incident.monitor_id)
    passed = (container.clock.now() - published) // _HOUR
    hours = min(_SPAN_H, passed)
    since, until = published - hours * _HOUR, published + hours * _HOUR
    if hours < 1:
        return Effect(published_at=published, buckets=(), before=0)
    query = incident_query(
        incident.monitor_id,
        incident.segment or UNCLASSIFIED,
        since=since,
        until=until,
        every_mood=incident.every_mood,
    )
    buckets = await container.store.histogram(query, interval=_HOUR, since=since, until=until)
    return Effect(published_at=published, buckets=buckets, before=hours)


def _draw_effect(page: StatementSheet, effect: Effect) -> None:
    words = page.words
    if not effect.buckets:
        plain(words("statements.effect.early"), "p", "soft small")
        return
    before = sum(bucket.negative for bucket in effect.buckets[: effect.before])
    after = sum(bucket.negative for bucket in effect.buckets[effect.before :])
    said = words("statements.effect.line", hours=effect.before, before=before, after=after)
    plain(said, "p", "strong")
    labels = [f"{bucket.start.astimezone(page.zone):%m-%d %H:%M}" for bucket in effect.buckets]
    series = [
        Series(words("growth.posts"), [bucket.posts for bucket in effect.buckets]),
        Series(words("growth.negative"), [bucket.negative for bucket in effect.buckets]),
    ]
    title = words("statements.effect.chart", zone=page.zone.key)
    show(page.visit, line(title, labels, series, unit=words("growth.unit")))
