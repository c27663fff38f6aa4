"""What a trained network says of many texts, in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer

from nlp.training.fit import padded
from nlp.training.mixture import batches
from nlp.training.network import Network


def logits_of(
    network: Network,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    *,
    longest: int,
    batch_tokens: int = 6_000,
    full_precision: bool = False,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Logits a task (texts, labels) and sentence vectors (texts, 512), both float32.

    bfloat16 products unless `full_precision`.
    """
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    encoded = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    found: dict[str, np.ndarray] = {
        task: np.zeros((len(texts), head.out_features), np.float32)
        for task, head in network.heads.items()
    }
    vectors = np.zeros((len(texts), network.sentence.out_features), np.float32)
    network.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=not full_precision):
        for places in batches([len(ids) for ids in encoded], tokens=batch_tokens, seed=0):
            ids, mask = padded([encoded[place] for place in places], network.config.pad_token_id)
            logits, sentence = network(ids, mask)
            for task, values in logits.items():
                found[task][places] = values.float().numpy()
            vectors[places] = sentence.float().numpy()
    return found, vectors
