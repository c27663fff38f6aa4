"""Rules: what ships, what was laid over it, and what rules in shadow mode saw."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import ConfigDict, Field
from starlette.responses import Response

from playbooks import Kind, Rule, rule_data
from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.monitoring.shadow import LiveTwin, ShadowMatch
from service.rules import OverlayChange, RuleOrigin, RuleRecord, RuleState

router = APIRouter(prefix="/v1/rules", tags=["rules"])

RuleId = Annotated[str, Path(max_length=64)]
Days = Annotated[int, Query(ge=1, le=365, description="How many days back the summary counts")]


class RuleBody(Body):
    """The keys of a rule that an overlay changes; a whole rule for an id that does not ship.

    `thresholds` gives other bounds, by fact or clause, instead of a whole `when`. Every key of
    docs/playbook-format.md is taken; `enabled: false` switches the rule off.
    """

    model_config = ConfigDict(extra="allow")

    thresholds: dict[str, float | bool] | None = Field(
        default=None, examples=[{"negative_1h ≥ 10": 15}]
    )
    tier: str | None = Field(default=None, examples=["orange"])
    mode: str | None = Field(default=None, examples=["shadow"])
    enabled: bool | None = None

    def data(self) -> dict[str, Any]:
        """What was written, and nothing else."""
        return self.model_dump(exclude_unset=True)


@router.get("", summary="Rules in force, by id")
async def every(
    service: Service,
    me: Me,
    state: RuleState | None = None,
    origin: RuleOrigin | None = None,
    kind: Kind | None = None,
    tier: Annotated[str | None, Query(max_length=64)] = None,
    scenario: Annotated[
        str | None, Query(max_length=64, description="Rules that read this scenario")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """`content` is the version of all rules together, which every incident's reasons name.
    `problems` say why an overlay is not in force as it was written.
    """
    me.require(Action.READ, Resource.RULE)
    directory = service.rules.directory
    await directory.refresh()
    scope = ("rules", state, origin, kind, tier, scenario)
    after = cursors.after(scope, cursor)
    found = [
        record
        for record in directory.records()
        if (after is None or record.id > after)
        and state in (None, record.state)
        and origin in (None, record.origin)
        and _is_wanted(record.rule, kind=kind, tier=tier, scenario=scenario)
    ]
    following = None
    if len(found) > limit:
        following = cursors.following(scope, found[limit - 1].id)
    return page(
        [rule_view(record) for record in found[:limit]],
        following,
        content=directory.library.version,
    )


@router.get("/{rule_id}", summary="One rule: as it is in force, as it ships, what lies between")
async def one(rule_id: RuleId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.RULE)
    await service.rules.directory.refresh()
    record = service.rules.directory.get(rule_id)
    return Json(rule_view(record), version=record.version)


@router.put("/{rule_id}", summary="Lay an overlay over a rule, or add one; it is live at once")
async def put(
    rule_id: RuleId, body: RuleBody, service: Service, me: Me, version: Version
) -> Response:
    """The overlay replaces the one that was there. Version 0 is a rule as it ships.

    In force here with the answer, in other processes within seconds.
    """
    saved = await service.rules.desk.put(me, rule_id, body.data(), version=version)
    await service.rules.directory.refresh()
    status = 201 if saved.change is OverlayChange.CREATED else 200
    return Json(rule_view(saved.record), status=status, version=saved.record.version)


@router.delete(
    "/{rule_id}",
    summary="Take an overlay away: a shipped rule is as it ships, an added one is gone",
    status_code=204,
)
async def remove(rule_id: RuleId, service: Service, me: Me, version: Version) -> Response:
    await service.rules.desk.remove(me, rule_id, version=version)
    await service.rules.directory.refresh()
    return NoContent()


@router.get("/{rule_id}/shadow", summary="What a rule in shadow mode would have done")
async def shadow(
    rule_id: RuleId,
    service: Service,
    me: Me,
    days: Days = 30,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Matches, the newest first, each with the incident that live rules held over it, or null.

    `summary` has matches a day, and how many of them live rules saw too. `lead_s` is by how many
    seconds the shadow rule was earlier.
    """
    me.require(Action.READ, Resource.RULE)
    scope = ("shadow", rule_id)
    book = service.rules.shadows
    matches, following = await book.page(
        rule_id, after=cursors.number(scope, cursor, most=2**62), limit=limit
    )
    if not matches:
        # A rule that is gone keeps its matches; what never was has none.
        await service.rules.directory.refresh()
        service.rules.directory.get(rule_id)
    twins = await book.compare(matches)
    since = service.clock.now() - timedelta(days=days)
    summary = await book.summary(rule_id, since=since, zone=service.settings.zone)
    return page(
        [_match_view(match, twin) for match, twin in zip(matches, twins, strict=True)],
        None if following is None else cursors.encode(scope, [following]),
        summary=plain(summary),
    )


def rule_view(record: RuleRecord) -> dict[str, Any]:
    """A rule with its state, origin and version; `overlay` is what was written."""
    overlay = record.overlay
    rule = {"id": record.id} if record.rule is None else rule_data(record.rule)
    return rule | {
        "state": record.state.value,
        "origin": record.origin.value,
        "version": record.version,
        "shipped": None if record.shipped is None else rule_data(record.shipped),
        "overlay": None
        if overlay is None
        else {
            "data": dict(overlay.data),
            "author": overlay.author,
            **plain({"created_at": overlay.created_at, "updated_at": overlay.updated_at}),
        },
        "problems": list(record.problems),
    }


def _is_wanted(
    rule: Rule | None, *, kind: Kind | None, tier: str | None, scenario: str | None
) -> bool:
    if rule is None:
        return kind is tier is scenario is None
    return (
        kind in (None, rule.kind)
        and tier in (None, rule.tier)
        and (scenario is None or rule.reads(_segment(scenario)))
    )


def _match_view(match: ShadowMatch, twin: LiveTwin | None) -> dict[str, Any]:
    view: dict[str, Any] = plain(match)
    view["live"] = None if twin is None else plain(twin)
    return view


def _segment(scenario: str) -> str | None:
    return None if scenario == "unclassified" else scenario
