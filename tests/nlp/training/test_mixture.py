"""The order in which rows are shown, and how it is cut into batches."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.training.corpora import Row
from nlp.training.mixture import Mixture, Sample, batches
from nlp.training.tags import without_tags

ROWS = [
    *(Row(f"评论{n}", "sentiment", "waimai", 0) for n in range(10)),
    *(Row(f"帖{n}[泪]", "sentiment", "weibo", 0) for n in range(10)),
    Row("[泪]", "sentiment", "weibo", 0),
]


def test_a_pass_and_a_half_shows_every_row_once_and_a_half_of_them_again() -> None:
    mixture = Mixture(passes={"sentiment/waimai": 1.5}, tagless={})
    shown = Counter(sample.row for sample in mixture.samples(ROWS))
    assert sorted(shown.values()) == [1] * 5 + [2] * 5


def test_a_domain_without_passes_is_not_shown() -> None:
    shown = Mixture(passes={"sentiment/weibo": 1}, tagless={}).samples(ROWS)
    assert {ROWS[sample.row].domain for sample in shown} == {"weibo"}


def test_the_order_follows_from_the_seed() -> None:
    def order(seed: int) -> list[Sample]:
        passes = {"sentiment/waimai": 1.5, "sentiment/weibo": 0.7}
        return Mixture(passes=passes, tagless={"": 0.5}, seed=seed).samples(ROWS)

    assert order(3) == order(3)
    assert order(3) != order(4)


def test_tags_go_where_the_label_was_made_from_them() -> None:
    mixture = Mixture(passes={"sentiment/weibo": 1}, tagless={"sentiment/weibo": 1.0, "": 0.0})
    texts = {sample.row: sample.text for sample in mixture.samples(ROWS)}
    assert texts[10] == "帖0"


def test_a_text_of_nothing_but_tags_keeps_them() -> None:
    texts = Mixture(passes={"sentiment/weibo": 1}, tagless={"": 1.0}).samples(ROWS)
    assert "[泪]" in {sample.text for sample in texts}


def test_a_domain_of_its_own_share_does_not_take_the_usual_one() -> None:
    mixture = Mixture(passes={"sentiment/weibo": 1}, tagless={"sentiment/weibo": 0.0, "": 1.0})
    assert all("[泪]" in sample.text for sample in mixture.samples(ROWS))


def test_white_space_closes_up_where_a_tag_was() -> None:
    assert without_tags("好 [哈哈][泪] 的[不是标签因为太长了]") == "好 的[不是标签因为太长了]"


@settings(max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 60), max_size=80),
    tokens=st.integers(1, 120),
    most=st.integers(1, 9),
    seed=st.integers(0, 3),
)
def test_batches_hold_every_place_once_within_the_budget(
    lengths: list[int], tokens: int, most: int, seed: int
) -> None:
    cut = list(batches(lengths, tokens=tokens, seed=seed, most=most))
    assert sorted(place for batch in cut for place in batch) == list(range(len(lengths)))
    for batch in cut:
        assert len(batch) <= most
        width = max(lengths[place] for place in batch)
        assert len(batch) == 1 or len(batch) * width <= tokens
    assert cut == list(batches(lengths, tokens=tokens, seed=seed, most=most))


def test_a_label_may_have_passes_of_its_own() -> None:
    rows = [Row("一般", "sentiment", "car3", 1), Row("难开", "sentiment", "car3", 0)]
    passes = {"sentiment/car3": 3, "sentiment/car3:neutral": 1}
    shown = Mixture(passes=passes, tagless={}).samples(rows)
    assert Counter(sample.row for sample in shown) == {0: 1, 1: 3}
