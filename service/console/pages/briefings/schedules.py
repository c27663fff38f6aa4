"""Schedules: which briefings are prepared by themselves, when, and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.briefings import Kind, Language, Schedule, ScheduleDraft, next_due
from service.console.board import Board
from service.console.dialogs import Question
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.briefings import place
from service.console.pages.briefings.preparing import draw_scope, scopes
from service.console.pages.catalogue_acts import settle
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput

_KINDS = (Kind.DAILY, Kind.WEEKLY)
_LIST = f"{BASE}{place.SCHEDULES}"


def register(board: Board) -> None:
    """The pages of schedules: the list, a new one, one."""
    schedules = board.container.briefings.schedules

    @console_page(board, place.PLACE, place.SCHEDULES)
    async def every(visit: Visit) -> None:
        words = visit.words
        channels = {item.id: item.name for item in await board.container.channels.every()}

        async def load(principal: Principal, query: ListQuery) -> Rows[Schedule]:
            principal.require(Action.READ, Resource.BRIEFING)
            found = await schedules.page(after=query.cursor, limit=query.limit)
            return Rows(found.items, following=found.next)

        with heading(visit, words("briefings.schedules"), hint=words("briefings.schedules_hint")):
            link(place.LIST, words("briefings.back"), "act")
            if visit.may(Action.EDIT, Resource.BRIEFING):
                new = f"{BASE}{place.NEW_SCHEDULE}"
                link(new, words("briefings.add_schedule"), "act act-main")
        listing = Listing(
            visit,
            columns=_columns(visit, channels),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.schedule_address(item.id),
            empty=(words("briefings.no_schedules"), words("briefings.no_schedules_hint")),
        )
        await listing.draw()

    @console_page(board, place.PLACE, place.NEW_SCHEDULE)
    async def add(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.BRIEFING)
        words = visit.words
        with heading(visit, words("briefings.add_schedule")):
            link(_LIST, words("briefings.to_schedules"), "act")
        with ui.element("section").classes("panel"):
            await ScheduleForm(board.container, visit, None).draw()

    @console_page(board, place.PLACE, place.ONE_SCHEDULE)
    async def one(visit: Visit, schedule_id: str) -> None:
        (await visit.principal()).require(Action.READ, Resource.BRIEFING)
        words, item = visit.words, await schedules.get(schedule_id)

        async def delete(principal: Principal) -> None:
            await schedules.delete(principal, item.id, version=item.version)

        async def ask_delete() -> None:
            question = Question(
                title=words("briefings.delete_ask", name=item.name),
                hint=words("briefings.delete_hint"),
                confirm=words("briefings.delete"),
                grave=True,
            )
            said = words("briefings.deleted")
            await settle(visit, delete, leads_to=_LIST, said=said, question=question)

        with heading(visit, item.name, hint=rhythm_of(words, item)):
            link(_LIST, words("briefings.to_schedules"), "act")
            if visit.may(Action.DELETE, Resource.BRIEFING):
                button(words("briefings.delete"), ask_delete, "act-grave", key="delete")
        _draw_standing(visit, item)
        with ui.element("section").classes("panel"):
            await ScheduleForm(board.container, visit, item).draw()


def rhythm_of(words: Words, item: ScheduleDraft) -> str:
    """`每周一 08:30 Asia/Shanghai`."""
    at = f"{item.at:%H:%M} {item.zone}"
    if item.kind is Kind.WEEKLY:
        day = words.choice("weekday", str(item.weekday))
        return words("briefings.weekly_at", day=day, at=at)
    return words("briefings.daily_at", at=at)


def _columns(visit: Visit, channels: Mapping[str, str]) -> tuple[Column[Schedule], ...]:
    words = visit.words

    def due(item: Schedule) -> str | None:
        _draw_problem(words, item)
        at = next_due(item)
        if at is None:
            return words("briefings.off")
        moment(visit, at)
        return None

    def goes_to(item: Schedule) -> str:
        return words("list.comma").join(channels.get(name, name) for name in item.channels)

    return (
        Column("name", words("briefings.name"), lambda item: item.name),
        Column("rhythm", words("briefings.when"), lambda item: rhythm_of(words, item)),
        Column("due", words("briefings.next"), due),
        Column("channels", words("briefings.channels"), goes_to),
    )


def _draw_standing(visit: Visit, item: Schedule) -> None:
    words, at = visit.words, next_due(item)
    _draw_problem(words, item)
    with ui.element("p").classes("line"):
        if at is None:
            plain(words("briefings.off"), classes="soft")
        else:
            plain(words("briefings.next"), classes="soft")
            moment(visit, at)


def _draw_problem(words: Words, item: Schedule) -> None:
    if item.problem is not None:
        said = words("briefings.problem", why=item.problem)
        plain(f"▲ {said}", "p", "problem foreign")


class ScheduleForm:
    """A schedule as a form, or one that is not there yet."""

    def __init__(self, container: Container, visit: Visit, item: Schedule | None) -> None:
        self._container = container
        self._visit = visit
        self._item = item

    async def draw(self) -> None:
        """The fields of the schedule."""
        visit, words, item = self._visit, self._visit.words, self._item
        brands, monitors = await scopes(self._container, visit)
        channels = {one.id: one.name for one in await self._container.channels.every()}
        if item is not None:
            # What it names already stays to be chosen, whatever has become of it.
            monitors |= {name: name for name in item.monitors if name not in monitors}
            channels |= {name: name for name in item.channels if name not in channels}
        form = Form(
            visit,
            "schedule-new" if item is None else f"schedule-{item.id}",
            stored=_stored(item),
            save=self._save,
            reread=None if item is None else self._read,
        )
        form.said, form.after = words("briefings.schedule_saved"), _LIST
        kinds = {kind.value: words.choice("briefings.kinds", kind.value) for kind in _KINDS}
        days = {str(day): words.choice("weekday", str(day)) for day in range(1, 8)}
        with form:
            if item is None:
                hint = words("briefings.id_hint")
                form.text("id", words("briefings.id"), hint=hint, required=True, longest=64)
            form.text("name", words("briefings.name"), required=True, longest=200)
            form.choice("kind", words("briefings.kind"), kinds)
            form.text("at", words("briefings.at"), kind="time", required=True)
            hint = words("briefings.weekday_hint")
            form.choice("weekday", words("briefings.weekday"), days, hint=hint)
            form.text("zone", words("briefings.zone"), required=True, longest=64)
            draw_scope(form, visit, brands, monitors)
            if channels:
                hint = words("briefings.channels_hint")
                form.many("channels", words("briefings.channels"), channels, hint=hint)
            form.yes("enabled", words("briefings.enabled"))
            if visit.may(Action.EDIT, Resource.BRIEFING):
                form.submit(words("briefings.save"))
            else:
                plain(words("briefings.may_not_write"), "p", "soft")

    async def _read(self, _principal: Principal) -> Stored:
        if self._item is not None:
            self._item = await self._container.briefings.schedules.get(self._item.id)
        return _stored(self._item)

    async def _save(self, principal: Principal, values: Values) -> None:
        item = self._item
        draft = ScheduleDraft(
            id=values.text("id") if item is None else item.id,
            name=values.text("name"),
            kind=Kind(values.text("kind")),
            at=_time(values.text("at"), self._visit.words("briefings.no_time")),
            weekday=values.whole("weekday") or 1,
            zone=values.text("zone"),
            brand=values.optional("brand"),
            monitors=values.many("monitors"),
            language=Language(values.text("language")),
            channels=values.many("channels"),
            enabled=values.yes("enabled"),
        )
        version = 0 if item is None else values.version
        await self._container.briefings.schedules.put(principal, draft, version=version)


def _stored(item: Schedule | None) -> Stored:
    if item is None:
        return Stored(
            values={
                "kind": Kind.DAILY,
                "at": "08:00",
                "weekday": "1",
                "zone": "Asia/Shanghai",
                "language": Language.ZH,
                "enabled": True,
            }
        )
    values: dict[str, object] = {
        "name": item.name,
        "kind": item.kind,
        "at": f"{item.at:%H:%M}",
        "weekday": item.weekday,
        "zone": item.zone,
        "brand": item.brand,
        "monitors": item.monitors,
        "language": item.language,
        "channels": item.channels,
        "enabled": item.enabled,
    }
    return Stored(values=values, version=item.version)


def _time(text: str, said: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0)
    except ValueError as error:
        raise InvalidInput(said, errors=[("at", said)]) from error
