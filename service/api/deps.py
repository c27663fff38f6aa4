"""What routes are given: the container, the principal, the version of an edit, a page's bounds."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

from service.api.errors import BadJson
from service.api.instant import to_utc
from service.auth import Principal
from service.bootstrap import Container
from service.errors import InvalidInput, Unauthenticated

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


async def _container(request: Request) -> Container:
    container: Container = request.app.state.container
    return container


def principal_of(request: Request) -> Principal:
    """Who asks. Raises Unauthenticated."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise Unauthenticated("send a key as `Authorization: Bearer fsk_…`, or sign in")
    return principal


async def _principal(request: Request) -> Principal:
    # A coroutine, as plain functions are given a thread each time.
    return principal_of(request)


def json_of(request: Request) -> Any:
    """What the body means. Raises BadJson when there is none."""
    if not hasattr(request.state, "json"):
        raise BadJson("the request needs a JSON body")
    return request.state.json


async def _json(request: Request) -> Any:
    return json_of(request)


async def _if_match(
    if_match: Annotated[
        str | None, Header(description="The ETag that was read; 409 when it is not current")
    ] = None,
    if_none_match: Annotated[
        str | None, Header(description="`*` to create only what is not there yet")
    ] = None,
) -> int | None:
    """The version that an edit expects; 0 for what must be new, None for whatever there is."""
    if if_none_match is not None:
        if if_none_match.strip() != "*" or if_match is not None:
            raise InvalidInput(
                "If-None-Match is `*`, without If-Match", errors=[("If-None-Match", "give `*`")]
            )
        return 0
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise InvalidInput(
            "If-Match is no version", errors=[("If-Match", 'the ETag of a read, such as "3"')]
        )
    return int(found.group(1))


class Body(BaseModel):
    """A request's object: unknown keys are refused by name, as are NULs and lone surrogates."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=100_000)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        if (place := unstorable(data)) is not None:
            raise ValueError(f"{place or 'it'} holds a NUL or half of a surrogate pair")
        return data


def unstorable(value: Any, path: str = "") -> str | None:
    """The path of the first string that no database holds, None when all are fine."""
    if isinstance(value, str):
        return path if _UNSTORABLE.search(value) else None
    if isinstance(value, dict):
        for key, item in value.items():
            place = f"{path}.{key}" if path else str(key)
            if isinstance(key, str) and _UNSTORABLE.search(key):
                return f"{path} (a key)"
            if (found := unstorable(item, place)) is not None:
                return found
    if isinstance(value, list):
        for index, item in enumerate(value):
            if (found := unstorable(item, f"{path}[{index}]")) is not None:
                return found
    return None


class Reveal(Body):
    """Why somebody needs to know what is hidden; kept in the audit trail."""

    reason: str


Service = Annotated[Container, Depends(_container)]
Me = Annotated[Principal, Depends(_principal)]
JsonBody = Annotated[Any, Depends(_json)]
Version = Annotated[int | None, Depends(_if_match)]
Limit = Annotated[int, Query(ge=1, le=200, description="Items on one page")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before, unchanged")
]
Instant = Annotated[AwareDatetime, AfterValidator(to_utc)]
