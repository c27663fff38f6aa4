"""Every write of the API, with a body that can be meant and the permission that it takes.

`{incident}`, `{user}`, … are filled in by the test that uses the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from service.auth import Action, Resource
from tests.service.api.crisis import wire_post


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    method: str = "POST"
    route: str
    action: Action
    resource: Resource
    body: dict[str, Any] | None = field(default=None)


def work(route: str, body: dict[str, Any] | None = None) -> Write:
    return Write(route=route, action=Action.WORK, resource=Resource.INCIDENT, body=body)


def put(route: str, resource: Resource, body: dict[str, Any]) -> Write:
    return Write(method="PUT", route=route, action=Action.EDIT, resource=resource, body=body)


def remove(route: str, resource: Resource) -> Write:
    return Write(method="DELETE", route=route, action=Action.DELETE, resource=resource)


def post(
    route: str, action: Action, resource: Resource, body: dict[str, Any] | None = None
) -> Write:
    return Write(route=route, action=action, resource=resource, body=body)


def complaint(deed: str, body: dict[str, Any]) -> Write:
    return post(f"/v1/complaints{deed}", Action.WORK, Resource.COMPLAINT, body)


def review(deed: str, body: dict[str, Any] | None = None) -> Write:
    return post(f"/v1/review/items/{{review_id}}/{deed}", Action.WORK, Resource.REVIEW, body)


_ENTRY = {
    "term": "黑店宰客",
    "category": "complaint",
    "severity": 2,
    "hits": ["黑店宰客"],
    "misses": ["好"],
}

_RISK = {
    "title": "r",
    **dict.fromkeys(("legal", "user", "technical", "likelihood"), 1),
    "loss": {"amount": "1", "currency": "CNY"},
    "owner": "usr_none",
}
_RISK_LINK = "/v1/risks/{risk_id}/links/{link_kind}/{target_id}"

_COST = "/v1/handling/incidents/{incident_id}/cost"

_IMPROVEMENT = {
    "title": "t",
    "kind": "user",
    "due_at": "2030-01-01T00:00:00Z",
    "impact": 1,
    "urgency": 1,
    "effort": 1,
}

WRITES = (
    post("/v1/lexicon/entries", Action.EDIT, Resource.LEXICON, {**_ENTRY, "reason": "r"}),
    Write(
        method="PATCH",
        route="/v1/lexicon/entries/{entry_id}",
        action=Action.EDIT,
        resource=Resource.LEXICON,
        body={"reason": "r"},
    ),
    remove("/v1/lexicon/entries/{entry_id}", Resource.LEXICON),
    post("/v1/lexicon/rollback", Action.EDIT, Resource.LEXICON, {"version": 0, "reason": "r"}),
    post("/v1/lexicon/preview", Action.EDIT, Resource.LEXICON, {"entry": _ENTRY, "days": 1}),
    post("/v1/lexicon/scan", Action.READ, Resource.LEXICON, {"text": "好"}),
    post("/v1/lexicon/import", Action.EDIT, Resource.LEXICON, {"content": ""}),
    put("/v1/rules/{rule_id}", Resource.RULE, {"tier": "none"}),
    Write(
        method="DELETE",
        route="/v1/rules/{rule_id}",
        action=Action.EDIT,
        resource=Resource.RULE,
    ),
    post(
        "/v1/posts/{post_id}/corrections",
        Action.WORK,
        Resource.MODEL,
        {"head": "sentiment", "label": "negative"},
    ),
    post("/v1/backtests", Action.RUN, Resource.RULE, {"monitor": "none"}),
    post("/v1/backtests/{backtest_id}/cancel", Action.RUN, Resource.RULE),
    post("/v1/drills", Action.RUN, Resource.DRILL, {"hours": 1}),
    post("/v1/drills/{drill_id}/stop", Action.RUN, Resource.DRILL, {"reason": "r"}),
    remove("/v1/drills/{drill_id}/incidents", Resource.DRILL),
    put(
        "/v1/recurring/{recurring_id}",
        Resource.RECURRING,
        {
            "name": "r",
            "owner": {"kind": "everybody"},
            "starts_on": "2026-01-01",
            "every_months": 3,
        },
    ),
    remove("/v1/recurring/{recurring_id}", Resource.RECURRING),
    post(
        "/v1/recurring/{recurring_id}/rounds/{round_id}/done",
        Action.WORK,
        Resource.RECURRING,
        {"note": "n"},
    ),
    post(
        "/v1/recurring/{recurring_id}/rounds/{round_id}/skip",
        Action.WORK,
        Resource.RECURRING,
        {"reason": "r"},
    ),
    post("/v1/risks", Action.EDIT, Resource.RISK, _RISK),
    put("/v1/risks/{risk_id}", Resource.RISK, _RISK),
    post("/v1/risks/{risk_id}/stage", Action.WORK, Resource.RISK, {"to": "do", "note": "n"}),
    post("/v1/risks/{risk_id}/reviews", Action.WORK, Resource.RISK, {"note": "n"}),
    post("/v1/risks/{risk_id}/retire", Action.EDIT, Resource.RISK, {"reason": "r"}),
    post("/v1/risks/{risk_id}/reopen", Action.EDIT, Resource.RISK, {"reason": "r"}),
    Write(method="PUT", route=_RISK_LINK, action=Action.WORK, resource=Resource.RISK),
    Write(method="DELETE", route=_RISK_LINK, action=Action.WORK, resource=Resource.RISK),
    put("/v1/risks/rates/{currency}/{day}", Resource.RISK, {"rate": "7.1", "origin": "o"}),
    remove("/v1/risks/rates/{currency}/{day}", Resource.RISK),
    work(_COST, {"kind": "loss", "amount": "1"}),
    work(f"{_COST}/{{number}}/withdraw", {"reason": "r"}),
    Write(
        method="PUT",
        route="/v1/reviews/{cause_review_id}",
        action=Action.WORK,
        resource=Resource.CAUSE_REVIEW,
        body={},
    ),
    post(
        "/v1/reviews/{cause_review_id}/assign", Action.WORK, Resource.CAUSE_REVIEW, {"owner": "u"}
    ),
    Write(
        method="PUT",
        route="/v1/reviews/{cause_review_id}/departments/{department_id}",
        action=Action.WORK,
        resource=Resource.CAUSE_REVIEW,
    ),
    Write(
        method="DELETE",
        route="/v1/reviews/{cause_review_id}/departments/{department_id}",
        action=Action.APPROVE,
        resource=Resource.CAUSE_REVIEW,
    ),
    post(
        "/v1/reviews/{cause_review_id}/departments/{department_id}/excuse",
        Action.APPROVE,
        Resource.CAUSE_REVIEW,
        {"reason": "r"},
    ),
    post("/v1/reviews/{cause_review_id}/close", Action.CLOSE, Resource.CAUSE_REVIEW),
    # Whoever leads a department may; whether they do is asked of what is there.
    post(
        "/v1/reviews/{cause_review_id}/improvements",
        Action.READ,
        Resource.CAUSE_REVIEW,
        {**_IMPROVEMENT, "department": "none"},
    ),
    Write(
        method="PUT",
        route="/v1/improvements/{improvement_id}",
        action=Action.READ,
        resource=Resource.CAUSE_REVIEW,
        body=_IMPROVEMENT,
    ),
    # Whoever owns it may; whether they do is asked of what is there.
    post(
        "/v1/improvements/{improvement_id}/handover",
        Action.READ,
        Resource.HANDOVER,
        {"tracker": "none"},
    ),
    post("/v1/handovers/{handover_id}/again", Action.READ, Resource.HANDOVER),
    post(
        "/v1/indicators/needs/handover",
        Action.RUN,
        Resource.HANDOVER,
        {"monitor": "none", "tracker": "none"},
    ),
    post(
        "/v1/improvements/{improvement_id}/state",
        Action.READ,
        Resource.CAUSE_REVIEW,
        {"state": "accepted"},
    ),
    put("/v1/departments/{department_id}", Resource.DEPARTMENT, {"name": "d"}),
    remove("/v1/departments/{department_id}", Resource.DEPARTMENT),
    post(
        "/v1/departments/{department_id}/redemptions",
        Action.APPROVE,
        Resource.CAUSE_REVIEW,
        {"row": 1, "improvement": "imp_none"},
    ),
    post("/v1/briefings", Action.EDIT, Resource.BRIEFING, {"brand": "none"}),
    put("/v1/briefings/{briefing_id}", Resource.BRIEFING, {"lead": "l"}),
    post("/v1/briefings/{briefing_id}/approve", Action.APPROVE, Resource.BRIEFING),
    post("/v1/briefings/{briefing_id}/deliver", Action.RUN, Resource.BRIEFING, {}),
    post("/v1/briefings/{briefing_id}/discard", Action.EDIT, Resource.BRIEFING, {"reason": "r"}),
    put("/v1/briefing-schedules/{schedule_id}", Resource.BRIEFING, {"name": "s"}),
    remove("/v1/briefing-schedules/{schedule_id}", Resource.BRIEFING),
    complaint("", {"post": "none"}),
    complaint("/{complaint_id}/assign", {"person": None}),
    complaint("/{complaint_id}/incident", {"incident": None}),
    complaint("/{complaint_id}/draft", {"text": "t"}),
    complaint("/{complaint_id}/said/{deed}", {"channel": "c", "text": "t"}),
    complaint("/{complaint_id}/rating", {"csat": 3}),
    complaint("/{complaint_id}/close", {"reason": "r"}),
    complaint("/{complaint_id}/dismiss", {"reason": "r"}),
    complaint("/{complaint_id}/reopen", {"reason": "r"}),
    complaint("/{complaint_id}/dispute", {"reason": "r"}),
    post(
        "/v1/complaints/{complaint_id}/reveal",
        Action.REVEAL,
        Resource.COMPLAINT,
        {"reason": "to answer"},
    ),
    put("/v1/complaint-rules/{complaint_rule_id}", Resource.COMPLAINT_RULE, {"name": "r"}),
    remove("/v1/complaint-rules/{complaint_rule_id}", Resource.COMPLAINT_RULE),
    post("/v1/posts", Action.EDIT, Resource.POST, wire_post("matrix")),
    post("/v1/hooks/{source_id}", Action.EDIT, Resource.POST, {"rows": []}),
    post("/v1/imports/preview", Action.EDIT, Resource.POST, wire_post("matrix")),
    post("/v1/imports", Action.EDIT, Resource.POST, wire_post("matrix")),
    post("/v1/series", Action.EDIT, Resource.SERIES, {"name": "m", "points": []}),
    remove("/v1/series/{name}", Resource.SERIES),
    post("/v1/topics", Action.EDIT, Resource.TOPIC, {"topics": 3, "to": "2000-01-01T00:00:00Z"}),
    post("/v1/topics/{number}/cancel", Action.EDIT, Resource.TOPIC),
    post("/v1/topics/{number}/activate", Action.EDIT, Resource.TOPIC),
    remove("/v1/topics/{number}", Resource.TOPIC),
    post("/v1/authors/{author}/reveal", Action.REVEAL, Resource.HANDLE, {"reason": "a reason"}),
    post("/v1/posts/{post_id}/reveal", Action.REVEAL, Resource.POST, {"reason": "a reason"}),
    post(
        "/v1/incidents/{incident_id}/reveal",
        Action.REVEAL,
        Resource.INCIDENT,
        {"post": "none", "reason": "a reason"},
    ),
    post(
        "/v1/review/items/{review_id}/reveal",
        Action.REVEAL,
        Resource.REVIEW,
        {"reason": "a reason"},
    ),
    post("/v1/classify", Action.RUN, Resource.CLASSIFICATION, {"text": "好"}),
    review("claim"),
    review("release"),
    review("verdict", {"verdict": "block", "reason": "fraud"}),
    review("escalate", {"reason": "unsure"}),
    post(
        "/v1/review/items/{review_id}/appeals",
        Action.APPEAL,
        Resource.REVIEW,
        {"words": "冤枉"},
    ),
    post("/v1/review/appeals", Action.APPEAL, Resource.REVIEW, {"text": "好", "words": "冤枉"}),
    work("/v1/incidents/{incident_id}/acknowledge"),
    work("/v1/incidents/{incident_id}/respond"),
    work("/v1/incidents/{incident_id}/monitor"),
    work("/v1/incidents/{incident_id}/resolve"),
    post("/v1/incidents/{incident_id}/close", Action.CLOSE, Resource.INCIDENT),
    work("/v1/incidents/{incident_id}/false-positive", {}),
    work("/v1/incidents/{incident_id}/merge", {"into": "inc_none", "reason": "same"}),
    work("/v1/incidents/{incident_id}/tier", {"tier": "red", "reason": "on the news"}),
    work("/v1/incidents/{incident_id}/scenario", {"scenario": "product_quality"}),
    work("/v1/incidents/{incident_id}/comments", {"text": "seen"}),
    work("/v1/incidents/{incident_id}/not-about-us", {"post": "none"}),
    post(
        "/v1/incidents/{incident_id}/statements",
        Action.EDIT,
        Resource.STATEMENT,
        {"title": "说明", "text": "我们正在核实。"},
    ),
    put("/v1/statements/{statement_id}", Resource.STATEMENT, {"text": "好"}),
    post("/v1/statements/{statement_id}/lint", Action.EDIT, Resource.STATEMENT, {"text": "好"}),
    post("/v1/statements/{statement_id}/submit", Action.EDIT, Resource.STATEMENT),
    post(
        "/v1/statements/{statement_id}/approve",
        Action.APPROVE,
        Resource.STATEMENT,
        {"as": "lead"},
    ),
    post(
        "/v1/statements/{statement_id}/send-back",
        Action.APPROVE,
        Resource.STATEMENT,
        {"reason": "r"},
    ),
    post(
        "/v1/statements/{statement_id}/publish",
        Action.EDIT,
        Resource.STATEMENT,
        {"place": "官网"},
    ),
    post(
        "/v1/statements/{statement_id}/withdraw",
        Action.EDIT,
        Resource.STATEMENT,
        {"reason": "r"},
    ),
    Write(
        method="PATCH",
        route="/v1/promises/{promise_id}",
        action=Action.EDIT,
        resource=Resource.STATEMENT,
        body={"owner": "service"},
    ),
    post(
        "/v1/promises/{promise_id}/keep",
        Action.EDIT,
        Resource.STATEMENT,
        {"evidence": "e"},
    ),
    post("/v1/incidents/{incident_id}/evidence/verify", Action.READ, Resource.INCIDENT),
    work("/v1/incidents/{incident_id}/evidence/{post_id}/screenshots", {"content": "iVBORw0KGgo="}),
    work("/v1/incidents/{incident_id}/assign", {"person": "usr_none"}),
    work("/v1/incidents/{incident_id}/handovers/{number}/accept", {}),
    work("/v1/incidents/{incident_id}/handovers/{number}/decline", {}),
    Write(
        method="PUT",
        route="/v1/incidents/{incident_id}/watch",
        action=Action.READ,
        resource=Resource.INCIDENT,
        body={"topics": ["tier"]},
    ),
    Write(
        method="DELETE",
        route="/v1/incidents/{incident_id}/watch",
        action=Action.READ,
        resource=Resource.INCIDENT,
    ),
    work("/v1/incidents/{incident_id}/links", {"to": "inc_none", "kind": "related"}),
    Write(
        method="DELETE",
        route="/v1/incidents/{incident_id}/links/{kind}/{other_id}",
        action=Action.WORK,
        resource=Resource.INCIDENT,
    ),
    work("/v1/incidents/{incident_id}/split", {"posts": ["none"], "reason": "another"}),
    work("/v1/incidents/{incident_id}/reopen", {"reason": "again"}),
    work("/v1/incidents/{incident_id}/team/{role}/accept", {"note": "in the room"}),
    work("/v1/incidents/{incident_id}/team/{role}/decline"),
    put("/v1/contacts/{contact_id}", Resource.CONTACT, {"name": "c", "channels": []}),
    remove("/v1/contacts/{contact_id}", Resource.CONTACT),
    put("/v1/rotas/{rota_id}", Resource.ROTA, {"name": "r", "layers": []}),
    remove("/v1/rotas/{rota_id}", Resource.ROTA),
    put(
        "/v1/duties/{role}",
        Resource.DUTY,
        {"name": "d", "holder": {"kind": "person", "id": "none"}},
    ),
    remove("/v1/duties/{role}", Resource.DUTY),
    put("/v1/chains/{tier}", Resource.CHAIN, {"name": "c", "steps": []}),
    remove("/v1/chains/{tier}", Resource.CHAIN),
    post(
        "/v1/silences",
        Action.EDIT,
        Resource.SILENCE,
        {
            "matcher": {"monitors": ["matrix"]},
            "reason": "planned",
            "until": "2024-03-02T00:00:00Z",
        },
    ),
    post("/v1/silences/{silence_id}/end", Action.EDIT, Resource.SILENCE),
    work("/v1/runs/{incident_id}/steps/{step_id}/done", {"note": "done"}),
    work("/v1/runs/{incident_id}/steps/{step_id}/skip", {"reason": "no need"}),
    work("/v1/runs/{incident_id}/steps/{step_id}/reopen"),
    work(
        "/v1/runs/{incident_id}/steps/{step_id}/delay",
        {"kind": "extend", "minutes": 5, "reason": "r"},
    ),
    post("/v1/runs/{incident_id}/steps/{step_id}/delay/grant", Action.APPROVE, Resource.INCIDENT),
    post("/v1/runs/{incident_id}/steps/{step_id}/delay/refuse", Action.APPROVE, Resource.INCIDENT),
    work("/v1/runs/{incident_id}/steps/{step_id}/resume"),
    put("/v1/monitors/{monitor_id}", Resource.MONITOR, {"name": "m", "query": "a"}),
    remove("/v1/monitors/{monitor_id}", Resource.MONITOR),
    put("/v1/brands/{brand_id}", Resource.BRAND, {"name": "b"}),
    remove("/v1/brands/{brand_id}", Resource.BRAND),
    put(
        "/v1/sources/{source_id}",
        Resource.SOURCE,
        {"kind": "rss", "name": "s", "settings": {"url": "https://news.example/feed"}},
    ),
    put("/v1/indicators/thresholds/{monitor_id}/{name}", Resource.INDICATOR, {"alert": True}),
    remove("/v1/indicators/thresholds/{monitor_id}/{name}", Resource.INDICATOR),
    post("/v1/sources/{source_id}/test", Action.EDIT, Resource.SOURCE),
    post("/v1/sources/{source_id}/pause", Action.EDIT, Resource.SOURCE),
    post("/v1/sources/{source_id}/resume", Action.EDIT, Resource.SOURCE),
    post(
        "/v1/sources/{source_id}/backfill",
        Action.EDIT,
        Resource.SOURCE,
        {"since": "2024-01-01T00:00:00Z"},
    ),
    post("/v1/sources/{source_id}/backfill/stop", Action.EDIT, Resource.SOURCE),
    remove("/v1/sources/{source_id}", Resource.SOURCE),
    put("/v1/channels/{channel_id}", Resource.CHANNEL, {"kind": "recording", "name": "c"}),
    post("/v1/channels/{channel_id}/test", Action.RUN, Resource.CHANNEL),
    post("/v1/channels/{channel_id}/rotate-secret", Action.EDIT, Resource.CHANNEL),
    remove("/v1/channels/{channel_id}", Resource.CHANNEL),
    post("/v1/deliveries/{delivery_id}/replay", Action.RUN, Resource.DELIVERY),
    post("/v1/users", Action.EDIT, Resource.USER, {"name": "matrix", "roles": ["viewer"]}),
    put("/v1/users/{user_id}/roles", Resource.USER, {"roles": ["viewer"]}),
    post("/v1/users/{user_id}/reset", Action.EDIT, Resource.USER),
    post("/v1/users/{user_id}/disable", Action.EDIT, Resource.USER),
    post("/v1/users/{user_id}/enable", Action.EDIT, Resource.USER),
    post("/v1/keys", Action.EDIT, Resource.API_KEY, {"name": "k", "roles": ["classifier"]}),
    remove("/v1/keys/{key_id}", Resource.API_KEY),
)
