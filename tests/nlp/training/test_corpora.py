"""Corpora as rows: what is read, what is left out, and what a broken file is answered with."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from nlp.training.corpora import LABELS, UNLABELLED, Row, read_rows, read_unlabelled
from nlp.training.errors import BadCorpus
from tests.support.tiny_corpora import DOMAINS, LEAKED, write_corpora, write_rows


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpora(tmp_path_factory.mktemp("data"))


def test_every_domain_is_read(data: Path) -> None:
    assert {f"{row.task}/{row.domain}" for row in read_rows(data, "train")} == DOMAINS


def test_a_training_row_whose_normal_form_stands_in_dev_is_left_out(data: Path) -> None:
    assert LEAKED in {row.text for row in read_rows(data, "dev")}
    assert LEAKED not in {row.text for row in read_rows(data, "train")}


def test_a_post_of_dev_that_train_holds_in_another_dress_is_not_judged(tmp_path: Path) -> None:
    write_corpora(tmp_path)
    row = {"label": "negative", "domain": "weibo"}
    write_rows(
        tmp_path / "sentiment" / "train.jsonl.gz", [{**row, "text": "今天的早餐太难吃了[泪]"}]
    )
    write_rows(
        tmp_path / "sentiment" / "dev.jsonl.gz",
        [{**row, "text": "今天的早餐，太难吃了！"}, {**row, "text": "今天的晚餐太难吃了"}],
    )
    judged = {row.text for row in read_rows(tmp_path, "dev") if row.task == "sentiment"}
    assert judged == {"今天的晚餐太难吃了"}


def test_nothing_else_is_left_out(data: Path) -> None:
    written = sum(
        len(gzip.decompress((data / task / "train.jsonl.gz").read_bytes()).splitlines())
        for task in ("sentiment", "emotion", "abuse")
    )
    assert len(read_rows(data, "train")) == written - 1


def test_labels_are_places_in_the_tasks_labels(data: Path) -> None:
    row = next(row for row in read_rows(data, "dev") if "太差了" in row.text)
    assert LABELS[row.task][row.label] == "negative"


def test_gratitude_is_happiness(data: Path) -> None:
    row = next(row for row in read_rows(data, "train") if "谢谢" in row.text)
    assert row == Row(row.text, "emotion", "ewect_usual", LABELS["emotion"].index("happy"))


def test_unlabelled_posts_come_once_each_and_short_ones_not(data: Path) -> None:
    rows = read_unlabelled(data, most=100)
    assert len(rows) == len({row.text for row in rows}) == 20
    assert {(row.task, row.domain, row.label) for row in rows} == {("", "unlabelled", UNLABELLED)}


def test_no_more_posts_than_asked(data: Path) -> None:
    assert len(read_unlabelled(data, most=7)) == 7


@pytest.mark.parametrize("most", [2, 13, 19])
def test_posts_are_taken_all_over_the_file(data: Path, most: int) -> None:
    everything = [row.text for row in read_unlabelled(data, most=100)]
    taken = [row.text for row in read_unlabelled(data, most=most)]
    places = [everything.index(text) for text in taken]
    assert len(taken) == most
    assert places[-1] >= len(everything) * (1 - 1 / most) - 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": "好", "label": "great", "domain": "x"}, "label 'great'"),
        ({"text": "好", "domain": "x"}, "label ''"),
        ({"text": " ", "label": "positive", "domain": "x"}, "text ' '"),
        ({"text": "好", "label": "positive"}, "domain ''"),
        (["好", "positive"], "is no object"),
    ],
)
def test_a_row_of_another_shape_is_named_by_its_line(tmp_path: Path, row: Any, said: str) -> None:
    write_corpora(tmp_path)
    good = {"text": "好", "label": "positive", "domain": "x"}
    path = write_rows(tmp_path / "sentiment" / "train.jsonl.gz", [good, row])
    with pytest.raises(BadCorpus) as error:
        read_rows(tmp_path, "train")
    assert f"{path}:2: " in str(error.value)
    assert said in str(error.value)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    write_corpora(tmp_path)
    path = tmp_path / "abuse" / "dev.jsonl.gz"
    path.write_bytes(gzip.compress(b"{}}\n"))
    with pytest.raises(BadCorpus, match=r"dev\.jsonl\.gz:1: not JSON"):
        read_rows(tmp_path, "dev")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"train\.jsonl\.gz: cannot be read"):
        read_rows(tmp_path, "dev")


@pytest.mark.parametrize("broken", ["cut", "plain", "garbled", "latin"])
def test_a_file_that_does_not_unpack_is_named(tmp_path: Path, broken: str) -> None:
    path = write_corpora(tmp_path) / "emotion" / "dev.jsonl.gz"
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "plain": b"{}",
            "garbled": whole[:10] + b"\xff" * 40,
            "latin": gzip.compress(b'{"text": "\xe9\xe8"}\n'),
        }[broken]
    )
    with pytest.raises(BadCorpus, match=r"emotion/dev\.jsonl\.gz: cannot be read"):
        read_rows(tmp_path, "dev")
