"""What went wrong, for the person at the page: what happened, what to do, where to find it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError

from service.auth import Role, RoleMissing
from service.console.i18n import Words
from service.errors import NotFound, ServiceError

_UNAVAILABLE = 503
_INTERNAL = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error in words. `detail` is the service's own, and may quote anything; `reference` is in
    the log too; `again` is whether trying once more can help."""

    status: int
    title: str
    hint: str
    detail: str = ""
    reference: str = ""
    again: bool = False


def roles_needed(words: Words, roles: Collection[Role]) -> str:
    """Which roles may do it. Who has them is not told."""
    named = words("list.comma").join(words.choice("user_role", role) for role in sorted(roles))
    return words("trouble.no_permission_hint", roles=named)


def trouble_of(error: Exception, words: Words, *, where: str) -> Trouble:
    """The error in the visitor's language; what nobody foresaw goes to the log, with `where`."""
    if isinstance(error, NotFound):
        return Trouble(
            status=error.status,
            title=words("trouble.not_found"),
            hint=words("trouble.not_found_hint"),
            detail=error.detail,
        )
    if isinstance(error, ServiceError) and error.status == _UNAVAILABLE:
        return Trouble(
            status=error.status,
            title=words("trouble.store"),
            hint=words("trouble.store_hint"),
            detail=error.detail,
            again=True,
        )
    if isinstance(error, ServiceError) and error.status != _INTERNAL:
        return Trouble(
            status=error.status,
            title=words.choice("error", error.code),
            hint=words("trouble.refused_hint"),
            detail=roles_needed(words, error.needed)
            if isinstance(error, RoleMissing)
            else error.detail,
        )
    reference = secrets.token_hex(4)
    log.error("console.page_failed", reference=reference, where=where, exc_info=error)
    if isinstance(error, DBAPIError | ConnectionError | TimeoutError):
        return Trouble(
            status=_UNAVAILABLE,
            title=words("trouble.database"),
            hint=words("trouble.store_hint"),
            reference=reference,
            again=True,
        )
    return Trouble(
        status=_INTERNAL,
        title=words("trouble.internal"),
        hint=words("trouble.internal_hint"),
        reference=reference,
        again=True,
    )
