"""What is known around a statement: the incident, its evidence, what people assessed, the brand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.schema import StatementKind, Template
from playbooks.statements import Value, known_values
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.response import StepRow
from service.response import repository as run_rows
from service.statements.model import Fact

FILLED = frozenset({"brand", "platform", "seen_at", "started_at", "next_update_at"})
"""Variables of templates that an incident answers by itself, where it knows."""

BrandOf = Callable[[AsyncConnection, str], Awaitable[str | None]]
"""The name of the brand that a monitor watches over, None where it has none."""

_DATED = {
    "zh": "{0.year}年{0.month}月{0.day}日{0:%H:%M}",
    "en": "{0.day} {0:%B} {0.year}, {0:%H:%M}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`posts` are the frozen texts about us, `assessed` what people noted on the steps they did."""

    incident: Incident
    brand: str | None
    posts: tuple[str, ...]
    source: str | None
    assessed: tuple[str, ...]
    steps: tuple[StepRow, ...]
    next_update_at: datetime | None


async def goes_on_in(connection: AsyncConnection, incident: Incident) -> Incident:
    """The incident itself, or the one that it was merged into, however often."""
    while incident.merged_into is not None:
        incident = await incident_rows.get(connection, incident.merged_into)
    return incident


async def surroundings_of(
    connection: AsyncConnection, incident: Incident, brand_of: BrandOf, updates: frozenset[str]
) -> Surroundings:
    """Read them; `updates` are the templates of steps that publish an update."""
    evidence = [
        item
        for item in await incident_rows.evidence_of(connection, incident.id)
        if not item.not_about_us
    ]
    steps = await run_rows.steps_of(connection, incident.id)
    stored = await run_rows.find(connection, incident.id)
    templates = {} if stored is None else {s.id: s.step.template for s in stored.run.steps}
    due = [
        step.due_at
        for step in steps
        if step.due_at is not None
        and step.state in ("pending", "breached")
        and templates.get(step.step_id) in updates
    ]
    return Surroundings(
        incident=incident,
        brand=await brand_of(connection, incident.monitor_id),
        posts=tuple(str(item.snapshot.get("text") or "") for item in evidence),
        source=next((str(s) for item in evidence if (s := item.snapshot.get("source"))), None),
        assessed=tuple(step.note for step in steps if step.note and step.state == "done"),
        steps=steps,
        next_update_at=min(due, default=None),
    )


def known_variables(
    around: Surroundings, template: Template, *, zone: ZoneInfo, now: datetime
) -> dict[str, str]:
    """Values of the template's variables that the incident itself answers."""
    incident = around.incident
    ahead = around.next_update_at
    instants = {
        "seen_at": incident.acknowledged_at or incident.opened_at,
        "started_at": incident.first_post_at,
        "next_update_at": ahead if ahead is not None and ahead > now else None,
    }
    values: dict[str, str | None] = {
        "brand": around.brand,
        "platform": around.source,
        **{
            name: None if at is None else dated(at, zone=zone, lang=template.lang)
            for name, at in instants.items()
        },
    }
    wanted = FILLED & template.variables.keys()
    return {name: value for name, value in values.items() if value and name in wanted}


def dated(at: datetime, *, zone: ZoneInfo, lang: str) -> str:
    """An instant as a statement in that language writes it, in local time."""
    return _DATED[lang].format(at.astimezone(zone))


def verified(
    around: Surroundings, facts: tuple[Fact, ...], variables: Mapping[str, str], *, zone: ZoneInfo
) -> frozenset[Value]:
    """Values of figures that assessment, evidence, the incident or a stated fact hold.

    `variables` are those that the incident itself has answered.
    """
    incident = around.incident
    own = [
        dated(at, zone=zone, lang="zh")
        for at in (incident.first_post_at, incident.opened_at, incident.acknowledged_at)
        if at is not None
    ]
    return known_values(
        (*around.posts, *around.assessed, *own, *variables.values(), *(fact.text for fact in facts))
    )


def update_templates(templates: Mapping[str, Template]) -> frozenset[str]:
    """Ids of the templates that bring an update."""
    return frozenset(
        name for name, template in templates.items() if template.kind is StatementKind.UPDATE
    )
