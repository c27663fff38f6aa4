"""One bad item spoils only itself."""

from collections.abc import Sequence

from nlp.batching.attempt import each, finished
from nlp.batching.stages import Failure
from tests.support.gated_stages import GatedStages


def _doubled(given: Sequence[int]) -> list[int]:
    if 13 in given:
        raise ValueError("unlucky")
    return [2 * number for number in given]


def test_all_at_once_when_all_is_well() -> None:
    calls: list[list[int]] = []

    def step(given: Sequence[int]) -> list[int]:
        calls.append(list(given))
        return _doubled(given)

    assert each(step, [1, 2, 3]) == [2, 4, 6]
    assert calls == [[1, 2, 3]]


def test_one_by_one_when_the_batch_fails() -> None:
    good, bad, other = each(_doubled, [1, 13, 3])
    assert (good, other) == (2, 6)
    assert isinstance(bad, Failure)
    assert str(bad.error) == "unlucky"


def test_a_step_that_loses_items_has_failed() -> None:
    outcomes = each(lambda given: given[1:], [1, 2])
    assert [isinstance(outcome, Failure) for outcome in outcomes] == [True, True]


def test_finish_answers_its_error() -> None:
    outcome = finished(GatedStages(), "bad-finish:20", [])
    assert isinstance(outcome, Failure)
