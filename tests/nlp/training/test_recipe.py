"""Recipes: the shipped ones read, and every mistake is named by file and key."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlp.training.errors import BadRecipe
from nlp.training.recipe import read_recipe

GOOD: dict[str, Any] = {
    "base": "e5",
    "layers": [0, 2],
    "vocabulary": 100,
    "longest": 32,
    "batch_tokens": 300,
    "learning_rate": 1.0e-3,
    "warm_up": 0.1,
    "smoothing": 0.05,
    "passes": {"sentiment/waimai": 3},
    "tagless": {"": 0.15},
}
SHIPPED = [
    Path(str(path))
    for path in resources.files("nlp.training").joinpath("recipes").iterdir()
    if path.name.endswith(".yaml")
]


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "tiny.yaml"
    data = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump(data), "utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_recipe_reads(path: Path) -> None:
    assert read_recipe(path).passes


def test_a_recipe_is_what_the_file_says(tmp_path: Path) -> None:
    recipe = read_recipe(written(tmp_path))
    assert recipe.layers == (0, 2)
    assert (recipe.seed, recipe.teachers, recipe.labelled) == (0, None, False)


def test_numbers_stay_as_written(tmp_path: Path) -> None:
    # A checkpoint knows its recipe by its repr: 3 made to 3.0 would end a run half way.
    assert "{'sentiment/waimai': 3}" in repr(read_recipe(written(tmp_path)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 3}, "unknown keys epochs; known: base"),
        ({"layers": None}, "layers: Field required"),
        ({"layers": 3}, "layers: "),
        ({"layers": []}, "layers: "),
        ({"layers": [0, -1]}, "layers.1: "),
        ({"learning_rate": "1e-4"}, "learning_rate: "),
        ({"learning_rate": 0}, "learning_rate: "),
        ({"longest": 4}, "longest: "),
        ({"passes": {"sentiment/waimai": -1}}, "passes.sentiment/waimai: "),
        ({"passes": ["sentiment/waimai"]}, "passes: "),
        ({"tagless": {"": 1.5}}, "tagless.: "),
        ({"quantised_share": 2}, "quantised_share: "),
        ({"labelled": "yes please"}, "labelled: "),
    ],
)
def test_a_mistake_is_named_by_file_and_key(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(BadRecipe) as error:
        read_recipe(path)
    assert str(error.value).startswith(f"{path}: {said}")


def test_every_mistake_has_a_line(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe) as error:
        read_recipe(written(tmp_path, base=None, warm_up=7, seed="x"))
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "- base\n", "base: [\n"])
def test_a_file_that_holds_no_recipe_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadRecipe, match=r"broken\.yaml: "):
        read_recipe(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match=r"none\.yaml: cannot be read"):
        read_recipe(tmp_path / "none.yaml")
