"""Drafts that a catalogue keeps as an id, a name, and one JSON body of all the rest."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Row


class Draft(Protocol):
    """A dataclass with an id of people's choosing and a name."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


DraftT = TypeVar("DraftT", bound=Draft)


class Bodied(Generic[DraftT]):
    """One kind of draft: from a file's entry, and to and from a row's `body`."""

    def __init__(self, kind: type[DraftT]) -> None:
        self._adapter = TypeAdapter(kind)
        self._body = set(kind.__dataclass_fields__) - {"id", "name"}

    def read(self, entry: Any) -> DraftT:
        """An entry of a file; `name` may be left out: the id serves. Raises ValidationError."""
        if isinstance(entry, dict) and "name" not in entry:
            entry = {**entry, "name": entry.get("id")}
        return self._adapter.validate_python(entry)

    def body(self, draft: DraftT) -> dict[str, Any]:
        """All but id and name, as JSON; of an item, what its draft says."""
        plain: dict[str, Any] = self._adapter.dump_python(draft, mode="json", include=self._body)
        return plain

    def of(self, row: Row[Any]) -> DraftT:
        """The draft in a row of the catalogue."""
        return self._adapter.validate_python({"id": row.id, "name": row.name, **row.body})
