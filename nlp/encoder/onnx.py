"""The default backend: a folder with manifest.json, run by ONNX Runtime on the CPU."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.encoder.backend import Outputs, Prepared, Window
from nlp.encoder.heads import VECTOR
from nlp.encoder.manifest import MODEL, TOKENIZER, Manifest, read_manifest
from nlp.encoder.ngrams import NgramModel, read_ngrams
from nlp.encoder.pooling import read
from nlp.encoder.reading import Reading
from nlp.encoder.windows import BATCH_TOKENS, PASS_TOKENS, Cutter, batches, cutter, pad
from nlp.errors import BadModel

if TYPE_CHECKING:
    import onnxruntime

_INPUTS = ("input_ids", "attention_mask")


class OnnxBackend:
    """A served model. `infer` is for one thread at a time; `prepare` and `finish` for any."""

    def __init__(
        self,
        manifest: Manifest,
        cut: Cutter,
        session: onnxruntime.InferenceSession,
        companion: NgramModel | None,
    ) -> None:
        self.manifest = manifest
        self._cutter = cut
        self._session = session
        self._companion = companion
        self._outputs = sorted(manifest.answers)
        self._version = manifest.identity

    @classmethod
    def load(cls, folder: Path, *, threads: int | None = None) -> OnnxBackend:
        """The model of a folder, tried once; `threads` is that of one pass, default the cores.

        Raises ModelMissing or BadModel.
        """
        manifest = read_manifest(folder)
        try:
            cut = cutter(
                Tokenizer.from_file(str(folder / TOKENIZER)),
                longest=manifest.longest,
                overlap=manifest.overlap,
                pad_id=manifest.pad_id,
            )
        except Exception as error:  # the library raises bare Exception
            raise BadModel(f"{folder / TOKENIZER}: {error}; export the model again") from error
        companion = None
        if manifest.companion is not None:
            labels = {task: len(head.labels) for task, head in manifest.tasks.items()}
            path = folder / manifest.companion.file
            companion = read_ngrams(path, companion=manifest.companion, labels=labels)
        backend = cls(manifest, cut, open_session(folder / MODEL, threads=threads), companion)
        backend._try(folder / MODEL)
        return backend

    @property
    def version(self) -> str:
        return self._version

    @property
    def tasks(self) -> frozenset[str]:
        return self.manifest.answers

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        return self._cutter.prepare(texts)

    def infer(self, windows: Sequence[Window]) -> Outputs:
        """Rows in the order of `windows`, whatever passes they went through."""
        lengths = [window.tokens for window in windows]
        groups = batches(lengths, budget=BATCH_TOKENS, spare=PASS_TOKENS)
        if len(groups) == 1 and groups[0] == list(range(len(windows))):
            return self._run(windows)
        whole = {
            name: np.empty((len(windows), self._width(name)), np.float32) for name in self._outputs
        }
        for places in groups:
            for name, rows in self._run([windows[place] for place in places]).items():
                whole[name][places] = rows
        return whole

    def finish(self, prepared: Prepared, outputs: Outputs) -> Reading:
        if self._companion is None:
            return read(self.manifest.tasks, prepared, outputs)
        extra = self._companion.log_odds(prepared.text)
        return read(self.manifest.tasks, prepared, outputs, companion=extra)

    def _width(self, name: str) -> int:
        return self.manifest.vector if name == VECTOR else len(self.manifest.tasks[name].labels)

    def _run(self, windows: Sequence[Window]) -> dict[str, NDArray[np.float32]]:
        values = pad(windows, pad_id=self.manifest.pad_id)
        rows = self._session.run(self._outputs, dict(zip(_INPUTS, values, strict=True)))
        return dict(zip(self._outputs, rows, strict=True))

    def _try(self, path: Path) -> None:
        """Runs the network on its longest window, so that a misfit shows now and not in a request.

        Raises BadModel.
        """
        inputs = {value.name for value in self._session.get_inputs()}
        outputs = {value.name for value in self._session.get_outputs()}
        if inputs != set(_INPUTS) or not set(self._outputs) <= outputs:
            raise BadModel(
                f"{path}: inputs {sorted(inputs)}, outputs {sorted(outputs)}; the manifest needs "
                f"{sorted(_INPUTS)} and {self._outputs}; export the model again"
            )
        long = Window(np.full(self.manifest.longest, self.manifest.pad_id, np.int64))
        pair = [*self._cutter.prepare(["a"])[0].windows, long]
        try:
            found = self._run(pair)
        except Exception as error:  # the library's errors share no base but Exception
            raise BadModel(f"{path}: does not run: {error}; export the model again") from error
        for name, rows in found.items():
            expected = (2, self._width(name))
            if rows.shape != expected or rows.dtype != np.float32 or not np.isfinite(rows).all():
                raise BadModel(
                    f"{path}: output {name} is {rows.dtype} {rows.shape}, expected finite float32 "
                    f"{expected}; export the model again"
                )


def open_session(path: Path, *, threads: int | None) -> onnxruntime.InferenceSession:
    """A session that costs nothing while idle and little memory. Raises BadModel."""
    # 40 MB and a third of a second: only when a model is opened.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads would take the event loop's core between passes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena is bounded by the tokens of a pass, and malloc in its place scatters twice as much;
    # a memory pattern is kept for every shape ever met, and no two passes are of one shape.
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    # Processors with AVX2 or AVX-512 but without VNNI add int8 products pairwise in 16 bits, which
    # overflow. The shipped model answers alike with and without (640 posts); a small exported one
    # moved by 0.14. Elsewhere this changes nothing.
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors share no base but Exception
        raise BadModel(f"{path}: not a model ONNX Runtime reads: {error}") from error
