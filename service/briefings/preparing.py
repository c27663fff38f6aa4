"""Preparing a briefing: which monitors, which time, every section read in turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from service.auth import Action, Principal, Resource
from service.briefings import period
from service.briefings.content import Body, Prose
from service.briefings.gathering import Asked, Desks
from service.briefings.lifecycle import State
from service.briefings.model import Briefing, Language, Scope
from service.briefings.period import Kind
from service.briefings.sections import HEADLINES, SECTIONS
from service.clock import Clock
from service.errors import InvalidInput
from service.ids import stable_id
from service.indicators import MOST_MONITORS, Window
from service.monitors import Brands, Monitor, Monitors

_EVERYTHING = {Language.ZH: "全部监测方案", Language.EN: "All monitors"}
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A briefing that is to be prepared; of a schedule with the time that came round."""

    kind: Kind
    window: Window
    scope: Scope
    language: Language
    channels: tuple[str, ...] = ()
    schedule_id: str | None = None
    due_at: datetime | None = None


class Preparation:
    """Reads everything and writes nothing."""

    def __init__(self, desks: Desks, *, monitors: Monitors, brands: Brands, clock: Clock) -> None:
        self._desks = desks
        self._monitors = monitors
        self._brands = brands
        self._clock = clock

    @property
    def zone(self) -> tzinfo:
        """In which days and weeks are cut."""
        return self._desks.zone

    async def prepared(self, principal: Principal, wanted: Wanted) -> Briefing:
        """The draft, not stored yet.

        Raises Forbidden for a monitor that is not theirs, InvalidInput for a scope without
        monitors or with too many, StoreError.
        """
        monitors, name = await self._scope(wanted.scope, wanted.language)
        for monitor in monitors:
            principal.require(Action.EDIT, Resource.BRIEFING, monitor=monitor.id)
        now, zone = self._clock.now(), self._desks.zone
        asked = Asked(
            kind=wanted.kind,
            window=wanted.window,
            before=period.before(wanted.window, wanted.kind, zone=zone),
            ahead=period.following(wanted.window, wanted.kind, now=now, zone=zone),
            monitors=monitors,
            language=wanted.language,
            now=now,
        )
        sections = tuple([await section(self._desks, asked) for section in SECTIONS])
        part = (wanted.schedule_id, wanted.due_at) if wanted.due_at else (principal.id, now)
        return Briefing(
            id=stable_id("brf", *(item or "" for item in part), wanted.kind, name),
            kind=wanted.kind,
            name=name,
            brand_id=wanted.scope.brand,
            monitors=asked.ids,
            window=wanted.window,
            language=wanted.language,
            state=State.DRAFT,
            schedule_id=wanted.schedule_id,
            due_at=wanted.due_at,
            channels=wanted.channels,
            body=Body(sections=sections, headlines=HEADLINES),
            prose=Prose(),
            prepared_by=principal.id,
            created_at=now,
        )

    async def _scope(self, scope: Scope, language: Language) -> tuple[tuple[Monitor, ...], str]:
        """The monitors by id, and what they are called together."""
        every = await self._monitors.every()
        named = {item.id: item for item in every}
        if wrong := [item for item in scope.monitors if item not in named]:
            raise _refused("monitors", f"there is no monitor {', '.join(sorted(wrong))}")
        if scope.monitors:
            found = [named[item] for item in sorted(set(scope.monitors))]
        else:
            found = [item for item in every if item.enabled]
        name = _EVERYTHING[language]
        if scope.brand is not None:
            brands = {item.id: item for item in await self._brands.every()}
            if scope.brand not in brands:
                raise _refused("brand", f"there is no brand {scope.brand!r}")
            found = [item for item in found if item.brand_id == scope.brand]
            name = brands[scope.brand].name
        elif scope.monitors:
            name = "、".join(item.name for item in found[:_NAMED])
            name += "…" if len(found) > _NAMED else ""
        path = "monitors" if scope.brand is None else "brand"
        if not found:
            raise _refused(path, "there is no monitor to tell of; name one that is there")
        if len(found) > MOST_MONITORS:
            raise _refused(
                path,
                f"{len(found)} monitors; a briefing is of {MOST_MONITORS} at most: name a brand, "
                "or some of them",
            )
        return tuple(found), name


def _refused(path: str, message: str) -> InvalidInput:
    return InvalidInput(f"{path}: {message}", errors=[(path, message)])
