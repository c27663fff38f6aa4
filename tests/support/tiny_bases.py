"""The two pretrained bases in miniature, written in the very formats of the real ones."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

Floats = NDArray[np.float32]
HIDDEN = 32
LAYERS = 3
HEADS = 2
FEED_FORWARD = 64
POSITIONS = 48
BGE_HIDDEN = 512
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
NEVER_USED = ("Ωμέγα", "ないでしょう", "ㄅㄆ")
_WORDS = ("好极了", "太差了", "蠢货", "开心")
_SPARE_ROWS = 2
_BLOCK = 32


def e5_pieces(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Pieces with their scores: specials, the blank, words, every character of `texts`."""
    characters = sorted({character for text in texts for character in text if character.strip()})
    return [
        *((piece, 0.0) for piece in SPECIAL),
        ("▁", -2.0),
        *((word, -3.0) for word in _WORDS),
        *((piece, -4.0) for piece in NEVER_USED),
        *((character, -6.0) for character in characters),
    ]


def write_e5(path: Path, texts: Sequence[str], *, seed: int = 1) -> dict[str, Floats]:
    """Writes an E5S1 file; answers what its tensors are after rounding, by the file's names."""
    pieces = e5_pieces(texts)
    tensors = _tensors(len(pieces) + _SPARE_ROWS, np.random.default_rng(seed))
    blob = b"".join(piece.encode() for piece, _ in pieces)
    ends = np.cumsum([0, *(len(piece.encode()) for piece, _ in pieces)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack(
        "<7i", HIDDEN, LAYERS, HEADS, FEED_FORWARD, len(pieces) + _SPARE_ROWS, POSITIONS, 2
    )
    head += struct.pack("<fi", 1e-12, _BLOCK)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob)) + ends.tobytes()
    head += np.array([score for _, score in pieces], "<f4").tobytes() + blob
    head += struct.pack("<iI", 1, 3) + b"map"
    path.write_bytes(head + _directory(tensors, len(head)))
    return {
        name: _on_grid(values) if values.ndim == 2 else values for name, values in tensors.items()
    }


def _tensors(rows: int, chooser: np.random.Generator) -> dict[str, Floats]:
    def some(*shape: int, spread: float = 0.1) -> Floats:
        return chooser.normal(0, spread, shape).astype(np.float32)

    found = {
        # Words outweigh all else, so that heads learn from them in a few steps.
        "emb.word": some(rows, HIDDEN, spread=1.0),
        "emb.pos": some(POSITIONS, HIDDEN),
        "emb.type": some(2, HIDDEN),
        "emb.ln.w": np.ones(HIDDEN, np.float32),
        "emb.ln.b": np.zeros(HIDDEN, np.float32),
    }
    shapes = {
        **dict.fromkeys(("q", "k", "v", "ao"), (HIDDEN, HIDDEN)),
        "fi": (FEED_FORWARD, HIDDEN),
        "fo": (HIDDEN, FEED_FORWARD),
    }
    for layer in range(LAYERS):
        for part, shape in shapes.items():
            found[f"l{layer}.{part}.w"] = some(*shape)
            found[f"l{layer}.{part}.b"] = some(shape[0])
        for part in ("aln", "oln"):
            found[f"l{layer}.{part}.w"] = 1 + some(HIDDEN)
            found[f"l{layer}.{part}.b"] = some(HIDDEN)
    return found


def _directory(tensors: Mapping[str, Floats], start: int) -> bytes:
    bodies = [
        _packed(values) if values.ndim == 2 else values.tobytes() for values in tensors.values()
    ]
    offset = start + 4 + sum(2 + len(name) + 21 for name in tensors)
    entries = struct.pack("<i", len(tensors))
    for (name, values), body in zip(tensors.items(), bodies, strict=True):
        entries += struct.pack("<H", len(name)) + name.encode()
        entries += struct.pack("<BIQQ", int(values.ndim == 2), values.size, offset, len(body))
        offset += len(body)
    return entries + b"".join(bodies)


def _levels(values: Floats) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
    blocks = values.reshape(-1, _BLOCK)
    scale = (np.abs(blocks).max(1, keepdims=True) / 7).astype("<f2")
    levels = np.clip(np.round(blocks / scale.astype(np.float32)) + 8, 0, 15)
    return scale, levels.astype(np.uint8)


def _on_grid(values: Floats) -> Floats:
    scale, levels = _levels(values)
    grid: Floats = ((levels.astype(np.float32) - 8) * scale.astype(np.float32)).reshape(
        values.shape
    )
    return grid


def _packed(values: Floats) -> bytes:
    scale, levels = _levels(values)
    half = _BLOCK // 2
    return b"".join(
        one.tobytes() + (row[:half] | row[half:] << 4).tobytes()
        for one, row in zip(scale, levels, strict=True)
    )


def write_bge(folder: Path, texts: Sequence[str], *, seed: int = 2) -> Path:
    """Writes a Hugging Face folder: one layer of bge's width, half precision, with a pooler."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = ["[PAD]", "unused", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##Han", "##a"]
    pieces += sorted({c for text in texts for c in text if c.strip() and not _is_emoji(c)})
    tokenizer = Tokenizer(
        models.WordPiece({piece: place for place, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(piece, pieces.index(piece)) for piece in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=ends
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": len(pieces),
        "hidden_size": BGE_HIDDEN,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    save_file(_bge_tensors(len(pieces), np.random.default_rng(seed)), folder / "model.safetensors")
    return folder


def _bge_tensors(rows: int, chooser: np.random.Generator) -> dict[str, NDArray[np.float16]]:
    wide, narrow = BGE_HIDDEN, 64
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (rows, wide),
        "embeddings.position_embeddings.weight": (POSITIONS, wide),
        "embeddings.token_type_embeddings.weight": (2, wide),
        "embeddings.LayerNorm.weight": (wide,),
        "embeddings.LayerNorm.bias": (wide,),
        "pooler.dense.weight": (wide, wide),
        "pooler.dense.bias": (wide,),
    }
    for part, (out, inside) in {
        "attention.self.query": (wide, wide),
        "attention.self.key": (wide, wide),
        "attention.self.value": (wide, wide),
        "attention.output.dense": (wide, wide),
        "intermediate.dense": (narrow, wide),
        "output.dense": (wide, narrow),
    }.items():
        shapes[f"encoder.layer.0.{part}.weight"] = (out, inside)
        shapes[f"encoder.layer.0.{part}.bias"] = (out,)
    for part in ("attention.output.LayerNorm", "output.LayerNorm"):
        shapes[f"encoder.layer.0.{part}.weight"] = (wide,)
        shapes[f"encoder.layer.0.{part}.bias"] = (wide,)
    found = {name: chooser.normal(0, 0.1, shape) for name, shape in shapes.items()}
    # Words must outweigh positions, or every text has the same vector.
    found["embeddings.word_embeddings.weight"] *= 10
    for name in found:
        if name.endswith("LayerNorm.weight"):
            found[name] += 1
    return {name: values.astype(np.float16) for name, values in found.items()}


def _is_emoji(character: str) -> bool:
    return character >= "\U0001f300"
