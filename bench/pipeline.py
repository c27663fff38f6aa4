"""What is compared against: `transformers.pipeline` in fp32 with the weights before quantisation.

A process of its own, kept between jobs so that no start is timed. A job is a line of JSON on
standard input, `{"batch_size", "texts"}`; its answer a line, `{"seconds", "labels"}`. The first
line out says what runs. Needs the extra [torch].
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import BertForSequenceClassification, PreTrainedTokenizerFast, pipeline
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils.logging import set_verbosity

from nlp.training.corpora import LABELS
from nlp.training.errors import TrainingError
from nlp.training.network import Network
from nlp.training.workspace import Workspace

_TASK = "sentiment"
# Overloads for every kind of pipeline, none of them for a model made here.
_pipeline: Any = pipeline
_Words: Any = PreTrainedTokenizerFast


class SentimentOnly(BertForSequenceClassification):  # type: ignore[misc]  # untyped here
    """The network as a class that the pipeline knows: one head, labels in its configuration."""

    def __init__(self, network: Network) -> None:
        config = network.config
        config.id2label = dict(enumerate(LABELS[_TASK]))
        config.label2id = {label: place for place, label in config.id2label.items()}
        # Past its own constructor, which would build a second trunk with a pooler we do not have.
        super(BertForSequenceClassification, self).__init__(config)
        self.network = network

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, **_others: Any
    ) -> SequenceClassifierOutput:
        """Token ids (batch, tokens) → logits of the sentiment head (batch, 3)."""
        logits, _ = self.network(input_ids, attention_mask)
        return SequenceClassifierOutput(logits=logits[_TASK])


def sentiment_pipeline(run: Path) -> Any:
    """The pipeline over a folder that `nlp.training` left. Raises TrainingError without one."""
    nowhere = Path()
    space = Workspace(data=nowhere, e5=nowhere, bge=nowhere, work=run.parent)
    network, tokenizer = space.finished(run.name)
    padding: Any = network.config.pad_token_id
    # Trained with the plain attention; a pipeline would choose the fused one, which infers faster.
    network.trunk.set_attn_implementation("sdpa")
    words = _Words(
        tokenizer_object=tokenizer,
        pad_token=tokenizer.id_to_token(padding),
        model_max_length=network.config.max_position_embeddings,
        model_input_names=["input_ids", "attention_mask"],
    )
    return _pipeline(
        "text-classification",
        model=SentimentOnly(network).train(False),
        tokenizer=words,
        device="cpu",
        truncation=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    arguments = parser.parse_args()
    # The pipeline lists every model it knows because our class is none of them.
    set_verbosity(logging.CRITICAL)
    cores = len(os.sched_getaffinity(0))
    torch.set_num_threads(cores)
    try:
        classify = sentiment_pipeline(arguments.run)
    except TrainingError as error:
        sys.exit(str(error))
    _say({"torch": torch.__version__, "threads": cores})
    for line in sys.stdin:
        job = json.loads(line)
        start = time.perf_counter()
        answers = classify(job["texts"], batch_size=job["batch_size"])
        seconds = time.perf_counter() - start
        _say({"seconds": seconds, "labels": [answer["label"] for answer in answers]})


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
