"""Webhooks of trackers: what happened to a ticket there, once, proven by a signature."""

from __future__ import annotations

import hashlib
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from service.api.answer import Json
from service.api.deps import Service
from service.api.hooks.signature import check_body, check_headers
from service.delivery.errors import BadSignature
from service.errors import InvalidInput
from service.trackers import Hearing, Tracker, heard_in

router = APIRouter(prefix="/hooks/trackers", include_in_schema=False)

_REFUSED = "no tracker of that name takes what you sent; check its name, the secret and your clock"


@router.post("/{tracker_id}")
async def take(
    tracker_id: Annotated[str, Path(max_length=64)], request: Request, service: Service
) -> Response:
    """What is understood and not followed is answered with 200 too: trackers give up on receivers
    that refuse. `heard` says what it was.
    """
    body: bytes = request.state.body
    tracker = service.handing_over.desk.tracker(tracker_id)
    headers = dict(reversed(request.headers.items()))
    proving = None if tracker is None else tracker.proving
    try:
        if tracker is None or proving is None:
            raise BadSignature(_REFUSED)
        now = service.clock.now()
        check_headers(proving, headers, now=now)
        check_body(proving, headers, body, now=now)
    except BadSignature as error:
        raise BadSignature(_REFUSED) from error
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"the body is no JSON: {error.msg}") from error
    heard = heard_in(tracker, sent)
    if heard is None:
        return Json({"heard": Hearing.NOT_OURS.value})
    notice = _notice(tracker, headers, body)
    found = await service.handing_over.listener.hear(tracker, heard, notice=notice)
    return Json({"heard": found.value})


def _notice(tracker: Tracker, headers: dict[str, str], body: bytes) -> str | None:
    """The event's id, else what tells its body from others: where a body says when, no two are
    alike. Without either the same may be said twice and be meant twice.
    """
    inbound = tracker.form.inbound
    if inbound is None:
        return None
    if inbound.id_header is not None and (name := headers.get(inbound.id_header.lower())):
        return name[:200]
    if headers.get("webhook-id") and inbound.proof.value == "standard":
        return headers["webhook-id"][:200]
    return None if inbound.updated is None else hashlib.sha256(body).hexdigest()
