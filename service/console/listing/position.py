"""Where a page of a list begins, in an address: an instant and the id of the row before."""

from __future__ import annotations

from datetime import datetime

from service.errors import InvalidInput

Position = tuple[datetime, str]
_LONGEST_ID = 100


def cursor_of(position: Position) -> str:
    """The position in an address; the instant has its zone."""
    return f"{position[0].isoformat()} {position[1]}"


def position_of(cursor: str | None) -> Position | None:
    """The position of an address, None where it has none: the front.

    Raises InvalidInput for what no address had from here.
    """
    if cursor is None:
        return None
    at, _, row_id = cursor.partition(" ")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not row_id:
        raise InvalidInput("no page of this list begins there", errors=[("after", "begin anew")])
    return instant, row_id.replace("\x00", "")[:_LONGEST_ID]
