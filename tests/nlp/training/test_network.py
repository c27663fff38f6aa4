"""The network: what is pooled, which layers are taken, what padding may not change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

import torch
from transformers import BertConfig

from nlp.training.bases import Base, read_e5
from nlp.training.corpora import LABELS
from nlp.training.errors import BadBase
from nlp.training.network import EMBEDDING, Network, from_base
from tests.support.tiny_bases import HIDDEN, SPECIAL

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

IDS = [0, 6, 9, 11, 2]


@pytest.fixture(scope="module")
def base(new_space: Callable[[], Workspace]) -> Base:
    found = read_e5(new_space().e5)
    table = "embeddings.word_embeddings.weight"
    # The file's table has spare rows, as the real one has; pruning would drop them.
    return replace(
        found, weights={**found.weights, table: found.weights[table][: len(found.pieces)]}
    )


@pytest.fixture(scope="module")
def network(base: Base) -> Network:
    made = from_base(base, keep_layers=(0, 2), longest=16)
    made.eval()
    return made


def test_one_row_of_logits_a_task_and_a_sentence_vector(network: Network) -> None:
    ids = torch.tensor([IDS, IDS])
    logits, vectors = network(ids, torch.ones_like(ids))
    assert {task: tuple(rows.shape) for task, rows in logits.items()} == {
        task: (2, len(labels)) for task, labels in LABELS.items()
    }
    assert vectors.shape == (2, EMBEDDING)


def test_padding_changes_nothing(network: Network) -> None:
    ids = torch.tensor([IDS])
    longer = torch.tensor([[*IDS, 1, 1, 1]])
    mask = torch.tensor([[1] * len(IDS) + [0] * 3])
    with torch.inference_mode():
        short, one = network(ids, torch.ones_like(ids))
        long, other = network(longer, mask)
    assert all(torch.allclose(short[task], long[task], atol=1e-5) for task in LABELS)
    assert torch.allclose(one, other, atol=1e-5)


def test_heads_see_the_first_token_beside_the_mean(network: Network) -> None:
    ids = torch.tensor([IDS])
    mask = torch.ones_like(ids)
    with torch.inference_mode():
        states = network.trunk(ids, attention_mask=mask).last_hidden_state
        pooled = torch.cat([states[:, 0], states.mean(1)], -1)
        expected = network.heads["abuse"](pooled)
        found = network(ids, mask)[0]["abuse"]
    assert pooled.shape[-1] == 2 * HIDDEN
    assert torch.allclose(found, expected, atol=1e-5)


def test_the_layers_named_are_taken_in_their_order(network: Network, base: Base) -> None:
    part = "attention.self.query.weight"
    for new, old in enumerate((0, 2)):
        taken = network.trunk.state_dict()[f"encoder.layer.{new}.{part}"]
        assert torch.equal(taken, base.weights[f"encoder.layer.{old}.{part}"])


def test_positions_beyond_the_longest_are_cut(network: Network, base: Base) -> None:
    table = network.trunk.embeddings.position_embeddings.weight
    assert torch.equal(table, base.weights["embeddings.position_embeddings.weight"][:16])


def test_a_unigram_base_pads_with_its_own_piece(network: Network) -> None:
    assert network.config.pad_token_id == SPECIAL.index("<pad>")


def test_a_configuration_makes_the_same_network(network: Network) -> None:
    again = Network.from_config(network.config.to_dict())
    again.load_state_dict(network.state_dict())
    ids = torch.tensor([IDS])
    with torch.inference_mode():
        one, other = (net.eval()(ids, torch.ones_like(ids))[1] for net in (network, again))
    assert torch.equal(one, other)


def test_a_base_without_a_tensor_is_refused(base: Base) -> None:
    weights = dict(base.weights)
    del weights["encoder.layer.0.output.dense.bias"]
    with pytest.raises(BadBase, match=r"layer\.0\.output\.dense\.bias"):
        from_base(replace(base, weights=weights), keep_layers=(0,), longest=16)


def test_a_base_of_the_sentence_vectors_width_begins_with_its_first_token(base: Base) -> None:
    config = BertConfig(
        vocab_size=len(base.pieces),
        hidden_size=EMBEDDING,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=16,
        type_vocab_size=1,
    )
    wide = replace(
        base,
        weights=Network(config).trunk.state_dict(),
        hidden=EMBEDDING,
        heads=2,
        layers=1,
        feed_forward=8,
        positions=16,
    )
    network = from_base(wide, keep_layers=(0,), longest=16).eval()
    ids = torch.tensor([IDS])
    mask = torch.ones_like(ids)
    with torch.inference_mode():
        first = network.trunk(ids, attention_mask=mask).last_hidden_state[:, 0]
        assert torch.allclose(network(ids, mask)[1], first, atol=1e-5)
