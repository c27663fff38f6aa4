"""Who asks at a drop-in endpoint: the holder of an API key, sent as their clients send theirs.

A session of the console is no key here: nothing under /compat is for browsers.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection

from service.api.compat.errors import BadKey, NoKey
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.errors import Unauthenticated


async def bearer(request: HTTPConnection) -> Principal:
    """The holder of the bearer key, who may classify. Raises Unauthenticated, Forbidden."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("You didn't provide an API key: Authorization: Bearer fsk_…")
    return await _holder(request, token.strip())


async def bearer_or_key(request: HTTPConnection) -> Principal:
    """The same, the key in a header of Google's or in the address where there is no bearer.

    Raises BadKey and NoKey for those, as Google does.
    """
    if "authorization" in request.headers:
        return await bearer(request)
    key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
    if not key:
        raise NoKey("The request is missing a valid API key: send ?key=fsk_… or a bearer")
    try:
        return await _holder(request, key)
    except Unauthenticated as error:
        raise BadKey("API key not valid. Please pass a valid API key.") from error


async def _holder(request: HTTPConnection, token: str) -> Principal:
    container: Container = request.app.state.container
    principal = await container.keys.authenticate(token)
    # The log names who asked, and never the address, which may hold the key.
    request.state.principal = principal
    principal.require(Action.RUN, Resource.CLASSIFICATION)
    return principal
