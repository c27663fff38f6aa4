"""The multi-task network: a BERT trunk, a pooled vector, one linear head a task.

The pooled vector is the first token beside the mean of all (2 × hidden): the first carries what the
attention gathered, the mean what a long text repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from nlp.training.bases import Base
from nlp.training.corpora import LABELS
from nlp.training.errors import BadBase

EMBEDDING = 512
"""Width of the sentence vector: that of bge-small-zh-v1.5, which it learns to repeat."""


class Network(nn.Module):
    """Token ids in, logits a task and a sentence vector out."""

    def __init__(self, config: BertConfig, labels: Mapping[str, Sequence[str]] = LABELS) -> None:
        super().__init__()
        self.config = config
        self.trunk = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(0.1)
        width = 2 * config.hidden_size
        self.heads = nn.ModuleDict({task: nn.Linear(width, len(of)) for task, of in labels.items()})
        self.sentence = nn.Linear(width, EMBEDDING)

    @classmethod
    def from_config(cls, values: Mapping[str, Any]) -> Network:
        """A network with weights yet to be loaded, from `config.to_dict()`."""
        config = BertConfig(**{**values, "attn_implementation": "eager"})
        return cls(config)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """`ids`, `mask` (batch, tokens) int64 → logits a task (batch, labels), (batch, 512)."""
        states = self.trunk(ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1)
        pooled = self.dropout(torch.cat([states[:, 0], mean], dim=-1))
        return {task: head(pooled) for task, head in self.heads.items()}, self.sentence(pooled)


def from_base(base: Base, *, keep_layers: Sequence[int], longest: int) -> Network:
    """A network whose trunk is `keep_layers` of the base; positions beyond `longest` are cut.

    e5 counts positions from 0, as its package does, so that the tables map one to one. Raises
    BadBase when a tensor is missing or too many.
    """
    kinds = base.weights["embeddings.token_type_embeddings.weight"].shape[0]
    config = BertConfig(
        vocab_size=len(base.pieces),
        hidden_size=base.hidden,
        num_hidden_layers=len(keep_layers),
        num_attention_heads=base.heads,
        intermediate_size=base.feed_forward,
        max_position_embeddings=longest,
        type_vocab_size=kinds,
        layer_norm_eps=base.epsilon,
        pad_token_id=1 if base.scores is not None else 0,
        # Dropout inside the layers costs a third of a forward pass on CPU; the pooled vector is
        # dropped out instead.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        # The fused attention's backward pass is twice as slow as the plain one on CPU (torch 2.13).
        attn_implementation="eager",
    )
    network = Network(config)
    weights = dict(base.weights)
    positions = "embeddings.position_embeddings.weight"
    weights[positions] = weights[positions][:longest]
    kept = {name: value for name, value in weights.items() if not name.startswith("encoder.layer.")}
    for new, old in enumerate(keep_layers):
        prefix = f"encoder.layer.{old}."
        kept |= {
            f"encoder.layer.{new}.{name.removeprefix(prefix)}": value
            for name, value in weights.items()
            if name.startswith(prefix)
        }
    missing, unexpected = network.trunk.load_state_dict(kept, strict=False)
    if missing or [name for name in unexpected if "position_ids" not in name]:
        raise BadBase(
            f"its tensors do not fit: missing {missing}, unexpected {unexpected}; fetch it again"
        )
    if base.hidden == EMBEDDING:
        _begin_as_first_token(network)
    return network


def _begin_as_first_token(network: Network) -> None:
    """bge's own sentence vector is its first token: there it starts, and there it is held."""
    with torch.no_grad():
        network.sentence.weight.zero_()
        network.sentence.weight[:, :EMBEDDING].fill_diagonal_(1.0)
        network.sentence.bias.zero_()
