"""Complaint rules: which posts open a ticket by themselves, and how its clocks count."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.complaint_views import rule_view
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.auth import Action, Resource
from service.complaints import ComplaintRuleDraft
from service.complaints.rule import Counting, Evidence, shipped_rule
from service.oncall.model import Target, TimeOfDay

router = APIRouter(prefix="/v1/complaint-rules", tags=["complaints"])

RuleId = Annotated[str, Path(max_length=64)]
Ids = Annotated[tuple[str, ...], Field(max_length=200)]
_SHIPPED = shipped_rule()


class ComplaintRuleBody(Body):
    """What is left out is as in the cautious rule that ships: encoder and lexicon must agree."""

    name: str
    enabled: bool = True
    monitors: Ids = ()
    scenarios: Ids = ()
    confidence: float = _SHIPPED.confidence
    categories: Ids = _SHIPPED.categories
    needs: Evidence = _SHIPPED.needs
    channels_left_out: Ids = _SHIPPED.channels_left_out
    followers_from: int = 0
    followers_to: int | None = _SHIPPED.followers_to
    verified: bool = False
    shares: bool = False
    max_age_h: int = _SHIPPED.max_age_h
    per_hour: int = _SHIPPED.per_hour
    owner: Target = _SHIPPED.owner
    deputy: Target | None = _SHIPPED.deputy
    counting: Counting = _SHIPPED.counting
    opens: TimeOfDay = time(9)
    closes: TimeOfDay = time(21)
    zone: str = Field(default=_SHIPPED.zone, max_length=64)
    warn_answer_min: int = _SHIPPED.warn_answer_min
    warn_response_min: int = _SHIPPED.warn_response_min
    warn_resolution_min: int = _SHIPPED.warn_resolution_min
    escalate_min: int = _SHIPPED.escalate_min


@router.get("", summary="Complaint rules by id, the one that ships included")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.COMPLAINT_RULE)
    scope = ("complaint_rules",)
    found = await service.complaints.rules.page(after=cursors.after(scope, cursor), limit=limit)
    return page([rule_view(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/{complaint_rule_id}", summary="One rule")
async def one(complaint_rule_id: RuleId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.COMPLAINT_RULE)
    item = await service.complaints.rules.get(complaint_rule_id)
    return Json(rule_view(item), version=item.version)


@router.put("/{complaint_rule_id}", summary="Create or change a rule")
async def put(
    complaint_rule_id: RuleId, body: ComplaintRuleBody, service: Service, me: Me, version: Version
) -> Response:
    """Tickets that are open keep their clocks; new ones count by the rule as it is then."""
    fields = {name: getattr(body, name) for name in type(body).model_fields}
    draft = ComplaintRuleDraft(id=complaint_rule_id, **fields)
    return await save(service.complaints.rules, me, draft, version=version, view=rule_view)


@router.delete("/{complaint_rule_id}", summary="Delete a rule", status_code=204)
async def remove(complaint_rule_id: RuleId, service: Service, me: Me, version: Version) -> Response:
    """Of the one that ships: back to what it ships with."""
    await service.complaints.rules.delete(me, complaint_rule_id, version=version)
    return NoContent()
