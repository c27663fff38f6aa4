"""Any Hugging Face sequence classifier as a backend of one task. Needs the extra [torch]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.encoder.backend import Outputs, Prepared, Window
from nlp.encoder.extra import needs_extra
from nlp.encoder.manifest import Head
from nlp.encoder.pooling import read
from nlp.encoder.reading import Reading
from nlp.encoder.windows import BATCH_TOKENS, PASS_TOKENS, batches, cutter, pad
from nlp.errors import BadModel

if TYPE_CHECKING:
    from nlp.encoder.classifier import Classifier

LONGEST = 512
OVERLAP = 32


class TorchBackend:
    """One classifier, one task. `infer` is for one thread at a time; the rest for any."""

    def __init__(self, classifier: Classifier, *, name: str, task: str) -> None:
        """Raises BadModel where the model does not run on its longest window."""
        self._classifier = classifier
        self._task = task
        self._heads = {task: Head(labels=classifier.labels)}
        self._version = f"{name}-{classifier.digest()[:12]}"
        try:
            self._cutter = cutter(
                classifier.tokenizer,
                longest=classifier.longest,
                overlap=min(OVERLAP, classifier.longest // 4),
                pad_id=classifier.pad_id,
            )
            long = Window(np.full(classifier.longest, classifier.pad_id, np.int64))
            rows = self.infer([*self._cutter.prepare(["a"])[0].windows, long])[task]
        except Exception as error:  # torch's errors share no base but Exception
            raise BadModel(f"{name}: does not run: {error}") from error
        if not np.isfinite(rows).all():
            raise BadModel(f"{name}: answers {rows.tolist()}; its weights are corrupt")

    @classmethod
    def load(
        cls,
        source: str | Path,
        *,
        task: str,
        labels: Mapping[str, str],
        device: str = "auto",
        longest: int = LONGEST,
    ) -> TorchBackend:
        """The classifier of a folder, or of a name on the hub; `labels` maps theirs to ours.

        `device` is one of torch's, or `auto`. Raises ExtraMissing, ModelMissing or BadModel.
        """
        with needs_extra("torch"):
            from nlp.encoder.classifier import open_classifier
        classifier = open_classifier(
            str(source), task=task, labels=labels, longest=longest, device=device
        )
        return cls(classifier, name=Path(source).name, task=task)

    @property
    def version(self) -> str:
        return self._version

    @property
    def tasks(self) -> frozenset[str]:
        return frozenset((self._task,))

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        return self._cutter.prepare(texts)

    def infer(self, windows: Sequence[Window]) -> Outputs:
        rows = np.empty((len(windows), len(self._classifier.labels)), np.float32)
        lengths = [window.tokens for window in windows]
        for places in batches(lengths, budget=BATCH_TOKENS, spare=PASS_TOKENS):
            ids, mask = pad([windows[at] for at in places], pad_id=self._classifier.pad_id)
            rows[places] = self._classifier.logits(ids, mask)
        return {self._task: rows}

    def finish(self, prepared: Prepared, outputs: Outputs) -> Reading:
        return read(self._heads, prepared, outputs)
