"""The shipped weights: a table of one number a feature, a calibration and a threshold."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from nlp.targeted.errors import BadTargetedWeights
from nlp.targeted.features import TABLE, VERSION, Vector

MANIFEST = "manifest.json"
TABLE_FILE = "weights.npz"


@dataclass(frozen=True, slots=True)
class Weights:
    """`slope` and `intercept` turn log-odds into calibrated ones; `threshold` is a probability."""

    table: NDArray[np.float32]
    slope: float
    intercept: float
    threshold: float
    version: str

    def probability(self, vector: Vector) -> float:
        """The probability that the bad news of a bad post is about the entity of the vector."""
        odds = float(self.table[vector.places] @ vector.values) * self.slope + self.intercept
        return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


@cache
def load_weights() -> Weights:
    """The weights of nlp/models/targeted, read once a process. Raises BadTargetedWeights."""
    return read_weights(files("nlp").joinpath("models").joinpath("targeted"))


def read_weights(folder: Traversable) -> Weights:
    """The weights of a folder with manifest.json and weights.npz.

    Raises BadTargetedWeights when a file is missing, altered, or of another feature version.
    """
    remedy = "restore it, or make it again: python -m nlp.training.targeted"
    try:
        manifest = json.loads(folder.joinpath(MANIFEST).read_text("utf-8"))
        content = folder.joinpath(TABLE_FILE).read_bytes()
    except (OSError, ValueError) as error:
        raise BadTargetedWeights(f"{folder}: cannot be read: {error}; {remedy}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != manifest.get("sha256"):
        raise BadTargetedWeights(
            f"{folder}/{TABLE_FILE}: sha256 {digest} is not that of {MANIFEST}; {remedy}"
        )
    if manifest.get("features") != VERSION:
        raise BadTargetedWeights(
            f"{folder}: made for features {manifest.get('features')!r}, not {VERSION!r}; {remedy}"
        )
    with np.load(io.BytesIO(content)) as arrays:
        # 8-bit steps, and in full what signs and phrases weigh.
        table = arrays["steps"].astype(np.float32) * np.float32(manifest["step"])
        named = arrays["named"].astype(np.float32)
    if table.shape != (TABLE,) or len(named) > TABLE:
        raise BadTargetedWeights(f"{folder}: {table.shape} weights, not {TABLE}; {remedy}")
    table[: len(named)] = named
    return Weights(
        table=table,
        slope=float(manifest["slope"]),
        intercept=float(manifest["intercept"]),
        threshold=float(manifest["threshold"]),
        version=f"targeted-{digest[:12]}",
    )


def write_weights(
    table: NDArray[np.float32], *, named: int, slope: float, intercept: float, threshold: float
) -> tuple[bytes, dict[str, object]]:
    """The content of weights.npz and the manifest; the first `named` places are kept in full."""
    rest = table.copy()
    rest[:named] = 0
    step = float(np.abs(rest).max()) / 127 or 1.0
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, steps=np.rint(rest / step).astype(np.int8), named=table[:named].astype(np.float32)
    )
    content = buffer.getvalue()
    return content, {
        "features": VERSION,
        "sha256": hashlib.sha256(content).hexdigest(),
        "step": step,
        "slope": slope,
        "intercept": intercept,
        "threshold": threshold,
    }
