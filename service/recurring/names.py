"""Ids of duties that another part keeps: no catalogue takes such an id from outside."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from service.db.tables import recurring_duty

_MARK = ":"


def kept_id(keeper: str, subject_id: str) -> str:
    """The id of the duty that `keeper` keeps for a thing of its own."""
    return f"{keeper}{_MARK}{subject_id}"


def is_kept(duty_id: str) -> bool:
    """Whether another part keeps the duty."""
    return _MARK in duty_id


def kept_by_nobody() -> ColumnElement[bool]:
    """The condition on rows that are people's own."""
    return ~recurring_duty.c.id.contains(_MARK)
