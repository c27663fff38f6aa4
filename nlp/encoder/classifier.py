"""A Hugging Face sequence classifier with its labels turned into ours. Needs the extra [torch].

Several of its labels may be one of ours (five stars, three sentiments): their probabilities add up,
so the logit of ours is the log-sum-exp of theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from nlp.encoder.heads import LABELS, label_fault
from nlp.errors import BadModel, ModelMissing

_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")


class Classifier(nn.Module):
    """Ids and mask (texts, tokens) int64 in, logits of our labels (texts, labels) float32 out."""

    def __init__(
        self,
        network: nn.Module,
        tokenizer: Tokenizer,
        *,
        labels: tuple[str, ...],
        groups: tuple[tuple[int, ...], ...],
        longest: int,
        pad_id: int,
    ) -> None:
        super().__init__()
        self.network = network
        self.tokenizer = tokenizer
        self.labels = labels
        self.groups = groups
        self.longest = longest
        self.pad_id = pad_id

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        logits = self.network(input_ids=input_ids, attention_mask=attention_mask).logits
        joined = [logits[:, list(group)].logsumexp(-1) for group in self.groups]
        return torch.stack(joined, dim=-1).float()

    def logits(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """`forward` on arrays, on whatever device the weights are."""
        device = next(self.network.parameters()).device
        with torch.inference_mode():
            found = self(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
        values: NDArray[np.float32] = found.cpu().numpy()
        return values

    def digest(self) -> str:
        """Sha256 of weights, tokenizer and labels, 64 hexadecimal digits."""
        whole = hashlib.sha256(repr((self.labels, self.groups, self.longest)).encode())
        whole.update(self.tokenizer.to_str().encode())
        for name, value in sorted(self.network.state_dict().items()):
            whole.update(name.encode())
            whole.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
        return whole.hexdigest()


def open_classifier(
    source: str, *, task: str, labels: Mapping[str, str], longest: int, device: str = "cpu"
) -> Classifier:
    """The classifier of a local folder, or of a hub's name, ready to answer on `device`.

    `labels` maps every label of its config to one of ours; `longest` is lowered to what its
    positions allow; `device` is `auto` for CUDA where it is there. Raises ModelMissing, BadModel.
    """
    local = Path(source).is_dir()
    if local and not any(found for name in _VOCABULARIES for found in Path(source).glob(name)):
        # transformers would make up an empty tokenizer without a word.
        raise BadModel(
            f"{source}: has no tokenizer ({', '.join(_VOCABULARIES)}); copy it beside the weights"
        )
    disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(source, local_files_only=local)
        network, loaded = AutoModelForSequenceClassification.from_pretrained(
            source,
            config=config,
            local_files_only=local,
            output_loading_info=True,
            attn_implementation="eager",
        )
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local)
    except Exception as error:  # many kinds, by file and by network
        if local:
            raise BadModel(f"{source}: not a classifier's folder: {error}") from error
        raise ModelMissing(
            f"{source}: no such folder, and it could not be fetched from the model hub: {error}; "
            "give the path of a downloaded folder"
        ) from error
    if absent := sorted(loaded["missing_keys"]):
        raise BadModel(
            f"{source}: has no weights for {', '.join(absent[:3])}: a base model, not a "
            "classifier; fine-tune it, or name another"
        )
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise BadModel(f"{source}: has no tokenizer.json; save it with a fast tokenizer")
    ours, groups = grouped(source, config, task=task, labels=labels)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return Classifier(
        network.eval().float().to(device),
        backend,
        labels=ours,
        groups=groups,
        longest=min(longest, tokenizer.model_max_length, positions(config)),
        pad_id=tokenizer.pad_token_id or 0,
    )


def grouped(
    source: str, config: Any, *, task: str, labels: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Our labels in our order, and for each the places of theirs. Raises BadModel."""
    if config.problem_type == "multi_label_classification":
        raise BadModel(f"{source}: gives several labels at once; one label a text is needed")
    theirs = {int(place): str(name) for place, name in config.id2label.items()}
    if set(labels) != set(theirs.values()):
        raise BadModel(
            f"{source}: its labels are {sorted(theirs.values())}, the mapping is of "
            f"{sorted(labels)}; map every one of them to a label of {task}"
        )
    known = LABELS.get(task) or sorted(set(labels.values()))
    ours = tuple(label for label in known if label in labels.values())
    strange = [label for label in dict.fromkeys(labels.values()) if label not in ours]
    if fault := label_fault(task, [*ours, *strange]):
        raise BadModel(f"{source}: labels: {fault}")
    places = sorted(theirs)
    return ours, tuple(
        tuple(place for place in places if labels[theirs[place]] == label) for label in ours
    )


def positions(config: Any) -> int:
    """How many tokens the position table holds; RoBERTa's kin count from behind the pad's id."""
    table = int(getattr(config, "max_position_embeddings", None) or 512)
    if "roberta" in config.model_type or config.model_type == "camembert":
        return table - int(config.pad_token_id or 0) - 1
    return table
