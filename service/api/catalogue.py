"""What the four catalogues (brands, monitors, sources, channels) share over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from starlette.responses import Response

from service.api.answer import Json
from service.auth import Principal
from service.monitors import SaveChange, Saved
from service.monitors.catalogue import Catalogue, Named

DraftT = TypeVar("DraftT", bound=Named)
ItemT = TypeVar("ItemT", bound=Named)
View = Callable[[Any], Mapping[str, Any]]


async def save(
    catalogue: Catalogue[DraftT, ItemT],
    me: Principal,
    draft: DraftT,
    *,
    version: int | None,
    view: View,
) -> Response:
    """Create (201) or change (200) at the version expected; the ETag is that of the outcome."""
    return saved(await catalogue.put(me, draft, version=version), view=view)


def saved(outcome: Saved[Any], *, view: View) -> Response:
    """The thing as it is now, with the secret that is shown this once where there is one."""
    body = dict(view(outcome.item))
    if outcome.new_secret is not None:
        body["secret"] = outcome.new_secret
    status = 201 if outcome.change is SaveChange.CREATED else 200
    return Json(body, status=status, version=outcome.item.version)
