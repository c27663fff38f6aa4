"""What every encoder backend must do. A backend subclasses the suite and gives its fixture."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.encoder.backend import Backend, Prepared
from nlp.encoder.reading import Reading

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
TEXTS = ["好", "差评", "", "普通 的 话", "蠢" * 3, "好差" * 40, "😀", "ＡＢＣ 好", "x" * 300]
# int8 activations are rounded by the range of their batch.
TOLERANCE = 0.02


def readings(backend: Backend, texts: list[str]) -> list[Reading]:
    """One forward pass over all windows of all texts, as a batcher makes it."""
    prepared = backend.prepare(texts)
    outputs = backend.infer([window for item in prepared for window in item.windows])
    found = []
    start = 0
    for item in prepared:
        end = start + len(item.windows)
        own = {name: rows[start:end] for name, rows in outputs.items()}
        found.append(backend.finish(item, own))
        start = end
    return found


def answers(reading: Reading) -> list[float]:
    """Every score of a reading in one list."""
    labels = (reading.sentiment, reading.emotion, reading.intent)
    scores = [score for label in labels if label for score in label.scores.values()]
    return scores if reading.abuse is None else [*scores, reading.abuse]


def ids(prepared: list[Prepared]) -> list[list[list[int]]]:
    return [[window.ids.tolist() for window in item.windows] for item in prepared]


class EncoderBackendContract:
    """Subclass it as Test…, overriding `backend`."""

    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls) -> Backend:
        raise NotImplementedError("a backend is given here")

    # Hypothesis refuses one property run from several subclasses: each makes its own inside.
    def test_any_string_is_answered_with_scores_that_sum_to_one(self, backend: Backend) -> None:
        @settings(max_examples=30)
        @given(text=ANY_TEXT)
        @example("\ud800 lone \udfff")
        @example("\x00")
        @example("👨‍👩‍👧‍👦🏳️‍🌈")
        @example(" \t\r\n\u3000")
        def check(text: str) -> None:
            (reading,) = readings(backend, [text])
            scores = answers(reading)
            assert scores
            assert all(0 <= score <= 1 for score in scores)
            for label in (reading.sentiment, reading.emotion, reading.intent):
                if label is not None:
                    assert math.isclose(sum(label.scores.values()), 1, abs_tol=1e-6)
                    assert label.scores[label.label] == max(label.scores.values())

        check()

    def test_a_text_of_100_000_characters_is_read_to_its_end(self, backend: Backend) -> None:
        # Runs of unknown characters are one token: long, and quick to answer.
        text = ("差评好" + "x" * 297) * 333 + "好"
        (prepared,) = backend.prepare([text])
        assert len(prepared.windows) > 5
        (again,) = backend.prepare([text + "差"])
        assert again.windows[-1].ids.tolist() != prepared.windows[-1].ids.tolist()
        assert answers(backend.finish(prepared, backend.infer(prepared.windows)))

    def test_prepared_texts_keep_their_order(self, backend: Backend) -> None:
        assert [item.text for item in backend.prepare(TEXTS)] == TEXTS

    def test_no_window_is_empty(self, backend: Backend) -> None:
        assert all(w.tokens > 0 for item in backend.prepare(TEXTS) for w in item.windows)

    def test_an_empty_text_has_one_window(self, backend: Backend) -> None:
        assert [len(item.windows) for item in backend.prepare([""])] == [1]

    def test_a_text_is_answered_alike_alone_and_in_any_company(self, backend: Backend) -> None:
        alone = [readings(backend, [text])[0] for text in TEXTS]
        together = readings(backend, TEXTS)
        backwards = readings(backend, TEXTS[::-1])[::-1]
        for one, other, third in zip(alone, together, backwards, strict=True):
            assert np.allclose(answers(one), answers(other), atol=TOLERANCE)
            assert np.allclose(answers(one), answers(third), atol=TOLERANCE)

    def test_different_texts_are_answered_differently(self, backend: Backend) -> None:
        praise, complaint = readings(backend, ["好好好好", "差差差差"])
        assert not np.allclose(answers(praise), answers(complaint), atol=1e-3)

    def test_nothing_to_prepare_is_nothing(self, backend: Backend) -> None:
        assert backend.prepare([]) == []

    def test_nothing_to_infer_is_no_rows(self, backend: Backend) -> None:
        assert all(len(rows) == 0 for rows in backend.infer([]).values())

    def test_outputs_have_a_row_a_window(self, backend: Backend) -> None:
        windows = [window for item in backend.prepare(TEXTS) for window in item.windows]
        outputs = backend.infer(windows)
        assert set(outputs) == backend.tasks
        assert all(len(rows) == len(windows) for rows in outputs.values())

    def test_a_reading_has_what_the_tasks_promise_and_no_more(self, backend: Backend) -> None:
        (reading,) = readings(backend, ["好"])
        parts = {"scenarios": "scenario"}
        given = {
            parts.get(name, name)
            for name in Reading.__dataclass_fields__
            if getattr(reading, name) is not None
        }
        assert given == backend.tasks

    def test_a_vector_has_length_one(self, backend: Backend) -> None:
        for reading in readings(backend, TEXTS):
            if reading.vector is not None:
                assert reading.vector.dtype == np.float32
                assert math.isclose(float(np.linalg.norm(reading.vector)), 1, abs_tol=1e-4)

    def test_the_version_stays(self, backend: Backend) -> None:
        before = backend.version
        readings(backend, TEXTS)
        assert before
        assert backend.version == before

    def test_many_threads_may_prepare_at_once(self, backend: Backend) -> None:
        expected = ids(backend.prepare(TEXTS))
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: ids(backend.prepare(TEXTS)), range(12)))
        assert found == [expected] * 12
