"""Drafts: typed text that the browser keeps until the server has it."""

from __future__ import annotations

from nicegui import ui

from service.console.browser import call
from service.console.session import Visit
from service.console.theme import put


def draft(element: ui.element, key: str) -> ui.element:
    """Keep what is typed into a `textarea` or `input` under `key`, for this visitor, for a week.

    It is there again after a reload, a lost connection or a new sign-in. `clear_draft` forgets it.
    """
    return put(element, data_draft=key)


def clear_draft(visit: Visit, key: str) -> None:
    """Forget a draft, once its text has been stored."""
    call(visit.client, "forget", key)
