"""A recipe for the miniature bases and corpora: a few dozen steps of a few milliseconds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from nlp.training.recipe import Recipe

_TINY = Recipe(
    base="e5",
    layers=(0, 2),
    vocabulary=400,
    longest=32,
    batch_tokens=150,
    learning_rate=1.5e-2,
    warm_up=0.1,
    smoothing=0.02,
    passes={
        "sentiment/chnsenticorp": 4,
        "sentiment/weibo": 4.5,
        "sentiment/weibo3": 8,
        "emotion/ewect_usual": 4,
        "abuse/cold": 8,
    },
    tagless={"": 0.1, "sentiment/weibo": 0.9},
    seed=6,
    quantised_share=0.4,
)
OWN_PASSES = {**_TINY.passes, "scenario/own": 2, "intent/own": 2}


def tiny_recipe(**changes: Any) -> Recipe:
    """The recipe with some of its fields changed."""
    return Recipe(**{**asdict(_TINY), **changes})


def write_recipe(path: Path, **changes: Any) -> Path:
    """The same as a YAML file."""
    data = {**asdict(tiny_recipe(**changes))}
    path.write_text(yaml.safe_dump({**data, "layers": list(data["layers"])}), "utf-8")
    return path
