"""A recipe: everything that decides what a run of `fit` produces, read from YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from nlp.training.errors import BadRecipe
from nlp.training.labelled import FOLDS

_Count = Annotated[int, Field(ge=1)]
_Weight = Annotated[float, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Rate = Annotated[float, Field(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One run of `fit`.

    `base` is `e5`, `bge` or the folder name of an earlier run whose layers are taken.
    `batch_tokens` counts padded tokens. `quantised_share` is the last part of the run that is
    trained with int8 rounding in the loop. `temperature` and `soft_weight` are of distillation
    (Hinton 2015, arXiv 1503.02531); `sentence_weight` is of repeating bge's sentence vectors, made
    for every `sentences_every`-th row. `labelled` adds our own sets of scenarios and intents,
    without the fold `held_out`; `harmless` as many everyday posts a task beside them.
    """

    base: str
    layers: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
    vocabulary: _Count
    longest: Annotated[int, Field(ge=8)]
    batch_tokens: _Count
    learning_rate: _Rate
    warm_up: _Share
    smoothing: Annotated[float, Field(ge=0, lt=1)]
    passes: Mapping[str, _Weight]
    tagless: Mapping[str, _Share]
    seed: int = 0
    weight_decay: _Weight = 0.01
    task_weights: Mapping[str, _Weight] | None = None
    teachers: Mapping[str, float] | None = None
    temperature: _Rate = 2.0
    soft_weight: _Weight = 0.0
    sentence_weight: _Weight = 0.0
    unlabelled: Annotated[int, Field(ge=0)] = 0
    sentences_every: Annotated[int, Field(ge=0)] = 0
    labelled: bool = False
    held_out: Annotated[int, Field(ge=0, lt=FOLDS)] | None = None
    harmless: Annotated[int, Field(ge=0)] = 0
    quantised_share: _Share = 0.0


_CHECK = TypeAdapter(Recipe)


def read_recipe(path: Path) -> Recipe:
    """The recipe of a YAML file. Raises BadRecipe naming the file and every key that is wrong."""
    try:
        data: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRecipe(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise BadRecipe(f"{path}: holds no keys; see nlp/training/recipes for what a recipe says")
    known = {field.name for field in fields(Recipe)}
    if unknown := sorted(map(str, set(data) - known)):
        raise BadRecipe(
            f"{path}: unknown keys {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    try:
        # As JSON, where a list may be a tuple and a mapping a Recipe, however strict pydantic is.
        _CHECK.validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BadRecipe("\n".join(f"{path}: {fault}" for fault in faults)) from error
    # Not what pydantic answers: it makes 3 to 3.0, and a checkpoint knows its recipe by its repr.
    return Recipe(**{**data, "layers": tuple(data["layers"])})
