"""The stages without a line."""

import pytest

from nlp.batching.straight import answers
from tests.support.gated_stages import GatedStages


def test_answers_come_in_order_whatever_the_lengths() -> None:
    items = ["a:150", "b:20*3", "c:40", "d:20*0"]
    assert answers(GatedStages(), items, batch_tokens=2_048) == [item.upper() for item in items]


def test_like_lengths_go_together() -> None:
    stages = GatedStages()
    answers(stages, ["a:150", "b:20", "c:150", "d:21"], batch_tokens=2_048)
    assert stages.inferred == [["b:20", "d:21"], ["a:150", "c:150"]]


def test_what_is_prepared_at_a_time_is_bounded() -> None:
    stages = GatedStages()
    answers(stages, ["x:20"] * 300, batch_tokens=2_048)
    assert list(map(len, stages.prepared)) == [256, 44]


def test_long_texts_are_prepared_few_at_a_time() -> None:
    stages = GatedStages()
    answers(stages, ["a:100*400", "b:100*400", "c:20"], batch_tokens=2_048)
    assert stages.prepared == [["a:100*400"], ["b:100*400", "c:20"]]


@pytest.mark.parametrize("step", ["prepare", "infer", "finish"])
def test_an_error_of_a_step_is_raised(step: str) -> None:
    with pytest.raises(RuntimeError, match=f"{step} failed on bad-{step}"):
        answers(GatedStages(), ["a:20", f"bad-{step}:20"], batch_tokens=2_048)


def test_nothing_in_nothing_out() -> None:
    assert answers(GatedStages(), [], batch_tokens=1) == []
