"""Which model is served when nobody names one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from nlp.encoder.backend import Backend
from nlp.encoder.manifest import MANIFEST
from nlp.encoder.onnx import OnnxBackend
from nlp.errors import ModelMissing

MODELS: Final = Path(__file__).resolve().parent.parent / "models"
SHIPPED: Final = "encoder"
"""The folder in `models` of the model that ships; other models of ours stand beside it."""


def shipped_model(models: Path = MODELS) -> Path | None:
    """The folder of the model inside the package, or None where none is there."""
    folder = models / SHIPPED
    return folder if (folder / MANIFEST).exists() else None


def load_backend(
    path: Path | None = None, *, threads: int | None = None, models: Path = MODELS
) -> Backend:
    """The served model of `path`, or the shipped one; `threads` of one pass, default the cores.

    Raises ModelMissing where there is none, BadModel where it is corrupt.
    """
    folder = path or shipped_model(models)
    if folder is None:
        raise ModelMissing(
            f"{models}: no model ships in this copy; name one with FENGSUI_ENCODER_PATH or choose "
            "FENGSUI_ENCODER=lexical"
        )
    manifest = folder / MANIFEST
    return _opened(folder.resolve(), manifest.read_bytes() if manifest.is_file() else b"", threads)


@lru_cache(maxsize=4)
def _opened(folder: Path, _manifest: bytes, threads: int | None) -> OnnxBackend:
    """A model is opened once in a process: half a second and 150 MB are not spent again.

    Files that change under a manifest that does not are not seen before the next start.
    """
    return OnnxBackend.load(folder, threads=threads)
