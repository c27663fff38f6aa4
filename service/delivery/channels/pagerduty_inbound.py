"""PagerDuty's webhooks v3: who pressed what there, proven by a signature over the body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from service.delivery.channels.escaping import plain
from service.delivery.errors import BadSignature
from service.errors import InvalidInput

HEADER = "x-pagerduty-signature"
_LONGEST = 2_000


class Pressed(StrEnum):
    """What somebody did to the incident there, of what means something here."""

    ACKNOWLEDGED = "incident.acknowledged"
    RESOLVED = "incident.resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event. `pressed` is None for what we do not follow; `by` is the person's name there and
    None where no person did it: a time-out, or our own call coming back.
    """

    id: str
    pressed: Pressed | None
    key: str
    by: str | None


def verify(secrets: Sequence[str], header: str, body: bytes) -> None:
    """Raise BadSignature unless one of `v1=HEX[,v1=HEX]` is by one of our secrets.

    Takes the same time wherever they differ.
    """
    offered = [item.strip() for item in header[:_LONGEST].split(",")]
    good = False
    for secret in secrets:
        ours = "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        for each in offered:
            good |= hmac.compare_digest(ours.encode(), each.encode("utf-8", "replace"))
    if not good:
        raise BadSignature("the signature is by no secret of this channel")


def notice_of(body: bytes) -> Notice:
    """The event in a body. Raises InvalidInput for one without an event and its id."""
    try:
        event = _mapping(_mapping(orjson.loads(body)).get("event"))
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"the body is no JSON: {error.msg}") from error
    event_id = event.get("id")
    if not isinstance(event_id, str) or not 0 < len(event_id) <= 200:
        raise InvalidInput("the body has no event with an id")
    kind = event.get("event_type")
    data, agent = _mapping(event.get("data")), _mapping(event.get("agent"))
    person = agent.get("type") in ("user_reference", "user")
    name = plain(str(agent.get("summary") or agent.get("id") or ""))[:60]
    return Notice(
        id=event_id,
        pressed=Pressed(kind) if kind in tuple(Pressed) else None,
        key=str(data.get("incident_key") or "")[:255],
        by=(name or "somebody") if person else None,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
