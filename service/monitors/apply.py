"""`fengsui apply -f`: bring the catalogues to what files say, all of it or nothing.

What the files do not name stays as it is; applying the same files again changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Document
from service.auth import Principal
from service.db import Database
from service.errors import InvalidInput
from service.monitors.brands import Brands
from service.monitors.catalogue import Catalogue, DraftT, ItemT
from service.monitors.channels import Channels
from service.monitors.config_file import RULES, SECTIONS, Written, read_config
from service.monitors.config_schema import BrandRow, ChannelRow, MonitorRow, SourceRow
from service.monitors.errors import BadConfig
from service.monitors.model import SaveChange, Saved
from service.monitors.monitors import Monitors
from service.monitors.sources import Sources


class AppliedRule(Protocol):
    """A rule that was saved; `change` is a value of SaveChange."""

    @property
    def id(self) -> str: ...

    @property
    def change(self) -> str: ...


class RuleSection(Protocol):
    """Lays rules over those that ship, all of them together: they may name each other."""

    async def apply(
        self, connection: AsyncConnection, actor: Principal, documents: Sequence[Document]
    ) -> Sequence[AppliedRule]:
        """Raises InvalidInput with every mistake as (file:line:column, message)."""
        ...


Save = Callable[[AsyncConnection, Principal, Written], Awaitable[Saved[object]]]
_NONE: Mapping[str, Save] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done, as `section/id`. `new_secrets` of channels (by id) are shown this once."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    new_secrets: dict[str, str] = field(default_factory=dict, repr=False)


class Importer:
    """Applies configuration files to the four catalogues and to the rules."""

    def __init__(
        self,
        database: Database,
        *,
        brands: Brands,
        monitors: Monitors,
        sources: Sources,
        channels: Channels,
        rules: RuleSection,
        further: Mapping[str, Save] = _NONE,
    ) -> None:
        """`further` saves the entries of sections that other packages keep, by section."""
        self._database = database
        self._rules = rules
        self._save: dict[str, Save] = {
            "brands": saver(brands, lambda data: BrandRow.model_validate(data).draft()),
            "monitors": saver(monitors, lambda data: MonitorRow.model_validate(data).draft()),
            "sources": saver(sources, lambda data: SourceRow.model_validate(data).draft()),
            "channels": saver(channels, lambda data: ChannelRow.model_validate(data).draft()),
            **further,
        }

    async def apply(self, actor: Principal, path: Path) -> Applied:
        """Apply a file or all YAML files of a folder, in one transaction.

        Raises BadConfig with every mistake as (`file:line`, message), and then nothing is changed;
        Forbidden when the actor may not edit a kind of thing that the files hold.
        """
        entries = read_config(path)
        errors = _twice(entries)
        done: dict[SaveChange, list[str]] = {change: [] for change in SaveChange}
        secrets: dict[str, str] = {}
        plain = [entry for entry in entries if entry.section != RULES]
        rules = [entry.document for entry in entries if entry.document is not None]
        async with self._database.write() as connection:
            for entry in _in_turn(plain):
                try:
                    saved = await self._save[entry.section](connection, actor, entry)
                except BadConfig as error:
                    errors += error.errors
                    continue
                name = str(entry.data["id"])
                done[saved.change].append(f"{entry.section}/{name}")
                if saved.new_secret is not None:
                    secrets[name] = saved.new_secret
            if rules:
                try:
                    for rule in await self._rules.apply(connection, actor, rules):
                        done[SaveChange(rule.change)].append(f"{RULES}/{rule.id}")
                except InvalidInput as error:
                    errors += error.errors
            if errors:
                raise BadConfig(errors)
        return Applied(
            created=tuple(done[SaveChange.CREATED]),
            changed=tuple(done[SaveChange.CHANGED]),
            unchanged=tuple(done[SaveChange.UNCHANGED]),
            new_secrets=secrets,
        )


def saver(catalogue: Catalogue[DraftT, ItemT], read: Callable[[Any], DraftT]) -> Save:
    """Saves entries of a section in a catalogue; `read` raises ValidationError for a bad one."""

    async def save(connection: AsyncConnection, actor: Principal, entry: Written) -> Saved[object]:
        try:
            draft = read(entry.data)
        except ValidationError as error:
            raise BadConfig(
                [
                    (entry.place(path), f"{path}: {item['msg']}" if path else item["msg"])
                    for item in error.errors(include_input=False, include_url=False)
                    for path in [".".join(str(part) for part in item["loc"])]
                ]
            ) from None
        try:
            saved = await catalogue.put_in(connection, actor, draft)
        except InvalidInput as error:
            raise BadConfig(
                [(entry.place(path), f"{path}: {message}") for path, message in error.errors]
            ) from None
        return Saved(item=saved.item, change=saved.change, new_secret=saved.new_secret)

    return save


def _in_turn(entries: list[Written]) -> list[Written]:
    """By section, and a channel that stands in for others before them, wherever it is written."""
    graph: dict[str, set[str]] = {}
    for entry in entries:
        if entry.section == "channels" and isinstance(entry.data, dict):
            settings = entry.data.get("settings")
            fallback = settings.get("fallback") if isinstance(settings, dict) else None
            needs = {fallback} if isinstance(fallback, str) else set()
            graph[str(entry.data.get("id"))] = needs
    try:
        turn = {name: place for place, name in enumerate(TopologicalSorter(graph).static_order())}
    except CycleError:
        turn = {}  # saving says where the circle is

    def place(entry: Written) -> tuple[int, int]:
        name = str(entry.data.get("id")) if isinstance(entry.data, dict) else ""
        within = turn.get(name, 0) if entry.section == "channels" else 0
        return SECTIONS.index(entry.section), within

    return sorted(entries, key=place)


def _twice(entries: list[Written]) -> list[tuple[str, str]]:
    """The same id twice in a section, even in two files: the order would decide."""
    errors = []
    first: dict[tuple[str, str], Written] = {}
    for entry in entries:
        if isinstance(entry.data, dict) and isinstance(entry.data.get("id"), str):
            key = (entry.section, entry.data["id"])
            if key in first:
                errors.append(
                    (entry.place("id"), f"id {key[1]!r} is used at {first[key].place('id')} too")
                )
            first.setdefault(key, entry)
    return errors
