"""Whether a transaction failed only because another one was there first."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

_LOCK_NOT_AVAILABLE, _DEADLOCK, _NOT_SERIALIZABLE = "55P03", "40P01", "40001"
_STATES = frozenset({_LOCK_NOT_AVAILABLE, _DEADLOCK, _NOT_SERIALIZABLE})


def contended(error: BaseException) -> bool:
    """Whether PostgreSQL refused to wait, or chose this one of two that waited for each other.

    The same transaction made again a moment later is as good as new. Never so on SQLite, where
    writers queue before they begin.
    """
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _STATES
