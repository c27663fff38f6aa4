"""`risk.yaml`: what cannot be meant is refused, each mistake at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import check_content, load_library
from tests.playbooks.sample import write_content

SOUND = """\
id: risk
parts:
  - id: mood
    name: {zh: 情绪, en: Mood}
    weight: 60
    of:
      - {fact: negative_share_1h, none: 0.3, full: 0.9}
  - id: volume
    name: {zh: 声量, en: Volume}
    weight: 40
    of:
      - {fact: negative_1h, none: 5, full: 200, scale: log}
"""


MEASURE = "\n      - {fact: negative_1h, none: 5, full: 200, scale: log}\n"


def test_content_may_have_a_risk_table_and_need_not(tmp_path: Path) -> None:
    assert load_library(write_content(tmp_path / "none", {})).risk is None
    risk = load_library(write_content(tmp_path / "some", {"risk.yaml": SOUND})).risk
    assert risk is not None
    assert [part.id for part in risk.parts] == ["mood", "volume"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("weight: 60", "weight: 50", 1, "the weights come to 90, not to 100 [bad_value]"),
        ("id: volume", "id: mood", 1, "mood is there twice [bad_value]"),
        ("full: 0.9", "full: 0.2", 7, "must be above `none` [bad_value]"),
        (MEASURE, " []\n", 8, "`of` of volume names no fact [bad_value]"),
        ("none: 5", "none: 0", 12, "must be above 0 on a scale that is `log` [bad_value]"),
        ("full: 0.9", "full: 9", 7, "never 9: at most 1 [threshold_out_of_range]"),
        ("negative_1h", "negatives_1h", 12, "did you mean negative_1h? docs/measures.md"),
        ("negative_1h, none", "contained, none", 12, "is a truth: only numbers are weighed"),
        ("{zh: 情绪, en: Mood}", "{zh: 情绪}", 4, "has no English text"),
    ],
)
def test_a_table_that_cannot_be_meant_is_named_where_it_stands(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    broken = SOUND.replace(old, new)
    assert broken != SOUND
    (said,) = check_content(write_content(tmp_path, {"risk.yaml": broken})).lines
    assert message in said
    assert f"risk.yaml:{line}:" in said
