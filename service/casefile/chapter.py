"""What packages above this one add to the file of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal
from service.incidents import Incident


class Chapter(Protocol):
    """One of them."""

    async def of(
        self, connection: AsyncConnection, principal: Principal, incident: Incident
    ) -> Mapping[str, Any]:
        """Values by their keys in the document, without what the principal may not see."""
        ...
