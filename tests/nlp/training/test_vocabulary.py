"""Pruned word tables: what stays, where its row goes, and how unseen words fall apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from nlp.training.bases import Base, read_bge, read_e5
from nlp.training.errors import BadBase
from nlp.training.vocabulary import (
    count_pieces,
    frequent_emoji,
    prune_unigram,
    prune_wordpiece,
)
from tests.support.tiny_bases import NEVER_USED, SPECIAL

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

TABLE = "embeddings.word_embeddings.weight"


@pytest.fixture(scope="module")
def e5(new_space: Callable[[], Workspace]) -> Base:
    return read_e5(new_space().e5)


@pytest.fixture(scope="module")
def bge(new_space: Callable[[], Workspace]) -> Base:
    return read_bge(new_space().bge)


def rows_follow_pieces(pruned: Base, whole: Base) -> bool:
    place = {piece: row for row, piece in enumerate(whole.pieces)}
    return all(
        bool((pruned.weights[TABLE][row] == whole.weights[TABLE][place[piece]]).all())
        for row, piece in enumerate(pruned.pieces)
        if piece in place
    )


def test_pieces_are_counted_without_the_ends(e5: Base) -> None:
    used = count_pieces(e5.tokenizer, ["好极了", "好极了"])
    assert {e5.pieces[number]: count for number, count in used.items()} == {"▁": 2, "好极了": 2}


def test_pieces_that_nothing_uses_go(e5: Base, texts: list[str]) -> None:
    pruned = prune_unigram(e5, texts, keep=400)
    assert not set(NEVER_USED) & set(pruned.pieces)
    assert len(pruned.weights[TABLE]) == len(pruned.pieces) < len(e5.pieces)
    assert rows_follow_pieces(pruned, e5)


def test_special_pieces_keep_their_places(e5: Base) -> None:
    assert tuple(prune_unigram(e5, ["好"], keep=1).pieces[:4]) == SPECIAL


def test_characters_stay_though_nothing_uses_them(e5: Base, texts: list[str]) -> None:
    pruned = prune_unigram(e5, ["好极了"], keep=1)
    assert "好极了" not in pruned.pieces
    assert "<unk>" not in pruned.tokenizer.encode(texts[0]).tokens


def test_the_pruned_tokenizer_cuts_known_text_as_the_whole_one(e5: Base, texts: list[str]) -> None:
    pruned = prune_unigram(e5, texts, keep=400)
    for text in texts[:20]:
        assert pruned.tokenizer.encode(text).tokens == e5.tokenizer.encode(text).tokens


def test_a_wordpiece_base_is_not_pruned_as_a_unigram(bge: Base) -> None:
    with pytest.raises(BadBase, match="use prune_wordpiece"):
        prune_unigram(bge, [], keep=10)


def test_wordpieces_close_up_and_rows_follow(bge: Base, texts: list[str]) -> None:
    pruned = prune_wordpiece(bge, texts, keep=400)
    assert "unused" in bge.pieces
    assert not {"unused", "##Han"} & set(pruned.pieces)
    assert rows_follow_pieces(pruned, bge)
    assert [pruned.tokenizer.token_to_id(piece) for piece in pruned.pieces] == list(
        range(len(pruned.pieces))
    )


def test_the_ends_of_a_pruned_wordpiece_text_are_the_new_rows(bge: Base, texts: list[str]) -> None:
    pruned = prune_wordpiece(bge, texts, keep=400)
    ids = pruned.tokenizer.encode("好").ids
    assert [pruned.pieces[number] for number in ids] == ["[CLS]", "好", "[SEP]"]


def test_a_new_piece_starts_as_the_mean_of_the_table(bge: Base, texts: list[str]) -> None:
    pruned = prune_wordpiece(bge, texts, keep=400, added=["😂", "好"])
    assert pruned.pieces[-1] == "😂"
    assert pruned.pieces.count("好") == 1
    assert pruned.weights[TABLE][-1].allclose(bge.weights[TABLE].mean(0))
    assert pruned.tokenizer.encode("好😂好").tokens == ["[CLS]", "好", "😂", "好", "[SEP]"]


def test_emoji_are_counted_and_the_frequent_ones_come_first() -> None:
    assert frequent_emoji(["😂😂☀", "😂🎉🎉好", "👀"], least=2) == ["😂", "🎉"]
