"""PagerDuty's webhooks: acknowledging or resolving there does it here, once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from service.api.acknowledging import follow
from service.api.answer import Json
from service.api.deps import Service
from service.delivery.channels.pagerduty_inbound import HEADER, notice_of, verify
from service.delivery.errors import BadSignature
from service.monitors import ChannelKind

router = APIRouter(prefix="/hooks/pagerduty", include_in_schema=False)

_REFUSED = "no channel of that name takes what you sent; check its name and the webhook's secret"


@router.post("/{channel_id}")
async def take(
    channel_id: Annotated[str, Path(max_length=64)], request: Request, service: Service
) -> Response:
    """Proven by the signature over the body alone. What is understood and not followed is answered
    with 200 too: PagerDuty switches off a webhook whose calls are refused.
    """
    body: bytes = request.state.body
    targets = {target.id: target for target in await service.channels.targets()}
    target = targets.get(channel_id)
    secrets: tuple[str, ...] = ()
    if target is not None and target.kind == ChannelKind.PAGERDUTY and target.enabled:
        secrets = target.secrets[1:]
    try:
        verify(secrets, request.headers.get(HEADER, ""), body)
    except BadSignature as error:
        raise BadSignature(_REFUSED) from error
    return Json({"done": await follow(service, channel_id, notice_of(body))})
