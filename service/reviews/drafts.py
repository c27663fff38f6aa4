"""What somebody wants an improvement to be: checked, trimmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import InvalidInput
from service.incidents.words import is_line
from service.reviews.departments import has_account
from service.reviews.form import words
from service.reviews.model import Improvement, ItemDraft

_TITLE_MAX = 200
_LATEST = timedelta(days=3 * 366)


async def checked(
    connection: AsyncConnection, draft: ItemDraft, *, before: Improvement | None, now: datetime
) -> ItemDraft:
    """The draft as it is kept. Raises InvalidInput with every mistake.

    An owner or a date that stays as it was `before` is not judged again.
    """
    problems: list[tuple[str, str]] = []
    title = words("title", draft.title, problems, most=_TITLE_MAX)
    description = words("description", draft.description, problems)
    if title is None:
        problems.append(("title", "say what is to be done"))
    elif not is_line(title):
        problems.append(("title", "one line, without invisible characters"))
    problems += [
        (name, f"from 1 to 5; {value} given")
        for name in ("impact", "urgency", "effort")
        if not 1 <= (value := getattr(draft, name)) <= 5
    ]
    moved = before is None or draft.due_at != before.due_at
    if moved and not now < draft.due_at <= now + _LATEST:
        problems.append(("due_at", f"later than now, within {_LATEST.days} days"))
    named = draft.owner if before is None or draft.owner != before.owner else None
    if named is not None and not await has_account(connection, named):
        problems.append(("owner", f"no user with an open account: {named}"))
    if problems:
        raise InvalidInput("the improvement cannot be saved like that", errors=problems)
    return replace(draft, title=title or "", description=description or "")
