"""Making the weights of targeted sentiment, from a handful of posts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra [torch]")

import torch

from nlp.targeted.weights import read_weights
from nlp.training import targeted
from nlp.training.targeted_rows import NamedPost

Made = tuple[dict[str, float], bytes, dict[str, object]]

_BRANDS = [f"{one}{two}" for one in "极云岚墨星" for two in "川帆岑砚屿"]
_WRONGS = ("跑路了", "拒绝退款", "充电爆炸", "刹车失灵", "吃出虫子", "乱收费", "泄露隐私")


def _posts(count: int, *, part: str = "") -> list[NamedPost]:
    posts = []
    for place in range(count):
        bad, good = _BRANDS[place % 25], _BRANDS[(place * 7 + 3) % 25]
        wrong = _WRONGS[place % 7]
        text = f"{place}号帖:{bad}{wrong},{chr(0x4E00 + place * 37) * 9}还是{good}好"
        posts.append(NamedPost(text, (bad, good), frozenset({bad}), place % 3 > 0, part))
    return posts


def _own() -> list[NamedPost]:
    return [*_posts(20, part="train"), *_posts(6, part="test")]


def _data(folder: Path, posts: list[NamedPost]) -> Path:
    (folder / "entity").mkdir()
    with gzip.open(folder / "entity" / "finance_negative.jsonl.gz", "wt") as file:
        for post in posts:
            row = {
                "text": post.text,
                "entities": post.entities,
                "label": "negative" if post.negative else "other",
                "negative_entities": sorted(post.blamed),
            }
            file.write(json.dumps(row) + "\n")
    return folder


@pytest.fixture(scope="module")
def made() -> Made:
    torch.set_num_threads(1)
    return targeted.made(_posts(60), _own())


def test_what_is_easy_is_learned(made: Made) -> None:
    figures, _, _ = made

    assert figures["own, held out: F1"] > 0.9
    assert figures["finance test, negative posts: F1"] > 0.9


def test_the_weights_that_are_written_are_read(made: Made, tmp_path: Path) -> None:
    _, content, manifest = made
    (tmp_path / "weights.npz").write_bytes(content)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    assert read_weights(tmp_path).threshold == manifest["threshold"]
    assert len(content) < 1_000_000


def test_the_same_posts_make_the_same_weights(made: Made) -> None:
    assert targeted.made(_posts(60), _own())[1] == made[1]


def test_the_command_writes_weights_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    data, out = _data(tmp_path / "data", _posts(60)), tmp_path / "out"

    assert targeted.main(["--data", str(data), "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((out / "manifest.json").read_text())
    assert read_weights(out).version.startswith("targeted-")


def test_a_missing_corpus_is_a_line_and_exit_2(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert targeted.main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "finance_negative.jsonl.gz" in caplog.text
