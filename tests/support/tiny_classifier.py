"""A Hugging Face classifier's folder with random weights: a few kilobytes, no download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from tests.support.tiny_model import PIECES, tokenizer

THEIRS = {"bad": "negative", "good": "positive", "great": "positive"}
"""Its labels, and ours for them: two of them are one."""


def write_tiny_classifier(folder: Path, *, positions: int = 128, **config: Any) -> Path:
    """Saves a two-layer BERT over the tiny tokenizer below `folder`; the same one every time."""
    torch.manual_seed(4)
    # Threads that wait for one another on a busy machine cost more than they do.
    torch.set_num_threads(1)
    names = dict(enumerate(THEIRS))
    shape = BertConfig(
        **{
            "vocab_size": len(PIECES),
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 64,
            "max_position_embeddings": positions,
            "pad_token_id": PIECES.index("<pad>"),
            # Large, so that different texts are answered differently without any training.
            "initializer_range": 0.3,
            "id2label": names,
            "label2id": {name: place for place, name in names.items()},
        }
        | config
    )
    BertForSequenceClassification(shape).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer(),
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=positions,
    ).save_pretrained(folder)
    return folder
