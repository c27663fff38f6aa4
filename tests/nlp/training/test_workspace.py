"""What outlives a run: pruned bases, finished networks, and what is asked of those not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

import torch

from nlp.training.errors import BadRecipe
from tests.support.tiny_bases import BGE_HIDDEN
from tests.support.tiny_recipe import tiny_recipe

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

QUERY = "trunk.encoder.layer.{}.attention.self.query.weight"


def test_unlabelled_posts_come_after_the_corpora(space: Workspace) -> None:
    rows = space.train_rows(unlabelled=3)
    assert rows[:-3] == space.train_rows()
    assert {row.domain for row in rows[-3:]} == {"unlabelled"}


def test_a_pruned_base_is_read_from_its_file_the_second_time(
    new_space: Callable[[], Workspace], tmp_path: Path
) -> None:
    made = new_space()
    first = made.base("e5", 400)
    gone = tmp_path / "gone"
    again = replace(made, e5=gone, data=gone).base("e5", 400)
    assert again.pieces == first.pieces
    assert all(torch.equal(value, again.weights[name]) for name, value in first.weights.items())
    assert again.tokenizer.encode("好极了").ids == first.tokenizer.encode("好极了").ids


def test_bge_starts_a_network_of_its_own_width(space: Workspace) -> None:
    network, tokenizer = space.start(tiny_recipe(base="bge", layers=(0,)))
    assert network.config.hidden_size == BGE_HIDDEN
    assert network.config.pad_token_id == tokenizer.token_to_id("[PAD]") == 0


def test_a_student_takes_the_layers_named_from_its_teacher(space: Workspace) -> None:
    teacher, _ = space.finished("teacher")
    student, _ = space.start(tiny_recipe(base="teacher", layers=(1,)))
    assert student.config.num_hidden_layers == 1
    assert torch.equal(student.state_dict()[QUERY.format(0)], teacher.state_dict()[QUERY.format(1)])
    assert torch.equal(student.heads["abuse"].weight, teacher.heads["abuse"].weight)


def test_a_head_that_the_earlier_run_had_not_starts_fresh(
    space: Workspace, new_space: Callable[[], Workspace]
) -> None:
    folder = new_space().work / "older"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json"):
        (folder / name).write_bytes((space.work / "teacher" / name).read_bytes())
    state = torch.load(space.work / "teacher" / "checkpoint.pt", weights_only=True)
    state["network"] = {
        name: value for name, value in state["network"].items() if "scenario" not in name
    }
    torch.save(state, folder / "checkpoint.pt")
    network, _ = replace(space, work=folder.parent).finished("older")
    assert "scenario" in network.heads


def test_a_run_that_left_nothing_is_named(space: Workspace) -> None:
    with pytest.raises(BadRecipe, match=r"run 'nobody' has left nothing.*; fit it first"):
        space.finished("nobody")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layers": (0, 3)}, r"layers: \(0, 3\); e5 has 0 to 2"),
        ({"longest": 49}, "longest: 49; e5 has 48 positions"),
        ({"base": "teacher", "layers": (0, 2)}, "run 'teacher': missing .*layer.1"),
        ({"base": "teacher", "layers": (0,), "longest": 40}, "longest: 40; teacher has 32"),
    ],
)
def test_a_recipe_that_asks_for_more_than_there_is_is_refused(
    space: Workspace, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadRecipe, match=said):
        space.start(tiny_recipe(**changes))


def test_the_tokenizer_is_kept_uncut(space: Workspace) -> None:
    stored = json.loads((space.work / "teacher" / "tokenizer.json").read_text("utf-8"))
    assert stored["truncation"] is None
    assert stored["padding"] is None
