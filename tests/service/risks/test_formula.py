"""The formula that ships, its working in words, and files that are none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.risks.formula import Formula, shipped_formula

LEVEL = st.integers(1, 5)


def test_a_score_by_hand() -> None:
    score = shipped_formula().score(legal=4, user=3, technical=2, likelihood=3)
    assert score.value == Decimal("9.45")
    assert (score.band, score.chance) == ("medium", Decimal("0.30"))
    assert score.working == "(4 × 0.4 + 3 × 0.35 + 2 × 0.25) × 3 = 9.45"
    assert [part.points for part in score.parts] == [
        Decimal("1.60"),
        Decimal("1.05"),
        Decimal("0.50"),
    ]


@pytest.mark.parametrize(("levels", "band"), [((5, 5, 5, 5), "high"), ((1, 1, 1, 1), "low")])
def test_the_ends_of_the_scale(levels: tuple[int, int, int, int], band: str) -> None:
    legal, user, technical, likelihood = levels
    score = shipped_formula().score(
        legal=legal, user=user, technical=technical, likelihood=likelihood
    )
    assert (score.value, score.band) == (Decimal(legal * likelihood), band)


@given(LEVEL, LEVEL, LEVEL, LEVEL)
def test_more_of_anything_is_never_less_of_a_risk(
    legal: int, user: int, technical: int, likelihood: int
) -> None:
    formula = shipped_formula()
    base = formula.score(legal=legal, user=user, technical=technical, likelihood=likelihood)
    assert 1 <= base.value <= 25
    assert sum(part.points for part in base.parts) * likelihood == base.value
    for name in ("legal", "user", "technical", "likelihood"):
        given_levels = {
            "legal": legal,
            "user": user,
            "technical": technical,
            "likelihood": likelihood,
        }
        more = formula.score(**(given_levels | {name: min(5, given_levels[name] + 1)}))
        assert more.value >= base.value


def test_it_is_shown_with_its_weights_and_scales() -> None:
    shown = shipped_formula().shown()
    assert shown["weights"] == {"legal": "0.4", "user": "0.35", "technical": "0.25"}
    assert [item["level"] for item in shown["likelihood"]] == [1, 2, 3, 4, 5]
    assert shown["bands"][-1]["from"] == "0"
    assert "w_legal" in shown["score"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"legal": 0.5, "user": 0.35, "technical": 0.25}},
        {"likelihood": []},
        {"bands": []},
        {"bands": [{"id": "low", "from": 1, "name": {"zh": "低", "en": "low"}}]},
        {"more": 1},
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    plain = shipped_formula().model_dump(mode="json", by_alias=True)
    with pytest.raises(ValidationError):
        Formula.model_validate(plain | wrong)
