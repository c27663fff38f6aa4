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


def following(*tiers: tuple[str, str | None], person_from: str = "red") -> TierTable:
    return TierTable.model_validate(
        {
            "id": "t",
            "tiers": [
                {"id": name, "name": {"zh": name}, "colour": "#000000", "follows": other}
                for name, other in tiers
            ],
            "downgrade_by_person_from": person_from,
        }
    )


def test_a_tier_may_follow_another() -> None:
    made = following(("blue", "yellow"), ("yellow", None), ("red", None))
    assert made.follows == {"blue": "yellow"}


@pytest.mark.parametrize("other", ["pink", "blue", "yellow"])
def test_a_tier_follows_one_that_follows_none(other: str) -> None:
    with pytest.raises(ValidationError, match="blue must follow a tier that follows none"):
        following(("blue", other), ("yellow", "red"), ("red", None))


def test_office_hours_end_below_orange_whoever_lowers_it() -> None:
    tiers = (("blue", None), ("yellow", None), ("orange", None), ("red", None))
    assert following(*tiers, person_from="red").office_tiers == ("blue", "yellow")
    assert following(*tiers, person_from="yellow").office_tiers == ("blue",)
    assert table("minor", "grave", person_from="grave").office_tiers == ("minor",)
