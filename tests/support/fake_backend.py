"""An encoder backend without a model: words decide, and it can be told to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.analysis import CategoryScore, Label, ScenarioScore
from nlp.encoder.backend import Outputs, Prepared, Window
from nlp.encoder.reading import Reading

ALL_TASKS = frozenset(
    ("sentiment", "emotion", "intent", "abuse", "scenario", "moderation", "vector")
)


def never(_text: str) -> bool:
    return False


@dataclass
class FakeBackend:
    """A token a character, windows of `longest`; 好 is good, 差 bad, 骂 abusive, 停 an outage,
    赌 a bet."""

    version: str = "fake-1"
    tasks: frozenset[str] = ALL_TASKS
    longest: int = 8
    unprepared: Callable[[str], bool] = never
    uninferred: Callable[[str], bool] = never
    unfinished: Callable[[str], bool] = never
    batches: list[list[int]] = field(default_factory=list)
    """Tokens of each window, a list a call of `infer`."""

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        if any(map(self.unprepared, texts)):
            raise ValueError("cannot be prepared")
        return [Prepared(text, self._windows(text)) for text in texts]

    def infer(self, windows: Sequence[Window]) -> Outputs:
        self.batches.append([window.tokens for window in windows])
        texts = ["".join(map(chr, window.ids)) for window in windows]
        if any(map(self.uninferred, texts)):
            raise RuntimeError("the model broke")
        counts = [[text.count(sign) for sign in "差好骂停赌"] for text in texts]
        return {"counts": np.array(counts, np.float32)}

    def finish(self, prepared: Prepared, outputs: Outputs) -> Reading:
        if self.unfinished(prepared.text):
            raise ValueError("cannot be finished")
        assert len(outputs["counts"]) == len(prepared.windows)
        bad, good, abusive, down, bets = outputs["counts"].sum(axis=0)
        label = "negative" if bad > good else "positive" if good > bad else "neutral"
        labels = ("negative", "neutral", "positive")
        return Reading(
            sentiment=Label(label=label, scores={name: float(name == label) for name in labels}),
            emotion=Label(label="angry" if bad else "neutral", scores={"angry": 1.0}),
            intent=Label(label="complaint" if bad else "other", scores={"other": 1.0}),
            abuse=1.0 if abusive else 0.0,
            scenarios=(ScenarioScore(scenario="outage", score=0.75),) if down else (),
            moderation=(CategoryScore(category="gambling", score=0.95),) if bets else (),
            vector=np.array([0.6, 0.8 + 1e-6 * bad], np.float32),
        )

    def _windows(self, text: str) -> tuple[Window, ...]:
        starts = range(0, max(1, len(text)), self.longest)
        pieces = [text[start : start + self.longest] for start in starts]
        return tuple(Window(np.array([ord(sign) for sign in piece], np.int64)) for piece in pieces)
