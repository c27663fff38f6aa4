"""Trackers on loopback, judges for `webhook_receiver`: shaped like Jira and GitHub's issues.

Strict as theirs: a token, JSON, transitions by number. People press buttons there by `press` and
`delete`; what each says to a webhook is in `events`, signed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.support.providers.robots import answer, body_of, query_of
from tests.support.webhook_receiver import Received, Reply

TOKEN = "tracker-token-0123456789"
SECRET = "tracker-secret-0123456789"
HTML = Reply(body=b"<html><title>Sign in</title></html>", headers={"content-type": "text/html"})
DOWN = Reply(status=503, body=b"upstream down")
TRANSITIONS = {"11": "To Do", "21": "In Progress", "31": "Done", "41": "Won't Do"}


@dataclass
class Ticket:
    key: str
    fields: Mapping[str, Any]
    state: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook as it would be sent."""

    body: bytes
    headers: Mapping[str, str]


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class JiraLike:
    """`lose` drops the answers to so many creations: the ticket is there, and nobody knows."""

    now: Callable[[], datetime]
    tickets: dict[str, Ticket] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lose: int = 0
    made: int = 0

    def __call__(self, request: Received) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return answer(401, errorMessages=[f"no such token {TOKEN}"], errors={})
        path = request.path.partition("?")[0]
        if request.method == "POST" and path == "/rest/api/2/issue":
            return self._create(body_of(request))
        if path == "/rest/api/2/search":
            label = unquote(query_of(request)["jql"]).removeprefix("labels=")
            keys = [item for item in self.tickets.values() if label in item.fields["labels"]]
            return answer(issues=[{"key": item.key} for item in keys])
        found = re.fullmatch(r"/rest/api/2/issue/([A-Z]+-\d+)(/transitions)?", path)
        ticket = None if found is None else self.tickets.get(found[1])
        if found is None or ticket is None:
            return answer(404, errorMessages=["Issue Does Not Exist"], errors={})
        if found[2] is None:
            return answer(key=ticket.key, fields=_shown(ticket))
        target = TRANSITIONS.get(body_of(request).get("transition", {}).get("id", ""))
        if target is None or target == ticket.state:
            return answer(400, errorMessages=["It is not on the appropriate screen"], errors={})
        self.press(ticket.key, target)
        return Reply(status=204, body=b"")

    def _create(self, body: Mapping[str, Any]) -> Reply:
        fields = body.get("fields", {})
        if not fields.get("summary") or "\n" in fields["summary"]:
            return answer(400, errorMessages=[], errors={"summary": "You must specify a summary"})
        self.made += 1
        key = f"OPS-{self.made}"
        self.tickets[key] = Ticket(key=key, fields=fields, state="To Do", updated=self.now())
        if self.lose:
            self.lose -= 1
            return Reply(drop=True)
        return answer(201, id=str(10_000 + self.made), key=key)

    def press(self, key: str, state: str) -> Event:
        """Somebody there moves the ticket."""
        ticket = self.tickets[key]
        ticket.state, ticket.updated = state, self.now()
        return self._say("jira:issue_updated", ticket)

    def edit(self, key: str) -> Event:
        """Somebody there writes into the ticket, which stays in its state."""
        ticket = self.tickets[key]
        ticket.updated = self.now()
        return self._say("jira:issue_updated", ticket)

    def delete(self, key: str) -> Event:
        return self._say("jira:issue_deleted", self.tickets.pop(key))

    def _say(self, kind: str, ticket: Ticket) -> Event:
        body = json.dumps(
            {"webhookEvent": kind, "issue": {"key": ticket.key, "fields": _shown(ticket)}},
            ensure_ascii=False,
        ).encode()
        event = Event(
            body=body,
            headers={
                "content-type": "application/json",
                "x-hub-signature": signature(body),
                "x-atlassian-webhook-identifier": f"event-{len(self.events) + 1}",
            },
        )
        self.events.append(event)
        return event


def _shown(ticket: Ticket) -> dict[str, Any]:
    updated = ticket.updated.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return {"status": {"name": ticket.state}, "updated": updated}


@dataclass
class GitHubLike:
    """Issues of one repository: open, or closed with a reason."""

    now: Callable[[], datetime]
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return answer(401, message="Bad credentials")
        path = request.path.partition("?")[0]
        if path == "/search/issues":
            return answer(items=[])
        found = re.fullmatch(r"/repos/example/tasks/issues(?:/(\d+))?", path)
        if found is None:
            return answer(404, message="Not Found")
        if found[1] is None:
            number = len(self.issues) + 1
            self.issues[number] = {"number": number, "state": "open", "state_reason": None}
            self.issues[number] |= {"title": body_of(request)["title"]}
        else:
            number = int(found[1])
        if number not in self.issues:
            return answer(410, message="This issue was deleted")
        issue = self.issues[number]
        if request.method == "PATCH":
            body = body_of(request)
            issue |= {"state": body["state"], "state_reason": body.get("state_reason")}
            if body["state"] == "open":
                issue["state_reason"] = "reopened"
        issue["updated_at"] = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return answer(201 if found[1] is None else 200, **issue)
