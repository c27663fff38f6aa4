"""Acknowledge links: GET shows, POST acts once. Chat programs fetch links for previews."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path
from starlette.responses import Response

from service.api.acknowledge_page import language_of, language_wanted, page
from service.api.acknowledging import Answered, Standing, acknowledge, look, named
from service.api.deps import Service
from service.bootstrap import Container
from service.delivery.channels.links import LONGEST, PATH, Link
from service.delivery.channels.wording import Language, Words, terms_of
from service.delivery.errors import BadLink, EndedLink
from service.errors import NotFound

router = APIRouter(prefix=PATH.rstrip("/"), include_in_schema=False)

Token = Annotated[str, Path(max_length=LONGEST)]
Accepted = Annotated[str, Header(alias="accept-language")]


@router.get("/{token}")
async def show(token: Token, service: Service, accepted: Accepted = "") -> Response:
    return await _answer(service, token, look, accepted)


@router.post("/{token}")
async def act(token: Token, service: Service, accepted: Accepted = "") -> Response:
    return await _answer(service, token, acknowledge, accepted)


async def _answer(
    service: Container,
    token: str,
    deed: Callable[[Container, Link], Awaitable[Answered]],
    accepted: str,
) -> Response:
    language = language_wanted(accepted)
    try:
        link = service.links.read(token, now=service.clock.now())
        language = await _language(service, link.channel_id)
        answered = await named(service, link, await deed(service, link))
    except BadLink:
        answered = Answered(standing=Standing.UNKNOWN)
    except EndedLink:
        answered = Answered(standing=Standing.ENDED)
    return page(
        answered,
        words=Words(language=language, zone=service.settings.zone),
        terms=terms_of(service.library),
        console=f"{service.settings.public_url}/console/incidents",
    )


async def _language(service: Container, channel_id: str) -> Language:
    try:
        return language_of((await service.channels.get(channel_id)).settings)
    except NotFound:
        return Language.ZH
