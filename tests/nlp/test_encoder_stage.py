"""Several backends as one, with a cache in front."""

from collections.abc import Sequence

import numpy as np
import pytest

from nlp.batching import Failure
from nlp.batching.attempt import each
from nlp.component import Draft
from nlp.encoder.backend import Outputs, Window
from nlp.encoder_stage import EncoderStage
from nlp.reading_cache import ReadingCache
from nlp.text.normalizer import NormalText
from tests.support.fake_backend import ALL_TASKS, FakeBackend

SENTIMENT = frozenset({"sentiment"})


def read(stage: EncoderStage, *texts: str) -> list[Draft]:
    """The drafts after one batch for all."""
    drafts = [Draft(text=text, normal=NormalText(text, text)) for text in texts]
    enquiries = stage.enquire(drafts)
    parts = [part for enquiry in enquiries for part in enquiry.parts]
    outputs = iter(each(stage.infer, parts))
    for enquiry in enquiries:
        stage.fill(enquiry, [next(outputs) for _ in enquiry.parts])
    return drafts


def sentiments(drafts: list[Draft]) -> list[str | None]:
    return [draft.sentiment.label if draft.sentiment else None for draft in drafts]


def test_the_first_backend_of_a_task_answers_it() -> None:
    own = FakeBackend(version="own", tasks=SENTIMENT, longest=3)
    shipped = FakeBackend(version="shipped")
    stage = EncoderStage([own, shipped])
    [draft] = read(stage, "差字骂")
    assert stage.tasks == ALL_TASKS
    assert stage.version == "own+shipped"
    assert draft.abuse == 1.0
    assert sentiments([draft]) == ["negative"]
    assert (own.batches, shipped.batches) == ([[3]], [[3]])


def test_a_backend_without_a_task_left_is_not_run() -> None:
    idle = FakeBackend(version="idle", tasks=SENTIMENT)
    stage = EncoderStage([FakeBackend(), idle])
    read(stage, "好")
    assert (stage.version, idle.batches) == ("fake-1", [])


def test_no_backend_leaves_the_draft_alone() -> None:
    stage = EncoderStage([])
    [draft] = read(stage, "好")
    assert (stage.tasks, stage.version, draft.sentiment, draft.degraded) == (
        frozenset(),
        "",
        None,
        [],
    )


def test_a_known_text_costs_no_window() -> None:
    backend = FakeBackend()
    stage = EncoderStage([backend])
    [first], [second, _] = read(stage, "很好"), read(stage, "很好", "很差")
    assert backend.batches == [[2], [2]]
    assert first.sentiment == second.sentiment
    assert first.vector is not None
    assert second.vector is not None
    assert np.array_equal(first.vector, second.vector)


def test_one_of_two_backends_may_know_a_text() -> None:
    cache = ReadingCache()
    own, shipped = FakeBackend(version="own", tasks=SENTIMENT), FakeBackend(version="shipped")
    read(EncoderStage([own], cache=cache), "很差")
    [draft] = read(EncoderStage([own, shipped], cache=cache), "很差")
    assert (own.batches, shipped.batches) == ([[2]], [[2]])
    assert (sentiments([draft]), draft.degraded) == (["negative"], [])


@pytest.mark.parametrize("text", ["", " ", "!!…", "http://a.example/b"])
def test_a_text_without_words_is_neutral_without_a_model(text: str) -> None:
    backend = FakeBackend()
    [draft] = read(EncoderStage([backend]), text)
    assert (sentiments([draft]), draft.degraded, backend.batches) == (["neutral"], [], [])
    assert (draft.abuse, draft.vector) == (0.0, None)


@pytest.mark.parametrize("step", ["unprepared", "uninferred", "unfinished"])
def test_a_failure_spoils_one_text(step: str, caplog: pytest.LogCaptureFixture) -> None:
    backend = FakeBackend()
    setattr(backend, step, lambda text: "坏" in text)
    stage = EncoderStage([backend])
    drafts = read(stage, "很好", "坏了", "很差")
    assert sentiments(drafts) == ["positive", None, "negative"]
    assert [len(draft.degraded) for draft in drafts] == [0, 6, 0]
    assert caplog.messages == ["analysis.encoder_failed"]


def test_a_failure_spoils_only_the_tasks_of_its_backend() -> None:
    broken = FakeBackend(version="own", tasks=SENTIMENT, uninferred=lambda _text: True)
    [draft] = read(EncoderStage([broken, FakeBackend()]), "骂")
    assert (draft.degraded, draft.abuse) == (["sentiment"], 1.0)


def test_a_failure_is_not_kept() -> None:
    backend = FakeBackend(uninferred=lambda _text: True)
    stage = EncoderStage([backend])
    read(stage, "好")
    backend.uninferred = lambda _text: False
    assert sentiments(read(stage, "好")) == ["positive"]


class _Short(FakeBackend):
    """Loses a row."""

    def infer(self, windows: Sequence[Window]) -> Outputs:
        return {name: rows[1:] for name, rows in super().infer(windows).items()}


def test_outputs_that_lose_a_row_are_refused() -> None:
    stage = EncoderStage([_Short()])
    [draft] = read(stage, "好")
    assert "sentiment" in draft.degraded


def test_a_missing_window_spoils_the_whole_text() -> None:
    stage = EncoderStage([FakeBackend()])
    [enquiry] = stage.enquire([Draft(text="", normal=NormalText("", "好" * 12))])
    [first, _] = stage.infer(enquiry.parts)
    stage.fill(enquiry, [first, Failure(ValueError("lost"))])
    expected = ["sentiment", "emotion", "intent", "abuse", "scenario", "moderation"]
    assert enquiry.draft.degraded == expected
