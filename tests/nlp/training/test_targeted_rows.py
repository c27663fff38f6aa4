"""The posts that targeted sentiment learns from."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from nlp.training.errors import BadCorpus
from nlp.training.targeted_rows import TEST, copy_groups, folds, read_finance, read_own

_ROW: dict[str, object] = {
    "text": "极川跑路,云帆报警",
    "entities": ["极川", "云帆"],
    "label": "negative",
    "negative_entities": ["极川"],
}


def _finance(folder: Path, *rows: dict[str, object]) -> Path:
    (folder / "entity").mkdir()
    with gzip.open(folder / "entity" / "finance_negative.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_a_finance_post_is_read(tmp_path: Path) -> None:
    (post,) = read_finance(_finance(tmp_path, _ROW))

    assert (post.text, post.entities, post.negative) == (_ROW["text"], ("极川", "云帆"), True)
    assert post.blamed == {"极川"}


@pytest.mark.parametrize(
    "change", [{"negative_entities": ["墨石"]}, {"entities": "极川"}, {"negative_entities": None}]
)
def test_a_bad_finance_post_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(BadCorpus, match="gz:2: "):
        read_finance(_finance(tmp_path, _ROW, _ROW | change))


def test_our_own_sentences_are_of_fictional_brands_and_both_parts() -> None:
    own = read_own()

    assert sum(post.part == "train" for post in own) >= 120
    assert sum(post.part == "test" for post in own) >= 50
    assert len({post.text for post in own}) == len(own)


@pytest.mark.parametrize(
    "row",
    [
        "极川坏了\t极川\t极川",
        "极川坏了\t云帆\t\ttrain",
        "极川坏了\t极川\t云帆\ttest",
        "极\t极\t极\tdev",
    ],
)
def test_a_bad_sentence_of_ours_is_named(tmp_path: Path, row: str) -> None:
    table = tmp_path / "targeted.tsv"
    table.write_text(f"text\tentities\tnegative\tpart\n{row}\n")

    with pytest.raises(BadCorpus, match="tsv:2: "):
        read_own(table)


def test_texts_that_share_much_are_one_group() -> None:
    text = "某平台从九月开始逾期，出借人至今没有收到一分钱本金"
    other = "今天在楼下的店里买了一台新的空调，师傅下午就来装好了"

    groups = copy_groups([text, other, "转发扩散" + text + "求关注", other[:20], "短"])

    assert groups == [0, 1, 0, 1, 4]


def test_groups_are_never_cut() -> None:
    groups = [place // 3 for place in range(300)]
    held: dict[int, set[int]] = defaultdict(set)
    for group, fold in zip(groups, folds(groups, seed=1), strict=True):
        held[group].add(fold)

    assert all(len(found) == 1 for found in held.values())


def test_a_fifth_is_held_out_and_the_folds_are_even() -> None:
    given = folds(list(range(500)), seed=1)

    assert given.count(TEST) == 100
    assert [given.count(fold) for fold in range(5)] == [80] * 5


def test_a_campaign_is_never_held_out() -> None:
    groups = [0] * 150 + list(range(1, 1000))

    assert all(set(folds(groups, seed=seed)[:150]) != {TEST} for seed in range(20))


def test_the_same_seed_splits_alike() -> None:
    assert folds(list(range(90)), seed=3) == folds(list(range(90)), seed=3)
    assert folds(list(range(90)), seed=3) != folds(list(range(90)), seed=4)
