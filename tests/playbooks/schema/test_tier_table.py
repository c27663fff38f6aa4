from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from playbooks.schema import TierTable


def table(*ids: str, person_from: str = "a") -> TierTable:
    tiers: list[Any] = [{"id": name, "name": {"zh": name}, "colour": "#000000"} for name in ids]
    return TierTable.model_validate(
        {"id": "t", "tiers": tiers, "downgrade_by_person_from": person_from}
    )


def test_ids_are_lowest_first() -> None:
    assert table("a", "b").ids == ("a", "b")


@pytest.mark.parametrize(
    ("ids", "person_from", "message"),
    [
        (("a", "a"), "a", "same id"),
        (("a", "all"), "a", "cannot be called `all`"),
        (("a", "b"), "c", "must be one of a, b"),
        ((), "a", "at least 1 item"),
    ],
)
def test_inconsistent_tables(ids: tuple[str, ...], person_from: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        table(*ids, person_from=person_from)
