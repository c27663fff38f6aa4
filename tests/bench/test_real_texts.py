"""Texts to measure on: normal forms of the dev rows, each handed out once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.real_texts import Supply, TooFewTexts, real_texts
from nlp.training.errors import BadCorpus


def test_no_text_is_given_twice() -> None:
    supply = Supply(["甲", "乙", "丙"])
    assert [supply.take(2), supply.take(1)] == [["甲", "乙"], ["丙"]]


def test_too_few_are_said_at_once() -> None:
    supply = Supply(["甲"])
    with pytest.raises(TooFewTexts, match="2 texts are wanted and 1 left"):
        supply.take(2)


def test_han_texts_are_cut_to_the_length() -> None:
    supply = Supply(["a great big room with a view", "房间很大很干净服务也好", "短"])
    assert supply.take_han(1, characters=6) == ["房间很大很干"]
    assert supply.take(2) == ["a great big room with a view", "短"]


def test_texts_that_begin_alike_are_cut_to_one() -> None:
    supply = Supply(["房间很大还行", "房间很大不错", "早餐很差"])
    assert supply.take_han(2, characters=4) == ["房间很大", "早餐很差"]


def test_a_bucket_has_its_lengths_alone() -> None:
    supply = Supply(["一", "二二", "三三三", "四四四四"])
    assert supply.take_bucket(9, least=2, most=3) == ["二二", "三三三"]
    assert supply.take_bucket(9, least=2, most=3) == []


def test_the_order_depends_on_the_seed_alone(tmp_path: Path) -> None:
    _write(tmp_path, [f"第{number}条" for number in range(50)])
    first, again, other = (real_texts(tmp_path, seed=seed).take(50) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)


def test_equal_normal_forms_are_one_text(tmp_path: Path) -> None:
    _write(tmp_path, ["ＯＫ 好", "ok 好", "坏"])
    supply = real_texts(tmp_path)
    assert len({text.casefold() for text in supply.take(2)}) == 2
    with pytest.raises(TooFewTexts):
        supply.take(2)


def test_missing_data_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"dev\.jsonl\.gz: cannot be read"):
        real_texts(tmp_path)


def _write(data: Path, texts: list[str]) -> None:
    for task in ("sentiment", "emotion", "abuse"):
        (data / task).mkdir()
        with gzip.open(data / task / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
            for text in texts if task == "sentiment" else ():
                row = {"text": text, "label": "neutral", "domain": "made"}
                file.write(json.dumps(row) + "\n")
